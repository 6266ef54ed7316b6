//! Google's userinfo endpoint, which never has a phone number.

use http::{HeaderValue, StatusCode, header::WWW_AUTHENTICATE};
use serde_json::json;

use super::claims;
use crate::{
    dialect::Dialect,
    state::State,
    tokens::bearer::Bearer,
    web::{
        answer::{self, Answer},
        record::Recorded,
    },
};

/// `GET` or `POST /v1/userinfo`.
pub(crate) fn userinfo(state: &mut State, request: &Recorded) -> Answer {
    let Ok(bearer) = Bearer::of(state, Dialect::Google, &request.headers) else {
        let description = "Invalid Credentials";
        let error = json!({ "error": "invalid_request", "error_description": description });
        let answer = answer::json(StatusCode::UNAUTHORIZED, &error);
        let challenge = HeaderValue::from_static(BAD_TOKEN);
        return answer::with_header(answer, WWW_AUTHENTICATE, challenge);
    };
    let mut claims = json!({ "sub": claims::subject(&bearer.person) });
    claims::describe(&mut claims, &bearer.grant, &bearer.person);
    answer::json(StatusCode::OK, &claims)
}

/// The challenge to a token that is not accepted.
pub(crate) const BAD_TOKEN: &str =
    "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"";
