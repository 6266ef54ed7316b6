use http::StatusCode;
use serde_json::json;

use crate::{
    answer::{self, Answer},
    dialect::Dialect,
    record::Recorded,
    refusal::Refusal,
    state::State,
};

/// `POST /revoke`, which needs no client: ends the consent and all tokens with it.
pub(crate) fn revoke(state: &mut State, request: &Recorded) -> Answer {
    let params = request.all_params();
    let token = params.value("token").unwrap_or_default();
    if state.revoke(Dialect::Google, token) {
        answer::json(StatusCode::OK, &json!({}))
    } else {
        Refusal::new("invalid_token", "Token expired or revoked").answer()
    }
}
