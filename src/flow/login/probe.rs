//! Blocked cookies are found before a user goes to a provider: the sign-in page sets a cookie and marks its links.

use http::{HeaderMap, HeaderValue, request::Parts};

use crate::{
    error::{LoginError, LoginErrorKind},
    flow::{
        Flow, refuse,
        request::link::{PROBE, Wanted},
    },
    web::reply::Reply,
};

/// The cookie of the sign-in page.
pub(crate) fn cookie(flow: &Flow, headers: &HeaderMap) -> Option<HeaderValue> {
    let is_a_choice = flow.providers.len() > 1;
    is_a_choice.then(|| flow.config.cookies.probe(headers))?
}

/// A link of the sign-in page. With one provider there is no choice to come back from, and no mark.
pub(crate) fn marked(flow: &Flow, mut link: String) -> String {
    if flow.providers.len() > 1 {
        let separator = if link.contains('?') { '&' } else { '?' };
        link.push_str(&format!("{separator}{PROBE}=1"));
    }
    link
}

/// A marked link without any cookie of the layer: the browser did not keep the page's cookie. No other link is refused for
/// it, as it may stand in a bookmark or on another page.
pub(crate) fn refuse_blocked(flow: &Flow, wanted: &Wanted, head: &Parts) -> Option<Reply> {
    let headers = &head.headers;
    let is_one_of_ours = wanted.marked && wanted.names_provider() && flow.providers.len() > 1;
    if !is_one_of_ours || flow.config.cookies.has_any(headers) {
        return None;
    }
    let name = wanted.provider(flow).map(|provider| &*provider.name);
    let error = LoginError::new(LoginErrorKind::NoCookies).by_browser();
    Some(refuse::login(
        flow,
        name,
        &error,
        &wanted.return_to,
        headers,
    ))
}
