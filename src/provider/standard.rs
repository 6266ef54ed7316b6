//! The token endpoint's errors by their standard names (RFC 6749 section 5.2).

use http::StatusCode;

use super::{answer, token::TokenError};
use crate::error::{LoginError, LoginErrorKind};

/// What a refusal means at a provider without codes of its own.
pub(super) fn token(error: &TokenError) -> LoginError {
    LoginError::new(cause(error.name(), error.status))
}

/// A name that is not from the standard is a gateway's, and the status decides.
pub(super) fn cause(name: &str, status: StatusCode) -> LoginErrorKind {
    match name {
        "invalid_grant" => LoginErrorKind::CodeRejected,
        "invalid_client" | "unauthorized_client" | "unsupported_grant_type" | "misconfigured" => {
            LoginErrorKind::Misconfigured
        }
        "server_error" | "temporarily_unavailable" => LoginErrorKind::ProviderBusy,
        _ => match answer::cause(status) {
            LoginErrorKind::InvalidAnswer => LoginErrorKind::ProviderRefused,
            LoginErrorKind::TokenRejected => LoginErrorKind::Misconfigured,
            cause => cause,
        },
    }
}
