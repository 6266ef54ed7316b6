//! The settings of a layer, as the builder collects them and as the layer uses them.
//!
//! [`Settings`] holds the values of the builder's methods, with the defaults. [`Config`] holds what
//! the requests need: parsed paths, derived keys, compiled cookies. [`Config::new`] is the only way
//! from one to the other. It checks every setting and makes no network call, so an application
//! starts while a provider is down.

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

/// The checked settings of one layer.
pub(crate) struct Config {
    pub(crate) origin: Origin,
    pub(crate) prefix: Prefix,
    pub(crate) key_origin: KeyOrigin,
    pub(crate) cookies: Cookies,
    pub(crate) session_sealer: Sealer,
    pub(crate) pending_sealer: Arc<Sealer>,
    pub(crate) state_sealer: Sealer,
    pub(crate) form_sealer: Arc<Sealer>,
    pub(crate) logout_sealer: Arc<Sealer>,
    pub(crate) rules: Rules,
    /// Accepts numbers of ranges that the numbering plan does not know.
    pub(crate) accepts_possible_numbers: bool,
    /// How long after the last check a session is checked with its provider again.
    pub(crate) recheck: Option<Duration>,
    pub(crate) public: PathPatterns,
    pub(crate) clock: Clock,
    /// The client of the application, in place of the default one.
    pub(crate) http: Option<Arc<dyn HttpClient>>,
    pub(crate) limits: Limits,
    pub(crate) cors_origins: Vec<HeaderValue>,
    pub(crate) cross_site_allowed: PathPatterns,
    pub(crate) caching: DefaultCaching,
    pub(crate) hooks: Hooks,
    pub(crate) strips_cookies: bool,
    pub(crate) saves_forms: bool,
    pub(crate) after_sign_out: Option<AfterSignOut>,
    pub(crate) allows_test_endpoints: bool,
    pub(crate) policies: Policies,
    pub(crate) revocations: Revocations,
    pub(crate) audit: Audit,
}

impl Config {
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
        let prefix = Prefix::parse(&settings.prefix)?.below(base);
        let name = settings
            .cookie_name
            .unwrap_or_else(|| cookie_name(prefix.base()));
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

    pub(crate) fn public_url(&self) -> String {
        self.prefix.base().of_origin(self.origin.as_str())
    }

    /// The redirect URI to register in the provider's console.
    pub(crate) fn redirect_uri(&self, provider: &str) -> String {
        format!("{}{}", self.origin.as_str(), self.prefix.callback(provider))
    }
}
