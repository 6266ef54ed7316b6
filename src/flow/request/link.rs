//! The query of a link to the sign-in.

use form_urlencoded::byte_serialize;
use http::{Method, Uri, request::Parts};

use super::target;
use crate::{
    error::refusal::Reason,
    flow::{Flow, Registered},
    session::user::VerifiedUser,
    web::return_to::{FormId, ReturnTo},
};

/// An account's name at a provider is no longer: an e-mail address has 254 characters at most (RFC 5321 section 4.5.3.1.3).
const LONGEST_HINT: usize = 256;
/// In the query of a link of the sign-in page.
pub(crate) const PROBE: &str = "probe";
/// In the query of the page's link to the place.
pub(crate) const CONTINUE: &str = "continue";

/// The wishes of a link.
pub(crate) struct Wanted {
    pub(crate) provider: Choice,
    pub(crate) return_to: ReturnTo,
    pub(crate) fresh: bool,
    pub(crate) another_account: bool,
    pub(crate) moved: bool,
    /// The link stands on the sign-in page.
    pub(crate) marked: bool,
    /// The link leads a user who is signed in to the place.
    pub(crate) continues: bool,
    pub(crate) login_hint: Option<String>,
}

/// The provider that a link names.
pub(crate) enum Choice {
    Any,
    Named(String),
    /// By its issuer: a sign-in that a third party begins (OpenID Connect Core section 4).
    Issuer(String),
}

impl Wanted {
    pub(crate) fn read(flow: &Flow, head: &Parts) -> Self {
        let given = |name: &str| value(&head.uri, name);
        let form = given("form").and_then(|id| FormId::parse(&id));
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

    /// Whether a session of now is no answer to it.
    pub(crate) fn asks_anew(&self) -> bool {
        self.fresh || self.another_account
    }

    pub(crate) fn names_provider(&self) -> bool {
        !matches!(self.provider, Choice::Any)
    }

    /// The provider of the link, if this layer has it.
    pub(crate) fn provider<'f>(&self, flow: &'f Flow) -> Option<&'f Registered> {
        match &self.provider {
            Choice::Any => None,
            Choice::Named(name) => flow.by_name(name),
            Choice::Issuer(issuer) => flow.by_issuer(issuer),
        }
    }
}

/// Whether the link was sent on from a sibling of the public host.
pub(crate) fn is_moved(head: &Parts) -> bool {
    value(&head.uri, "moved").is_some()
}

/// The account that is about to sign in, for the provider's page. It is personal data: it is passed on, and neither kept nor
/// logged.
pub(crate) fn hint(head: &Parts) -> Option<String> {
    value(&head.uri, "login_hint").filter(|hint| {
        (1..=LONGEST_HINT).contains(&hint.len()) && !hint.chars().any(char::is_control)
    })
}

/// The link, with the account that it is for.
pub(crate) fn with_hint(link: String, hint: Option<&str>) -> String {
    match hint {
        Some(hint) => with(link, "login_hint", hint),
        None => link,
    }
}

/// The link, with one more parameter.
pub(crate) fn with(mut link: String, name: &str, value: &str) -> String {
    link.push(if link.contains('?') { '&' } else { '?' });
    link.push_str(name);
    link.push('=');
    link.extend(byte_serialize(value.as_bytes()));
    link
}

pub(crate) fn value(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}

/// The path of a page of this origin; of any other page, nothing.
fn local<'t>(target: &'t str, origin: &str) -> &'t str {
    // The text itself, so that the user comes back to the page byte for byte.
    match target.strip_prefix(origin) {
        Some("") => "/",
        Some(rest) if rest.starts_with('/') => rest,
        _ if target.starts_with('/') => target,
        _ => "",
    }
}

/// The login that a 401 asks for: a fresh one comes back to the page, which GET can show again, one for a frame to the
/// page around it, and one for a form to the page of the form.
pub(crate) fn login_link(flow: &Flow, reason: Reason, head: &Parts) -> String {
    let return_to = if target::stands_on_a_page(head) {
        target::page_before(flow, head)
    } else if reason == Reason::StepUp && head.method == Method::GET {
        target::target(flow, head)
    } else {
        flow.home()
    };
    login_to(flow, reason, head, &return_to)
}

/// The login that is wanted, and where it leads.
pub(crate) fn login_to(flow: &Flow, reason: Reason, head: &Parts, to: &ReturnTo) -> String {
    let user = head.extensions.get::<VerifiedUser>();
    match (reason, user) {
        (Reason::StepUp, Some(user)) => afresh(flow.login_link(Some(&user.provider), to)),
        _ => flow.login_link(None, to),
    }
}

/// The link, for a login in which the provider asks anew.
pub(crate) fn afresh(link: String) -> String {
    with_parameter(link, "fresh=1")
}

/// The link, for a sign-in with another account than the one that the provider knows.
pub(crate) fn for_another_account(link: String) -> String {
    with_parameter(link, "another_account=1")
}

/// The link, for a sign-in of either kind or of none.
pub(crate) fn as_wanted(link: String, fresh: bool, another_account: bool) -> String {
    let link = if fresh { afresh(link) } else { link };
    if another_account {
        for_another_account(link)
    } else {
        link
    }
}

fn with_parameter(mut link: String, parameter: &str) -> String {
    link.push(if link.contains('?') { '&' } else { '?' });
    link.push_str(parameter);
    link
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_page_of_this_origin_or_nothing() {
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
