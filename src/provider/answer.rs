//! Reading a provider's answer without believing it.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde::de::DeserializeOwned;

use super::said::{self, Said};
use crate::{
    error::{FailedCall, LoginError, LoginErrorKind, sources},
    http_client::{CallName, HttpError, HttpErrorKind, Place},
};

impl From<HttpError> for LoginError {
    fn from(error: HttpError) -> Self {
        let place = error.place();
        let call = FailedCall {
            call: place.and_then(|place| place.call).map(CallName::as_str),
            host: place.and_then(|place| place.host.clone()),
            path: place.and_then(|place| place.path.clone()),
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
    let place = response.extensions().get::<Place>();
    let Said { error, description } = said::by(response);
    FailedCall {
        call: place.and_then(|place| place.call).map(CallName::as_str),
        host: place.and_then(|place| place.host.clone()),
        path: place.and_then(|place| place.path.clone()),
        status: Some(response.status().as_u16()),
        error,
        description,
        ..FailedCall::default()
    }
}

/// The body, if it looks like a JSON object, whatever its content type says. A redirect is not
/// followed, and a maintenance page is no answer.
pub(super) fn object(response: &Response<Bytes>) -> Result<&[u8], LoginError> {
    let text = response.body().trim_ascii_start();
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
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
