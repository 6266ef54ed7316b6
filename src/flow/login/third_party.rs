//! `POST /auth/login`: a third party begins a sign-in by a form (OpenID Connect Core 1.0 section
//! 4).
//!
//! The reply redirects to the same link by GET, which has all the checks. If a session is live, the
//! user confirms a visit from another site there.
//!
//! The specification lets a third party begin by GET or by POST. A portal of a company does so, for
//! example, to open the application with the account that its user has there.

use http::{HeaderValue, header::CONTENT_TYPE, request::Parts};

use crate::flow::{Flow, refuse, request::navigation};
use crate::web::{reply::Reply, request_body::RequestBody};

/// The parameters that a third party may send.
const KNOWN: [&str; 3] = ["iss", "login_hint", "target_link_uri"];
/// The longest body that is looked at. Longer ones are not parsed.
const LONGEST: usize = 8 * 1024;
/// A longer link is made without the page to go to.
const MAX_LINK_BYTES: usize = 3400;
/// The value of `Allow` in a 405. POST is not named, because the layer takes it for this one form
/// only.
const ALLOWED: &str = "GET, HEAD";

/// 303 to the link by GET, or 405 if the body is no such form.
pub(crate) async fn redirect(flow: &Flow, head: &Parts, body: RequestBody) -> Reply {
    const FORM: &[u8] = b"application/x-www-form-urlencoded";
    let kind = navigation::once(&head.headers, &CONTENT_TYPE).map(HeaderValue::as_bytes);
    let kind = kind.and_then(|kind| kind.split(|byte| *byte == b';').next());
    let is_form = kind.is_some_and(|kind| kind.trim_ascii().eq_ignore_ascii_case(FORM));
    if !is_form || !navigation::may_navigate(&head.headers) {
        return refuse::method_not_allowed(flow, ALLOWED, head);
    }
    // A body that does not arrive has no issuer, and is refused below.
    let body = body.read().await.unwrap_or_default();
    match link(&flow.config.prefix.login(), &body) {
        Some(link) => Reply::see_other(&link),
        None => refuse::method_not_allowed(flow, ALLOWED, head),
    }
}

/// The link by GET. A form without an issuer (`iss`) gets none, because the specification requires
/// it. Without it, a form of any other purpose would begin a sign-in. The return address is left
/// out if it makes the link too long.
fn link(login: &str, body: &[u8]) -> Option<String> {
    if body.len() > LONGEST {
        return None;
    }
    let value = |name: &str| {
        let mut pairs = form_urlencoded::parse(body);
        pairs.find_map(|(key, value)| (key == name && !value.is_empty()).then_some(value))
    };
    value("iss")?;
    // Only the known parameters go on, so that a third party cannot ask for options of the layer.
    let link = |names: &[&str]| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let given = names.iter().filter_map(|name| Some((*name, value(name)?)));
        query.extend_pairs(given);
        format!("{login}?{}", query.finish())
    };
    let whole = link(&KNOWN);
    let short = || Some(link(&["iss"])).filter(|link| link.len() <= MAX_LINK_BYTES);
    if whole.len() <= MAX_LINK_BYTES {
        Some(whole)
    } else {
        short()
    }
}
