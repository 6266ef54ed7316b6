//! An authorization server on a loopback port, for examples, tests and development. It has the
//! dialects of Kakao, Naver, Google and OpenID Connect.
//!
//! It lets anyone sign in as anyone, so it listens on loopback addresses alone. Its page does not
//! imitate the look of any provider. The package is also a program; its README has the commands and
//! the settings of its file.
//!
//! ```
//! use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Person, faults::Fault};
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
//! All dialects are at the one origin, with the one registered application and the same persons.
//! Consents, codes and tokens belong to one dialect each. Any other path is answered with 404.
//!
//! | dialect | paths | settings | issuer |
//! |---|---|---|---|
//! | Kakao | `/oauth/authorize`, `/oauth/token`, ... | [`Settings`] | `https://kauth.kakao.com` |
//! | Naver | `/oauth2.0/authorize`, `/oauth2.0/token`, ... | [`NaverSettings`] | |
//! | Google | `/o/oauth2/v2/auth`, `/token`, ... | [`GoogleSettings`] | `https://accounts.google.com` |
//! | OpenID Connect | `/oidc/authorize`, `/oidc/token`, ... | [`OidcSettings`] | [`oidc_issuer`](LocalProvider::oidc_issuer) |
//!
//! An application uses [`origin`](LocalProvider::origin) in place of the hosts of Kakao, Naver and
//! Google, with the paths unchanged, and [`client_id`](LocalProvider::client_id) and
//! [`client_secret`](LocalProvider::client_secret).
//!
//! The defaults are right. Behaviour that real providers have now and then is a setting. Wrong
//! behaviour is a setting too, or is in the module [`faults`].
//!
//! # Messages to phones
//!
//! The provider also has the wire formats of Solapi and Twilio Verify, two services that send
//! one-time codes. The messages are in the [`inbox`](LocalProvider::inbox), and on the page
//! [`inbox_url`](LocalProvider::inbox_url). The accounts are in [`SmsSettings`].
//!
//! # The page
//!
//! `GET` of the authorization endpoint of a dialect shows one form, without a script. A test
//! submits it by a `POST` to the same path with the parameters of the query, and `person` (an id),
//! `phone_number=yes` if the box is ticked, and `decision` (`agree` or `cancel`).
//!
//! The box stands for consent to the phone number. With Kakao and Naver it is there while their
//! items have the number ([`Settings::consent_items`], [`NaverSettings::items`]), with Google and
//! OpenID Connect if the scope has it. A cookie remembers the person. A request that asks for
//! consent again (Kakao's `scope=phone_number`, Naver's `auth_type=reprompt`, `prompt=consent` of
//! Google and OpenID Connect) asks that person. With [`Settings::auto_sign_in`], that person sees
//! the page only if consent is missing.
//!
//! # Lifetimes
//!
//! | | Kakao | Naver | Google | OpenID Connect |
//! |---|---|---|---|---|
//! | code, exchanged once | 10 min | 10 min | 10 min | 10 min |
//! | access token | 21,599 s | 3,600 s | 3,599 s | 3,600 s |
//! | refresh token | 60 days | 365 days | 180 days | 30 days |
//! | there is a refresh token | always | always | with `access_type=offline`, at the first consent or with `prompt=consent` | with the scope `offline_access` |
//! | there is an ID token | [`kakao_oidc`](Settings::kakao_oidc) | never | with the scope `openid` | always |
//!
//! Codes and tokens expire by Tokio's clock, which a test can pause and advance. The dates in
//! tokens (`iat`, `exp`, `auth_time`) are of the wall clock. All state is in memory: a restart
//! forgets persons, consents and tokens, and makes new signing keys.
//!
//! # Events
//!
//! Methods such as [`logout_token`](LocalProvider::logout_token) and
//! [`kakao_event`](LocalProvider::kakao_event) return the reports that a provider posts to an
//! application. The test posts them.
//!
//! # Secrets
//!
//! Every code and token begins with [`SECRET_PREFIX`], and so do the default client secret and
//! admin key. The `error_description` for a refused code contains the code, as with Kakao.

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
mod sms;
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
        sms::SmsSettings,
    },
    state::{grants::SECRET_PREFIX, inbox::Sms},
    web::{endpoint::Endpoint, record::Recorded},
};

/// A running provider, which stops when this handle is dropped.
///
/// Several providers can run in one process. Each has a port, settings, persons and tokens of its
/// own. They share only the key pairs, because making an RSA key takes long.
///
/// ```
/// use tower_phone_auth_local_provider::LocalProvider;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let provider = LocalProvider::start().await?;
/// // The settings of an application that uses OpenID Connect, and of one that uses the others.
/// println!("issuer {}, or the host {}", provider.oidc_issuer(), provider.origin());
/// println!("client {} {:?}", provider.client_id(), provider.client_secret());
/// println!("messages to phones are at {}", provider.inbox_url());
/// # Ok(())
/// # }
/// ```
#[must_use = "the provider stops when its handle is dropped"]
pub struct LocalProvider {
    /// The address with the port that the system chose.
    origin: String,
    /// The state, which the server's task shares.
    shared: Shared,
    /// Aborted when the handle is dropped.
    server: JoinHandle<()>,
}

impl LocalProvider {
    /// Starts a provider on a free port of `127.0.0.1`.
    ///
    /// # Errors
    ///
    /// If the system has no free port or gives no random bytes.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime with I/O and time enabled.
    pub async fn start() -> io::Result<Self> {
        Self::bind((Ipv4Addr::LOCALHOST, 0).into()).await
    }

    /// Starts a provider on this loopback address. Port 0 is any free port. With a fixed port, the
    /// addresses that an application was given stay right over a restart of the provider.
    ///
    /// ```
    /// # use tower_phone_auth_local_provider::LocalProvider;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let provider = LocalProvider::bind(([127, 0, 0, 1], 0).into()).await?;
    /// let refused = LocalProvider::bind(([0, 0, 0, 0], 9400).into()).await;
    /// assert!(refused.is_err()); // not a loopback address
    /// # Ok(())
    /// # }
    /// ```
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
    /// ```
    /// # use tower_phone_auth_local_provider::{Config, LocalProvider};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let file = "listen = '127.0.0.1:0'\n[application]\nclient_id = 'my-application'";
    /// let provider = LocalProvider::start_with(Config::from_toml(file)?).await?;
    /// assert_eq!(provider.client_id(), "my-application");
    /// # Ok(())
    /// # }
    /// ```
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
                "{address} is not on loopback, and the local provider lets anyone sign in as \
                 anyone: use an address such as 127.0.0.1:{}",
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

    /// Adds the persons of the configuration.
    fn with_people(self, people: Vec<Person>) -> Self {
        for person in people {
            self.add_person(person);
        }
        self
    }

    /// The origin of the provider, such as `http://127.0.0.1:41234`, without a slash at the end.
    ///
    /// With `tower-phone-auth`, this is the argument of `endpoint_base` for Kakao, Naver and
    /// Google.
    #[must_use]
    pub fn origin(&self) -> String {
        self.origin.clone()
    }
}

impl Drop for LocalProvider {
    fn drop(&mut self) {
        // A function that returns only the layer drops the handle, and the browser then reports
        // that the connection is refused.
        tracing::debug!(
            origin = self.origin,
            "the local provider stops, because its LocalProvider was dropped: keep it as long as users sign in"
        );
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

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
