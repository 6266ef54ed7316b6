//! The public host, and its sibling with or without `www`.

use http::{HeaderValue, header::HOST, request::Parts, uri::Authority};

use super::{Flow, refuse, start::ROUNDS};
use crate::{
    audit::Line,
    error::{LoginError, LoginErrorKind},
    reply::Reply,
    return_to::ReturnTo,
};

/// Whether it was sent to `www.example.com` instead of `example.com`, or the other way: a cookie set there would not be
/// sent to the callback here. Any other host may be a proxy's own name for this application, and is not looked at.
pub(super) fn is_sibling(flow: &Flow, head: &Parts) -> bool {
    let sent = head.headers.get(HOST).and_then(|host| host.to_str().ok());
    let sent = head.uri.authority().map(Authority::as_str).or(sent);
    let public = flow.config.origin.as_str().split_once("://");
    let (Some(sent), Some((_, public))) = (sent, public) else {
        return false;
    };
    sent.strip_prefix("www.") == Some(public) || public.strip_prefix("www.") == Some(sent)
}

/// HTTP/2 has the host in the target alone.
pub(super) fn make_known(head: &mut Parts) {
    let authority = head.uri.authority().map(Authority::as_str);
    let host = authority.and_then(|authority| HeaderValue::from_str(authority).ok());
    if let (Some(host), false) = (host, head.headers.contains_key(HOST)) {
        head.headers.insert(HOST, host);
    }
}

/// On to the login at the public host, which learns by `moved` that this was tried.
pub(super) fn to_public(flow: &Flow, login: &str) -> Reply {
    let separator = if login.contains('?') { '&' } else { '?' };
    let origin = flow.config.origin.as_str();
    Reply::see_other(&format!("{origin}{login}{separator}moved=1"))
}

/// What comes before a login at this host, if anything.
pub(super) fn before_login(
    flow: &Flow,
    moved: bool,
    return_to: &ReturnTo,
    head: &Parts,
) -> Option<Reply> {
    match (is_sibling(flow, head), moved) {
        (false, false) => None,
        (true, false) => {
            let here = head.uri.path_and_query().map_or("/", |here| here.as_str());
            Some(to_public(flow, here))
        }
        (true, true) => {
            if flow.config.audit.allows(Line::OtherHost) {
                tracing::warn!(
                    public_url = flow.config.origin.as_str(),
                    "a sign-in begins under another host than the public URL's, though it was sent \
                     there: a proxy rewrites Host, or leads back to the other address; give the public \
                     URL that people see, and pass Host on unchanged"
                );
            }
            None
        }
        (false, true) => {
            let is_signed_in = flow.is_signed_in(&head.headers);
            is_signed_in.then(|| go_back(flow, return_to, head))
        }
    }
}

/// Somebody who is signed in here came from there. If it happens again and again, something leads back there.
fn go_back(flow: &Flow, return_to: &ReturnTo, head: &Parts) -> Reply {
    let cookies = &flow.config.cookies;
    if cookies.rounds(&head.headers) < ROUNDS {
        let rounds = cookies.count_round(&head.headers);
        return Reply::see_other(return_to.as_str()).cookie(rounds);
    }
    let error = LoginError::new(LoginErrorKind::Misdirected).by_browser();
    let page = refuse::login(flow, None, &error, return_to, &head.headers);
    page.cookie(cookies.forget_rounds(&head.headers))
}
