//! The settings as the builder collects them, with their defaults.
//!
//! No value is checked here, so that the builder's methods return no errors. `Config::new` checks
//! all values at once.

use std::{fmt, sync::Arc, time::Duration};

use http::HeaderValue;

use crate::{
    calls::Limits,
    clock::Clock,
    hooks::Hooks,
    http_client::HttpClient,
    page::{Pages, Site},
    phone::PhoneAssurance,
    phone_step::PhoneStep,
    revocation,
    seal::key::SessionKey,
    session::Rules,
};

use super::read_from::ReadFrom;

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
    /// The lifetime and idle time of a session, and the lowest assurance.
    pub(crate) rules: Rules,
    /// The patterns as they were given, in the order of the calls.
    pub(crate) public: Vec<String>,
    pub(crate) cors_origins: Vec<String>,
    pub(crate) cross_site_allowed: Vec<String>,
    pub(crate) hooks: Hooks,
    /// A path or a URL, as the application gave it. `None` for the layer's page.
    pub(crate) after_sign_out: Option<String>,
    /// The system's clock, except in tests.
    pub(crate) clock: Clock,
    pub(crate) http: Option<Http>,
    pub(crate) limits: Limits,
    /// The log of revocations and its limits.
    pub(crate) revocation: revocation::Settings,
    /// The environment variables of the settings. `None` if the application gave all of them in
    /// code.
    pub(crate) read_from: Option<ReadFrom>,
    /// An origin that replaces the hosts of all providers with constant endpoints, for tests.
    pub(crate) endpoint_base: Option<String>,
    /// `None` if users without an acceptable number are refused.
    pub(crate) phone_step: Option<PhoneStep>,
    /// `None` for pages without a name.
    pub(crate) site: Option<Site>,
    /// The path of the application's own sign-in page. `None` for the layer's page.
    pub(crate) login_page: Option<String>,
    pub(crate) plain: Plain,
}

/// The settings that requests read as the application gave them. A new setting of this kind is a
/// field and a default here, and a method of the builder.
#[derive(Debug)]
pub(crate) struct Plain {
    /// The time after which a session is checked with its provider again. `None` means never.
    pub(crate) recheck: Option<Duration>,
    /// The `Cache-Control` of responses with a user whose application sets none.
    pub(crate) caching: DefaultCaching,
    /// Whether the layer's cookies are removed from requests to the application.
    pub(crate) strips_cookies: bool,
    /// Whether a form without a session is saved.
    pub(crate) saves_forms: bool,
    /// The application's own markup of the pages.
    pub(crate) pages: Pages,
    /// Accepts numbers of ranges that the numbering plan does not know.
    pub(crate) accepts_possible_numbers: bool,
    /// Whether a provider on this machine is permitted behind a public address, for tests.
    pub(crate) allows_test_endpoints: bool,
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
            rules: Rules {
                life: Duration::from_secs(12 * 60 * 60),
                idle: None,
                assurance: PhoneAssurance::Asserted,
            },
            public: Vec::new(),
            cors_origins: Vec::new(),
            cross_site_allowed: Vec::new(),
            hooks: Hooks::default(),
            after_sign_out: None,
            limits: Limits {
                time: Duration::from_secs(10),
                calls: 64,
            },
            http: None,
            clock: Clock::system(),
            revocation: revocation::Settings::default(),
            read_from: None,
            endpoint_base: None,
            phone_step: None,
            site: None,
            login_page: None,
            plain: Plain::default(),
        }
    }
}

impl Default for Plain {
    fn default() -> Self {
        Self {
            recheck: None,
            caching: DefaultCaching::ByDestination,
            strips_cookies: false,
            saves_forms: false,
            pages: Pages::default(),
            accepts_possible_numbers: false,
            allows_test_endpoints: false,
        }
    }
}
