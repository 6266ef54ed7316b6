//! Google's revocation of tokens.

use http::StatusCode;
use serde_json::json;

use crate::{
    dialect::Dialect,
    state::State,
    tokens::refusal::Refusal,
    web::{
        answer::{self, Answer},
        record::Recorded,
    },
};

/// `POST /revoke`: ends the consent, and all tokens with it. No client authentication is needed.
pub(crate) fn revoke(state: &mut State, request: &Recorded) -> Answer {
    let params = request.all_params();
    let token = params.value("token").unwrap_or_default();
    if state.revoke(Dialect::Google, token) {
        answer::json(StatusCode::OK, &json!({}))
    } else {
        Refusal::new("invalid_token", "Token expired or revoked").answer()
    }
}
