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

/// Why a code or a refresh token brings nothing in.
#[derive(Clone, Copy)]
pub(crate) enum Broken {
    Code,
    RedirectUri,
    Verifier,
    RefreshToken,
}

/// The members of the form that the body must be.
pub(crate) fn form(request: &Recorded) -> Result<Params, Refusal> {
    let header = request.headers.get(CONTENT_TYPE);
    let media_type = header.and_then(|value| value.to_str().ok()?.split(';').next());
    if media_type.is_some_and(|name| name.trim().eq_ignore_ascii_case(FORM)) {
        return Ok(Params::parse(&request.body));
    }
    Err(Refusal::new("invalid_request", "the body is not a form"))
}

/// The grant behind the `code`, which is used up whatever comes of it.
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

/// As [`redeem`], for a code that is bound to the application only.
pub(crate) fn spend(state: &mut State, dialect: Dialect, params: &Params) -> Result<Grant, Broken> {
    let code = params.value("code").unwrap_or_default();
    let grant = state.grants.take(dialect, Kind::Code, code);
    let grant = grant.filter(|grant| grant.client_id == state.settings.client_id);
    grant.ok_or(Broken::Code)
}

/// The grant behind the `refresh_token`, which stays good.
pub(crate) fn renew(state: &State, dialect: Dialect, params: &Params) -> Result<Grant, Broken> {
    let token = params.value("refresh_token").unwrap_or_default();
    let grant = state.grants.find(dialect, Kind::Refresh, token);
    grant.cloned().ok_or(Broken::RefreshToken)
}

const FORM: &str = "application/x-www-form-urlencoded";
