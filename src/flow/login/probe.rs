//! Blocked cookies, found before a user goes to a provider.
//!
//! Without cookies a sign-in fails only at its end, after the user has typed a password. The
//! sign-in page sets a small cookie and marks its links. A request of a marked link without any
//! cookie of the layer shows at once that cookies are blocked.
//!
//! The cookie holds no value of use and needs no seal. It is set on the sign-in page alone, because
//! only there a further click precedes the redirect to the provider.

use http::{HeaderMap, HeaderValue, request::Parts};

use crate::{
    error::{LoginError, LoginErrorKind},
    flow::{
        Flow, refuse,
        request::link::{LoginQuery, PROBE},
    },
    web::reply::Reply,
};

/// The cookie of the sign-in page, if the browser does not have it yet. With one provider there is
/// no sign-in page that could set it.
pub(crate) fn cookie(flow: &Flow, headers: &HeaderMap) -> Option<HeaderValue> {
    let is_a_choice = flow.providers.len() > 1;
    is_a_choice.then(|| flow.config.cookies.probe(headers))?
}

/// Marks a link of the sign-in page. With one provider there is no such page, and no mark.
pub(crate) fn marked(flow: &Flow, mut link: String) -> String {
    if flow.providers.len() > 1 {
        let separator = if link.contains('?') { '&' } else { '?' };
        link.push_str(&format!("{separator}{PROBE}=1"));
    }
    link
}

/// The page about blocked cookies, for a marked link without any cookie of the layer. A link
/// without the mark is never refused, because it may stand in a bookmark or on another page.
pub(crate) fn refuse_blocked(flow: &Flow, query: &LoginQuery, head: &Parts) -> Option<Reply> {
    let headers = &head.headers;
    let is_one_of_ours = query.marked && query.names_provider() && flow.providers.len() > 1;
    if !is_one_of_ours || flow.config.cookies.has_any(headers) {
        return None;
    }
    let name = query.provider(flow).map(|provider| &*provider.name);
    let error = LoginError::new(LoginErrorKind::NoCookies).by_browser();
    Some(refuse::login(flow, name, &error, &query.return_to, headers))
}
