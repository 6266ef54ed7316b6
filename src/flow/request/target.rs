//! The address that a request asks for, and the page that it stands on.

use http::{Method, Uri, header::REFERER, request::Parts};

use super::navigation::{self, Reader};
use crate::{flow::Flow, web::return_to::ReturnTo};

/// The address that was asked for, before any router stripped it.
#[derive(Clone, Debug)]
pub(crate) struct Target(pub(crate) Uri);

/// A form, or a frame.
pub(crate) fn stands_on_a_page(head: &Parts) -> bool {
    match navigation::reader(head) {
        Reader::Frame | Reader::Turbo => true,
        Reader::Window => head.method == Method::POST,
        Reader::Program => false,
    }
}

/// The page of this origin that a form or a frame stands on, as far as the browser says.
pub(crate) fn page_before(flow: &Flow, head: &Parts) -> ReturnTo {
    let referer = head.headers.get(REFERER);
    let referer = referer.and_then(|referer| referer.to_str().ok());
    let path = referer.and_then(|url| url.strip_prefix(flow.config.origin.as_str()));
    path.map_or_else(|| flow.home(), |path| flow.return_to(path))
}

/// Path and query as they were asked for, before any router stripped them, and as browsers see them.
pub(crate) fn asked(flow: &Flow, head: &Parts) -> String {
    let kept = head.extensions.get::<Target>().map(|Target(uri)| uri);
    flow.seen(kept.unwrap_or(&head.uri))
}

pub(crate) fn target(flow: &Flow, head: &Parts) -> ReturnTo {
    flow.return_to(&asked(flow, head))
}
