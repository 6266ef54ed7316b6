//! Answers. None of them may be cached, because a test counts the requests.

use bytes::Bytes;
use http::{
    HeaderName, HeaderValue, Response, StatusCode,
    header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, LOCATION},
};
use serde_json::Value;
use url::Url;

/// A whole answer, before a fault is applied to it.
pub(crate) type Answer = Response<Bytes>;

/// An answer with this JSON.
pub(crate) fn json(status: StatusCode, value: &Value) -> Answer {
    with_type(status, JSON, value.to_string().into())
}

/// An answer with a plain text, for mistakes that no dialect defines.
pub(crate) fn text(status: StatusCode, text: &'static str) -> Answer {
    with_type(status, TEXT, Bytes::from_static(text.as_bytes()))
}

/// 302 to this address, as providers redirect to the callback (RFC 6749 section 4.1.2).
pub(crate) fn redirect(url: &Url) -> Answer {
    let Ok(location) = HeaderValue::try_from(url.as_str()) else {
        return text(StatusCode::INTERNAL_SERVER_ERROR, "the URL fits no header");
    };
    let mut answer = Response::new(Bytes::new());
    *answer.status_mut() = StatusCode::FOUND;
    answer.headers_mut().insert(LOCATION, location);
    no_store(answer)
}

/// 405 with the allowed methods.
pub(crate) fn method_not_allowed(allowed: &'static str) -> Answer {
    let answer = text(StatusCode::METHOD_NOT_ALLOWED, "method not allowed");
    with_header(answer, ALLOW, HeaderValue::from_static(allowed))
}

/// An answer with this body and media type.
pub(crate) fn with_type(status: StatusCode, content_type: &'static str, body: Bytes) -> Answer {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    let content_type = HeaderValue::from_static(content_type);
    no_store(with_header(answer, CONTENT_TYPE, content_type))
}

/// The answer with a header, in place of any earlier one of the name.
pub(crate) fn with_header(mut answer: Answer, name: HeaderName, value: HeaderValue) -> Answer {
    answer.headers_mut().insert(name, value);
    answer
}

/// RFC 6749 section 5.1 requires this of token answers. Here all answers have it.
fn no_store(answer: Answer) -> Answer {
    with_header(answer, CACHE_CONTROL, HeaderValue::from_static("no-store"))
}

/// The media type of JSON, as Kakao labels it.
pub(crate) const JSON: &str = "application/json;charset=UTF-8";
const TEXT: &str = "text/plain; charset=utf-8";
