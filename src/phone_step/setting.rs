//! The setting of the phone step.

use std::{fmt, net::IpAddr, sync::Arc, time::Duration};

use http::request::Parts;

use super::{
    AttemptStore, CodeSender, KnownNumbers, NumberVerifier, PhoneLimits, client::ClientAddress,
};
use crate::language::Text;

/// The phone step: users without an acceptable number prove one by a one-time code during the
/// sign-in. Set it by [`Builder::phone_step`](crate::Builder::phone_step).
///
/// The step begins after the callback, if the provider gives no number, an invalid one, or one
/// below [`minimum_assurance`](crate::Builder::minimum_assurance). The user types a number at
/// `/auth/phone` and the code of the message at `/auth/phone/code`, and is signed in with
/// [`PhoneAssurance::Confirmed`](crate::phone::PhoneAssurance::Confirmed). A code has six digits,
/// is valid for five minutes, and counts once. Five wrong codes end the step, and so does an hour.
///
/// If the answer to the right code does not arrive, the user signs in once more and gets a new
/// message. The session is not given out again, because a copy of the step's cookie and of the code
/// would get it too (NIST SP 800-63B-4 section 3.1.3.2 accepts a code once).
///
/// ```
/// use tower_phone_auth::{
///     Google, OAuthLayer, SessionKey,
///     phone_step::{ConsoleSender, PhoneStep},
/// };
///
/// let auth = OAuthLayer::builder()
///     .public_url("http://127.0.0.1:3000")
///     .session_key(SessionKey::random())
///     .provider(Google::new("client-id", "client-secret"))
///     .phone_step(PhoneStep::new(ConsoleSender::new()).site_name("Shop"))
///     .build()?;
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[must_use]
pub struct PhoneStep {
    /// The service that sends the codes.
    pub(crate) service: Service,
    pub(crate) regions: Vec<String>,
    pub(crate) limits: PhoneLimits,
    /// `None` for a store in this process.
    pub(crate) attempts: Option<AttemptStore>,
    /// `None` for the host of the public URL.
    pub(crate) site_name: Option<Text>,
    /// `None` for the built-in texts.
    pub(crate) message: Option<Text>,
    /// The function of the application for the address of the peer.
    pub(crate) client_address: Option<Arc<ClientAddress>>,
    pub(crate) trusted_proxies: Vec<String>,
    /// The names of the provider's claims that the hook after the step gets.
    pub(crate) kept_claims: Vec<String>,
    pub(crate) known_numbers: Option<Arc<dyn KnownNumbers>>,
    pub(crate) known_for: Duration,
}

/// The time for which a known number counts, about half a year.
const KNOWN_FOR: Duration = Duration::from_secs(180 * 24 * 60 * 60);

/// The service that sends codes. A verifier also checks them.
#[derive(Clone)]
pub(crate) enum Service {
    Sender(Arc<dyn CodeSender>),
    Verifier(Arc<dyn NumberVerifier>),
}

impl Service {
    /// Whether the service is for development only.
    pub(crate) fn is_for_development(&self) -> bool {
        match self {
            Self::Sender(sender) => sender.is_for_development(),
            Self::Verifier(verifier) => verifier.is_for_development(),
        }
    }

    /// The page where messages of a service for development can be read.
    pub(crate) fn inbox(&self) -> Option<&str> {
        match self {
            Self::Sender(sender) => sender.inbox(),
            Self::Verifier(verifier) => verifier.inbox(),
        }
    }
}

impl PhoneStep {
    /// A step whose codes this crate makes, keeps and counts. The sender sends the messages.
    ///
    /// ```
    /// use tower_phone_auth::phone_step::{ConsoleSender, PhoneStep};
    ///
    /// let step = PhoneStep::new(ConsoleSender::new());
    /// ```
    pub fn new(sender: impl CodeSender) -> Self {
        Self::with(Service::Sender(Arc::new(sender)))
    }

