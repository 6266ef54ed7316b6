//! The application's own page after a sign-out, checked when the layer is built.

use http::Method;
use url::Url;

use super::{
    origin::{self, Origin},
    own_paths::Prefix,
    public_paths::PathPatterns,
    return_to::ReturnTo,
};
use crate::error::ConfigError;

/// The longest address in bytes. The reply to a sign-out also has the deletions of cookies, and
/// proxies take 4,000 bytes of headers in all.
const LONGEST: usize = 1500;

/// A public page of this origin, or a page of another site. It is checked when the layer is built,
/// so that a wrong address does not appear at a user's sign-out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AfterSignOut {
    /// The value of `Location`.
    pub(crate) location: String,
    /// The page's origin if it is on another site. The policy of the sign-out page must list it.
    /// `None` for a page of this origin.
    pub(crate) origin: Option<String>,
}

impl AfterSignOut {
    /// Checks the setting, which is a path of this origin or a URL.
    pub(crate) fn parse(
        text: &str,
        origin: &Origin,
        prefix: &Prefix,
        public: &PathPatterns,
    ) -> Result<Self, ConfigError> {
        if text.len() > LONGEST {
            let problem = format!("has {} bytes", text.len());
            return Err(wrong(problem, "give at most 1,500".to_owned()));
        }
        let Ok(url) = Url::parse(text) else {
            let path = Some(text).filter(|text| text.starts_with('/'));
            let path = path.ok_or_else(|| no_page(&format!("{text:?}")))?;
            return here(&prefix.base().of(path), path, prefix, public);
        };
        // A URL may name this origin as well. Then it is checked like a path.
        if let Some(place) = elsewhere(&url, origin)? {
            return Ok(place);
        }
        let address = &url[url::Position::BeforePath..];
        match prefix.base().inner(address) {
            Some(path) => here(address, path, prefix, public),
            // A page of another application, outside the path of the public URL.
            None => Ok(Self {
                location: url.as_str().to_owned(),
                origin: None,
            }),
        }
    }
}

/// A page of another site, or `None` for a page of this origin. Plain http is refused, because an
/// attacker on the network could replace the page. Only an application on loopback may name another
/// page on loopback by http.
fn elsewhere(url: &Url, origin: &Origin) -> Result<Option<AfterSignOut>, ConfigError> {
    let host = url.origin().ascii_serialization();
    if host == origin.as_str() && url.username().is_empty() && url.password().is_none() {
        return Ok(None);
    }
    let is_loopback = origin.is_loopback() && origin::is_loopback(url) && url.scheme() == "http";
    if url.scheme() == "http" && !is_loopback {
        let secure = url.as_str().replacen("http:", "https:", 1);
        let problem = format!("{:?} is plain http", url.as_str());
        return Err(wrong(problem, format!("give {secure}")));
    }
    let has_user = !url.username().is_empty() || url.password().is_some();
    if has_user || !matches!(url.scheme(), "https" | "http") {
        return Err(no_page("the value"));
    }
    Ok(Some(AfterSignOut {
        location: url.as_str().to_owned(),
        origin: Some(host),
    }))
}

/// A page of this origin. `address` is the address as browsers see it, and `path` the same as
/// requests have it. A protected page is refused, because it would begin a sign-in at once, and the
/// provider may sign the same user in again.
fn here(
    address: &str,
    path: &str,
    prefix: &Prefix,
    public: &PathPatterns,
) -> Result<AfterSignOut, ConfigError> {
    if prefix.strip(path_alone(path)).is_some() {
        let problem = format!("{path:?} is a path of the layer");
        let remedy = "give a page that is the application's own";
        return Err(wrong(problem, remedy.to_owned()));
    }
    // `parse` below would replace an address that is not safe by the start page.
    if !ReturnTo::keeps(address, prefix) {
        return Err(no_page(&format!("{path:?}")));
    }
    let location = ReturnTo::parse(address, prefix).as_str().to_owned();
    let page = prefix.base().inner(path_alone(&location));
    if !page.is_some_and(|page| public.contains(&Method::GET, page)) {
        let problem = format!("{path:?} is protected, and would begin a sign-in");
        let path = path_alone(path);
        let remedy = format!("list {path:?} in public, or give a public page");
        return Err(wrong(problem, remedy));
    }
    Ok(AfterSignOut {
        location,
        origin: None,
    })
}

/// The path without query and fragment.
fn path_alone(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or_default()
}

/// The error for a value that is no address of a page.
fn no_page(value: &str) -> ConfigError {
    let problem = format!("{value} is no page to go to");
    let remedy = "give a path of this origin, as in /goodbye, or a URL with https";
    wrong(problem, remedy.to_owned())
}

/// An error of the setting `after_sign_out`.
fn wrong(problem: String, remedy: String) -> ConfigError {
    ConfigError::new("after_sign_out", problem, remedy)
}
