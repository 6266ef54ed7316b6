//! The address of a request, its cookies, and the page that it was sent from.

use http::{
    HeaderValue, Method, Request, Uri,
    header::{COOKIE, REFERER},
    request::Parts,
};

use super::navigation::{self, Reader};
use crate::{flow::Flow, web::return_to::ReturnTo};

/// The request as the layer saw it, before any router removed a prefix of its address and before
/// the layer's cookies were removed. It is in the extensions of a request whose route may answer
/// with an action of the layer, by a `require()` or by the extractor of a user.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    uri: Uri,
    /// The `Cookie` lines. Empty if the request still has them.
    cookies: Vec<HeaderValue>,
}

impl Target {
    /// Keeps the address of a request, and its cookies if they are about to be removed.
    pub(crate) fn of<B>(request: &Request<B>, strips_cookies: bool) -> Self {
        let cookies = request.headers().get_all(COOKIE).iter();
        Self {
            uri: request.uri().clone(),
            // A vector without elements allocates nothing.
            cookies: cookies.filter(|_| strips_cookies).cloned().collect(),
        }
    }
}

/// Gives a request its cookies back, for an action of the layer.
pub(crate) fn restore_cookies(head: &mut Parts) {
    let kept = head.extensions.get::<Target>().map(|kept| &kept.cookies);
    let Some(kept) = kept.filter(|kept| !kept.is_empty()) else {
        return;
    };
    head.headers.remove(COOKIE);
    for cookie in kept {
        head.headers.append(COOKIE, cookie.clone());
    }
}

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
    flow.seen(original(head))
}

/// The address of the request as the layer saw it.
pub(crate) fn original(head: &Parts) -> &Uri {
    let kept = head.extensions.get::<Target>().map(|kept| &kept.uri);
    kept.unwrap_or(&head.uri)
}

/// The address of the request as the return address of a sign-in.
pub(crate) fn return_here(flow: &Flow, head: &Parts) -> ReturnTo {
    flow.return_to(&requested(flow, head))
}
