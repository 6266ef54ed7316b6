//! The names of this layer's cookies, and the plain cookies, whose values are no secret.
//!
//! The plain cookies are `-last` (the provider that was used last), `-rounds` (sign-ins in a row),
//! `-probe` (the browser keeps cookies), `-claims` (new claims, `flow/claims/mark.rs`) and
//! `-continued` (`flow/login/signed_in.rs`). A user may change them without harm. All other values are sealed (`seal/cookie.rs`).

use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use memchr::memmem::Finder;

use self::pairs::first;
use crate::error::ConfigError;

mod kind;
mod pairs;

pub(crate) use kind::CookieKind;

/// This many sign-ins, each within [`LOOP_WINDOW`] of the one before, are a loop.
const LOOP: u8 = 3;
/// Sign-ins that follow each other within this look like a loop.
const LOOP_WINDOW: Duration = Duration::from_secs(60);
/// The time for which the provider that was used last is remembered: a year.
const LAST_USED_LIFE: Duration = Duration::from_secs(365 * 24 * 60 * 60);
/// The ends of the names of cookies with an id that browsers send to all paths. They are removed
/// from requests if the application asked for that.
const WITH_ID: [&str; 3] = ["-login-", "-done-", "-form-"];

/// The names and attributes of this layer's cookies.
#[derive(Clone, Debug)]
pub(crate) struct Cookies {
    /// The name that the application gave.
    base: String,
    /// Whether the origin is https, and the names have the `__Host-` prefix.
    secure: bool,
    /// The kind of the session cookie, whose attributes the plain cookies share.
    session: CookieKind,
    /// The whole name of the session cookie, with its prefix.
    session_name: String,
    /// Finds that name in a header.
    session_finder: Finder<'static>,
    last_used: String,
    sign_ins_in_a_row: String,
    probe: String,
    claims: String,
    phone_step: String,
}

impl Cookies {
    /// Checks the name and makes the names of all cookies from it. `secure` is false for loopback
    /// origins over plain http only. Browsers refuse the `__Host-` prefix there (RFC 6265bis
    /// section 4.1.3.2).
    pub(crate) fn new(name: &str, secure: bool) -> Result<Self, ConfigError> {
        // Some other characters, such as `=` and `;`, end a name. These few are safe in every
        // browser and proxy.
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if !(1..=32).contains(&name.len()) || !name.bytes().all(plain) {
            let problem = format!("{name:?} cannot name a cookie");
            let remedy = "give 1 to 32 letters, digits, hyphens and underscores";
            return Err(ConfigError::new("cookie_name", problem, remedy));
        }
        let prefix = if secure { "__Host-" } else { "" };
        let session_name = format!("{prefix}{name}");
        Ok(Self {
            base: name.to_owned(),
            secure,
            session: CookieKind::new(session_name.clone(), "/", secure),
            last_used: format!("{session_name}-last"),
            sign_ins_in_a_row: format!("{session_name}-rounds"),
            probe: format!("{session_name}-probe"),
            claims: format!("{session_name}-claims"),
            phone_step: format!("{session_name}-phone"),
            session_finder: Finder::new(&session_name).into_owned(),
            session_name,
        })
    }

    /// A kind of cookie whose name ends with `end`, for the requests below `path`. A path other
    /// than `/` keeps the cookie out of all other requests. The `__Host-` prefix permits no such
    /// path, so the cookie then has `__Secure-`.
    pub(crate) fn kind(&self, end: &str, path: &str) -> CookieKind {
        let prefix = match (self.secure, path) {
            (false, _) => "",
            (true, "/") => "__Host-",
            (true, _) => "__Secure-",
        };
        CookieKind::new(format!("{prefix}{}{end}", self.base), path, self.secure)
    }

    /// The name of the session cookie. It is also the associated data of its seal.
    pub(crate) fn session(&self) -> &str {
        &self.session_name
    }

    /// The values of the session cookie. There are several if the browser holds several cookies of
    /// the name, as under different paths.
    pub(crate) fn sessions<'a>(&'a self, headers: &'a HeaderMap) -> impl Iterator<Item = &'a [u8]> {
        pairs::values(headers, &self.session_finder)
    }

    /// The name of the provider that was used last.
    pub(crate) fn last_used<'a>(&'a self, headers: &'a HeaderMap) -> Option<&'a [u8]> {
        first(headers, &self.last_used)
    }

