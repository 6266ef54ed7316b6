//! Reading a provider's answer without believing it.

use bytes::Bytes;
use http::{Response, StatusCode, header::LOCATION};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::error_detail::{self, ErrorDetail};
use crate::{
    error::{FailedCall, LoginError, LoginErrorKind, Mismatch, Sent, quoted, sources},
    http_client::{CallName, CallTarget, HttpError, HttpErrorKind},
};

impl From<HttpError> for LoginError {
    fn from(error: HttpError) -> Self {
        let target = error.target();
        let call = FailedCall {
            call: target.and_then(|target| target.call).map(CallName::as_str),
            host: target.and_then(|target| target.host.clone()),
            path: target.and_then(|target| target.path.clone()),
            source: sources(&error),
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

/// The call that was answered so, with what the provider says about it.
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

/// Of an answer that says nothing about itself.
fn mismatch(response: &Response<Bytes>, is_silent: bool) -> Mismatch {
    let is_document = response.status().is_success() && is_object(response);
    if is_document || !is_silent {
        return Mismatch::default();
    }
    Mismatch::new("200 with a JSON object", &found(response))
}

/// The answer in target of a document, for the log.
pub(super) fn found(response: &Response<Bytes>) -> String {
    let status = response.status();
    if status.is_redirection() {
        let target = response.headers().get(LOCATION);
        let target = target.and_then(|target| target.to_str().ok());
        let target = target.and_then(|target| target.split(['?', '#']).next());
        let none = Sent::default();
        let sent = response.extensions().get::<Sent>().unwrap_or(&none);
        let target = target.and_then(|target| quoted(target, sent));
        return format!("{} to {}", status.as_u16(), target.unwrap_or_default());
    }
    let form = match response.body() {
        body if body.is_empty() => "no body",
        _ if is_object(response) => "a JSON object",
        body if text(body).starts_with(b"{") => "broken JSON",
        _ => "no JSON object",
    };
    format!("{} with {form}", status.as_u16())
}

fn is_object(response: &Response<Bytes>) -> bool {
    serde_json::from_slice::<Map<String, Value>>(text(response.body())).is_ok()
}

/// Without white space and the mark of UTF-8 before it.
fn text(body: &[u8]) -> &[u8] {
    let text = body.trim_ascii_start();
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

/// The body, if it looks like a JSON object, whatever its content type says. A redirect is not
/// followed, and a maintenance page is no answer.
pub(super) fn object(response: &Response<Bytes>) -> Result<&[u8], LoginError> {
    let text = text(response.body());
    if response.status().is_redirection() || !text.starts_with(b"{") {
        let kind = match cause(response.status()) {
            LoginErrorKind::InvalidAnswer => LoginErrorKind::ProviderUnavailable,
            cause => cause,
        };
        return Err(LoginError::new(kind).in_call(call(response)));
    }
    Ok(text)
}

pub(super) fn parse<T: DeserializeOwned>(text: &[u8]) -> Result<T, LoginError> {
    // serde_json's messages quote the input: they are dropped.
    serde_json::from_slice(text).map_err(|_| LoginError::new(LoginErrorKind::InvalidAnswer))
}

/// The cause when an error answer says no more than its status.
pub(super) fn cause(status: StatusCode) -> LoginErrorKind {
    match status {
        StatusCode::UNAUTHORIZED => LoginErrorKind::TokenRejected,
        StatusCode::TOO_MANY_REQUESTS => LoginErrorKind::RateLimited,
        // RFC 9110 section 15.5.9, RFC 8470 section 5.2: the same request may succeed later.
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY => {
            LoginErrorKind::ProviderBusy
        }
        status if status.is_server_error() => LoginErrorKind::ProviderUnavailable,
        _ => LoginErrorKind::InvalidAnswer,
    }
}
