//! A provider in the same process, whose answers the target chooses.

use std::cell::Cell;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use tower_phone_auth::provider::{BoxFuture, HttpClient, HttpError, HttpErrorKind};

/// No request of a browser may cause more requests to the provider than this.
const MOST_CALLS: usize = 12;

type Answer = dyn Fn(&Request<Bytes>) -> Option<Response<Bytes>> + Send + Sync;

/// Answers in place of a provider. An unknown request fails to connect.
pub struct Fake {
    answer: Box<Answer>,
}

thread_local! {
    static CALLS: Cell<usize> = const { Cell::new(0) };
}

/// Resets the counter of calls before the next request of a browser.
pub fn begin() {
    CALLS.set(0);
}

impl Fake {
    pub fn new(
        answer: impl Fn(&Request<Bytes>) -> Option<Response<Bytes>> + Send + Sync + 'static,
    ) -> Self {
        Self {
            answer: Box::new(answer),
        }
    }

    /// A provider that must not be called.
    pub fn silent() -> Self {
        Self::new(|request| panic!("a request to {} was not expected", request.uri()))
    }
}

impl HttpClient for Fake {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, HttpError>> {
        CALLS.set(CALLS.get() + 1);
        assert!(CALLS.get() <= MOST_CALLS, "too many calls to the provider");
        let answer = (self.answer)(&request).ok_or(HttpError::new(HttpErrorKind::Unreachable));
        Box::pin(async move { answer })
    }
}

/// A JSON answer.
pub fn json(status: StatusCode, body: impl Into<Bytes>) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let json = http::HeaderValue::from_static("application/json");
    response.headers_mut().insert("content-type", json);
    response
}

/// The answer of a token endpoint.
pub fn tokens(id_token: Option<&str>) -> Response<Bytes> {
    let mut tokens = serde_json::json!({
        "access_token": "access-token",
        "token_type": "bearer",
        "expires_in": 3600,
    });
    if let Some(id_token) = id_token {
        tokens["id_token"] = id_token.into();
    }
    json(StatusCode::OK, tokens.to_string())
}
