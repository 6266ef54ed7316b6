//! The exchange of codes and refresh tokens for grants.

use http::header::CONTENT_TYPE;

use crate::{
    dialect::Dialect,
    state::{
        State,
        grants::{Grant, Kind},
    },
    tokens::refusal::Refusal,
    web::{params::Params, record::Recorded},
};

/// The reason why a code or a refresh token is not accepted.
#[derive(Clone, Copy)]
pub(crate) enum Broken {
    Code,
    /// The redirect URI is not the one of the authorization request (RFC 6749 section 4.1.3).
    RedirectUri,
    /// The code verifier does not match the challenge (RFC 7636 section 4.6).
    Verifier,
    RefreshToken,
}

/// The parameters of the body, which must be a form by its `Content-Type`.
pub(crate) fn form(request: &Recorded) -> Result<Params, Refusal> {
    let header = request.headers.get(CONTENT_TYPE);
    let media_type = header.and_then(|value| value.to_str().ok()?.split(';').next());
    if media_type.is_some_and(|name| name.trim().eq_ignore_ascii_case(FORM)) {
        return Ok(Params::parse(&request.body));
    }
    Err(Refusal::new("invalid_request", "the body is not a form"))
}

/// The grant of the `code`. The code is used up in any case, also by a request with another
/// mistake.
pub(crate) fn redeem(
    state: &mut State,
    dialect: Dialect,
    params: &Params,
) -> Result<Grant, Broken> {
    let grant = spend(state, dialect, params)?;
    if params.value("redirect_uri") != Some(grant.redirect_uri.as_str()) {
        return Err(Broken::RedirectUri);
    }
    let verifier = params.value("code_verifier");
    match &grant.challenge {
        Some(challenge) if !challenge.is_met_by(verifier) => Err(Broken::Verifier),
        _ => Ok(grant),
    }
}

/// Like [`redeem`], for a code that is bound to the application only.
pub(crate) fn spend(state: &mut State, dialect: Dialect, params: &Params) -> Result<Grant, Broken> {
    let code = params.value("code").unwrap_or_default();
    let grant = state.grants.take(dialect, Kind::Code, code);
    let grant = grant.filter(|grant| grant.client_id == state.settings.client_id);
    grant.ok_or(Broken::Code)
}

/// The grant of the `refresh_token`, which stays valid.
pub(crate) fn renew(state: &State, dialect: Dialect, params: &Params) -> Result<Grant, Broken> {
    let token = params.value("refresh_token").unwrap_or_default();
    let grant = state.grants.find(dialect, Kind::Refresh, token);
    grant.cloned().ok_or(Broken::RefreshToken)
}

const FORM: &str = "application/x-www-form-urlencoded";
