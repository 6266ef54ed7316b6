//! Kakao's token endpoint.

use http::StatusCode;
use serde_json::{Value, json};

use super::{Kakao, oidc};
use crate::{
    dialect::Dialect,
    settings::Settings,
    state::{
        State,
        grants::{Grant, Kind, TokenRules as _},
    },
    tokens::{
        exchange::{self, Broken},
        refusal::Refusal,
    },
    web::{
        answer::{self, Answer},
        params::Params,
        record::Recorded,
    },
};

/// `POST /oauth/token`.
pub(crate) fn exchange(state: &mut State, request: &Recorded) -> Answer {
    match tokens(state, request) {
        Ok(tokens) => answer::json(StatusCode::OK, &tokens),
        Err(refusal) => refusal.answer(),
    }
}

/// The tokens of a request, by its `grant_type`. The client is checked before the code, so a wrong
/// secret does not use up the code.
fn tokens(state: &mut State, request: &Recorded) -> Result<Value, Refusal> {
    let params = exchange::form(request)?;
    authenticate(&params, &state.settings)?;
    match params.value("grant_type") {
        Some("authorization_code") => {
            let grant = exchange::redeem(state, Dialect::Kakao, &params)
                .map_err(|broken| refuse(broken, &params))?;
            let refresh = state.grants.issue(&Kakao, Kind::Refresh, grant.clone());
            Ok(issue(state, grant, Some(refresh)))
        }
        Some("refresh_token") => {
            let grant = renew(state, &params)?;
            Ok(issue(state, grant, None))
        }
        _ => Err(Refusal::new("unsupported_grant_type", "unknown grant_type")),
    }
}

/// Checks the client. Any `Authorization` header is ignored, because Kakao knows
/// `client_secret_post` only.
fn authenticate(params: &Params, settings: &Settings) -> Result<(), Refusal> {
    if !settings.knows(params) {
        return Err(Refusal::client("Not exist client_id").code("KOE101"));
    }
    if params.member("client_secret") != settings.client_secret.as_deref() {
        return Err(Refusal::client("Bad client credentials").code("KOE010"));
    }
    Ok(())
}

/// The grant of a refresh token, which stays valid.
fn renew(state: &State, params: &Params) -> Result<Grant, Refusal> {
    if params.value("refresh_token").is_none() {
        return Err(Refusal::grant("refresh_token is missing").code("KOE319"));
    }
    exchange::renew(state, Dialect::Kakao, params).map_err(|broken| refuse(broken, params))
}

/// The error of a broken grant. Kakao does not document a code for every case, and none is made up
/// here.
fn refuse(broken: Broken, params: &Params) -> Refusal {
    match broken {
        Broken::Code => {
            // Kakao repeats the code in its description, so a client must not log descriptions as
            // they are.
            let code = params.value("code").unwrap_or_default();
            let description = format!("authorization code not found for code={code}");
            Refusal::grant(description).code("KOE320")
        }
        Broken::RedirectUri => Refusal::grant("Redirect URI mismatch.").code("KOE303"),
        Broken::Verifier => Refusal::grant("code_verifier does not match"),
        Broken::RefreshToken => Refusal::grant("expired_or_invalid_refresh_token").code("KOE322"),
    }
}

/// A new access token and, for the exchange of a code, the refresh token.
fn issue(state: &mut State, grant: Grant, refresh: Option<String>) -> Value {
    let mut tokens = json!({
        "token_type": "bearer",
        "expires_in": Kakao.lifetime(Kind::Access).as_secs(),
        "scope": grant.scope.join(" "),
    });
    if let Some(id_token) = oidc::id_token(state, &grant) {
        tokens["id_token"] = id_token.into();
    }
    if let Some(refresh) = refresh {
        tokens["refresh_token"] = refresh.into();
        tokens["refresh_token_expires_in"] = Kakao.lifetime(Kind::Refresh).as_secs().into();
    }
    tokens["access_token"] = state.grants.issue(&Kakao, Kind::Access, grant).into();
    tokens
}
