//! Wrong answers, and how they are made from the right one.

use std::{fmt, io};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Response, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION, TRANSFER_ENCODING},
};
use serde_json::{Map, Value};

use crate::{
    faults::body::Body,
    web::answer::{self, Answer},
};

/// A wrong answer, or none.
///
/// | fault | the request takes effect | a client should |
/// |---|---|---|
/// | [`Answer`](Self::Answer), [`Redirect`](Self::Redirect) | no | read the error, and follow no redirect |
/// | [`Hang`](Self::Hang), [`Close`](Self::Close) | no | have a time limit |
/// | [`ContentType`](Self::ContentType), [`Merge`](Self::Merge) | yes | check the type and the members of the answer |
/// | [`Swallow`](Self::Swallow) | yes | have a time limit, and repeat nothing that must not happen twice |
/// | [`Drip`](Self::Drip), [`Cut`](Self::Cut) | yes | limit the time of the whole answer, and accept no half of it |
/// | [`Huge`](Self::Huge) | no | limit the length of an answer |
///
/// A request takes effect if, for example, the code in it is used up. The provider
/// [records](crate::LocalProvider::requests) the request in any case.
///
/// ```
/// use http::StatusCode;
/// use tower_phone_auth_local_provider::{Endpoint, LocalProvider, faults::Fault};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let provider = LocalProvider::start().await?;
/// provider.fail_next(Endpoint::Token, Fault::Hang);
/// provider.fail(Endpoint::Profile, Fault::api(StatusCode::BAD_REQUEST, -10));
/// provider.clear_faults(Endpoint::Profile);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub enum Fault {
    /// Answers with this instead of doing anything; a code sent along stays unused.
    Answer {
        /// The status.
        status: StatusCode,
        /// The `Content-Type`, or `None` to send none.
        content_type: Option<String>,
        /// The body, sent as it is.
        body: Vec<u8>,
        /// Further headers. `Content-Length` and `Transfer-Encoding` are left out, because the
        /// server frames the body itself; see [`Fault::Cut`] for a wrong length.
        headers: HeaderMap,
    },
    /// Reads the request and never answers.
    Hang,
    /// Reads the request and closes the connection without an answer.
    Close,
    /// Does what the request asks for, and never answers.
    Swallow,
    /// Sends the right answer under this `Content-Type`.
    ContentType(String),
    /// Sends the right answer, one byte a second.
    Drip,
    /// Promises the right answer, sends half of it and closes the connection.
    Cut,
    /// Streams an empty JSON object padded with blanks to this many bytes, without a
    /// `Content-Length`.
    Huge(usize),
    /// Redirects to this URL with `307 Temporary Redirect`.
    Redirect(String),
    /// Alters a successful JSON answer by [RFC 7396]: members are replaced, `null` removes one.
    ///
    /// Errors and pages are left alone. `Fault::Merge(json!({ "token_type": null }))` takes the
    /// token type out of a token response, and leaves everything else right.
    ///
    /// [RFC 7396]: https://www.rfc-editor.org/rfc/rfc7396
    Merge(Value),
}

impl Fault {
    /// Applies the fault. `right` gives the right answer, with all its effects, and only runs if
    /// the fault needs it. `Fault::Answer` does not, so a code in the request stays unused. An
    /// error closes the connection.
    pub(crate) async fn apply(self, right: impl FnOnce() -> Answer) -> io::Result<Response<Body>> {
        Ok(match self {
            Self::Answer {
                status,
                content_type,
                body,
                headers,
            } => canned(status, content_type, body.into(), headers).map(Body::Whole),
            Self::Drip => right().map(Body::drip),
            Self::Cut => right().map(|bytes| Body::cut(&bytes)),
            Self::Huge(total) => answer::with_type(StatusCode::OK, answer::JSON, Bytes::new())
                .map(|_| Body::padding(total)),
            Self::Redirect(url) => redirect(&url).map(Body::Whole),
            Self::Merge(patch) => merged(right(), &patch).map(Body::Whole),
            Self::ContentType(kind) => relabelled(right(), kind).map(Body::Whole),
            Self::Close => return Err(io::ErrorKind::ConnectionAborted.into()),
            Self::Hang => std::future::pending().await,
            Self::Swallow => {
                right();
                std::future::pending().await
            }
        })
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Answer { .. } => "Answer",
            Self::Hang => "Hang",
            Self::Close => "Close",
            Self::Swallow => "Swallow",
            Self::ContentType(_) => "ContentType",
            Self::Drip => "Drip",
            Self::Cut => "Cut",
            Self::Huge(_) => "Huge",
            Self::Redirect(_) => "Redirect",
            Self::Merge(_) => "Merge",
        })
    }
}

/// The answer of `Fault::Answer`.
fn canned(
    status: StatusCode,
    content_type: Option<String>,
    body: Bytes,
    mut headers: HeaderMap,
) -> Answer {
    headers.remove(CONTENT_LENGTH);
    headers.remove(TRANSFER_ENCODING);
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    match content_type.map(HeaderValue::try_from) {
        Some(Ok(value)) => answer::with_header(answer, CONTENT_TYPE, value),
        Some(Err(_)) => unsendable(),
        None => answer,
    }
}

/// The answer of `Fault::Redirect`. 307 repeats the method and the body, so a client that follows
/// sends its secrets along.
fn redirect(url: &str) -> Answer {
    let Ok(location) = HeaderValue::try_from(url) else {
        return unsendable();
    };
    let mut answer = Response::new(Bytes::new());
    *answer.status_mut() = StatusCode::TEMPORARY_REDIRECT;
    answer::with_header(answer, LOCATION, location)
}

/// The right answer under another `Content-Type`.
fn relabelled(answer: Answer, kind: String) -> Answer {
    match HeaderValue::try_from(kind) {
        Ok(kind) => answer::with_header(answer, CONTENT_TYPE, kind),
        Err(_) => unsendable(),
    }
}

/// The answer to a fault that cannot be sent. 500 shows the author of the test that the fault is
/// wrong.
fn unsendable() -> Answer {
    answer::text(
        StatusCode::INTERNAL_SERVER_ERROR,
        "the fault holds a value that fits no header",
    )
}

/// The answer with its JSON altered. An answer that is no success or no JSON stays as it is.
fn merged(answer: Answer, patch: &Value) -> Answer {
    if !answer.status().is_success() {
        return answer;
    }
    answer.map(|bytes| match serde_json::from_slice::<Value>(&bytes) {
        Ok(mut value) => {
            merge(&mut value, patch);
            value.to_string().into()
        }
        Err(_) => bytes,
    })
}

/// Alters `target` by a JSON merge patch (RFC 7396 section 2).
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(target) = target else {
        return;
    };
    for (name, value) in patch {
        if value.is_null() {
            target.remove(name);
        } else {
            merge(target.entry(name.clone()).or_insert(Value::Null), value);
        }
    }
}
