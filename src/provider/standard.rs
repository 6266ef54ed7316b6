//! Errors of the token endpoint and its kin by their standard names (RFC 6749 section 5.2).

use http::StatusCode;

use super::{answer, token::TokenError};
use crate::error::{LoginError, LoginErrorKind};

/// What a refusal means at a provider without codes of its own.
pub(super) fn token(error: &TokenError) -> LoginError {
    refused(error.name(), error.status)
}

/// The same, by name and status. The user took no part in the request: what is wrong with it is the application's, and
/// the log says which error it was.
pub(super) fn refused(name: &str, status: StatusCode) -> LoginError {
    let name = if name.is_empty() {
        status.as_str()
    } else {
        name
    };
    named(cause(name, status), name)
}

/// A misconfiguration with the provider's own name for it.
pub(super) fn named(kind: LoginErrorKind, name: &str) -> LoginError {
    match shown(name) {
        Some(name) if kind == LoginErrorKind::Misconfigured => LoginError::with_code(kind, name),
        _ => LoginError::new(kind),
    }
}

pub(super) fn cause(name: &str, status: StatusCode) -> LoginErrorKind {
    match name {
        "invalid_grant" => LoginErrorKind::CodeRejected,
        "invalid_client" | "unauthorized_client" | "unsupported_grant_type" | "misconfigured" => {
            LoginErrorKind::Misconfigured
        }
        "server_error" | "temporarily_unavailable" => LoginErrorKind::ProviderBusy,
        _ => of_request(status),
    }
}

/// The cause when an error has no name that is known: of every 4xx, the request is.
pub(super) fn of_request(status: StatusCode) -> LoginErrorKind {
    match answer::cause(status) {
        LoginErrorKind::InvalidAnswer | LoginErrorKind::TokenRejected => {
            LoginErrorKind::Misconfigured
        }
        cause => cause,
    }
}

/// A name as the log shows it: the characters that names have, and not many of them.
fn shown(name: &str) -> Option<String> {
    const LONGEST: usize = 64;

    let is_shown = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let shown: String = name.chars().filter(is_shown).take(LONGEST).collect();
    (!shown.is_empty()).then_some(shown)
}
