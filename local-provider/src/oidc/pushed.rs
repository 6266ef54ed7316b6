//! Pushed authorization requests.

use http::StatusCode;
use serde_json::json;

use super::{authorization, client};
use crate::{
    state::{State, pushed::Pushed},
    tokens::{exchange, refusal::Refusal},
    web::{
        answer::{self, Answer},
        record::Recorded,
    },
};

/// `POST /oidc/par` (RFC 9126).
pub(crate) fn push(state: &mut State, request: &Recorded) -> Answer {
    match accept(state, request) {
        Ok(uri) => {
            let expires_in = Pushed::LIFETIME.as_secs();
            let body = json!({ "request_uri": uri, "expires_in": expires_in });
            answer::json(StatusCode::CREATED, &body)
        }
        Err(refusal) => refusal.answer(),
    }
}

/// Checks and keeps a request, and gives its `request_uri`. The client authenticates before the
/// request is read (RFC 9126 section 2.1).
fn accept(state: &mut State, request: &Recorded) -> Result<String, Refusal> {
    let params = exchange::form(request)?;
    client::authenticate(state, request, &params)?;
    if params.value("request_uri").is_some() {
        let description = "A request_uri cannot be pushed.";
        return Err(Refusal::new("invalid_request", description));
    }
    authorization::check(&params, &state.settings)
        .map_err(|(error, description)| Refusal::new(error, description))?;
    Ok(state.pushed.push(params))
}
