//! One kind of cookie: its names, its path and its attributes.

use std::time::Duration;

use ::cookie::{Cookie, SameSite, time};
use http::{HeaderMap, HeaderValue};

use super::pairs::pairs;

/// The cookies of one kind. A kind has one cookie, or one for each id.
#[derive(Clone, Debug)]
pub(crate) struct CookieKind {
    /// The name, or its beginning if the kind has ids.
    name: String,
    /// The attribute `Path`.
    path: String,
    /// Whether the attribute `Secure` is set. False on a loopback origin over plain http alone.
    secure: bool,
}

impl CookieKind {
    pub(super) fn new(name: String, path: &str, secure: bool) -> Self {
        Self {
            name,
            path: path.to_owned(),
            secure,
        }
    }

    /// The name of the cookie of this id, so that the cookies of two tabs do not collide. It has at
    /// most twelve letters and digits of the id, because the name travels with every request.
    pub(crate) fn name(&self, id: &str) -> String {
        let plain = id.chars().filter(char::is_ascii_alphanumeric);
        self.name.chars().chain(plain.take(12)).collect()
    }

    /// The `Set-Cookie` line. The browser keeps the cookie for `life`. `None` if a value cannot
    /// stand in a header.
    pub(crate) fn set(&self, name: &str, value: &str, life: Duration) -> Option<HeaderValue> {
        let seconds = i64::try_from(life.as_secs()).unwrap_or(i64::MAX);
        let mut cookie = self.for_browser_session(name, value);
        cookie.set_max_age(time::Duration::seconds(seconds));
        HeaderValue::from_str(&cookie.to_string()).ok()
    }

    /// The `Set-Cookie` line that deletes a cookie. It repeats the attributes, because browsers
    /// ignore a line for a `__Host-` cookie without them.
    pub(crate) fn delete(&self, name: &str) -> Option<HeaderValue> {
        self.set(name, "", Duration::ZERO)
    }

    /// A cookie that the browser drops when it is closed. `Lax` lets the browser send the cookie
    /// with the redirect of a provider, and not with a form or script of another site.
    pub(super) fn for_browser_session<'c>(&'c self, name: &'c str, value: &'c str) -> Cookie<'c> {
        let cookie = Cookie::build((name, value))
            .path(&*self.path)
            .http_only(true);
        cookie.secure(self.secure).same_site(SameSite::Lax).build()
    }

    /// The values of the cookies of exactly this name.
    pub(crate) fn values<'a>(
        &self,
        name: &'a str,
        headers: &'a HeaderMap,
    ) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        pairs(headers, name).filter_map(|(rest, value)| rest.is_empty().then_some(value))
    }

    /// Names and values of all cookies of this kind, as the browser sends them: the oldest first
    /// (RFC 6265bis section 5.8.3). A name that is not UTF-8 is not the layer's.
    pub(crate) fn all<'a>(
        &'a self,
        headers: &'a HeaderMap,
    ) -> impl Iterator<Item = (String, &'a [u8])> {
        pairs(headers, &self.name).filter_map(|(rest, value)| {
            let rest = std::str::from_utf8(rest).ok()?;
            Some((format!("{}{rest}", self.name), value))
        })
    }
}
