//! The address of a request, and the page that it was sent from.

use http::{Method, Uri, header::REFERER, request::Parts};

use super::navigation::{self, Reader};
use crate::{flow::Flow, web::return_to::ReturnTo};

/// The address of the request before any router removed a prefix. The layer keeps the address in
/// the extensions if a `require()` was made, because that may stand behind such a router.
#[derive(Clone, Debug)]
pub(crate) struct Target(pub(crate) Uri);

/// Whether the request is a form or a frame. After the sign-in, the user goes back to the page
/// around it, because the request's own address cannot be opened alone.
pub(crate) fn is_on_a_page(head: &Parts) -> bool {
    match navigation::reader(head) {
        Reader::Frame | Reader::Turbo => true,
        Reader::Window => head.method == Method::POST,
        Reader::Program => false,
    }
}

/// The page of this origin that holds the form or the frame, taken from `Referer`. The start page
/// if the browser sends none, or only the origin.
pub(crate) fn page_before(flow: &Flow, head: &Parts) -> ReturnTo {
    let referer = head.headers.get(REFERER);
    let referer = referer.and_then(|referer| referer.to_str().ok());
    let path = referer.and_then(|url| url.strip_prefix(flow.config.origin.as_str()));
    path.map_or_else(|| flow.home(), |path| flow.return_to(path))
}

/// Path and query of the request as browsers see them, with the path of the public URL.
pub(crate) fn requested(flow: &Flow, head: &Parts) -> String {
    let kept = head.extensions.get::<Target>().map(|Target(uri)| uri);
    flow.seen(kept.unwrap_or(&head.uri))
}

/// The address of the request as the return address of a sign-in.
pub(crate) fn return_here(flow: &Flow, head: &Parts) -> ReturnTo {
    flow.return_to(&requested(flow, head))
}