    /// The cookie that remembers the provider for the sign-in page. The name is no secret, and only
    /// this browser has it.
    pub(crate) fn remember(&self, provider: &str) -> Option<HeaderValue> {
        self.set(&self.last_used, provider, LAST_USED_LIFE)
    }

    /// The number of sign-ins that this browser finished within [`LOOP_WINDOW`] of each other. A
    /// value that is no number counts as zero.
    fn sign_ins_in_a_row(&self, headers: &HeaderMap) -> u8 {
        let value = first(headers, &self.sign_ins_in_a_row);
        let value = value.and_then(|value| std::str::from_utf8(value).ok());
        value.and_then(|value| value.parse().ok()).unwrap_or(0)
    }

    /// Whether the browser signs in again and again. It then keeps this cookie and not the
    /// session's, or its clock is wrong.
    pub(crate) fn is_looping(&self, headers: &HeaderMap) -> bool {
        self.sign_ins_in_a_row(headers) >= LOOP
    }

    /// The cookie that counts one more sign-in.
    pub(crate) fn count_sign_in(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        self.count_sign_in_within(headers, LOOP_WINDOW)
    }

    /// The cookie that counts one more sign-in. The count ends when no other sign-in follows within
    /// `life`.
    pub(crate) fn count_sign_in_within(
        &self,
        headers: &HeaderMap,
        life: Duration,
    ) -> Option<HeaderValue> {
        // Any client can send 255, which must not become 0 and end a loop's count.
        let count = self.sign_ins_in_a_row(headers).saturating_add(1);
        self.set(&self.sign_ins_in_a_row, &count.to_string(), life)
    }

    /// Deletes the count. `None` if the browser has none.
    pub(crate) fn forget_sign_ins(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        (self.sign_ins_in_a_row(headers) > 0)
            .then(|| self.delete(&self.sign_ins_in_a_row))
            .flatten()
    }

    /// The cookie by which a later request shows that the browser keeps cookies. It ends when the
    /// browser is closed. `None` if the request brings it already.
    pub(crate) fn probe(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        if first(headers, &self.probe).is_some() {
            return None;
        }
        let cookie = self.session.for_browser_session(&self.probe, "1");
        HeaderValue::from_str(&cookie.to_string()).ok()
    }

    /// The value of the cookie about new claims.
    pub(crate) fn claims_mark<'a>(&'a self, headers: &'a HeaderMap) -> Option<&'a [u8]> {
        first(headers, &self.claims)
    }

    /// Sets the cookie about new claims.
    pub(crate) fn mark_claims(&self, value: &str, life: Duration) -> Option<HeaderValue> {
        self.set(&self.claims, value, life)
    }

    /// Whether a request brings any cookie of this layer, by its name.
    pub(crate) fn has_any(&self, headers: &HeaderMap) -> bool {
        pairs::names(headers).any(|name| self.is_ours(name))
    }

    /// Whether a name is that of a cookie of this layer that browsers send to all paths.
    fn is_ours(&self, name: &[u8]) -> bool {
        let known = [
            &self.session_name,
            &self.last_used,
            &self.sign_ins_in_a_row,
            &self.probe,
            &self.claims,
            &self.phone_step,
        ];
        let has_id = |rest: &[u8]| WITH_ID.iter().any(|end| rest.starts_with(end.as_bytes()));
        known.iter().any(|known| known.as_bytes() == name)
            || name
                .strip_prefix(self.session_name.as_bytes())
                .is_some_and(has_id)
    }

    /// Takes the cookies of this layer out of a request, and leaves all others alone. The upstream
    /// of a gateway must not be able to use the session.
    pub(crate) fn strip(&self, headers: &mut HeaderMap) {
        let ours = |pair: &[u8]| self.is_ours(pairs::name(pair));
        pairs::without(headers, ours);
    }

    /// Sets a cookie for all paths.
    pub(crate) fn set(&self, name: &str, value: &str, life: Duration) -> Option<HeaderValue> {
        self.session.set(name, value, life)
    }

    /// Deletes a cookie for all paths.
    pub(crate) fn delete(&self, name: &str) -> Option<HeaderValue> {
        self.session.delete(name)
    }
}

#[cfg(test)]
mod tests;
