//! Libraries that put an answer into the open page, and the headers by which they send the whole
//! window to the sign-in.
//!
//! A page of a provider inside a part of the application's page would not work. htmx and Inertia
//! each have a header for this case, and the 401 carries it.

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

/// `true` on every request of htmx.
const HX_REQUEST: HeaderName = HeaderName::from_static("hx-request");
/// `true` if htmx follows a link or sends a form in place of the browser.
const HX_BOOSTED: HeaderName = HeaderName::from_static("hx-boosted");
/// The address of the page around the request, as the browser shows it.
const HX_CURRENT_URL: HeaderName = HeaderName::from_static("hx-current-url");
/// htmx opens this address in the window, whatever the status is
/// (<https://htmx.org/headers/hx-redirect/>).
pub(crate) const HX_REDIRECT: HeaderName = HeaderName::from_static("hx-redirect");
/// `true` on every request of Inertia.
const X_INERTIA: HeaderName = HeaderName::from_static("x-inertia");
/// Inertia opens this address in the window if the status is 409
/// (<https://inertiajs.com/the-protocol>).
pub(crate) const X_INERTIA_LOCATION: HeaderName = HeaderName::from_static("x-inertia-location");
/// The longest link in bytes. A longer one leads back to the start page.
const MAX_LINK_BYTES: usize = 3000;

/// The link for a request of htmx. The user comes back to the page around the request. If htmx
/// follows a link in place of the browser (`hx-boost`), the user comes back to the page of the
/// link.
pub(crate) fn htmx_login(flow: &Flow, reason: Reason, head: &Parts) -> Option<String> {
    if !says_true(&head.headers, &HX_REQUEST) {
        return None;
    }
    let place = if head.method == Method::GET && says_true(&head.headers, &HX_BOOSTED) {
        target::return_here(flow, head)
    } else {
        current_page(flow, &head.headers)
    };
    Some(login(flow, reason, head, &place))
}

/// The link for a page visit of Inertia. The user comes back to that page, or for a form to the
/// page that holds it. A page that is loaded before the user asks for it gets none. The link is a
/// whole address, which Inertia opens in the window.
pub(crate) fn inertia_login(flow: &Flow, reason: Reason, head: &Parts) -> Option<String> {
    let headers = &head.headers;
    let is_inertia = says_true(headers, &X_INERTIA) && navigation::accepts_html(headers);
    if !is_inertia || navigation::is_prefetch(headers) {
        return None;
    }
    let place = if head.method == Method::GET {
        target::return_here(flow, head)
    } else {
        target::page_before(flow, head)
    };
    let origin = flow.config.origin.as_str();
    Some(format!("{origin}{}", login(flow, reason, head, &place)))
}

/// Whether the request is for the sign-in itself, whose link is kept as it is.
fn asks_for_login(flow: &Flow, head: &Parts) -> bool {
    let own = flow.config.prefix.strip(head.uri.path());
    head.method == Method::GET && own == Some("/login")
}

/// Whether the header stands once with the value `true`.
fn says_true(headers: &HeaderMap, name: &HeaderName) -> bool {
    navigation::once(headers, name).is_some_and(|value| value == "true")
}

/// The page around the request, as htmx says.
fn current_page(flow: &Flow, headers: &HeaderMap) -> ReturnTo {
    let page = navigation::once(headers, &HX_CURRENT_URL);
    // The header names a whole address. The path alone is used, so a forged header leads to no
    // other site.
    let page = page.and_then(|url| url.to_str().ok()?.parse::<Uri>().ok());
    let target = page.as_ref().and_then(Uri::path_and_query);
    target.map_or_else(|| flow.home(), |target| flow.return_to(target.as_str()))
}

/// The link to the sign-in, with `place` as the return address if the link is short enough.
fn login(flow: &Flow, reason: Reason, head: &Parts, place: &ReturnTo) -> String {
    let link = if asks_for_login(flow, head) {
        target::requested(flow, head)
    } else {
        link::login_to(flow, reason, head, place)
    };
    if link.len() <= MAX_LINK_BYTES {
        return link;
    }
    link::login_to(flow, reason, head, &flow.home())
}
