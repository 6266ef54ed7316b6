//! The userinfo endpoint of the OpenID dialect.

use http::{HeaderValue, StatusCode, header::WWW_AUTHENTICATE};
use serde_json::json;

use super::{claims, issuer};
use crate::settings::oidc::Userinfo;
use crate::{
    dialect::Dialect,
    state::State,
    tokens::bearer::{Bearer, NoBearer},
    web::{
        answer::{self, Answer},
        record::Recorded,
    },
};

/// `GET` or `POST /oidc/userinfo` (OpenID Connect Core section 5.3). A JWT also has `iss` and `aud`
/// (section 5.3.2).
pub(crate) fn userinfo(state: &mut State, request: &Recorded) -> Answer {
    let bearer = match Bearer::of(state, Dialect::Oidc, &request.headers) {
        Ok(bearer) => bearer,
        Err(cause) => return refused(cause),
    };
    let oidc = &state.settings.oidc;
    let mut claims = claims::in_userinfo(oidc, &bearer.grant, &bearer.person);
    if oidc.userinfo != Userinfo::Jwt {
        return answer::json(StatusCode::OK, &claims);
    }
    claims["iss"] = issuer(&state.origin).into();
    claims["aud"] = bearer.grant.client_id.into();
    let secret = state.settings.client_secret.as_deref();
    let signing = oidc.userinfo_signing;
    let jwt = state
        .signer
        .jwt(&oidc.publication(), secret, signing, &claims);
    match jwt {
        Some(jwt) => answer::with_type(StatusCode::OK, "application/jwt", jwt.into()),
        None => answer::text(
            StatusCode::INTERNAL_SERVER_ERROR,
            "there is no key to sign with",
        ),
    }
}

/// The error for a request without a valid access token. A challenge to a request without any token
/// has no error code (RFC 6750 section 3.1).
fn refused(cause: NoBearer) -> Answer {
    let (status, error, challenge) = match cause {
        NoBearer::Missing => (StatusCode::UNAUTHORIZED, "invalid_token", "Bearer"),
        NoBearer::Malformed => (
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "Bearer error=\"invalid_request\"",
        ),
        NoBearer::Unknown | NoBearer::Unlinked => (
            StatusCode::UNAUTHORIZED,
            "invalid_token",
            "Bearer error=\"invalid_token\"",
        ),
    };
    let answer = answer::json(status, &json!({ "error": error }));
    answer::with_header(
        answer,
        WWW_AUTHENTICATE,
        HeaderValue::from_static(challenge),
    )
}
