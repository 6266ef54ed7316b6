//! The settings of a layer.

use std::{sync::Arc, time::Duration};

use super::OAuthLayer;
use crate::{
    calls::Limits,
    clock::Clock,
    config::{Config, DefaultCaching, Given},
    error::ConfigError,
    flow::Flow,
    hooks::Hooks,
    http_client::HttpClient,
    phone::{self, PhoneAssurance},
    provider::Provider,
    revocation,
    seal::key::SessionKey,
};

/// Collects the settings of an [`OAuthLayer`]; [`build`](Self::build) checks them all.
///
/// ```
/// use std::time::Duration;
/// use tower_phone_auth::{Kakao, OAuthLayer, PhoneAssurance, SessionKey};
///
/// let auth = OAuthLayer::builder()
///     .public_url("https://shop.example.com")
///     .session_key(SessionKey::random())
///     .provider(Kakao::new("rest-api-key", "client-secret"))
///     .public(["/healthz", "/assets/{*rest}"])
///     .session_lifetime(Duration::from_secs(60 * 60))
///     .minimum_assurance(PhoneAssurance::Asserted)
///     .provider_timeout(Duration::from_secs(5))
///     .build()?;
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[derive(Debug)]
#[must_use]
pub struct Builder {
    public_url: Option<String>,
    prefix: String,
    cookie_name: Option<String>,
    session_key: Option<SessionKey>,
    session_life: Duration,
    idle: Option<Duration>,
    pub(super) recheck: Option<Duration>,
    providers: Vec<Provider>,
    pub(super) public: Vec<String>,
    pub(super) cors_origins: Vec<String>,
    pub(super) cross_site_allowed: Vec<String>,
    pub(super) caching: DefaultCaching,
    pub(super) hooks: Hooks,
    pub(super) strips_cookies: bool,
    pub(super) saves_forms: bool,
    pub(super) after_sign_out: Option<String>,
    assurance: PhoneAssurance,
    accepts_possible_numbers: bool,
    limits: Limits,
    http: Option<Http>,
    allows_test_endpoints: bool,
    clock: Clock,
    pub(super) revocation: revocation::Settings,
}

struct Http(Arc<dyn HttpClient>);

impl std::fmt::Debug for Http {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HttpClient")
    }
}

impl Builder {
    pub(super) fn new() -> Self {
        Self {
            public_url: None,
            prefix: "/auth".to_owned(),
            cookie_name: None,
            session_key: None,
            session_life: Duration::from_secs(12 * 60 * 60),
            idle: None,
            recheck: None,
            providers: Vec::new(),
            public: Vec::new(),
            cors_origins: Vec::new(),
            cross_site_allowed: Vec::new(),
            caching: DefaultCaching::ByDestination,
            hooks: Hooks::default(),
            strips_cookies: false,
            saves_forms: false,
            after_sign_out: None,
            assurance: PhoneAssurance::Asserted,
            accepts_possible_numbers: false,
            limits: Limits {
                time: Duration::from_secs(10),
                calls: 64,
            },
            http: None,
            allows_test_endpoints: false,
            clock: Clock::system(),
            revocation: revocation::Settings::default(),
        }
    }