    /// A step whose codes a service makes and checks.
    ///
    /// ```
    /// use tower_phone_auth::phone_step::{NumberVerifier, PhoneStep};
    ///
    /// fn step(service: impl NumberVerifier) -> PhoneStep {
    ///     PhoneStep::verifier(service)
    /// }
    /// ```
    pub fn verifier(verifier: impl NumberVerifier) -> Self {
        Self::with(Service::Verifier(Arc::new(verifier)))
    }

    fn with(service: Service) -> Self {
        Self {
            service,
            regions: vec!["KR".to_owned()],
            limits: PhoneLimits::default(),
            attempts: None,
            site_name: None,
            message: None,
            client_address: None,
            trusted_proxies: Vec::new(),
            kept_claims: Vec::new(),
            known_numbers: None,
            known_for: KNOWN_FOR,
        }
    }

    /// The regions whose mobile numbers users may type, as ISO 3166-1 alpha-2 codes. Default: `KR`.
    ///
    /// Numbers of fixed lines, premium numbers and service numbers are refused everywhere. Where a
    /// numbering plan does not tell mobile from fixed, a number is accepted. Keep the list short:
    /// messages to some countries are expensive, and fraud with them is common. A number in
    /// national form is read as one of the first region.
    ///
    /// ```
    /// # use tower_phone_auth::phone_step::{ConsoleSender, PhoneStep};
    /// let step = PhoneStep::new(ConsoleSender::new()).regions(["KR", "JP"]);
    /// ```
    pub fn regions<T: Into<String>>(mut self, regions: impl IntoIterator<Item = T>) -> Self {
        self.regions = regions.into_iter().map(Into::into).collect();
        self
    }

    /// The limits on messages. Default: [`PhoneLimits::default`].
    ///
    /// ```
    /// use tower_phone_auth::phone_step::{ConsoleSender, PhoneLimits, PhoneStep};
    ///
    /// let step = PhoneStep::new(ConsoleSender::new()).limits(PhoneLimits::new().total(200));
    /// ```
    pub fn limits(mut self, limits: PhoneLimits) -> Self {
        self.limits = limits;
        self
    }

    /// The store of attempts and limits. Default: in this process. An application with several
    /// replicas needs a store that they share, because a step may go on at any of them.
    ///
    /// ```
    /// use tower_phone_auth::phone_step::{AttemptStore, ConsoleSender, PhoneStep};
    ///
    /// let step = PhoneStep::new(ConsoleSender::new()).attempts(AttemptStore::in_process());
    /// ```
    pub fn attempts(mut self, store: AttemptStore) -> Self {
        self.attempts = Some(store);
        self
    }

    /// The name of the site in the message. Default: the name of the
    /// [`Site`](crate::Site), else the host of the public URL. Without a `Site`, the pages of the
    /// step show it too. [`build`](crate::Builder::build) refuses a name, or a host, that
    /// does not fit.
    ///
    /// ```
    /// use tower_phone_auth::{Text, phone_step::{ConsoleSender, PhoneStep}};
    ///
    /// let step = PhoneStep::new(ConsoleSender::new()).site_name(Text::en("Shop").ko("가게"));
    /// ```
    pub fn site_name(mut self, name: impl Into<Text>) -> Self {
        self.site_name = Some(name.into());
        self
    }

    /// The text of the message, with `{code}` for the code and `{site}` for the
    /// [name of the site](Self::site_name). Default: a text in English and Korean.
    ///
    /// A line for browsers follows the text, so that they offer the code on this origin alone
    /// ([Origin-bound one-time codes](https://wicg.github.io/sms-one-time-codes/)). It is left out
    /// if it does not fit.
    ///
    /// ```
    /// use tower_phone_auth::{Text, phone_step::{ConsoleSender, PhoneStep}};
    ///
    /// let text = Text::en("[{site}] Code: {code}").ko("[{site}] 인증번호: {code}");
    /// let step = PhoneStep::new(ConsoleSender::new()).site_name("Shop").message(text);
    /// ```
    pub fn message(mut self, text: impl Into<Text>) -> Self {
        self.message = Some(text.into());
        self
    }

