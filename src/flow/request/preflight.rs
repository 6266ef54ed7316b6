//! CORS preflights of the listed origins (Fetch, "CORS-preflight request").
//!
//! A preflight never carries a cookie, so a protected path would refuse it and the page could send
//! nothing. The layer answers in place of the application, so that no handler runs without a
//! session.

use http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS,
        ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE,
        ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
    },
};

use super::navigation::once;
use crate::web::reply::Reply;

/// The longest list of header names that is echoed, in bytes. A longer one is left out, and the
/// browser then refuses the request itself.
const LONGEST: usize = 2048;

/// Whether the request is a preflight of one of `origins`. Both headers must stand exactly once,
/// and the method must be a valid one.
pub(crate) fn is_one(method: &Method, headers: &HeaderMap, origins: &[HeaderValue]) -> bool {
    let asks = || {
        once(headers, &ACCESS_CONTROL_REQUEST_METHOD)
            .is_some_and(|method| Method::from_bytes(method.as_bytes()).is_ok())
    };
    let is_listed =
        || once(headers, &ORIGIN).is_some_and(|origin| origins.iter().any(|known| known == origin));
    *method == Method::OPTIONS && is_listed() && asks()
}

/// Allows the requested method and headers, because a listed origin is trusted with the session.
/// The values are echoed, because `*` does not count for requests with credentials.
pub(crate) fn allow(headers: &HeaderMap) -> Reply {
    let vary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
    let reply = Reply::empty(StatusCode::NO_CONTENT)
        .header(VARY, HeaderValue::from_static(vary))
        .header(
            ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HeaderValue::from_static("true"),
        )
        // Ten minutes, so that a changed list of origins takes effect soon.
        .header(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    let echoed = [
        (ORIGIN, ACCESS_CONTROL_ALLOW_ORIGIN),
        (ACCESS_CONTROL_REQUEST_METHOD, ACCESS_CONTROL_ALLOW_METHODS),
        (ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_ALLOW_HEADERS),
    ];
    echoed.into_iter().fold(reply, |reply, (asked, allowed)| {
        match once(headers, &asked).filter(|value| value.len() <= LONGEST) {
            Some(value) => reply.header(allowed, value.clone()),
            None => reply,
        }
    })
}
