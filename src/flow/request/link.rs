//! Links to `/auth/login`: reading the query of one, and making one.
//!
//! The query carries only the wishes of the link. Any site can write such a link, so nothing in the
//! query is trusted. The return address is checked, the provider must be one of the layer's, and a
//! wish that would change a live session is confirmed by the user (`login/foreign.rs`).

use std::sync::Arc;

use form_urlencoded::byte_serialize;
use http::{Method, Uri, request::Parts};

use super::target;
use crate::{
    error::refusal::Reason,
    flow::{Flow, Registered},
    session::user::VerifiedUser,
    web::return_to::{FormId, ReturnTo},
};

/// The longest `login_hint` in bytes. An e-mail address has at most 254 (RFC 5321 section
/// 4.5.3.1.3).
const LONGEST_HINT: usize = 256;
/// The mark of a link on the sign-in page (`login/probe.rs`).
pub(crate) const PROBE: &str = "probe";
/// The mark of the sign-in page's link to the return address, for a user who is signed in
/// (`login/signed_in.rs`).
const CONTINUE: &str = "continue";

/// The query of `/auth/login`.
pub(crate) struct LoginQuery {
    /// The provider to sign in at.
    pub(crate) provider: Choice,
    /// The return address, checked. It is the start page if the link names none or an unsafe one.
    pub(crate) return_to: ReturnTo,
    /// The provider must authenticate the user again.
    pub(crate) fresh: bool,
    /// The user wants to choose the account.
    pub(crate) another_account: bool,
    /// The request was redirected here from a sibling of the public host.
    pub(crate) moved: bool,
    /// The link stands on the sign-in page.
    pub(crate) marked: bool,
    /// The link leads a user who is signed in to the return address.
    pub(crate) continues: bool,
    /// The name of the account that is about to sign in, for the provider's page.
    pub(crate) login_hint: Option<String>,
}

/// The provider of a link.
pub(crate) enum Choice {
    /// The link names no provider.
    Any,
    /// The name that the provider has in this layer.
    Named(String),
    /// The issuer, in a sign-in that a third party begins (OpenID Connect Core section 4).
    Issuer(String),
}

impl LoginQuery {
    /// Reads the query of a request. A parameter that is not understood counts as missing.
    pub(crate) fn read(flow: &Flow, head: &Parts) -> Self {
        let given = |name: &str| value(&head.uri, name);
        let form = given("form").and_then(|id| FormId::parse(&id));
        // `return_to` is the layer's own parameter, and has precedence. A third party sends
        // `target_link_uri`, which is a whole address.
        let return_to = match (given("return_to"), given("target_link_uri")) {
            (None, Some(target)) => flow.return_to(local(&target, flow.config.origin.as_str())),
            (return_to, _) => flow.return_to(&return_to.unwrap_or_default()),
        };
        Self {
            provider: match (given("provider"), given("iss")) {
                (Some(name), _) if !name.is_empty() => Choice::Named(name),
                (_, Some(issuer)) => Choice::Issuer(issuer),
                _ => Choice::Any,
            },
            return_to: return_to.with_form(form),
            fresh: given("fresh").is_some(),
            another_account: given("another_account").is_some(),
            moved: is_moved(head),
            marked: given(PROBE).is_some(),
            continues: given(CONTINUE).is_some(),
            login_hint: hint(head),
        }
    }

    /// Whether the link asks for a sign-in although the user is signed in.
    pub(crate) fn asks_anew(&self) -> bool {
        self.fresh || self.another_account
    }

    /// Whether the link names a provider, known or not.
    pub(crate) fn names_provider(&self) -> bool {
        !matches!(self.provider, Choice::Any)
    }

    /// The provider of the link, if this layer has it.
    pub(crate) fn provider<'f>(&self, flow: &'f Flow) -> Option<&'f Arc<Registered>> {
        match &self.provider {
            Choice::Any => None,
            Choice::Named(name) => flow.by_name(name),
            Choice::Issuer(issuer) => flow.by_issuer(issuer),
        }
    }
}

/// Whether the request was redirected here from a sibling of the public host (`login/www.rs`).
pub(crate) fn is_moved(head: &Parts) -> bool {
    value(&head.uri, "moved").is_some()
}

