//! Reading a provider's JSON responses without trusting them.
//!
//! The body of a response decides, and not its content type, because content types are often wrong,
//! Naver sends errors with status 200, and a proxy answers with an HTML page. Nothing here logs a
//! body.

use bytes::Bytes;
use http::{Response, StatusCode, header::LOCATION};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::error_detail::{self, ErrorDetail};
use crate::{
    error::{
        ClientError, FailedCall, LoginErrorKind, Mismatch, ProviderError, Sent, quoted, sources,
    },
    http_client::{CallName, CallTarget, HttpError, HttpErrorKind},
};

impl From<HttpError> for ProviderError {
    /// The error of a sign-in for a call without a response, with the call for the log.
    fn from(error: HttpError) -> Self {
        let target = error.target();
        let call = FailedCall {
            call: target.and_then(|target| target.call).map(CallName::as_str),
            host: target.and_then(|target| target.host.clone()),
            path: target.and_then(|target| target.path.clone()),
            source: sources(&error).map(ClientError),
            ..FailedCall::default()
        };
        let refused = match error.kind() {
            HttpErrorKind::TimedOut => Self::new(LoginErrorKind::ProviderTimeout),
            HttpErrorKind::Unreachable => Self::new(LoginErrorKind::ProviderUnavailable),
            HttpErrorKind::TooLarge => Self::with_code(LoginErrorKind::InvalidAnswer, "too_large"),
            HttpErrorKind::Encoded(coding) => {
                let code = format!("content_encoding_{coding}");
                Self::with_code(LoginErrorKind::InvalidAnswer, code)
            }
            HttpErrorKind::Busy(rest) => Self::busy(rest),
            HttpErrorKind::ForbiddenAddress => {
                Self::with_code(LoginErrorKind::Misconfigured, "address")
            }
        };
        refused.in_call(call)
    }
}

/// The call that led to `response`, with the error that the response states, for the log.
pub(super) fn call(response: &Response<Bytes>) -> FailedCall {
    let target = response.extensions().get::<CallTarget>();
    let ErrorDetail { error, description } = error_detail::of(response);
    FailedCall {
        call: target.and_then(|target| target.call).map(CallName::as_str),
        host: target.and_then(|target| target.host.clone()),
        path: target.and_then(|target| target.path.clone()),
        status: Some(response.status().as_u16()),
        mismatch: Box::new(mismatch(response, error.is_none() && description.is_none())),
        error,
        description,
        ..FailedCall::default()
    }
}

/// The expected and the found form, for a response that states no error. Empty if the response
/// states one, because the error says more.
fn mismatch(response: &Response<Bytes>, is_silent: bool) -> Mismatch {
    // A JSON object with a success status is the expected form. Its content is examined elsewhere.
    let is_document = response.status().is_success() && is_object(response);
    if is_document || !is_silent {
        return Mismatch::default();
    }
    Mismatch::new("200 with a JSON object", &found(response))
}

/// The form of a response that is not the expected document, for the log: status and kind of body,
/// never the body itself. A redirect is shown with its target without the query, which may hold a
/// token.
pub(super) fn found(response: &Response<Bytes>) -> String {
    let status = response.status();
    if status.is_redirection() {
        let target = response.headers().get(LOCATION);
        let target = target.and_then(|target| target.to_str().ok());
        let target = target.and_then(|target| target.split(['?', '#']).next());
        let none = Sent::default();
        // The target may repeat a value that this server sent.
        let sent = response.extensions().get::<Sent>().unwrap_or(&none);
        let target = target.and_then(|target| quoted(target, sent));
        return format!("{} to {}", status.as_u16(), target.unwrap_or_default());
    }
    // The form of the body says enough to recognize a proxy or a maintenance page.
    let form = match response.body() {
        body if body.is_empty() => "no body",
        _ if is_object(response) => "a JSON object",
        body if text(body).starts_with(b"{") => "broken JSON",
        _ => "no JSON object",
    };
    format!("{} with {form}", status.as_u16())
}

/// Whether the body is a JSON object.
fn is_object(response: &Response<Bytes>) -> bool {
    serde_json::from_slice::<Map<String, Value>>(text(response.body())).is_ok()
}

/// The body without leading white space and without a byte order mark.
fn text(body: &[u8]) -> &[u8] {
    let text = body.trim_ascii_start();
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

/// The body, if it begins as a JSON object. The content type is ignored.
///
/// Redirects are refused, because following one would send secrets to another server. A 200 with
/// another body is usually a maintenance page, so it counts as a provider that is down. A status
/// with a meaning of its own, such as 429, keeps it.
pub(super) fn object(response: &Response<Bytes>) -> Result<&[u8], ProviderError> {
    let text = text(response.body());
    if response.status().is_redirection() || !text.starts_with(b"{") {
        let kind = match cause(response.status()) {
            LoginErrorKind::InvalidAnswer => LoginErrorKind::ProviderUnavailable,
            cause => cause,
        };
        return Err(ProviderError::new(kind).in_call(call(response)));
    }
    Ok(text)
}

/// Parses a JSON text into `T`. An error says nothing about the text.
pub(super) fn parse<T: DeserializeOwned>(text: &[u8]) -> Result<T, ProviderError> {
    // The message of `serde_json` quotes the input, which may hold a token. It is dropped.
    serde_json::from_slice(text).map_err(|_| ProviderError::new(LoginErrorKind::InvalidAnswer))
}

/// The kind of error for a response that says no more than its status.
pub(super) fn cause(status: StatusCode) -> LoginErrorKind {
    match status {
        StatusCode::UNAUTHORIZED => LoginErrorKind::TokenRejected,
        StatusCode::TOO_MANY_REQUESTS => LoginErrorKind::RateLimited,
        // The same request may succeed later (RFC 9110 section 15.5.9, RFC 8470 section 5.2).
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY => {
            LoginErrorKind::ProviderBusy
        }
        status if status.is_server_error() => LoginErrorKind::ProviderUnavailable,
        _ => LoginErrorKind::InvalidAnswer,
    }
}
