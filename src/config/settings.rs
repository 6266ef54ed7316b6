//! The settings as the builder collects them, with their defaults.
//!
//! No value is checked here, so that the builder's methods return no errors. `Config::new` checks
//! all values at once.

use std::{fmt, sync::Arc, time::Duration};

use http::HeaderValue;

use crate::{
    calls::Limits, clock::Clock, hooks::Hooks, http_client::HttpClient, phone::PhoneAssurance,
    revocation, seal::key::SessionKey,
};

/// The `Cache-Control` of responses to signed-in users, if the application sets none.
///
/// The setting `default_cache_control` sets it.
#[derive(Clone, Debug)]
pub(crate) enum DefaultCaching {
    /// By the fetch metadata of the request (`flow/caching.rs`).
    ByDestination,
    /// This value for all responses.
    Chosen(Arc<HeaderValue>),
    /// The layer adds nothing.
    LeftAlone,
}

/// Each field is a setting of [`Builder`](crate::Builder), which documents it. `None` means that
/// the setting was not given. Only `public_url` and `session_key` are then an error.
#[derive(Debug)]
pub(crate) struct Settings {
    /// Required, because a `Host` header can be forged.
    pub(crate) public_url: Option<String>,
    /// Below the path of the public URL.
    pub(crate) prefix: String,
    /// `None` for the default name, which depends on the path of the public URL.
    pub(crate) cookie_name: Option<String>,
    /// Required, because a default key would be no secret.
    pub(crate) session_key: Option<SessionKey>,
    pub(crate) session_life: Duration,
    pub(crate) idle: Option<Duration>,
    pub(crate) recheck: Option<Duration>,
    /// The patterns as they were given, in the order of the calls.
    pub(crate) public: Vec<String>,
    pub(crate) cors_origins: Vec<String>,
    pub(crate) cross_site_allowed: Vec<String>,
    pub(crate) caching: DefaultCaching,
    pub(crate) hooks: Hooks,
    pub(crate) strips_cookies: bool,
    pub(crate) saves_forms: bool,
    /// A path or a URL, as the application gave it. `None` for the layer's page.
    pub(crate) after_sign_out: Option<String>,
    pub(crate) assurance: PhoneAssurance,
    pub(crate) accepts_possible_numbers: bool,
    /// The system's clock, except in tests.
    pub(crate) clock: Clock,
    pub(crate) http: Option<Http>,
    pub(crate) limits: Limits,
    pub(crate) allows_test_endpoints: bool,
    /// The log of revocations and its limits.
    pub(crate) revocation: revocation::Settings,
}

/// The HTTP client of the application. The type exists for its `Debug`, which a trait object does
/// not have.
pub(crate) struct Http(pub(crate) Arc<dyn HttpClient>);

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HttpClient")
    }
}

/// The defaults, which the documentation of each method of the builder names.
impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: None,
            prefix: "/auth".to_owned(),
            cookie_name: None,
            session_key: None,
            session_life: Duration::from_secs(12 * 60 * 60),
            idle: None,
            recheck: None,
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
}
