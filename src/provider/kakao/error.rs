//! Kakao's error codes and their causes. The authorization server sends `KOEnnn`, the API sends
//! negative numbers (<https://developers.kakao.com/docs/latest/en/rest-api/error-code>).

use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    error::{LoginErrorKind, ProviderError},
    provider::{json, oauth_error, token::TokenError},
};

/// The error for a refusal of the token endpoint. Kakao's own code decides, because several causes
/// share one registered name. KOE320 is a code that is unknown, used or expired.
pub(super) fn token(error: &TokenError) -> ProviderError {
    let code = Some(error.code()).filter(|code| is_koe(code));
    let kind = match code {
        Some("KOE320") => LoginErrorKind::CodeRejected,
        Some("KOE237") => LoginErrorKind::RateLimited,
        Some("KOE003") => LoginErrorKind::ProviderBusy,
        // Key, secret, redirect URI or platform is wrong. The operator sets all of them in the
        // console.
        Some(
            "KOE004" | "KOE005" | "KOE006" | "KOE008" | "KOE009" | "KOE010" | "KOE101" | "KOE125"
            | "KOE303" | "KOE310",
        ) => LoginErrorKind::Misconfigured,
        _ => oauth_error::cause(error.name(), error.status),
    };
    match code {
        Some(code) => ProviderError::with_code(kind, code.to_owned()),
        None => oauth_error::named(kind, error.name()),
    }
}

/// Whether a text has the form of Kakao's codes. No other text of the provider is shown or logged.
fn is_koe(code: &str) -> bool {
    let digits = code.strip_prefix("KOE");
    digits.is_some_and(|rest| rest.len() == 3 && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The error for a refusal of the API. Kakao's code decides, because the status misleads: an
/// exhausted quota is 400. Without a code, the status decides. Consent to the phone number is asked
/// for again only if the application asks for the number.
pub(super) fn profile(status: StatusCode, text: &[u8], asks_for_phone: bool) -> ProviderError {
    let Ok(error) = json::parse::<ApiError>(text) else {
        return ProviderError::new(json::cause(status));
    };
    let kind = match error.code {
        // Temporary: an internal error, an internal timeout, or maintenance.
        -1 | -7 | -603 | -9798 => LoginErrorKind::ProviderBusy,
        // The free and the paid quota.
        -10 | -11 => LoginErrorKind::RateLimited,
        // A wrong request, a feature that is off, a missing permission, or a sanctioned app.
        -2 | -3 | -5 | -6 | -8 | -9 | -12 | -201 => LoginErrorKind::Misconfigured,
        // The account is blocked, dormant, or that of a user under 14 in an app that refuses them.
        // The last one is a 401 that is not about the token.
        -4 | -103 | -406 => LoginErrorKind::AccountRefused,
        // Not linked, or linked already.
        -101 | -102 => LoginErrorKind::ProviderRefused,
        -401 => LoginErrorKind::TokenRejected,
        // Consent is missing. Only the phone number's consent can be asked for again.
        -402 if asks_for_phone && error.lacks(super::PHONE) => LoginErrorKind::PhoneNotShared,
        -402 => LoginErrorKind::Misconfigured,
        _ => json::cause(status),
    };
    ProviderError::with_code(kind, error.code.to_string())
}

/// The body of a refusal of the API.
#[derive(Deserialize)]
struct ApiError {
    code: i64,
    #[serde(default)]
    required_scopes: Value,
}

impl ApiError {
    /// Whether consent for `scope` is missing.
    fn lacks(&self, scope: &str) -> bool {
        let required = self.required_scopes.as_array();
        required.is_some_and(|required| required.iter().any(|item| item == scope))
    }
}
