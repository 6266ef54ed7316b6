//! Errors of the token endpoint and related endpoints by their registered names (RFC 6749 section
//! 5.2).

use http::StatusCode;

use super::json;
use crate::error::{LoginErrorKind, ProviderError};

/// The error for an error response by its name and status. This server makes these requests, not
/// the browser, so a wrong request is a mistake of the configuration. The error carries the name
/// that the provider gave.
pub(super) fn refused(name: &str, status: StatusCode) -> ProviderError {
    let name = if name.is_empty() {
        status.as_str()
    } else {
        name
    };
    named(cause(name, status), name)
}

/// An error of this kind. A misconfiguration carries the provider's name for it. A registered name
/// stays as it is; another one is reduced to safe characters and marked as the provider's.
pub(super) fn named(kind: LoginErrorKind, name: &str) -> ProviderError {
    if kind != LoginErrorKind::Misconfigured {
        return ProviderError::new(kind);
    }
    if let Some(known) = REGISTERED.into_iter().find(|known| *known == name) {
        return ProviderError::with_code(kind, known);
    }
    match cleaned(name) {
        // A status in place of a name, from `refused`.
        Some(name) if name.len() == 3 && name.bytes().all(|byte| byte.is_ascii_digit()) => {
            ProviderError::with_code(kind, name)
        }
        Some(name) => ProviderError::with_foreign_name(kind, name),
        None => ProviderError::new(kind),
    }
}

/// Error names of these endpoints in the registry of OAuth extensions errors (RFC 6749 section
/// 11.4).
const REGISTERED: [&str; 15] = [
    "access_denied",
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "invalid_scope",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
    "unsupported_token_type",
    "invalid_request_object",
    "invalid_request_uri",
    "invalid_target",
    "invalid_dpop_proof",
    "use_dpop_nonce",
    "invalid_authorization_details",
];

/// The kind of error by the provider's error name, or by the status if the name is unknown.
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

/// The kind of error for a response without a known error name. A 4xx means that the request of
/// this server is wrong, and so its configuration.
pub(super) fn of_request(status: StatusCode) -> LoginErrorKind {
    match json::cause(status) {
        LoginErrorKind::InvalidAnswer | LoginErrorKind::TokenRejected => {
            LoginErrorKind::Misconfigured
        }
        cause => cause,
    }
}

/// An error name reduced to characters that are safe in a log, at most 64 of them. `None` if none
/// is left.
pub(super) fn cleaned(name: &str) -> Option<String> {
    const LONGEST: usize = 64;

    let is_shown = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let shown: String = name.chars().filter(is_shown).take(LONGEST).collect();
    (!shown.is_empty()).then_some(shown)
}
