//! Naver's profile.

use http::StatusCode;
use serde_json::{Value, json};

use super::subject;
use crate::settings::naver::{NaverErrors, NaverSettings};
use crate::{
    dialect::Dialect,
    number,
    state::State,
    tokens::bearer::{Bearer, NoBearer},
    web::{
        answer::{self, Answer},
        record::Recorded,
    },
};

/// `GET` or `POST /v1/nid/me`.
pub(crate) fn me(state: &mut State, request: &Recorded) -> Answer {
    match Bearer::of(state, Dialect::Naver, &request.headers) {
        Ok(bearer) => success(&profile(&bearer, &state.settings.naver)),
        Err(cause) => no_bearer(cause, state.settings.naver.errors),
    }
}

/// A result in Naver's envelope.
pub(crate) fn success(response: &Value) -> Answer {
    let body = json!({ "resultcode": "00", "message": "success", "response": response });
    answer::json(StatusCode::OK, &body)
}

/// The error for a token that is missing or not accepted, in the form that the settings name.
pub(crate) fn no_bearer(cause: NoBearer, errors: NaverErrors) -> Answer {
    let (code, message) = match cause {
        NoBearer::Missing => (
            "028",
            "Authentication header not exists (인증 헤더가 없습니다)",
        ),
        _ => ("024", "Authentication failed (인증에 실패했습니다)"),
    };
    let body = match errors {
        NaverErrors::ResultCode | NaverErrors::Ok => {
            json!({ "resultcode": code, "message": message })
        }
        NaverErrors::Gateway => json!({ "errorMessage": message, "errorCode": code }),
    };
    let status = match errors {
        NaverErrors::Ok => StatusCode::OK,
        _ => StatusCode::UNAUTHORIZED,
    };
    answer::json(status, &body)
}

/// The profile. Every member except the id can be missing.
fn profile(bearer: &Bearer, naver: &NaverSettings) -> Value {
    let Bearer { person, grant, .. } = bearer;
    let mut profile = json!({ "id": subject(&grant.client_id, person.id) });
    let mut tell = |member: &str, item: &str, value: Option<String>| {
        if let Some(value) = value.filter(|_| grant.covers(item)) {
            profile[member] = value.into();
        }
    };
    tell("nickname", "nickname", Some(person.nickname.clone()));
    tell("name", "name", person.name.clone());
    let email = person.email.as_ref().map(|email| email.address.clone());
    tell("email", "email", email);
    let phone = person.shared_phone();
    tell("mobile", "mobile", phone.map(number::korean));
    if naver.mobile_e164 {
        tell("mobile_e164", "mobile", phone.and_then(number::e164));
    }
    profile
}
