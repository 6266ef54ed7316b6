//! The meaning of a reply. A refusal has the status 200 too.

use http::StatusCode;
use serde_json::Value;
use tower_phone_auth::phone_step::{SendError, SendErrorKind};

use crate::reply::{BALANCE, CLOCK, CREDENTIALS, Reply, SENDER, TEMPLATE, TEXT, code};

/// Reads the reply of `send`, and that of `send-many/detail`, which lists refused messages.
pub(super) fn of(reply: &Reply) -> Result<(), SendError> {
    let json = &reply.json;
    if reply.status != StatusCode::OK {
        return Err(match json["errorCode"].as_str() {
            Some(code) => of_error(reply, code),
            None => reply.status_error(),
        });
    }
    let failed = &json["failedMessageList"];
    if let Some(failed) = failed.as_array().and_then(|failed| failed.first()) {
        return Err(refused(&code(&failed["statusCode"]).unwrap_or_default()));
    }
    let count = &json["groupInfo"]["count"];
    match code(&json["statusCode"]) {
        Some(code) if code == "2000" => Ok(()),
        Some(code) => Err(refused(&code)),
        None if failed.is_array() && is_registered(count) => Ok(()),
        None => Err(SendError::new(SendErrorKind::Unknown).code("unreadable")),
    }
}

/// Whether one message of the request was registered, and none failed.
fn is_registered(count: &Value) -> bool {
    count["registeredFailed"].as_u64() == Some(0) && count["total"].as_u64() >= Some(1)
}

/// A `statusCode` other than 2000.
fn refused(code: &str) -> SendError {
    use SendErrorKind::{Misconfigured, NumberRefused, Refused, Unknown};

    let (kind, remedy) = match code {
        "1011" | "1060" | "3032" | "3047" | "3104" | "3107" => (NumberRefused, None),
        "1030" => (Refused, Some(BALANCE)),
        "1028" | "1029" | "1031" => (Misconfigured, Some(TEXT)),
        "1042" | "1043" | "3103" => (Misconfigured, Some(TEMPLATE)),
        "1062" | "3059" => (Misconfigured, Some(SENDER)),
        _ if code.starts_with('1') || code.starts_with('3') => (Refused, None),
        // A code of the platform, of which it is not known what happened.
        _ => (Unknown, None),
    };
    let error = SendError::new(kind).code(code);
    match remedy {
        Some(remedy) => error.remedy(remedy),
        None => error,
    }
}

/// An `errorCode` with a status other than 200.
fn of_error(reply: &Reply, code: &str) -> SendError {
    let misconfigured = SendError::new(SendErrorKind::Misconfigured).code(code);
    match code {
        "InvalidAPIKey" | "SignatureDoesNotMatch" => misconfigured.remedy(CREDENTIALS),
        "RequestTimeTooSkewed" => misconfigured.remedy(CLOCK),
        // A proxy sent the request twice, so the first one may have been accepted.
        "DuplicatedSignature" => SendError::new(SendErrorKind::Unknown).code(code),
        "NotEnoughBalance" => SendError::new(SendErrorKind::Refused)
            .code(code)
            .remedy(BALANCE),
        _ => reply.error(code),
    }
}
