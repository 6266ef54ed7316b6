//! Checks of the endpoint addresses that the settings name: https, or http on loopback.

use url::Url;

use crate::{
    error::ConfigError,
    web::origin::{is_loopback, is_safe},
};

/// The endpoint at `path` of the provider's `host`. `base` is the setting `endpoint_base`, an
/// origin on loopback that replaces the host in tests. The path stays the same, so that tests call
/// the same paths as the real provider has.
pub(super) fn at(host: &str, base: Option<&str>, path: &str) -> Result<Url, ConfigError> {
    let origin = match base {
        Some(base) => loopback(base)?,
        None => parse(host)?,
    };
    origin.join(path).map_err(|_| wrong(path))
}

/// `endpoint_base` as a URL. Only loopback is allowed, because another host would receive the
/// client secret and could sign in as any user.
fn loopback(base: &str) -> Result<Url, ConfigError> {
    let url = parse(base)?;
    let web = matches!(url.scheme(), "http" | "https");
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if web && is_loopback(&url) && bare {
        return Ok(url);
    }
    let problem = format!("{base:?} is not an origin on this machine");
    let remedy = "it is for tests: give one like http://127.0.0.1:9000, or leave it out";
    Err(ConfigError::new("endpoint_base", problem, remedy))
}

/// An endpoint of the settings, which must be https, or http on loopback. The error names both
/// endpoints, because one method sets them.
pub(super) fn parse_safe(text: &str) -> Result<Url, ConfigError> {
    let url = Url::parse(text).ok();
    url.filter(is_safe).ok_or_else(|| {
        let problem = format!("{text:?} is not an https URL");
        ConfigError::new(
            "endpoints",
            problem,
            "give both endpoints, as in https://id.example.com/token",
        )
    })
}

/// A URL of this file's constants or of `endpoint_base`. Only the second one can be wrong.
fn parse(text: &str) -> Result<Url, ConfigError> {
    Url::parse(text).map_err(|_| wrong(text))
}

/// The error for an `endpoint_base` that is not a URL.
fn wrong(text: &str) -> ConfigError {
    let remedy = "give an origin like http://127.0.0.1:9000, or leave it out";
    ConfigError::new("endpoint_base", format!("{text:?} is not a URL"), remedy)
}
