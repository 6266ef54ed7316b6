//! Cookies: which names are ours, writing and deleting them.

use std::time::Duration;

use ::cookie::{Cookie, SameSite, time};
use http::{HeaderMap, HeaderValue};

use self::pairs::{first, pairs};
use crate::error::ConfigError;

mod pairs;

/// This many sign-ins, each within [`LOOP_WINDOW`] of the one before, are a loop.
const LOOP: u8 = 3;
/// Sign-ins that follow each other within this look like a loop.
const LOOP_WINDOW: Duration = Duration::from_secs(60);

/// The names and attributes of this layer's cookies.
#[derive(Clone, Debug)]
pub(crate) struct Cookies {
    secure: bool,
    session: String,
    pending: String,
    finished: String,
    form: String,
    form_end: String,
    last_used: String,
    sign_ins_in_a_row: String,
    probe: String,
    hint: String,
    departure: String,
    ended: String,
    continued: String,
    account: String,
}

impl Cookies {
    /// `secure` is false for loopback origins over plain http only. Browsers refuse the
    /// `__Host-` prefix there (RFC 6265bis section 4.1.3.2).
    pub(crate) fn new(name: &str, secure: bool) -> Result<Self, ConfigError> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if !(1..=32).contains(&name.len()) || !name.bytes().all(plain) {
            let problem = format!("{name:?} cannot name a cookie");
            let remedy = "give 1 to 32 letters, digits, hyphens and underscores";
            return Err(ConfigError::new("cookie_name", problem, remedy));
        }
        let prefix = if secure { "__Host-" } else { "" };
        // A path of their own keeps these out of every other request, and the prefix wants none.
        let with_path = if secure { "__Secure-" } else { "" };
        Ok(Self {
            secure,
            session: format!("{prefix}{name}"),
            pending: format!("{prefix}{name}-login-"),
            finished: format!("{prefix}{name}-done-"),
            form: format!("{prefix}{name}-form-"),
            form_end: format!("{with_path}{name}-sent-"),
            last_used: format!("{prefix}{name}-last"),
            sign_ins_in_a_row: format!("{prefix}{name}-rounds"),
            probe: format!("{prefix}{name}-probe"),
            hint: format!("{with_path}{name}-hint"),
            departure: format!("{with_path}{name}-leaving"),
            ended: format!("{with_path}{name}-ended"),
            continued: format!("{with_path}{name}-continued"),
            account: format!("{with_path}{name}-account"),
        })
    }

    pub(crate) fn session(&self) -> &str {
        &self.session
    }

    /// The ID token of the session, for the provider's logout.
    pub(crate) fn hint(&self) -> &str {
        &self.hint
    }

    /// The account that was refused, for the choice of another one.
    pub(crate) fn account(&self) -> &str {
        &self.account
    }

    /// The person who is on the way to the provider's logout.
    pub(crate) fn departure(&self) -> &str {
        &self.departure
    }

    /// The proof of how far a sign-out went.
    pub(crate) fn ended(&self) -> &str {
        &self.ended
    }

    /// The place to which the sign-in page led its user a moment ago.
    pub(crate) fn continued(&self) -> &str {
        &self.continued
    }

    /// One cookie for each login attempt, named after its state: tabs do not collide.
    pub(crate) fn pending(&self, state: &str) -> String {
        format!("{}{}", self.pending, short(state))
    }

    /// The name of the cookie that replaces the pending one when the attempt ends.
    pub(crate) fn finished(&self, state: &str) -> String {
        format!("{}{}", self.finished, short(state))
    }

    /// The cookies of finished login attempts, as the browser sends them: the oldest first (RFC 6265bis section 5.8.3).
    pub(crate) fn all_finished<'a>(
        &'a self,
        headers: &'a HeaderMap,
    ) -> impl Iterator<Item = (String, &'a [u8])> {
        named_after(headers, &self.finished)
    }

    /// The values of the session cookie; more than one if the browser holds several of the name.
    pub(crate) fn sessions<'a>(&'a self, headers: &'a HeaderMap) -> impl Iterator<Item = &'a [u8]> {
        pairs(headers, &self.session).filter_map(|(rest, value)| rest.is_empty().then_some(value))
    }

    /// The values of the cookies of this very name.
    pub(crate) fn named<'a>(
        &self,
        headers: &'a HeaderMap,
        name: &'a str,
    ) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        pairs(headers, name).filter_map(|(rest, value)| rest.is_empty().then_some(value))
    }

    /// The pending logins' cookies: name and value.
    pub(crate) fn all_pending<'a>(
        &'a self,
        headers: &'a HeaderMap,
    ) -> impl Iterator<Item = (String, &'a [u8])> {
        named_after(headers, &self.pending)
    }

    /// One cookie for each saved form, named after its id: tabs do not collide.
    pub(crate) fn form(&self, id: &str) -> String {
        format!("{}{}", self.form, short(id))
    }

    /// The saved forms: name and value, the oldest first.
    pub(crate) fn all_forms<'a>(
        &'a self,
        headers: &'a HeaderMap,
    ) -> impl Iterator<Item = (String, &'a [u8])> {
        named_after(headers, &self.form)
    }

    /// The end of a saved form: sent, or discarded.
    pub(crate) fn form_end(&self, id: &str) -> String {
        format!("{}{}", self.form_end, short(id))
    }

    /// The ends of saved forms: name and value, the oldest first.
    pub(crate) fn all_form_ends<'a>(
        &'a self,
        headers: &'a HeaderMap,
    ) -> impl Iterator<Item = (String, &'a [u8])> {
        named_after(headers, &self.form_end)
    }

    /// The name of the provider that was used last.
    pub(crate) fn last_used<'a>(&'a self, headers: &'a HeaderMap) -> Option<&'a [u8]> {
        first(headers, &self.last_used)
    }

    /// Remembers it for a year; it is no secret, and shown to the same browser only.
    pub(crate) fn remember(&self, provider: &str) -> Option<HeaderValue> {
        self.write(
            &self.last_used,
            provider,
            Duration::from_secs(365 * 24 * 60 * 60),
        )
    }

    /// How many logins this browser finished within [`LOOP_WINDOW`] of each other.
    fn sign_ins_in_a_row(&self, headers: &HeaderMap) -> u8 {
        let value = first(headers, &self.sign_ins_in_a_row);
        let value = value.and_then(|value| std::str::from_utf8(value).ok());
        value.and_then(|value| value.parse().ok()).unwrap_or(0)
    }

    pub(crate) fn is_looping(&self, headers: &HeaderMap) -> bool {
        self.sign_ins_in_a_row(headers) >= LOOP
    }

    pub(crate) fn count_sign_in(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        self.count_sign_in_within(headers, LOOP_WINDOW)
    }

    /// Rounds count together that follow each other within `life`.
    pub(crate) fn count_sign_in_within(
        &self,
        headers: &HeaderMap,
        life: Duration,
    ) -> Option<HeaderValue> {
        let sign_ins_in_a_row = self.sign_ins_in_a_row(headers).saturating_add(1);
        self.write(
            &self.sign_ins_in_a_row,
            &sign_ins_in_a_row.to_string(),
            life,
        )
    }

    /// None if there is nothing to forget.
    pub(crate) fn forget_sign_ins(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        (self.sign_ins_in_a_row(headers) > 0)
            .then(|| self.delete(&self.sign_ins_in_a_row))
            .flatten()
    }

    /// By this cookie, which goes with the browser's session, a later request shows that the browser keeps cookies. None if it
    /// is there.
    pub(crate) fn probe(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        if first(headers, &self.probe).is_some() {
            return None;
        }
        let cookie = self.plain("/", &self.probe, "1");
        HeaderValue::from_str(&cookie.to_string()).ok()
    }

    /// Whether a request brings any cookie of this layer, by its name.
    pub(crate) fn has_any(&self, headers: &HeaderMap) -> bool {
        pairs::names(headers).any(|name| self.is_ours(name))
    }

    fn is_ours(&self, name: &[u8]) -> bool {
        let known = [
            &self.session,
            &self.last_used,
            &self.sign_ins_in_a_row,
            &self.probe,
        ];
        known.iter().any(|known| known.as_bytes() == name)
            || name.starts_with(self.pending.as_bytes())
            || name.starts_with(self.finished.as_bytes())
            || name.starts_with(self.form.as_bytes())
    }

    /// Leaves the cookies of others alone, and takes ours out.
    pub(crate) fn strip(&self, headers: &mut HeaderMap) {
        let ours = |pair: &[u8]| self.is_ours(pairs::name(pair));
        pairs::without(headers, ours);
    }

    pub(crate) fn set(&self, name: &str, value: &str, life: Duration) -> Option<HeaderValue> {
        self.write(name, value, life)
    }

    /// A cookie for the requests below `path` alone.
    pub(crate) fn set_at(
        &self,
        path: &str,
        name: &str,
        value: &str,
        life: Duration,
    ) -> Option<HeaderValue> {
        self.write_at(path, name, value, life)
    }

    pub(crate) fn delete_at(&self, path: &str, name: &str) -> Option<HeaderValue> {
        self.write_at(path, name, "", Duration::ZERO)
    }

    /// A deletion repeats the attributes, else a `__Host-` cookie stays.
    pub(crate) fn delete(&self, name: &str) -> Option<HeaderValue> {
        self.write(name, "", Duration::ZERO)
    }

    fn write(&self, name: &str, value: &str, life: Duration) -> Option<HeaderValue> {
        self.write_at("/", name, value, life)
    }

    fn write_at(&self, path: &str, name: &str, value: &str, life: Duration) -> Option<HeaderValue> {
        let seconds = i64::try_from(life.as_secs()).unwrap_or(i64::MAX);
        let mut cookie = self.plain(path, name, value);
        cookie.set_max_age(time::Duration::seconds(seconds));
        HeaderValue::from_str(&cookie.to_string()).ok()
    }

    /// A cookie that goes with the browser's session.
    fn plain<'c>(&self, path: &'c str, name: &'c str, value: &'c str) -> Cookie<'c> {
        let cookie = Cookie::build((name, value)).path(path).http_only(true);
        cookie.secure(self.secure).same_site(SameSite::Lax).build()
    }
}

