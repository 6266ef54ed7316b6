//! A provider on a loopback port that speaks several dialects, for examples, tests and development.
//!
//! Nothing on it imitates anybody's looks, and it listens on loopback addresses only, because it signs
//! in anybody as anybody.
//!
//! ```
//! use tower_phone_auth_local_provider::{Endpoint, Fault, LocalProvider, Person};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let provider = LocalProvider::start().await?;
//! provider.add_person(Person::new(42, "Sora").phone("+82 10-9876-5432"));
//! provider.fail_next(Endpoint::Token, Fault::Cut);
//!
//! let authorize = format!("{}/oauth/authorize", provider.origin());
//! assert!(authorize.starts_with("http://127.0.0.1:"));
//! assert_eq!(provider.count(Endpoint::Authorize), 0);
//! # Ok(())
//! # }
//! ```
//!
//! # Dialects
//!
//! All are spoken on the one origin, to the one registered app, about the same people. Consents,
//! codes and tokens belong to one dialect and are unknown to the others.
//!
//! | dialect | paths | settings | issuer |
//! |---|---|---|---|
//! | Kakao | `/oauth/authorize`, `/oauth/token`, `/v2/user/me`, ... | [`Settings`] | `https://kauth.kakao.com` |
//! | Naver | `/oauth2.0/authorize`, `/oauth2.0/token`, `/v1/nid/me`, ... | [`NaverSettings`] | |
//! | Google | `/o/oauth2/v2/auth`, `/token`, `/v1/people/me`, ... | [`GoogleSettings`] | `https://accounts.google.com` |
//! | OpenID Connect | `/oidc/authorize`, `/oidc/token`, `/oidc/userinfo`, ... | [`OidcSettings`] | [`oidc_issuer`](LocalProvider::oidc_issuer) |
//!
//! Each is right by default. What a real provider does sometimes is a setting, what it must not do is
//! a setting or a [`Fault`], and ID tokens lie by
//! [`forge_id_token`](LocalProvider::forge_id_token) and
//! [`sign_id_tokens`](LocalProvider::sign_id_tokens).
//!
//! # The page
//!
//! `GET` on a dialect's authorize path shows one form without any script. A test fills it in by
//! sending `POST` to the same path with the members of the query, plus `person` (an id),
//! `phone_number=yes` if the box is to be ticked, and `decision` (`agree` or `cancel`).
//!
//! The box decides whenever the page is shown, and is there wherever the phone number can be had:
//! always with Kakao and Naver while their items have it ([`Settings::consent_items`],
//! [`NaverSettings::items`]), and with Google and OpenID if the scope has the phone number. A cookie
//! remembers the person, so that a request that asks for more (Kakao's `scope=phone_number`, Naver's
//! `auth_type=reprompt`, Google's and OpenID's `prompt=consent`) asks that same person. With
//! [`Settings::auto_sign_in`], nothing but a missing consent shows the page to that person again.
//!
//! # Events
//!
//! What a real provider posts to an app on its own account is made here and posted by the test:
//! [`logout_token`](LocalProvider::logout_token), [`kakao_event`](LocalProvider::kakao_event) and their like.
//!
//! # Secrets
//!
//! Every code and token begins with [`SECRET_PREFIX`], and so do the default client secret and admin key. A
//! refused code is echoed in the `error_description`, as Kakao does.

mod clock;
mod config;
mod control;
mod dialect;
mod dialects;
mod events;
pub mod faults;
mod google;
mod hostile;
mod kakao;
mod keys;
mod language;
mod login;
mod naver;
mod number;
mod oidc;
mod person;
mod resource;
mod server;
mod settings;
mod state;
mod tokens;
mod web;

use std::{
    fmt, io,
    net::{Ipv4Addr, SocketAddr},
};

use tokio::{net::TcpListener, task::JoinHandle};

use self::state::Shared;
pub use self::{
    config::{Config, ConfigError},
    keys::algorithm::Algorithm,
    person::Person,
    settings::{
        Settings,
        google::GoogleSettings,
        naver::{NaverErrors, NaverSettings},
        oidc::{ClientAuthentication, OidcSettings, Par, PhoneIn, Userinfo},
    },
    state::grants::SECRET_PREFIX,
    web::{endpoint::Endpoint, record::Recorded},
};

/// A running provider, which stops when this handle is dropped.
///
/// See the [module](self) for an example.
#[must_use = "the provider stops when its handle is dropped"]
pub struct LocalProvider {
    origin: String,
    shared: Shared,
    server: JoinHandle<()>,
}

impl LocalProvider {
    /// Starts a provider on a free port of `127.0.0.1`.
    ///
    /// # Errors
    ///
    /// Fails if the system has no port or no randomness to give.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime with I/O and time enabled.
    pub async fn start() -> io::Result<Self> {
        Self::bind((Ipv4Addr::LOCALHOST, 0).into()).await
    }

    /// Starts a provider on this loopback address. Port 0 is any free port.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](io::ErrorKind::InvalidInput) if the address is not a loopback one;
    /// otherwise as [`start`](Self::start), and also if the port is taken.
    ///
    /// # Panics
    ///
    /// As [`start`](Self::start).
    pub async fn bind(address: SocketAddr) -> io::Result<Self> {
        Self::start_with(Config {
            listen: address,
            ..Config::default()
        })
        .await
    }

    /// Starts a provider with a configuration.
    ///
    /// # Errors
    ///
    /// As [`bind`](Self::bind), about [`Config::listen`].
    ///
    /// # Panics
    ///
    /// As [`start`](Self::start).
    pub async fn start_with(config: Config) -> io::Result<Self> {
        let address = config.listen;
        if !address.ip().is_loopback() {
            let message = format!(
                "the local provider lets anyone sign in as anyone, so it listens on loopback \
                 alone: use an address such as 127.0.0.1:{}",
                address.port()
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let listener = TcpListener::bind(address).await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let shared = Shared::new(origin.clone(), config.settings)?;
        let server = tokio::spawn(server::run(listener, shared.clone()));
        Ok(Self {
            origin,
            shared,
            server,
        }
        .with_people(config.people))
    }

    fn with_people(self, people: Vec<Person>) -> Self {
        for person in people {
            self.add_person(person);
        }
        self
    }

    /// Where the provider listens, such as `http://127.0.0.1:41234`.
    #[must_use]
    pub fn origin(&self) -> String {
        self.origin.clone()
    }
}

impl Drop for LocalProvider {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl fmt::Debug for LocalProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalProvider")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}
