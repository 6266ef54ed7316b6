//! Naver's revocation of tokens.

use bytes::Bytes;
use http::StatusCode;

use super::token;
use crate::{
    dialect::Dialect,
    state::State,
    tokens::refusal::Refusal,
    web::{
        answer::{self, Answer},
        record::Recorded,
    },
};

/// `POST /oauth2.0/revoke`: unlinks the person, so that the next sign-in asks for consent again.
pub(crate) fn revoke(state: &mut State, request: &Recorded) -> Answer {
    let params = request.all_params();
    if let Err(refusal) = token::authenticate(&state.settings, &params) {
        return refusal.answer();
    }
    let Some(token) = params.value("token") else {
        return Refusal::new("invalid_request", "token is missing").answer();
    };
    state.revoke(Dialect::Naver, token);
    answer::with_type(StatusCode::OK, answer::JSON, Bytes::new())
}
