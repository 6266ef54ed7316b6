//! The public URL of the application, and loopback addresses.
//!
//! The origin is a setting and is never taken from a request. A `Host` header can be forged, and
//! with it links, redirects and the callback address would lead to another site.

use std::net::IpAddr;

use url::{Host, Url};

use super::{
    address::{Reach, reach},
    base_path::BasePath,
};
use crate::error::ConfigError;

#[cfg(test)]
mod tests;

/// Scheme, host and port of the application as the browser sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The origin as browsers write it in `Origin`: scheme, host, and the port if it is not the
    /// default.
    text: String,
    /// Whether the scheme is https.
    secure: bool,
    /// Whether the host is this machine.
    loopback: bool,
}

/// Reads the public URL: the origin, and the path below which a proxy shows the application.
pub(crate) fn public_url(text: &str) -> Result<(Origin, BasePath), ConfigError> {
    // Every error names the value as the operator wrote it.
    let wrong = |problem: &str, remedy: String| {
        ConfigError::new("public_url", format!("{text:?} {problem}"), remedy)
    };
    let origin = Origin::of(text, &wrong)?;
    let parsed = Url::parse(text).ok();
    let path = parsed.as_ref().map_or("/", Url::path);
    let base = BasePath::parse(path).map_err(|problem| {
        let remedy = "give segments of letters, digits, hyphens and underscores, as in https://example.com/shop";
        wrong(problem, remedy.to_owned())
    })?;
    Ok((origin, base))
}

impl Origin {
    /// Reads an origin without a path, such as one of `cors_origins`.
    pub(crate) fn parse(text: &str) -> Result<Self, ConfigError> {
        let (origin, base) = public_url(text)?;
        if base == BasePath::root() {
            return Ok(origin);
        }
        let remedy = format!("give the origin alone: {}", origin.text);
        let problem = format!("{text:?} has a path");
        Err(ConfigError::new("public_url", problem, remedy))
    }

    /// Checks the origin of a URL. Plain http is for loopback alone, because cookies would travel
    /// unencrypted.
    fn of(text: &str, wrong: &impl Fn(&str, String) -> ConfigError) -> Result<Self, ConfigError> {
        let example =
            || "give the address as the browser sees it, as in https://shop.example.com".to_owned();
        let url = Url::parse(text).map_err(|_| wrong("is not a URL", example()))?;
        let loopback = is_loopback(&url);
        let origin = url.origin().ascii_serialization();
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            "http" => {
                let secure = origin.replacen("http:", "https:", 1);
                let remedy = format!("use {secure}: plain http is for loopback addresses only");
                return Err(wrong("would send session cookies unencrypted", remedy));
            }
            _ => return Err(wrong("is neither https nor http", example())),
        }
        // An origin has none of these parts, so they show a mistake in the setting.
        let user = !url.username().is_empty() || url.password().is_some();
        if user || url.query().is_some() || url.fragment().is_some() {
            let problem = "has a query, fragment or user name";
            let path = url.path().trim_end_matches('/');
            return Err(wrong(problem, format!("give it without: {origin}{path}")));
        }
        Ok(Self {
            text: origin,
            secure: url.scheme() == "https",
            loopback,
        })
    }

    /// The origin as browsers write it in `Origin`.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the origin is https, so that cookies are `Secure`.
    pub(crate) fn is_secure(&self) -> bool {
        self.secure
    }

    /// Whether the host is this machine, so that browsers of other machines cannot reach the
    /// application.
    pub(crate) fn is_loopback(&self) -> bool {
        self.loopback
    }
}

/// Whether a request to the URL stays confidential: https, or http on this machine.
pub(crate) fn is_safe(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))
}

/// Whether the URL's host is this machine: 127.0.0.0/8 and ::1 in any notation, or a name that RFC
/// 6761 reserves for it.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            name == "localhost" || name.ends_with(".localhost")
        }
        _ => literal(url).is_some_and(|address| reach(address) == Reach::Loopback),
    }
}

/// Whether a request to the URL stays on this machine. The unspecified address leads here on many
/// systems as well. A provider there counts as a local one, which is refused behind a public
/// address.
pub(crate) fn is_here(url: &Url) -> bool {
    let unspecified = |address: IpAddr| address.to_canonical().is_unspecified();
    is_loopback(url) || literal(url).is_some_and(unspecified)
}

/// The URL's host, if it is an IP address. The parser has read every numeric notation (WHATWG URL
/// section 3.5).
pub(crate) fn literal(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
        Host::Domain(_) => None,
    }
}
