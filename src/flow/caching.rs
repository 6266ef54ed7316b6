//! `Cache-Control` of a response that a user was inserted for (RFC 9111).
//!
//! On a shared computer the Back button would show the last user's phone number after a sign-out. A
//! page therefore gets `no-store`. A script, style, image or font gets `private, no-cache`, so that
//! validators still work. The `Sec-Fetch-Dest` of the request decides. The application's own
//! `Cache-Control` always has precedence.
//!
//! The layer decides before the wrapped service runs, from the request alone. The decision travels
//! in the future of the response and is applied when the headers are ready, so the body is never
//! read.
//!
//! | `Sec-Fetch-Dest` | protected path | public path with a user |
//! |---|---|---|
//! | a document, a frame, `empty`, or missing | `no-store` | `no-store` |
//! | anything else, such as `style` or `image` | `private, no-cache` | nothing is added |
//!
//! The setting `default_cache_control` replaces both values by one, or by none. A response that
//! carries a cookie of the layer is never cached at all, whatever the application says
//! (`web/reply.rs`).

use std::sync::Arc;

use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, Entry},
};

use super::request::navigation;
use crate::{config::DefaultCaching, web::reply::NO_STORE};

/// The fetch metadata header with the kind of element that loads the response. Scripts cannot set
/// it.
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");
/// `private` keeps the response out of shared caches. `no-cache` lets the browser store it and ask
/// with its validator (`ETag`, `Last-Modified`) each time (RFC 9111 section 5.2.2.4).
const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-cache");

/// The `Cache-Control` of a response whose application sets none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Caching {
    /// Nothing is added.
    LeftAlone,
    /// `no-store`: the Back button would show the page after the sign-out.
    NoStore,
    /// `private, no-cache`: kept by this browser, and validated each time.
    Private,
    /// The application's own default. The value is shared, so that a request copies a pointer and
    /// not the text.
    Chosen(Arc<HeaderValue>),
}

impl Caching {
    /// The caching for a request. `is_public` is called only if the request is for no page. On
    /// public paths such a response is left alone, because it is usually the same for all users.
    pub(super) fn of(
        default: &DefaultCaching,
        method: &Method,
        headers: &HeaderMap,
        is_public: impl FnOnce() -> bool,
    ) -> Self {
        let is_page = shows_page(headers);
        // A gRPC call is a POST, which no cache keeps, so the header would say nothing.
        if *method == Method::POST && is_grpc(headers) || !is_page && is_public() {
            return Self::LeftAlone;
        }
        match default {
            DefaultCaching::ByDestination if is_page => Self::NoStore,
            DefaultCaching::ByDestination => Self::Private,
            DefaultCaching::Chosen(value) => Self::Chosen(Arc::clone(value)),
            DefaultCaching::LeftAlone => Self::LeftAlone,
        }
    }

    /// Sets `Cache-Control` if the application set none. An upgrade (101) and gRPC have no use for
    /// it.
    pub(crate) fn apply<R>(self, response: &mut Response<R>) {
        // After 101 the connection carries another protocol, so there is no response to cache.
        let switches = response.status() == StatusCode::SWITCHING_PROTOCOLS;
        if switches || is_grpc(response.headers()) {
            return;
        }
        let value = match self {
            Self::LeftAlone => return,
            Self::NoStore => NO_STORE,
            Self::Private => PRIVATE,
            Self::Chosen(value) => HeaderValue::clone(&value),
        };
        // The application's own value stays.
        if let Entry::Vacant(place) = response.headers_mut().entry(CACHE_CONTROL) {
            place.insert(value);
        }
    }
}

/// Whether the response may be shown as a page: a document, a script's own request (`empty`), or a
/// client without the header. A value that is not one plain word, or several values, count as a
/// page, which is the safe side. A wrong answer then costs one download more, and shows no page
/// after a sign-out.
fn shows_page(headers: &HeaderMap) -> bool {
    const PAGES: [&[u8]; 6] = [
        b"empty",
        b"document",
        b"frame",
        b"iframe",
        b"embed",
        b"object",
    ];
    let Some(destination) = navigation::once(headers, &SEC_FETCH_DEST) else {
        return true;
    };
    let word = destination.as_bytes().trim_ascii();
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let is_word = !word.is_empty() && word.iter().all(is_plain);
    !is_word || PAGES.iter().any(|page| word.eq_ignore_ascii_case(page))
}

/// Whether the content type is gRPC or gRPC-Web, with any message format or parameters. The
/// character after the name is checked, so that `application/grpcx` does not count.
fn is_grpc(headers: &HeaderMap) -> bool {
    const GRPC: &[u8] = b"application/grpc";
    let Some(kind) = headers.get(CONTENT_TYPE) else {
        return false;
    };
    let Some((start, rest)) = kind.as_bytes().split_at_checked(GRPC.len()) else {
        return false;
    };
    start.eq_ignore_ascii_case(GRPC) && matches!(rest.first(), None | Some(b'+' | b';' | b'-'))
}
