//! OpenID Connect in Kakao's dialect.

use http::StatusCode;
use serde_json::json;

use super::Kakao;
use crate::{
    keys::{algorithm::Algorithm, history::Publication},
    state::{
        State,
        grants::{Grant, Kind, TokenRules as _},
    },
    tokens::id_token,
    web::{
        answer::{self, Answer},
        record::Recorded,
    },
};

/// The ID token of a sign-in. `None` if the sign-in does not have one. As with Kakao, it never has
/// the phone number.
pub(crate) fn id_token(state: &mut State, grant: &Grant) -> Option<String> {
    let person = state
        .person(grant.person)
        .filter(|_| grant.token_set.id_token)?;
    let subject = person.id.to_string();
    let mut claims = id_token::claims(ISSUER, &subject, grant, Kakao.lifetime(Kind::Access));
    claims["auth_time"] = grant.signed_in_at.into();
    claims["nickname"] = person.nickname.as_str().into();
    state.signer.id_token(&KEYS, None, claims)
}

/// `GET /.well-known/openid-configuration`.
pub(crate) fn configuration(state: &mut State, _: &Recorded) -> Answer {
    let origin = &state.origin;
    let configuration = json!({
        "issuer": ISSUER,
        "authorization_endpoint": format!("{origin}/oauth/authorize"),
        "token_endpoint": format!("{origin}/oauth/token"),
        "userinfo_endpoint": format!("{origin}/v1/oidc/userinfo"),
        "jwks_uri": format!("{origin}/.well-known/jwks.json"),
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "request_uri_parameter_supported": false,
    });
    answer::json(StatusCode::OK, &configuration)
}

/// `GET /.well-known/jwks.json`.
pub(crate) fn keys(state: &mut State, _: &Recorded) -> Answer {
    let keys = state.signer.keys.published(&KEYS);
    answer::json(StatusCode::OK, &json!({ "keys": keys }))
}

/// Kakao signs with RS256 only.
pub(crate) const KEYS: Publication = Publication::of(Algorithm::Rs256);

/// The issuer of Kakao's ID tokens. An issuer is a name and no endpoint, so it is not that of the
/// loopback origin.
pub(crate) const ISSUER: &str = "https://kauth.kakao.com";
