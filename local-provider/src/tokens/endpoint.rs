//! The token endpoint that Google's dialect and OpenID Connect share.

use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    state::{
        State,
        grants::{Grant, Kind, TokenRules},
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

/// A token endpoint as OpenID Connect Core section 3.1.3 describes it.
pub(crate) trait TokenEndpoint: TokenRules {
    /// Proves that a request comes from the application.
    fn authenticate(
        &self,
        state: &mut State,
        request: &Recorded,
        params: &Params,
    ) -> Result<(), Refusal>;

    /// The error for a code or refresh token that is not accepted, in the words of the dialect.
    fn refuse(&self, broken: Broken, params: &Params) -> Refusal;

    /// The ID token for a grant. `access` is the access token beside it, for `at_hash`.
    fn id_token(&self, state: &mut State, grant: &Grant, access: &str) -> Option<String>;
}

/// Answers a request to the endpoint.
pub(crate) fn exchange(
    endpoint: &dyn TokenEndpoint,
    state: &mut State,
    request: &Recorded,
) -> Answer {
    match tokens(endpoint, state, request) {
        Ok(tokens) => answer::json(StatusCode::OK, &tokens),
        Err(refusal) => refusal.answer(),
    }
}

/// The tokens of a request, by its `grant_type`. The client is authenticated first, so another
/// client cannot use up a code.
fn tokens(
    endpoint: &dyn TokenEndpoint,
    state: &mut State,
    request: &Recorded,
) -> Result<Value, Refusal> {
    let params = exchange::form(request)?;
    endpoint.authenticate(state, request, &params)?;
    let refuse = |broken| endpoint.refuse(broken, &params);
    match params.value("grant_type") {
        Some("authorization_code") => {
            let grant = exchange::redeem(state, endpoint.dialect(), &params).map_err(refuse)?;
            let mut tokens = issue(endpoint, state, &grant);
            if grant.token_set.refresh_token {
                tokens["refresh_token"] = state.grants.issue(endpoint, Kind::Refresh, grant).into();
            }
            Ok(tokens)
        }
        Some("refresh_token") => {
            let mut grant = exchange::renew(state, endpoint.dialect(), &params).map_err(refuse)?;
            // A nonce belongs to one authentication (Core section 12.2).
            grant.nonce = None;
            Ok(issue(endpoint, state, &grant))
        }
        _ => {
            let description = "The grant_type is missing or unknown.";
            Err(Refusal::new("unsupported_grant_type", description))
        }
    }
}

/// A new access token, with an ID token if the grant has one.
fn issue(endpoint: &dyn TokenEndpoint, state: &mut State, grant: &Grant) -> Value {
    let access = state.grants.issue(endpoint, Kind::Access, grant.clone());
    let mut tokens = json!({
        "token_type": "Bearer",
        "expires_in": endpoint.lifetime(Kind::Access).as_secs(),
        "scope": grant.scope.join(" "),
    });
    if grant.token_set.id_token
        && let Some(id_token) = endpoint.id_token(state, grant, &access)
    {
        tokens["id_token"] = id_token.into();
    }
    tokens["access_token"] = access.into();
    tokens
}
