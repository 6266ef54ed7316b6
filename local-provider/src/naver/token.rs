//! Naver's token endpoint.

use http::StatusCode;
use serde_json::{Value, json};

use super::Naver;
use crate::{
    dialect::Dialect,
    settings::Settings,
    state::{
        State,
        grants::{Grant, Kind, TokenRules as _},
    },
    tokens::{exchange, refusal::Refusal},
    web::{
        answer::{self, Answer},
        params::Params,
        record::Recorded,
    },
};

/// `GET` or `POST /oauth2.0/token`, with the members in the query or in the body.
pub(crate) fn exchange(state: &mut State, request: &Recorded) -> Answer {
    match tokens(state, &request.all_params()) {
        Ok(tokens) => answer::json(StatusCode::OK, &tokens),
        Err(refusal) => refusal.answer(),
    }
}

/// The tokens of a request, by its `grant_type`. `delete` revokes the consent behind a token.
fn tokens(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    let status = state.settings.naver.wrong_client_status;
    authenticate(&state.settings, params).map_err(|refusal| refusal.status(status))?;
    match params.value("grant_type") {
        Some("authorization_code") => {
            let grant = redeem(state, params)?;
            let refresh = state.grants.issue(&Naver, Kind::Refresh, grant.clone());
            let mut tokens = issue(state, grant);
            tokens["refresh_token"] = refresh.into();
            Ok(tokens)
        }
        Some("refresh_token") => {
            let grant = exchange::renew(state, Dialect::Naver, params);
            let grant = grant.map_err(|_| wrong("invalid refresh_token"))?;
            Ok(issue(state, grant))
        }
        Some("delete") => {
            let token = required(params, "access_token")?;
            state.revoke(Dialect::Naver, token);
            Ok(json!({ "access_token": token, "result": "success" }))
        }
        _ => Err(wrong("grant_type is missing or wrong")),
    }
}

/// Checks `client_id` and `client_secret`. Any `Authorization` header is ignored, because Naver
/// knows no other method.
pub(crate) fn authenticate(settings: &Settings, params: &Params) -> Result<(), Refusal> {
    let secret = params.member("client_secret");
    if settings.knows(params) && secret == settings.client_secret.as_deref() {
        return Ok(());
    }
    let refusal = Refusal::new("unauthorized_client", "Client authentication failed.");
    Err(refusal.status(StatusCode::UNAUTHORIZED))
}

/// The grant of the code. The redirect URI is ignored, so only the `state` binds the code to its
/// authorization request, if the settings say so.
fn redeem(state: &mut State, params: &Params) -> Result<Grant, Refusal> {
    required(params, "code")?;
    let checks_state = state.settings.naver.checks_state;
    if checks_state {
        required(params, "state")?;
    }
    let grant = exchange::spend(state, Dialect::Naver, params)
        .map_err(|_| wrong("no valid data in session"))?;
    if checks_state && params.value("state") != grant.state.as_deref() {
        return Err(wrong("state is wrong"));
    }
    Ok(grant)
}

/// A new access token. `expires_in` is a text, as Naver writes it.
fn issue(state: &mut State, grant: Grant) -> Value {
    json!({
        "access_token": state.grants.issue(&Naver, Kind::Access, grant),
        "token_type": "bearer",
        "expires_in": Naver.lifetime(Kind::Access).as_secs().to_string(),
    })
}

/// A parameter that must be there.
fn required<'a>(params: &'a Params, name: &str) -> Result<&'a str, Refusal> {
    let value = params.value(name);
    value.ok_or_else(|| wrong(&format!("{name} is missing")))
}

/// An error of the request, which Naver answers with 200.
fn wrong(description: &str) -> Refusal {
    Refusal::new("invalid_request", description).status(StatusCode::OK)
}
