//! A provider on a loopback port that speaks Kakao's dialect, for examples, tests and development.
//!
//! It serves Kakao's paths on one origin: a page on which a person picks who to be, the token
//! endpoint, the profile, and the rarer ones around them. Nothing on it imitates Kakao's looks, and
//! it listens on loopback addresses only, because it signs in anybody as anybody.
//!
//! ```
//! use tower_phone_auth::local_provider::{Endpoint, Fault, LocalProvider, Person};
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
//! # The page
//!
//! `GET /oauth/authorize` shows one form without any script. A test fills it in by sending
//! `POST /oauth/authorize` with the members of the query, plus `person` (an id),
//! `phone_number=yes` if the box is to be ticked, and `decision` (`agree` or `cancel`).
//!
//! The box decides whenever the page is shown: unticked, the profile says
//! `phone_number_needs_agreement: true` and has no number. A cookie remembers the person, so that a
//! later `scope=phone_number` asks that same person for what is missing. With
//! [`Settings::auto_sign_in`], nothing but such a request shows the page to that person again.
//!
//! # Secrets
//!
//! Every code and token begins with [`SECRET_PREFIX`], and so does the default client secret. A
//! refused code is echoed in the `error_description`, as Kakao does.

mod account;
mod answer;
mod authorization;
mod authorize;
mod bearer;
mod body;
mod fault;
mod faults;
mod grant;
mod koe;
mod loopback;
mod oidc;
mod page;
mod params;
mod person;
mod profile;
mod record;
mod route;
mod server;
mod settings;
mod state;
mod token;

use std::{
    fmt, io,
    net::{Ipv4Addr, SocketAddr},
};

use tokio::{net::TcpListener, task::JoinHandle};

use self::state::Shared;
pub use self::{
    fault::Fault,
    grant::SECRET_PREFIX,
    person::Person,
    record::{Endpoint, Recorded},
    settings::Settings,
};
use crate::provider::{Provider, kakao::Kakao};

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
        if !address.ip().is_loopback() {
            let message = format!(
                "the local provider signs in anybody and must not listen on {address}: \
                 bind it to a loopback address such as 127.0.0.1:{}",
                address.port()
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let listener = TcpListener::bind(address).await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let shared = Shared::new(origin.clone())?;
        let server = tokio::spawn(server::run(listener, shared.clone()));
        Ok(Self {
            origin,
            shared,
            server,
        })
    }

    /// Where the provider listens, such as `http://127.0.0.1:41234`.
    #[must_use]
    pub fn origin(&self) -> String {
        self.origin.clone()
    }

    /// This provider for a layer, under the name `local`.
    ///
    /// [`Builder::build`](crate::Builder::build) refuses it unless the public URL is a loopback one.
    ///
    /// ```
    /// use tower_phone_auth::{OAuthLayer, SessionKey, local_provider::LocalProvider};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let local = LocalProvider::start().await?;
    /// let key = SessionKey::random();
    /// let auth = OAuthLayer::new(local.provider(), "http://127.0.0.1:3000", key)?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn provider(&self) -> Provider {
        let kakao = self.kakao().named("local");
        let kakao = kakao.titled("Sign in locally (development)", "로컬 로그인 (개발용)");
        Provider::from(kakao).only_on_loopback()
    }

    /// [`Kakao`] with this provider's endpoints and the registered app's credentials, for tests that change
    /// a setting of it.
    #[must_use]
    pub fn kakao(&self) -> Kakao {
        let kakao = match self.client_secret() {
            Some(secret) => Kakao::new(self.client_id(), secret),
            None => Kakao::without_secret(self.client_id()),
        };
        kakao.endpoint_base(self.origin())
    }

    /// The app's `client_id`: see [`Settings::client_id`].
    #[must_use]
    pub fn client_id(&self) -> String {
        self.shared.lock().settings.client_id.clone()
    }

    /// The app's secret: see [`Settings::client_secret`].
    #[must_use]
    pub fn client_secret(&self) -> Option<String> {
        self.shared.lock().settings.client_secret.clone()
    }

    /// Changes how the app is registered. See [`Settings`] for an example.
    pub fn configure(&self, change: impl FnOnce(&mut Settings)) {
        // On a copy, so that the closure may use the provider as well.
        let mut settings = self.shared.lock().settings.clone();
        change(&mut settings);
        self.shared.lock().settings = settings;
    }

    /// Adds a person to the page, in place of any earlier one with the same id.
    pub fn add_person(&self, person: Person) {
        self.shared.lock().add(person);
    }

    /// Ends the link between a person and the app: tokens die and the consent is forgotten.
    pub fn unlink(&self, person: u64) {
        self.shared.lock().unlink(person);
    }

    /// Lets one request to this endpoint fail. Several queue up, and go before any
    /// [`fail`](Self::fail).
    pub fn fail_next(&self, endpoint: Endpoint, fault: Fault) {
        self.shared.lock().faults.queue(endpoint, fault);
    }

    /// Lets every request to this endpoint fail, until it is [healed](Self::heal).
    pub fn fail(&self, endpoint: Endpoint, fault: Fault) {
        self.shared.lock().faults.stand(endpoint, fault);
    }

    /// Takes every fault of this endpoint back.
    pub fn heal(&self, endpoint: Endpoint) {
        self.shared.lock().faults.heal(endpoint);
    }

    /// The requests received, oldest first. The latest 4096 are kept.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.lock().records.all()
    }

    /// How many of [`requests`](Self::requests) went to this endpoint.
    #[must_use]
    pub fn count(&self, endpoint: Endpoint) -> usize {
        self.shared.lock().records.count(endpoint)
    }

    /// Forgets the requests received so far.
    pub fn forget_requests(&self) {
        self.shared.lock().records.forget();
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