/// The `login_hint` for the provider's page. It is personal data, so it is neither kept nor logged.
/// A hint that is too long is left out, because the sign-in works without it.
pub(crate) fn hint(head: &Parts) -> Option<String> {
    value(&head.uri, "login_hint").filter(|hint| {
        (1..=LONGEST_HINT).contains(&hint.len()) && !hint.chars().any(char::is_control)
    })
}

/// Adds a `login_hint` to a link, if there is one.
pub(crate) fn with_hint(link: String, hint: Option<&str>) -> String {
    match hint {
        Some(hint) => with(link, "login_hint", hint),
        None => link,
    }
}

/// Adds a parameter to a link, with its value encoded.
pub(crate) fn with(mut link: String, name: &str, value: &str) -> String {
    link.push(if link.contains('?') { '&' } else { '?' });
    link.push_str(name);
    link.push('=');
    link.extend(byte_serialize(value.as_bytes()));
    link
}

/// The first value of a query parameter, decoded. Later values are ignored.
pub(crate) fn value(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}

/// The path of a page of this origin. Empty for any other page, which then becomes the start page.
fn local<'t>(target: &'t str, origin: &str) -> &'t str {
    // The text is kept as it is, so that the user comes back to the page byte for byte.
    match target.strip_prefix(origin) {
        Some("") => "/",
        Some(rest) if rest.starts_with('/') => rest,
        _ if target.starts_with('/') => target,
        _ => "",
    }
}

/// The link in a 401. After a fresh sign-in for a GET, the user comes back to the same address.
/// After a request of a frame or a form, the user comes back to the page around it. Any other
/// request leads to the start page, because its address may belong to an API and show no page.
pub(crate) fn login_link(flow: &Flow, reason: Reason, head: &Parts) -> String {
    let return_to = if target::is_on_a_page(head) {
        target::page_before(flow, head)
    } else if reason == Reason::StepUp && head.method == Method::GET {
        target::return_here(flow, head)
    } else {
        flow.home()
    };
    login_to(flow, reason, head, &return_to)
}

/// A link to the sign-in that `reason` needs, with `to` as the return address. A step-up asks for a
/// fresh sign-in at the user's provider, because another provider would begin a session of another
/// user.
pub(crate) fn login_to(flow: &Flow, reason: Reason, head: &Parts, to: &ReturnTo) -> String {
    let user = head.extensions.get::<VerifiedUser>();
    match (reason, user) {
        (Reason::StepUp, Some(user)) => {
            for_fresh_sign_in(flow.login_link(Some(&user.provider), to))
        }
        // The user is signed in, and the response has the session with new claims.
        (Reason::Claims, _) => to.as_str().to_owned(),
        _ => flow.login_link(None, to),
    }
}

/// Makes a link ask for a fresh sign-in.
pub(crate) fn for_fresh_sign_in(link: String) -> String {
    with_parameter(link, "fresh=1")
}

/// Makes a link to the sign-in page lead a user who is signed in to the return address.
pub(crate) fn for_signed_in(link: String) -> String {
    with(link, CONTINUE, "1")
}

/// Makes a link ask for the choice of another account.
pub(crate) fn for_another_account(link: String) -> String {
    with_parameter(link, "another_account=1")
}

/// Adds the options of a link that are set to another link.
pub(crate) fn with_options(link: String, fresh: bool, another_account: bool) -> String {
    let link = if fresh { for_fresh_sign_in(link) } else { link };
    if another_account {
        for_another_account(link)
    } else {
        link
    }
}

/// Adds a parameter that needs no encoding.
fn with_parameter(mut link: String, parameter: &str) -> String {
    link.push(if link.contains('?') { '&' } else { '?' });
    link.push_str(parameter);
    link
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_on_another_origin_is_dropped() {
        for (target, path) in [
            ("https://shop.example.com/cart?a=1%2F", "/cart?a=1%2F"),
            ("https://shop.example.com", "/"),
            ("/cart", "/cart"),
            ("https://shop.example.com.evil.example/", ""),
            ("https://shop.example.com@evil.example/", ""),
            ("https://shop.example.com:8443/", ""),
            ("http://shop.example.com/cart", ""),
            ("https://evil.example/?https://shop.example.com/", ""),
            ("javascript:alert(1)", ""),
            ("", ""),
        ] {
            assert_eq!(local(target, "https://shop.example.com"), path, "{target}");
        }
    }
}
