//! Reading a provider's answer without believing it.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde::de::DeserializeOwned;

use crate::{
    error::{LoginError, LoginErrorKind},
    http_client::HttpError,
};

impl From<HttpError> for LoginError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::TimedOut => Self::new(LoginErrorKind::ProviderTimeout),
            HttpError::Unreachable => Self::new(LoginErrorKind::ProviderUnavailable),
            HttpError::TooLarge => Self::with_code(LoginErrorKind::InvalidAnswer, "too_large"),
            HttpError::Encoded(coding) => {
                let code = format!("content_encoding_{coding}");
                Self::with_code(LoginErrorKind::InvalidAnswer, code)
            }
            HttpError::Busy(rest) => Self::busy(rest),
            HttpError::ForbiddenAddress => {
                Self::with_code(LoginErrorKind::Misconfigured, "address")
            }
        }
    }
}

/// The body, if it looks like a JSON object, whatever its content type says. A redirect is not
/// followed, and a maintenance page is no answer.
pub(super) fn object(response: &Response<Bytes>) -> Result<&[u8], LoginError> {
    let text = response.body().trim_ascii_start();
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    if response.status().is_redirection() || !text.starts_with(b"{") {
        return Err(LoginError::new(match cause(response.status()) {
            LoginErrorKind::InvalidAnswer => LoginErrorKind::ProviderUnavailable,
            cause => cause,
        }));
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
