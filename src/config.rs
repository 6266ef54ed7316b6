//! The settings, parsed once.

use std::{sync::Arc, time::Duration};

use http::HeaderValue;

use crate::{
    audit::Audit,
    calls::Limits,
    clock::Clock,
    error::ConfigError,
    hooks::Hooks,
    http_client::HttpClient,
    page::Policies,
    phone::PhoneAssurance,
    revocation::{self, Revocations},
    seal::{
        LONGEST_LIFE, Purpose, Scope, Sealer,
        key::{KeyOrigin, SessionKey},
    },
    session::Rules,
    web::{
        after_sign_out::AfterSignOut,
        base_path::BasePath,
        cookie::Cookies,
        origin::{self, Origin},
        own_paths::Prefix,
        public_paths::PathPatterns,
    },
};

/// What the flow needs to know, complete and checked.
pub(crate) struct Config {
    pub(crate) origin: Origin,
    pub(crate) prefix: Prefix,
    pub(crate) key_origin: KeyOrigin,
    pub(crate) cookies: Cookies,
    pub(crate) session_sealer: Sealer,
    pub(crate) pending_sealer: Sealer,
    pub(crate) state_sealer: Sealer,
    pub(crate) form_sealer: Sealer,
    pub(crate) logout_sealer: Sealer,
    pub(crate) rules: Rules,
    /// Numbers of ranges that the numbering plan does not know.
    pub(crate) accepts_possible_numbers: bool,
    /// Sessions are checked with their provider after this.
    pub(crate) recheck: Option<Duration>,
    pub(crate) public: PathPatterns,
    pub(crate) clock: Clock,
    /// The application's own client.
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

/// The `Cache-Control` of responses that a user was inserted for, where the application sets none.
#[derive(Clone, Debug)]
pub(crate) enum DefaultCaching {
    ByDestination,
    Chosen(Arc<HeaderValue>),
    LeftAlone,
}

/// What the builder collected.
pub(crate) struct Given {
    pub(crate) public_url: Option<String>,
    pub(crate) prefix: String,
    pub(crate) cookie_name: Option<String>,
    pub(crate) session_key: Option<SessionKey>,
    pub(crate) session_life: Duration,
    pub(crate) idle: Option<Duration>,
    pub(crate) recheck: Option<Duration>,
    pub(crate) public: Vec<String>,
    pub(crate) cors_origins: Vec<String>,
    pub(crate) cross_site_allowed: Vec<String>,
    pub(crate) caching: DefaultCaching,
    pub(crate) hooks: Hooks,
    pub(crate) strips_cookies: bool,
    pub(crate) saves_forms: bool,
    pub(crate) after_sign_out: Option<String>,
    pub(crate) assurance: PhoneAssurance,
    pub(crate) accepts_possible_numbers: bool,
    pub(crate) clock: Clock,
    pub(crate) http: Option<Arc<dyn HttpClient>>,
    pub(crate) limits: Limits,
    pub(crate) allows_test_endpoints: bool,
    pub(crate) revocation: revocation::Settings,
}

impl Config {
    pub(crate) fn new(given: Given) -> Result<Self, ConfigError> {
        let (origin, base) = origin::public_url(&required(
            given.public_url,
            "public_url",
            "give the address as the browser sees it, as in https://shop.example.com",
        )?)?;
        let key = required(
            given.session_key,
            "session_key",
            "give SessionKey::from_env(\"SESSION_KEY\")?, or SessionKey::random() for a trial",
        )?;
        check_life(given.session_life)?;
        check_idle(given.idle, given.session_life)?;
        check_recheck(given.recheck, given.session_life)?;
        let prefix = Prefix::parse(&given.prefix)?.below(base);
        let name = given
            .cookie_name
            .unwrap_or_else(|| cookie_name(prefix.base()));
        let scope = Scope::new(&origin, &prefix);
        let sealer = |purpose| {
            let sealer = Sealer::new(&key, purpose, &scope, given.session_life);
            sealer.ok_or_else(no_crypto)
        };
        let revocations = Revocations::new(
            given.revocation,
            sealer(Purpose::Revocation)?,
            given.clock.clone(),
            given.session_life,
        )?;
        let public = public(given.public, &prefix)?;
        let after = given.after_sign_out;
        let after = after.map(|place| AfterSignOut::parse(&place, &origin, &prefix, &public));
        Ok(Self {
            revocations,
            after_sign_out: after.transpose()?,
            key_origin: key.origin(),
            audit: Audit::new(&key, given.clock.clone()).ok_or_else(no_crypto)?,
            cookies: Cookies::new(&name, origin.is_secure())?,
            session_sealer: sealer(Purpose::Session)?,
            pending_sealer: sealer(Purpose::Pending)?,
            state_sealer: sealer(Purpose::State)?,
            form_sealer: sealer(Purpose::Form)?,
            logout_sealer: sealer(Purpose::Logout)?,
            rules: Rules {
                life: given.session_life,
                idle: given.idle,
                assurance: given.assurance,
            },
            accepts_possible_numbers: given.accepts_possible_numbers,
            recheck: given.recheck,
            public,
            cors_origins: cors(&given.cors_origins)?,
            cross_site_allowed: PathPatterns::new("cross_site_allowed", given.cross_site_allowed)?,
            caching: given.caching,
            hooks: given.hooks,
            strips_cookies: given.strips_cookies,
            saves_forms: given.saves_forms,
            clock: given.clock,
            http: given.http,
            limits: checked(given.limits)?,
            allows_test_endpoints: given.allows_test_endpoints,
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

/// A longer time-out is no limit, and might overflow a clock.
const LONGEST_CALL: Duration = Duration::from_secs(24 * 60 * 60);

fn checked(limits: Limits) -> Result<Limits, ConfigError> {
    if limits.time.is_zero() {
        let problem = "is zero: no login could succeed";
        let remedy = "give the time that a provider may take";
        return Err(ConfigError::new("provider_timeout", problem, remedy));
    }
    if limits.calls < 2 {
        let problem = format!(
            "{} is too few: one of the calls is kept for events",
            limits.calls
        );
        let remedy = "give 2 or more; the default is 64";
        return Err(ConfigError::new("provider_concurrency", problem, remedy));
    }
    Ok(Limits {
        time: limits.time.min(LONGEST_CALL),
        // More places than a semaphore of tokio has are as good as none.
        calls: limits.calls.min(100_000),
    })
}

fn check_life(life: Duration) -> Result<(), ConfigError> {
    if (Duration::from_secs(1)..=LONGEST_LIFE).contains(&life) {
        return Ok(());
    }
    let problem = format!("{life:?} is no life that a browser gives a cookie");
    let remedy = "give a second at least, and 400 days at most";
    Err(ConfigError::new("session_lifetime", problem, remedy))
}

/// A second at least, so that halves of it are told apart; an idle time beyond the whole life says nothing.
fn check_idle(idle: Option<Duration>, life: Duration) -> Result<(), ConfigError> {
    match idle {
        Some(idle) if idle < Duration::from_secs(2) || idle > life => {
            let problem = format!("{idle:?} is not between two seconds and the session's lifetime");
            let remedy = "shorten it, or lengthen session_lifetime";
            Err(ConfigError::new("idle_timeout", problem, remedy))
        }
        _ => Ok(()),
    }
}

/// A session whose check comes after its end is never checked.
fn check_recheck(after: Option<Duration>, life: Duration) -> Result<(), ConfigError> {
    match after {
        Some(after) if after < Duration::from_secs(1) || after > life => {
            let problem = format!("{after:?} is not between a second and the session's lifetime");
            let remedy = "shorten it, as to 15 minutes, or lengthen session_lifetime";
            Err(ConfigError::new("recheck_after", problem, remedy))
        }
        _ => Ok(()),
    }
}

/// Browsers keep the cookies of one origin together, whatever the path.
fn cookie_name(base: &BasePath) -> String {
    const NAME: &str = "phone-auth";

    base.mark()
        .map_or_else(|| NAME.to_owned(), |mark| format!("{NAME}-{mark}"))
}

fn required<T>(value: Option<T>, setting: &'static str, remedy: &str) -> Result<T, ConfigError> {
    value.ok_or_else(|| ConfigError::new(setting, "is missing", remedy))
}

fn no_crypto() -> ConfigError {
    let problem = "cannot be used: the cryptographic library refused it";
    ConfigError::new("session_key", problem, "give another key")
}

/// Origins to the letter, as browsers send them.
fn cors(origins: &[String]) -> Result<Vec<HeaderValue>, ConfigError> {
    let parse = |text: &String| {
        let wrong = || {
            let remedy = "give origins, as in https://app.example.com";
            ConfigError::new("cors_origins", format!("{text:?} is not an origin"), remedy)
        };
        let origin = Origin::parse(text).map_err(|_| wrong())?;
        HeaderValue::from_str(origin.as_str()).map_err(|_| wrong())
    };
    origins.iter().map(parse).collect()
}

/// A public path over the layer's own would never be asked: say so instead of ignoring it.
fn public(patterns: Vec<String>, prefix: &Prefix) -> Result<PathPatterns, ConfigError> {
    let paths = PathPatterns::new("public", patterns)?;
    let own = prefix.inner();
    let all = [
        own.to_owned(),
        format!("{own}/login"),
        format!("{own}/callback/kakao"),
    ];
    match all.iter().find_map(|path| paths.covering(path)) {
        None => Ok(paths),
        Some(pattern) => {
            let problem = format!("{pattern:?} covers the layer's own paths under {own}");
            let remedy =
                "narrow it: the callback is always reachable, and is not the application's";
            Err(ConfigError::new("public", problem, remedy))
        }
    }
}
