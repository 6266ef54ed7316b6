//! The checks of single settings. Each error names the setting, its value and the remedy.
//!
//! A check has no access to other settings than its arguments. Checks of a provider against the
//! settings are in `flow/providers.rs`, where the provider is connected.
//!
//! A value that cannot work is refused. Only the limits on calls are cut to a maximum, because a
//! larger one has no further effect. The remedy in an error is a value or a call that can be
//! written as it stands.

use std::time::Duration;

use http::{HeaderValue, Method};

use super::Config;
use crate::{
    calls::Limits,
    error::ConfigError,
    seal::{LONGEST_LIFE, key::SessionKey},
    session::Rules,
    web::{
        base_path::BasePath,
        origin::{self, Origin},
        own_paths::Prefix,
        public_paths::PathPatterns,
    },
};

/// A longer time-out has no effect, and could overflow a clock.
const LONGEST_CALL: Duration = Duration::from_secs(24 * 60 * 60);

/// Checks the limits on calls to providers, and cuts values that would overflow a clock or a
/// semaphore.
pub(super) fn checked(limits: Limits) -> Result<Limits, ConfigError> {
    if limits.time.is_zero() {
        let problem = "is zero, so no sign-in could succeed";
        let remedy = "give the time that a provider may take";
        return Err(ConfigError::new("provider_timeout", problem, remedy));
    }
    // With one call, either events or sign-ins could make none.
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
        // A semaphore of tokio has a maximum. More calls at once have no effect.
        calls: limits.calls.min(100_000),
    })
}

/// Reads the public URL: its origin, and its path.
pub(super) fn public_url(url: Option<String>) -> Result<(Origin, BasePath), ConfigError> {
    let remedy = "give the address as the browser sees it, as in https://shop.example.com";
    origin::public_url(&required(url, "public_url", remedy)?)
}

/// Checks that a rebuilt layer stays at its public URL, which is part of the keys of the log.
pub(super) fn check_place(
    present: &Config,
    origin: &Origin,
    prefix: &Prefix,
) -> Result<(), ConfigError> {
    let new = prefix.base().of_origin(origin.as_str());
    if present.public_url() == new {
        return Ok(());
    }
    let problem = format!("{new:?} is not that of the present layer");
    let remedy = "keep it, or restart the application with the new one";
    Err(ConfigError::new("public_url", problem, remedy))
}

/// The session key, which has no default.
pub(super) fn session_key(key: Option<SessionKey>) -> Result<SessionKey, ConfigError> {
    let remedy = "give SessionKey::from_env(\"SESSION_KEY\")?, or SessionKey::random() for a trial";
    required(key, "session_key", remedy)
}

/// Checks the times of a session.
pub(super) fn check_times(rules: &Rules, recheck: Option<Duration>) -> Result<(), ConfigError> {
    check_life(rules.life)?;
    check_idle(rules.idle, rules.life)?;
    check_recheck(recheck, rules.life)
}

/// Checks the lifetime of a session. Browsers keep a cookie for 400 days at most (RFC 6265bis
/// section 5.5).
fn check_life(life: Duration) -> Result<(), ConfigError> {
    if (Duration::from_secs(1)..=LONGEST_LIFE).contains(&life) {
        return Ok(());
    }
    let problem = format!("{life:?} is not a lifetime that browsers give a cookie");
    let remedy = "give a second at least, and 400 days at most";
    Err(ConfigError::new("session_lifetime", problem, remedy))
}

/// Checks the idle time. It is at least two seconds, because times have whole seconds and a session
/// is renewed after half of the idle time. It is at most the lifetime of a session, because a
/// longer idle time has no effect.
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

/// Checks the time between two checks of a session with its provider. It is at most the lifetime of
/// a session, because a later check never happens.
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

/// The default name of cookies. Below a path it has a hash of the path, because browsers send the
/// cookies with the path `/` to all applications of an origin.
pub(super) fn cookie_name(base: &BasePath) -> String {
    const NAME: &str = "phone-auth";

    base.mark()
        .map_or_else(|| NAME.to_owned(), |mark| format!("{NAME}-{mark}"))
}

/// The value of a setting that has no default, or the error that it is missing.
fn required<T>(value: Option<T>, setting: &'static str, remedy: &str) -> Result<T, ConfigError> {
    value.ok_or_else(|| ConfigError::new(setting, "is missing", remedy))
}

/// The error for a key or a policy that cannot be made. It does not occur with a key that
/// [`SessionKey`](crate::SessionKey) has accepted.
pub(super) fn no_crypto() -> ConfigError {
    let problem = "cannot be used: the cryptographic library refused it";
    ConfigError::new("session_key", problem, "give another key")
}

/// Reads the other origins of `cors_origins`, in the form in which browsers send them. They are
/// compared byte for byte with `Origin`.
pub(super) fn cors(origins: &[String]) -> Result<Vec<HeaderValue>, ConfigError> {
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

/// Reads the paths at which any other origin may act with the session.
pub(super) fn cross_site(patterns: Vec<String>) -> Result<PathPatterns, ConfigError> {
    PathPatterns::new("cross_site_allowed", patterns)
}

/// Reads the public paths. A pattern must not cover the layer's own paths, where it would have no
/// effect and would mislead its reader.
pub(super) fn public(patterns: Vec<String>, prefix: &Prefix) -> Result<PathPatterns, ConfigError> {
    let paths = PathPatterns::new("public", patterns)?;
    let own = prefix.inner();
    // One path for each depth below the prefix shows whether a pattern covers the layer's paths.
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
                "narrow it: the layer answers these paths itself, and they are always reachable";
            Err(ConfigError::new("public", problem, remedy))
        }
    }
}

/// The application's own sign-in page, with the path of the public URL in front. A protected page
/// would lead to itself.
pub(super) fn login_page(
    path: &str,
    prefix: &Prefix,
    public: &PathPatterns,
) -> Result<String, ConfigError> {
    let wrong =
        |problem: String, remedy: String| Err(ConfigError::new("login_page", problem, remedy));
    // Browsers leave out tabs and line breaks, so `/\t/evil.example` would be another origin.
    let is_strange = |one: char| "?#\\".contains(one) || one.is_whitespace() || one.is_control();
    if !path.starts_with('/') || path.starts_with("//") || path.contains(is_strange) {
        return wrong(
            format!("{path:?} is no path"),
            "give the path alone, as in /welcome".to_owned(),
        );
    }
    if prefix.strip(path).is_some() {
        let problem = format!("{path:?} is below the layer's prefix");
        return wrong(problem, "give a path of the application".to_owned());
    }
    if !public.contains(&Method::GET, path) {
        let remedy = format!("add it: .public([{path:?}])");
        return wrong(format!("{path:?} is not public"), remedy);
    }
    Ok(prefix.base().of(path))
}
