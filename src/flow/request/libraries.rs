//! Libraries that put an answer into the page themselves, and the headers by which they send the whole window to the sign-in.

use http::{HeaderMap, HeaderName, Method, Uri, request::Parts};

use super::navigation;
use crate::{
    error::refusal::Reason,
    flow::{
        Flow,
        request::{link, target},
    },
    web::return_to::ReturnTo,
};

const HX_REQUEST: HeaderName = HeaderName::from_static("hx-request");
const HX_BOOSTED: HeaderName = HeaderName::from_static("hx-boosted");
const HX_CURRENT_URL: HeaderName = HeaderName::from_static("hx-current-url");
/// htmx goes there with the window, whatever the status (<https://htmx.org/headers/hx-redirect/>).
pub(crate) const HX_REDIRECT: HeaderName = HeaderName::from_static("hx-redirect");
const X_INERTIA: HeaderName = HeaderName::from_static("x-inertia");
/// Inertia goes there with the window, if the status is 409 (<https://inertiajs.com/the-protocol>).
pub(crate) const X_INERTIA_LOCATION: HeaderName = HeaderName::from_static("x-inertia-location");
/// A longer link is made without the place.
const MOST_LINK: usize = 3000;

/// For a request of htmx. The user comes back to the page around it; after a link that htmx follows in the browser's place
/// (`hx-boost`), to the page of the link.
pub(crate) fn htmx_login(flow: &Flow, reason: Reason, head: &Parts) -> Option<String> {
    if !says_true(&head.headers, &HX_REQUEST) {
        return None;
    }
    let place = if head.method == Method::GET && says_true(&head.headers, &HX_BOOSTED) {
        target::target(flow, head)
    } else {
        current_page(flow, &head.headers)
    };
    Some(login(flow, reason, head, &place))
}

/// For a page visit of Inertia, which comes back to its page; a form, to the page that it stands on. Not for a page that is
/// loaded before the user asks for it.
pub(crate) fn inertia_login(flow: &Flow, reason: Reason, head: &Parts) -> Option<String> {
    let headers = &head.headers;
    let is_inertia = says_true(headers, &X_INERTIA) && navigation::accepts_html(headers);
    if !is_inertia || navigation::is_prefetch(headers) {
        return None;
    }
    let place = if head.method == Method::GET {
        target::target(flow, head)
    } else {
        target::page_before(flow, head)
    };
    let origin = flow.config.origin.as_str();
    Some(format!("{origin}{}", login(flow, reason, head, &place)))
}

/// A link to the sign-in itself is followed as it is.
fn asks_for_login(flow: &Flow, head: &Parts) -> bool {
    let own = flow.config.prefix.strip(head.uri.path());
    head.method == Method::GET && own == Some("/login")
}

fn says_true(headers: &HeaderMap, name: &HeaderName) -> bool {
    navigation::once(headers, name).is_some_and(|value| value == "true")
}

fn current_page(flow: &Flow, headers: &HeaderMap) -> ReturnTo {
    let page = navigation::once(headers, &HX_CURRENT_URL);
    let page = page.and_then(|url| url.to_str().ok()?.parse::<Uri>().ok());
    let target = page.as_ref().and_then(Uri::path_and_query);
    target.map_or_else(|| flow.home(), |target| flow.return_to(target.as_str()))
}

fn login(flow: &Flow, reason: Reason, head: &Parts, place: &ReturnTo) -> String {
    let link = if asks_for_login(flow, head) {
        target::asked(flow, head)
    } else {
        link::login_to(flow, reason, head, place)
    };
    if link.len() <= MOST_LINK {
        return link;
    }
    link::login_to(flow, reason, head, &flow.home())
}
