//! The settings of a layer, as the builder collects them and as the layer uses them.
//!
//! [`Settings`] holds the values of the builder's methods, with the defaults. [`Config`] holds what
//! the requests need: parsed paths, derived keys, compiled cookies. [`Config::new`] is the only way
//! from one to the other. The function checks every setting and makes no network call, so an
//! application starts while a provider is down.
//!
//! A request reads the [`Config`] and never changes it, so all requests share it without a lock. A
//! change of a setting needs a restart of the application. Sessions survive the restart if the
//! session key, the public URL and the prefix stay the same.

use std::{sync::Arc, time::Duration};

use http::HeaderValue;

use self::checks::{
    check_idle, check_life, check_recheck, checked, cookie_name, cors, no_crypto, public, required,
};
use crate::{
    audit::Audit,
    calls::Limits,
    clock::Clock,
    error::ConfigError,
    hooks::Hooks,
    http_client::HttpClient,
    page::Policies,
    revocation::Revocations,
    seal::{Purpose, Scope, Sealer, key::KeyOrigin},
    session::Rules,
    web::{
        after_sign_out::AfterSignOut,
        cookie::Cookies,
        origin::{self, Origin},
        own_paths::Prefix,
        public_paths::PathPatterns,
    },
};

pub(crate) use self::settings::{DefaultCaching, Http, Settings};

mod checks;
mod settings;

/// The checked settings of one layer. Nothing in it changes while the layer runs, except the state
/// behind `revocations` and `audit`.
pub(crate) struct Config {
    /// Scheme, host and port of the public URL.
    pub(crate) origin: Origin,
    /// The prefix of the layer's own paths, with the path of the public URL.
    pub(crate) prefix: Prefix,
    /// The number and the origin of the session keys, which `doctor` reports.
    pub(crate) key_origin: KeyOrigin,
    /// The names and attributes of cookies.
    pub(crate) cookies: Cookies,
    /// Seals session cookies. Each purpose has a key of its own, derived from the session key, so
    /// that a value of one purpose does not open as another.
    pub(crate) session_sealer: Sealer,
    /// Seals pending and finished sign-ins.
    pub(crate) pending_sealer: Arc<Sealer>,
    /// Seals the part of a `state` that holds the return address.
    pub(crate) state_sealer: Sealer,
    /// Seals saved forms and their ends.
    pub(crate) form_sealer: Arc<Sealer>,
    /// Seals the cookies of sign-outs, with ID tokens among them.
    pub(crate) logout_sealer: Arc<Sealer>,
    /// The rules that a session must pass in every request.
    pub(crate) rules: Rules,
    /// Accepts numbers of ranges that the numbering plan does not know.
    pub(crate) accepts_possible_numbers: bool,
    /// The time after which a session is checked with its provider again. `None` means never.
    pub(crate) recheck: Option<Duration>,
    /// The paths that need no session.
    pub(crate) public: PathPatterns,
    /// The wall clock and the monotonic clock.
    pub(crate) clock: Clock,
    /// The HTTP client of the application. `None` for the default client.
    pub(crate) http: Option<Arc<dyn HttpClient>>,
    /// The limits on calls to one provider.
    pub(crate) limits: Limits,
    /// Other origins that may act with the session and read refusals.
    pub(crate) cors_origins: Vec<HeaderValue>,
    /// The paths at which any other origin may act with the session.
    pub(crate) cross_site_allowed: PathPatterns,
    /// The `Cache-Control` of responses with a user whose application sets none.
    pub(crate) caching: DefaultCaching,
    /// The functions of the application.
    pub(crate) hooks: Hooks,
    /// Whether the layer's cookies are removed from requests to the application.
    pub(crate) strips_cookies: bool,
    /// Whether a form without a session is saved.
    pub(crate) saves_forms: bool,
    /// The application's page after a sign-out. `None` for the layer's page.
    pub(crate) after_sign_out: Option<AfterSignOut>,
    /// Whether a provider on this machine is permitted behind a public address, for tests.
    pub(crate) allows_test_endpoints: bool,
    /// The `Content-Security-Policy` headers of the layer's pages.
    pub(crate) policies: Policies,
    /// The revocations that this replica knows, and the log that they come from.
    pub(crate) revocations: Revocations,
    /// Writes the lines of the audit log.
    pub(crate) audit: Audit,
}

impl Config {
    /// Checks all settings and derives the keys. The error is the first one that is found.
    pub(crate) fn new(settings: Settings) -> Result<Self, ConfigError> {
        let (origin, base) = origin::public_url(&required(
            settings.public_url,
            "public_url",
            "give the address as the browser sees it, as in https://shop.example.com",
        )?)?;
        let key = required(
            settings.session_key,
            "session_key",
            "give SessionKey::from_env(\"SESSION_KEY\")?, or SessionKey::random() for a trial",
        )?;
        check_life(settings.session_life)?;
        check_idle(settings.idle, settings.session_life)?;
        check_recheck(settings.recheck, settings.session_life)?;
        // The prefix comes before the sealers, because it is part of their scope.
        let prefix = Prefix::parse(&settings.prefix)?.below(base);
        let name = settings
            .cookie_name
            .unwrap_or_else(|| cookie_name(prefix.base()));
        // Two layers with one session key but another origin or prefix do not open each other's
        // cookies.
        let scope = Scope::new(&origin, &prefix);
        let sealer = |purpose| {
            let sealer = Sealer::new(&key, purpose, &scope, settings.session_life);
            sealer.ok_or_else(no_crypto)
        };
        let revocations = Revocations::new(
            settings.revocation,
            sealer(Purpose::Revocation)?,
            settings.clock.clone(),
            settings.session_life,
        )?;
        let public = public(settings.public, &prefix)?;
        let after = settings.after_sign_out;
        let after = after.map(|place| AfterSignOut::parse(&place, &origin, &prefix, &public));
        Ok(Self {
            revocations,
            after_sign_out: after.transpose()?,
            key_origin: key.origin(),
            audit: Audit::new(&key, settings.clock.clone()).ok_or_else(no_crypto)?,
            cookies: Cookies::new(&name, origin.is_secure())?,
            session_sealer: sealer(Purpose::Session)?,
            pending_sealer: sealer(Purpose::Pending)?.into(),
            state_sealer: sealer(Purpose::State)?,
            form_sealer: sealer(Purpose::Form)?.into(),
            logout_sealer: sealer(Purpose::Logout)?.into(),
            rules: Rules {
                life: settings.session_life,
                idle: settings.idle,
                assurance: settings.assurance,
            },
            accepts_possible_numbers: settings.accepts_possible_numbers,
            recheck: settings.recheck,
            public,
            cors_origins: cors(&settings.cors_origins)?,
            cross_site_allowed: PathPatterns::new(
                "cross_site_allowed",
                settings.cross_site_allowed,
            )?,
            caching: settings.caching,
            hooks: settings.hooks,
            strips_cookies: settings.strips_cookies,
            saves_forms: settings.saves_forms,
            clock: settings.clock,
            http: settings.http.map(|Http(client)| client),
            limits: checked(settings.limits)?,
            allows_test_endpoints: settings.allows_test_endpoints,
            policies: Policies::new().ok_or_else(no_crypto)?,
            origin,
            prefix,
        })
    }

    /// The public URL, for messages to an operator.
    pub(crate) fn public_url(&self) -> String {
        self.prefix.base().of_origin(self.origin.as_str())
    }

    /// The redirect URI to register in the provider's console.
    pub(crate) fn redirect_uri(&self, provider: &str) -> String {
        format!("{}{}", self.origin.as_str(), self.prefix.callback(provider))
    }
}
