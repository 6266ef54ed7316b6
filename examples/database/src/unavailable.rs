//! The answer while the database is down or locked.

use axum::{
    http::{StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};

/// An error that has nothing to do with the request, so the user may try again: 503. The cause is
/// for the log alone.
pub(crate) struct Unavailable;

impl<E: std::error::Error> From<E> for Unavailable {
    fn from(error: E) -> Self {
        tracing::error!("the request cannot be answered now: {error}");
        Self
    }
}

impl IntoResponse for Unavailable {
    fn into_response(self) -> Response {
        let text = "Please try again in a moment. 잠시 후 다시 시도해 주세요.";
        (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "5")], text).into_response()
    }
}

/// For a change of sessions that the revocation log did not accept. It is in effect on this
/// replica, and the layer tells the others later.
pub(crate) fn note<E: std::error::Error>(accepted: Result<(), E>) {
    if let Err(error) = accepted {
        tracing::warn!("other replicas learn of a change of sessions later: {error}");
    }
}
