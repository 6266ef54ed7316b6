use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    answer::{self, Answer},
    dialect::Dialect,
    exchange::{self, Broken},
    grant::{Grant, Kind},
    params::Params,
    record::Recorded,
    refusal::Refusal,
    state::State,
};

/// A token endpoint as OpenID Connect Core section 3.1.3 describes it.
pub(crate) trait TokenEndpoint {
    const DIALECT: Dialect;

    /// Proves that a request comes from the app.
    fn authenticate(state: &mut State, request: &Recorded, params: &Params) -> Result<(), Refusal>;

    fn refuse(broken: Broken, params: &Params) -> Refusal;

    /// The ID token beside this access token.
    fn id_token(state: &mut State, grant: &Grant, access: &str) -> Option<String>;

    /// Answers a request.
    fn exchange(state: &mut State, request: &Recorded) -> Answer {
        match tokens::<Self>(state, request) {
            Ok(tokens) => answer::json(StatusCode::OK, &tokens),
            Err(refusal) => refusal.answer(),
        }
    }
}

fn tokens<T: TokenEndpoint + ?Sized>(
    state: &mut State,
    request: &Recorded,
) -> Result<Value, Refusal> {
    let params = exchange::form(request)?;
    T::authenticate(state, request, &params)?;
    let refuse = |broken| T::refuse(broken, &params);
    match params.value("grant_type") {
        Some("authorization_code") => {
            let grant = exchange::redeem(state, T::DIALECT, &params).map_err(refuse)?;
            let mut tokens = issue::<T>(state, &grant);
            if grant.papers.refresh_token {
                tokens["refresh_token"] = state.grants.issue(Kind::Refresh, grant).into();
            }
            Ok(tokens)
        }
        Some("refresh_token") => {
            let mut grant = exchange::renew(state, T::DIALECT, &params).map_err(refuse)?;
            // A nonce belongs to one authentication (Core section 12.2).
            grant.nonce = None;
            Ok(issue::<T>(state, &grant))
        }
        _ => {
            let description = "The grant_type is missing or unknown.";
            Err(Refusal::new("unsupported_grant_type", description))
        }
    }
}

fn issue<T: TokenEndpoint + ?Sized>(state: &mut State, grant: &Grant) -> Value {
    let access = state.grants.issue(Kind::Access, grant.clone());
    let mut tokens = json!({
        "token_type": "Bearer",
        "expires_in": T::DIALECT.speech().lifetime(Kind::Access).as_secs(),
        "scope": grant.scope.join(" "),
    });
    if grant.papers.id_token
        && let Some(id_token) = T::id_token(state, grant, &access)
    {
        tokens["id_token"] = id_token.into();
    }
    tokens["access_token"] = access.into();
    tokens
}
