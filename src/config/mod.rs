//! The settings of a layer, as the builder collects them and as the layer uses them.
//!
//! [`Settings`] holds the values of the builder's methods, with the defaults. [`Config`] holds what
//! the requests need: parsed paths, derived keys, compiled cookies, and the [`Plain`] settings as
//! they were given. [`Config::new`] is the only way from one to the other. The function checks
//! every setting and makes no network call, so an application starts while a provider is down.
//!
//! A request reads the [`Config`] and never changes it, so all requests share it without a lock. A
//! change of a setting needs a new layer: after a restart of the application, or beside the present
//! one by `OAuthLayer::rebuilt`. Sessions survive both if the session key, the public URL and the
//! prefix stay the same.

use std::sync::Arc;

use http::HeaderValue;

use self::checks::{
    check_place, check_times, checked, cookie_name, cors, cross_site, no_crypto, public,
    public_url, session_key,
};
use crate::{
    audit::Audit,
    calls::Limits,
    clock::Clock,
    error::ConfigError,
    hooks::Hooks,
    http_client::HttpClient,
    page::{Look, Policies},
    revocation::Revocations,
    seal::{Purpose, Scope, Sealer, key::KeyOrigin},
    session::Rules,
    web::{
        after_sign_out::AfterSignOut, cookie::Cookies, origin::Origin, own_paths::Prefix,
        public_paths::PathPatterns,
    },
};

pub(crate) use self::phone_step::{SEND_TIMEOUT, StepConfig, check_assurance};
use self::sealers::Sealers;
pub(crate) use self::{
    read_from::ReadFrom,
    settings::{DefaultCaching, Http, Plain, Settings},
};

mod checks;
mod phone_step;
mod read_from;
mod sealers;
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
    /// One sealer for each purpose.
    pub(crate) sealers: Sealers,
    /// The rules that a session must pass in every request.
    pub(crate) rules: Rules,
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
    /// The functions of the application.
    pub(crate) hooks: Hooks,
    /// The application's page after a sign-out. `None` for the layer's page.
    pub(crate) after_sign_out: Option<AfterSignOut>,
    /// The application's own sign-in page, as browsers see it. `None` for the layer's page.
    pub(crate) login_page: Option<String>,
    /// The phone step. `None` if users without an acceptable number are refused.
    pub(crate) phone_step: Option<StepConfig>,
    /// The look of the layer's pages.
    pub(crate) look: Look,
    /// The `Content-Security-Policy` headers of the layer's pages.
    pub(crate) policies: Policies,
    /// The revocations that this replica knows, and the log that they come from.
    pub(crate) revocations: Revocations,
    /// Writes the lines of the audit log.
    pub(crate) audit: Audit,
    /// The settings that are used as they were given.
    pub(crate) plain: Plain,
}

impl Config {
    /// Checks all settings and derives the keys. The error is the first one that is found. With
    /// `present`, the new layer goes on with the revocations and the clock of that layer.
    pub(crate) fn new(settings: Settings, present: Option<&Self>) -> Result<Self, ConfigError> {
        let (origin, base) = public_url(settings.public_url)?;
        let key = session_key(settings.session_key)?;
        check_times(&settings.rules, settings.plain.recheck)?;
        // The prefix comes before the sealers, because it is part of their scope.
        let prefix = Prefix::parse(&settings.prefix)?.below(base);
        let name = settings.cookie_name;
        let name = name.unwrap_or_else(|| cookie_name(prefix.base()));
        // Two layers with one session key but another origin or prefix do not open each other's
        // cookies.
        let scope = Scope::new(&origin, &prefix);
        let rules = settings.rules;
        let clock = present.map_or(settings.clock, |present| present.clock.clone());
        let sealer = |purpose| Sealer::new(&key, purpose, &scope, rules.life).ok_or_else(no_crypto);
        let of_log = sealer(Purpose::Revocation)?;
        let observer = settings.hooks.observer();
        let revocation = settings.revocation.observed(observer.clone());
        let revocations = match present {
            None => Revocations::new(revocation, of_log, clock.clone(), rules.life)?,
            Some(present) => {
                check_place(present, &origin, &prefix)?;
                let kept = &present.revocations;
                kept.continued(revocation, of_log, rules.life)?
            }
        };
        let limits = checked(settings.limits)?;
        phone_step::check_assurance(rules.assurance, settings.phone_step.is_some())?;
        let around = phone_step::Around {
            key: &key,
            origin: &origin,
            prefix: &prefix,
            http: settings.http.as_ref(),
            limits,
            clock: &clock,
            site: settings.site.as_ref(),
            allows_test_endpoints: settings.plain.allows_test_endpoints,
            attempts: present
                .and_then(|present| present.phone_step.as_ref())
                .map(|step| &step.attempts),
        };
        let look = Look::new(settings.site.clone())?;
        let step = settings.phone_step;
        let step = step.map(|step| phone_step::checked(step, &around));
        let phone_step = step.transpose()?;
        let public = public(settings.public, &prefix)?;
        let after = settings.after_sign_out;
        let after = after.map(|place| AfterSignOut::parse(&place, &origin, &prefix, &public));
        let login_page = settings.login_page;
        let login_page = login_page.map(|path| checks::login_page(&path, &prefix, &public));
        Ok(Self {
            login_page: login_page.transpose()?,
            revocations,
            after_sign_out: after.transpose()?,
            key_origin: key.origin(),
            audit: Audit::new(&key, clock.clone())
                .ok_or_else(no_crypto)?
                .observed(observer),
            cookies: Cookies::new(&name, origin.is_secure())?,
            sealers: Sealers::new(sealer)?,
            rules,
            public,
            cors_origins: cors(&settings.cors_origins)?,
            cross_site_allowed: cross_site(settings.cross_site_allowed)?,
            hooks: settings.hooks,
            clock,
            http: settings.http.map(|Http(client)| client),
            limits,
            phone_step,
            policies: Policies::new(&look).ok_or_else(no_crypto)?,
            look,
            plain: settings.plain,
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