    /// The address of the client of a request, for the limit on messages from one address. A tower
    /// request has no address of its own, so the application takes it from an extension of its
    /// server. Required with a sender that is not for development.
    ///
    /// Requests without an address share one limit.
    ///
    /// ```
    /// use std::net::SocketAddr;
    /// use axum::extract::ConnectInfo;
    /// use tower_phone_auth::phone_step::{ConsoleSender, PhoneStep};
    ///
    /// // With `app.into_make_service_with_connect_info::<SocketAddr>()`.
    /// let step = PhoneStep::new(ConsoleSender::new()).client_address(|head| {
    ///     let peer: &ConnectInfo<SocketAddr> = head.extensions.get()?;
    ///     Some(peer.ip())
    /// });
    /// ```
    pub fn client_address(
        mut self,
        address: impl Fn(&Parts) -> Option<IpAddr> + Send + Sync + 'static,
    ) -> Self {
        self.client_address = Some(Arc::new(address));
        self
    }

    /// The addresses and networks of reverse proxies, such as `10.0.0.0/8`. Default: none.
    ///
    /// On a request from one of them, the client is the last entry of `X-Forwarded-For` that is not
    /// such an address. The header of any other request is ignored, because any client can send it.
    ///
    /// ```
    /// use tower_phone_auth::phone_step::{ConsoleSender, PhoneStep};
    ///
    /// let step = PhoneStep::new(ConsoleSender::new()).trusted_proxies(["10.0.0.0/8"]);
    /// ```
    pub fn trusted_proxies<T: Into<String>>(
        mut self,
        proxies: impl IntoIterator<Item = T>,
    ) -> Self {
        self.trusted_proxies = proxies.into_iter().map(Into::into).collect();
        self
    }

    /// The names of the provider's claims that
    /// [`SignIn::claims`](crate::hooks::SignIn::claims) has after the step. Default: none.
    ///
    /// They are sealed in the step's cookie, as JSON of at most 512 bytes. A user whose claims are
    /// longer is refused with [`ClaimsUnfit`](crate::error::LoginErrorKind::ClaimsUnfit), and the
    /// log has their size. Name only those that the hook needs.
    ///
    /// ```
    /// # use tower_phone_auth::phone_step::{ConsoleSender, PhoneStep};
    /// let step = PhoneStep::new(ConsoleSender::new()).keep_claims(["groups", "tenant"]);
    /// ```
    pub fn keep_claims<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Self {
        self.kept_claims = names.into_iter().map(Into::into).collect();
        self
    }

    /// The application's store of confirmed numbers, so that the next sign-in of a user sends no
    /// message. Default: none, and every sign-in of a user without a number has the step. A user
    /// whose browser has a live session keeps its number in any case.
    ///
    /// [`KnownNumbers`] shows an implementation.
    ///
    /// ```
    /// use tower_phone_auth::phone_step::{ConsoleSender, KnownNumbers, PhoneStep};
    ///
    /// fn step(users: impl KnownNumbers) -> PhoneStep {
    ///     PhoneStep::new(ConsoleSender::new()).known_numbers(users)
    /// }
    /// ```
    pub fn known_numbers(mut self, store: impl KnownNumbers) -> Self {
        self.known_numbers = Some(Arc::new(store));
        self
    }

    /// The time after its confirmation for which a [known number](Self::known_numbers) counts.
    /// Default: 180 days, because mobile operators give unused numbers to other people.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use tower_phone_auth::phone_step::{ConsoleSender, PhoneStep};
    /// let month = Duration::from_secs(30 * 24 * 60 * 60);
    /// let step = PhoneStep::new(ConsoleSender::new()).known_for(month);
    /// ```
    pub fn known_for(mut self, time: Duration) -> Self {
        self.known_for = time;
        self
    }
}

/// Functions and services have no `Debug` output.
impl fmt::Debug for PhoneStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PhoneStep")
            .field("regions", &self.regions)
            .field("limits", &self.limits)
            .field("site_name", &self.site_name)
            .field("trusted_proxies", &self.trusted_proxies)
            .finish_non_exhaustive()
    }
}
