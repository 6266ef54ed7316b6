use http::StatusCode;
use serde_json::{Value, json};

use super::{Oidc, claims, client, issuer};
use crate::local_provider::{
    answer::{self, Answer},
    dialect::{Dialect, Speech as _},
    exchange::{self, Broken},
    grant::{Grant, Kind},
    id_token,
    record::Recorded,
    refusal::Refusal,
    state::State,
};

/// `POST /oidc/token`.
pub(super) fn exchange(state: &mut State, request: &Recorded) -> Answer {
    match tokens(state, request) {
        Ok(tokens) => answer::json(StatusCode::OK, &tokens),
        Err(refusal) => refusal.answer(),
    }
}

fn tokens(state: &mut State, request: &Recorded) -> Result<Value, Refusal> {
    let params = exchange::form(request)?;
    client::authenticate(state, request, &params)?;
    match params.value("grant_type") {
        Some("authorization_code") => {
            let grant = exchange::redeem(state, Dialect::Oidc, &params).map_err(refusal)?;
            let earned = grant.papers.refresh_token;
            let refresh = earned.then(|| state.grants.issue(Kind::Refresh, grant.clone()));
            Ok(issue(state, &grant, refresh))
        }
        Some("refresh_token") => {
            let grant = exchange::renew(state, Dialect::Oidc, &params)
                .ok_or_else(|| Refusal::grant("The refresh token is unknown."))?;
            // A nonce belongs to one authentication (Core section 12.2).
            let grant = Grant {
                nonce: None,
                ..grant
            };
            Ok(issue(state, &grant, None))
        }
        _ => Err(Refusal::new("unsupported_grant_type", "unknown grant_type")),
    }
}

fn refusal(broken: Broken) -> Refusal {
    Refusal::grant(match broken {
        Broken::Code => "The code is unknown, used or expired.",
        Broken::RedirectUri => "The redirect_uri is not that of the authorize request.",
        Broken::Verifier => "The code_verifier does not match the code_challenge.",
    })
}

fn issue(state: &mut State, grant: &Grant, refresh: Option<String>) -> Value {
    let access = state.grants.issue(Kind::Access, grant.clone());
    let mut tokens = json!({
        "token_type": "Bearer",
        "expires_in": Oidc.lifetime(Kind::Access).as_secs(),
        "scope": grant.scope.join(" "),
        "access_token": access,
    });
    if let Some(refresh) = refresh {
        tokens["refresh_token"] = refresh.into();
    }
    if let Some(id_token) = id_token(state, grant, &access) {
        tokens["id_token"] = id_token.into();
    }
    tokens
}

fn id_token(state: &mut State, grant: &Grant, access: &str) -> Option<String> {
    let person = state.person(grant.person).cloned()?;
    let oidc = &state.settings.oidc;
    let issuer = issuer(&state.origin);
    let subject = claims::subject(&person);
    let mut claims = id_token::claims(&issuer, &subject, grant, Oidc.lifetime(Kind::Access));
    claims["auth_time"] = claims["iat"].clone();
    claims["at_hash"] = oidc.algorithm.half_hash(access).into();
    claims::add_to_id_token(&mut claims, oidc, grant, &person);
    let secret = state.settings.client_secret.as_deref();
    state.signer.id_token(&oidc.publication(), secret, claims)
}