fn short(state: &str) -> String {
    let plain = state.chars().filter(char::is_ascii_alphanumeric);
    plain.take(12).collect()
}

fn named_after<'a>(
    headers: &'a HeaderMap,
    prefix: &'a str,
) -> impl Iterator<Item = (String, &'a [u8])> {
    pairs(headers, prefix).filter_map(move |(rest, value)| {
        let rest = std::str::from_utf8(rest).ok()?;
        Some((format!("{prefix}{rest}"), value))
    })
}

#[cfg(test)]
mod tests {
    use http::header::COOKIE;

    use super::*;

    fn request(lines: &[&[u8]]) -> HeaderMap {
        lines
            .iter()
            .map(|line| (COOKIE, HeaderValue::from_bytes(line).unwrap()))
            .collect()
    }

    #[test]
    fn the_session_is_found_in_split_and_broken_cookie_headers() {
        let cookies = Cookies::new("phone-auth", true).unwrap();
        let headers = request(&[
            b"theme=\xff\xfe; =; ;;a; __Host-phone-auth=one ;x=y",
            b"__Host-phone-authority=no;__Host-phone-auth=two",
        ]);
        let values: Vec<_> = cookies.sessions(&headers).collect();
        assert_eq!(values, [b"one", b"two"]);
    }

    #[test]
    fn a_pending_cookie_is_named_after_its_state() {
        let cookies = Cookies::new("phone-auth", false).unwrap();
        assert_eq!(
            cookies.pending("ab-_cdefghijklmno"),
            "phone-auth-login-abcdefghijkl"
        );
        assert_eq!(cookies.pending("\r\n;é"), "phone-auth-login-");
    }

    #[test]
    fn cookies_are_host_bound_lax_and_hidden_from_scripts() {
        let cookies = Cookies::new("phone-auth", true).unwrap();
        let header = cookies
            .set(cookies.session(), "v", Duration::from_secs(60))
            .unwrap();
        assert_eq!(
            header,
            "__Host-phone-auth=v; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=60"
        );
        let header = cookies.delete(cookies.session()).unwrap();
        assert_eq!(
            header,
            "__Host-phone-auth=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0"
        );
    }
}
