//! Which request can finish a login: a person's page visit. All else gets a 401 it can read.

use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Version,
    header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, TE, UPGRADE},
    request::Parts,
};

const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");
const SEC_PURPOSE: HeaderName = HeaderName::from_static("sec-purpose");
const PURPOSE: HeaderName = HeaderName::from_static("purpose");
const X_MOZ: HeaderName = HeaderName::from_static("x-moz");
const X_REQUESTED_WITH: HeaderName = HeaderName::from_static("x-requested-with");

/// GET or HEAD, and a page is wanted. Other methods would lose what they carry.
pub(super) fn is_page_visit(method: &Method, headers: &HeaderMap) -> bool {
    matches!(*method, Method::GET | Method::HEAD) && wants_page(headers)
}

/// A navigation, or an answer in HTML from a client that sends no fetch metadata
/// (<https://www.w3.org/TR/fetch-metadata/>).
pub(super) fn wants_page(headers: &HeaderMap) -> bool {
    let navigates = headers
        .get(SEC_FETCH_MODE)
        .is_some_and(|mode| mode == "navigate");
    may_navigate(headers) && (navigates || accepts_html(headers))
}

/// Not a script's, an image's, a socket's or a prefetch's request: those must not begin a login.
pub(super) fn may_navigate(headers: &HeaderMap) -> bool {
    let other = |name: HeaderName, expected: &[&str]| {
        headers
            .get_all(name)
            .iter()
            .any(|value| !expected.iter().any(|known| value == known))
    };
    let subframe_or_asset = other(SEC_FETCH_DEST, &["document", "empty"])
        || headers
            .get(SEC_FETCH_DEST)
            .is_some_and(|dest| dest == "empty")
            && headers.get(SEC_FETCH_MODE).is_none();
    // The last two are what browsers sent before there was `Sec-Purpose`.
    let prefetch = [SEC_PURPOSE, PURPOSE, X_MOZ].map(|name| contains(headers, &name, "prefetch"));
    // Other values are an Android app's name, which its web view adds to every request.
    let xhr = contains(headers, &X_REQUESTED_WITH, "XMLHttpRequest");
    let script = xhr || headers.contains_key(UPGRADE);
    !(other(SEC_FETCH_MODE, &["navigate"])
        || subframe_or_asset
        || prefetch.contains(&true)
        || script
        || contains(headers, &CONTENT_TYPE, "application/grpc"))
}

/// A gRPC call as the protocol defines it (gRPC over HTTP/2, "Requests"), since its refusal has the status 200: POST on
/// HTTP/2, with trailers expected, one content type, and a body. A gateway that asks about another request sends none.
pub(super) fn is_grpc_call(head: &Parts) -> bool {
    let headers = &head.headers;
    let is_grpc = once(headers, &CONTENT_TYPE).is_some_and(|kind| is_grpc_type(kind.as_bytes()));
    let has_trailers = once(headers, &TE).is_some_and(|te| te == "trailers");
    let is_empty = headers
        .get(CONTENT_LENGTH)
        .is_some_and(|length| length == "0");
    let is_call = head.method == Method::POST && head.version == Version::HTTP_2;
    is_call && is_grpc && has_trailers && !is_empty
}

/// `application/grpc`, alone, with a message format as in `application/grpc+proto`, or with parameters. gRPC-Web is
/// another protocol, whose clients read the status.
fn is_grpc_type(kind: &[u8]) -> bool {
    const GRPC: &[u8] = b"application/grpc";
    let Some((start, rest)) = kind.split_at_checked(GRPC.len()) else {
        return false;
    };
    start.eq_ignore_ascii_case(GRPC) && matches!(rest.first(), None | Some(b'+' | b';'))
}

/// The value of a header that stands exactly once.
pub(super) fn once<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a HeaderValue> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none())
}

fn accepts_html(headers: &HeaderMap) -> bool {
    contains(headers, &ACCEPT, "text/html") || contains(headers, &ACCEPT, "application/xhtml+xml")
}

fn contains(headers: &HeaderMap, name: &HeaderName, part: &str) -> bool {
    headers.get_all(name).iter().any(|value| {
        let value = value.as_bytes();
        value
            .windows(part.len())
            .any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(method: &Method, lines: &[(&'static str, &'static str)]) -> bool {
        let headers = lines
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        is_page_visit(method, &headers)
    }

    const HTML: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");

    #[test]
    fn browsers_with_and_without_fetch_metadata_visit_pages() {
        assert!(visit(&Method::GET, &[HTML]));
        assert!(visit(&Method::HEAD, &[HTML]));
        assert!(visit(&Method::GET, &[("accept", "TEXT/HTML")]));
        assert!(visit(&Method::GET, &[("sec-fetch-mode", "navigate")]));
        assert!(visit(
            &Method::GET,
            &[HTML, ("x-requested-with", "com.kakao.talk")]
        ));
        assert!(visit(
            &Method::GET,
            &[
                HTML,
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "document")
            ]
        ));
    }

    #[test]
    fn methods_that_carry_something_do_not() {
        for method in [
            Method::POST,
            Method::PUT,
            Method::DELETE,
            Method::OPTIONS,
            Method::PATCH,
        ] {
            assert!(!visit(&method, &[HTML, ("sec-fetch-mode", "navigate")]));
        }
    }

    #[test]
    fn requests_that_can_never_finish_a_login_do_not() {
        assert!(!visit(&Method::GET, &[]));
        assert!(!visit(&Method::GET, &[("accept", "*/*")]));
        assert!(!visit(
            &Method::GET,
            &[("accept", "application/json, text/plain, */*")]
        ));
        assert!(!visit(&Method::GET, &[("accept", "text/event-stream")]));
        for line in [
            ("sec-fetch-mode", "cors"),
            ("sec-fetch-mode", "no-cors"),
            ("sec-fetch-mode", "same-origin"),
            ("sec-fetch-mode", "websocket"),
            ("sec-fetch-dest", "image"),
            ("sec-fetch-dest", "iframe"),
            ("sec-fetch-dest", "serviceworker"),
            ("sec-fetch-dest", "empty"),
            ("sec-purpose", "prefetch;prerender"),
            ("purpose", "prefetch"),
            ("x-moz", "prefetch"),
            ("x-requested-with", "XMLHttpRequest"),
            ("upgrade", "websocket"),
            ("content-type", "application/grpc+proto"),
        ] {
            assert!(!visit(&Method::GET, &[HTML, line]), "{line:?}");
        }
    }
}