    /// The address of the application as the browser sees it, such as `https://shop.example.com`.
    /// Required; never guessed from a request's `Host`.
    ///
    /// It may have a path, such as `https://example.com/shop`, which a proxy takes off before requests come here (nginx:
    /// `location /shop/ { proxy_pass http://127.0.0.1:3000/; }`). All links, redirects and redirect URIs then have it;
    /// `return_to` is below it, and anything else leads to `/shop/`. Settings that name paths, such as
    /// [`public`](Self::public) and [`prefix`](Self::prefix), are as requests have them, without it. Cookies are for the
    /// whole origin, as the `__Host-` prefix wants, and their [default name](Self::cookie_name) keeps those of other paths
    /// apart; scripts and pages of other applications on the origin are not kept apart by any path.
    ///
    /// With https, cookies are `Secure` and carry the `__Host-` prefix. Plain http is for loopback only.
    ///
    /// A page visit under the same host with or without `www` goes on to the public one, and comes back to its page after the
    /// sign-in. So does one under another loopback host of the same port, where the public one is loopback: browsers keep
    /// the cookies of `localhost` and `127.0.0.1` apart ([RFC 6265 section 4.1.2.3](https://www.rfc-editor.org/rfc/rfc6265#section-4.1.2.3)).
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into());
        self
    }

    /// What the layer's own paths begin with. Default: `/auth`. The redirect URI to register changes with it.
    ///
    /// ```
    /// # use tower_phone_auth::OAuthLayer;
    /// let staff = OAuthLayer::builder().prefix("/staff/auth").cookie_name("staff");
    /// ```
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// The name with which the layer's cookies begin. Default: `phone-auth`, and below a path of the
    /// [public URL](Self::public_url) with a hash of it, as in `phone-auth-1a2b3c4d`. Two layers on one origin need two names,
    /// and two [prefixes](Self::prefix).
    pub fn cookie_name(mut self, name: impl Into<String>) -> Self {
        self.cookie_name = Some(name.into());
        self
    }

    /// The key that seals sessions and pending logins. Required; the same on every replica.
    pub fn session_key(mut self, key: SessionKey) -> Self {
        self.session_key = Some(key);
        self
    }

    /// A provider to sign in with. At least one; with several, people choose at `/auth/login`.
    ///
    /// Register `{public_url}/auth/callback/{name}` in its console.
    pub fn provider(mut self, provider: impl Into<Provider>) -> Self {
        self.providers.push(provider.into());
        self
    }

    /// How long a session lasts, from sign-in to its absolute end. Default: 12 hours.
    pub fn session_lifetime(mut self, life: Duration) -> Self {
        self.session_life = life;
        self
    }

    /// How long a session lasts without a request. Default: no such limit.
    ///
    /// After half of it, a response carries the session sealed anew; so does the first one after a change of keys. A
    /// client that does not take the new cookie gets one with every response.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use tower_phone_auth::OAuthLayer;
    /// let builder = OAuthLayer::builder().idle_timeout(Duration::from_secs(30 * 60));
    /// ```
    pub fn idle_timeout(mut self, idle: Duration) -> Self {
        self.idle = Some(idle);
        self
    }

    /// The least assurance of a phone number that is let in. Default: [`PhoneAssurance::Asserted`].
    pub fn minimum_assurance(mut self, assurance: PhoneAssurance) -> Self {
        self.assurance = assurance;
        self
    }

    /// Accepts phone numbers of ranges that the numbering plan does not know, if they have a length of their country and the
    /// provider vouches for them ([`PhoneAssurance::Asserted`] or more). Default: off, such users get 403 with the code
    /// `number_range`.
    ///
    /// Countries open new ranges before tables have them (libphonenumber's
    /// [`isPossibleNumber`](https://github.com/google/libphonenumber/blob/master/FAQ.md#what-is-the-difference-between-ispossiblenumber-and-isvalidnumber)),
    /// and a user whose number is new can do nothing about a table. The default stays strict because the length alone also
    /// fits mistyped numbers and numbers that a stranger made up: the provider's word is then all that stands for it. Such a
    /// number is no [mobile number](crate::PhoneNumber::is_mobile) for this crate.
    ///
    /// ```
    /// # use tower_phone_auth::OAuthLayer;
    /// let builder = OAuthLayer::builder().accept_possible_numbers();
    /// ```
    pub fn accept_possible_numbers(mut self) -> Self {
        self.accepts_possible_numbers = true;
        self
    }

    /// How long a sign-in waits for its provider: all calls of one callback together, repeats included, from the first
    /// connection to the last byte. Default: 10 seconds. It also bounds a page visit that needs the provider's metadata or a
    /// pushed request, and each call outside sign-ins. Events have 2.5 seconds at most.
    ///
    /// The sign-in is then refused with 504. A [client of your own](Self::http_client) is bounded by it too. The system's proxy
    /// settings hold, except for a provider whose endpoints are on loopback. A provider may have another time
    /// ([`Oidc::timeout`](crate::Oidc::timeout), [`Kakao::timeout`](crate::Kakao::timeout)).
    pub fn provider_timeout(mut self, limit: Duration) -> Self {
        self.limits.time = limit;
        self
    }

    /// How many calls to one provider are made at once, in this process. Default: 64; at least 2. One in eight is kept for
    /// the provider's events and the others for sign-ins, so that a flood of either leaves the other alone.
    ///
    /// A further call waits for a second at most. The sign-in is then refused with 503 and `Retry-After`
    /// ([`LoginErrorKind::ProviderBusy`](crate::LoginErrorKind::ProviderBusy)).
    ///
    /// Apart from that number, an endpoint that failed five times in a row (no connection, no answer in time, or a 5xx; never a
    /// 4xx) is not called for 10 seconds, and then by one call at first. Until it answers, what needs it is refused in the
    /// same way, at once; the page where users choose a provider shows it as not available. The times are read from the
    /// monotonic side of the [clock](Self::clock).
    ///
    /// ```
    /// # use tower_phone_auth::OAuthLayer;
    /// let builder = OAuthLayer::builder().provider_concurrency(16);
    /// ```
    pub fn provider_concurrency(mut self, calls: usize) -> Self {
        self.limits.calls = calls;
        self
    }

    /// Another client for requests to providers. Default: `reqwest` with rustls; see [`HttpClient`].
    pub fn http_client(mut self, client: impl HttpClient) -> Self {
        self.http = Some(Http(Arc::new(client)));
        self
    }

    /// Permits a provider on this machine although the [`public_url`](Self::public_url) is elsewhere: an `endpoint_base`,
    /// a loopback issuer, or loopback endpoints of an [`CustomProvider`](crate::CustomProvider). Default: [`build`](Self::build) refuses that
    /// combination, because such a provider, left over from a test, signs in anybody as anybody.
    ///
    /// For tests behind a proxy of their own, and nothing else.
    ///
    /// ```
    /// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
    ///
    /// let kakao = || Kakao::new("key", "secret").endpoint_base("http://127.0.0.1:9000");
    /// let builder = || OAuthLayer::builder()
    ///     .public_url("https://shop.example.com")
    ///     .session_key(SessionKey::random())
    ///     .provider(kakao());
    /// assert_eq!(builder().build().unwrap_err().setting(), "endpoint_base");
    /// assert!(builder().allow_test_endpoints().build().is_ok());
    /// ```
    pub fn allow_test_endpoints(mut self) -> Self {
        self.allows_test_endpoints = true;
        self
    }

    /// Another clock, for tests. Default: the system's.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Checks every setting. Touches no network, so that an application starts while a provider is down.
    ///
    /// Without a [revocation log](Self::revocation_log), one WARN line says that sign-outs do not survive a restart, unless
    /// the key is random and no session survives one either.
    ///
    /// # Errors
    /// If a setting is missing or cannot work; the error names it, the value and the remedy.
    pub fn build(self) -> Result<OAuthLayer, ConfigError> {
        self.hooks.check()?;
        let key = self.session_key.as_ref();
        let forgets = self.revocation.log.is_none() && key.is_some_and(SessionKey::is_kept);
        let config = Config::new(Given {
            public_url: self.public_url,
            prefix: self.prefix,
            cookie_name: self.cookie_name,
            session_key: self.session_key,
            session_life: self.session_life,
            idle: self.idle,
            recheck: self.recheck,
            public: self.public,
            cors_origins: self.cors_origins,
            cross_site_allowed: self.cross_site_allowed,
            caching: self.caching,
            hooks: self.hooks,
            strips_cookies: self.strips_cookies,
            saves_forms: self.saves_forms,
            after_sign_out: self.after_sign_out,
            assurance: self.assurance,
            accepts_possible_numbers: self.accepts_possible_numbers,
            clock: self.clock,
            http: self.http.map(|Http(client)| client),
            limits: self.limits,
            allows_test_endpoints: self.allows_test_endpoints,
            revocation: self.revocation,
        })?;
        let flow = Flow::new(config, &self.providers)?;
        phone::warm_up();
        if forgets {
            tracing::warn!(
                "no revocation log is set: a session that was signed out counts again after a restart, as long as its \
                 cookie lives; set Builder::revocation_log, for one process to a FileLog"
            );
        }
        Ok(OAuthLayer::from_flow(flow))
    }
}
