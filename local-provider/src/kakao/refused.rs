//! The errors of Kakao's API.

use http::{HeaderValue, StatusCode, header::WWW_AUTHENTICATE};
use serde_json::json;

use crate::{
    tokens::bearer::NoBearer,
    web::answer::{self, Answer},
};

/// An error in the form that the profile and account endpoints share.
pub(crate) fn refusal(status: StatusCode, message: &str, code: i64) -> Answer {
    answer::json(status, &json!({ "msg": message, "code": code }))
}

/// The error for a request without a valid access token.
pub(crate) fn no_bearer(cause: NoBearer) -> Answer {
    match cause {
        NoBearer::Malformed => {
            let message = "malformed Authorization header";
            refusal(StatusCode::UNAUTHORIZED, message, -2)
        }
        NoBearer::Missing | NoBearer::Unknown => {
            let message = "this access token does not exist";
            let answer = refusal(StatusCode::UNAUTHORIZED, message, -401);
            // Kakao leaves the value unquoted, against RFC 6750 section 3.
            let challenge = HeaderValue::from_static("Bearer error=invalid_token");
            answer::with_header(answer, WWW_AUTHENTICATE, challenge)
        }
        NoBearer::Unlinked => {
            let message = "the account is not linked to the app";
            refusal(StatusCode::BAD_REQUEST, message, -101)
        }
    }
}
