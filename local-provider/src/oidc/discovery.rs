//! The metadata and the key set of the OpenID dialect.

use http::StatusCode;
use serde_json::{Value, json};

use super::{authorization::SCOPES, client, issuer};
use crate::settings::oidc::{ClientAuthentication, OidcSettings, Par, Userinfo};
use crate::{
    state::State,
    web::{
        answer::{self, Answer},
        record::Recorded,
    },
};

/// `GET /oidc/.well-known/openid-configuration` (OpenID Connect Discovery section 3).
pub(crate) fn configuration(state: &mut State, _: &Recorded) -> Answer {
    let oidc = &state.settings.oidc;
    let right = issuer(&state.origin);
    let base = oidc.endpoint_origin.as_deref().map(issuer);
    let base = base.as_deref().unwrap_or(&right);
    let mut document = json!({
        "issuer": oidc.discovery_issuer.as_deref().unwrap_or(&right),
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "jwks_uri": format!("{base}/jwks"),
        "end_session_endpoint": format!("{base}/logout"),
        "revocation_endpoint": format!("{base}/revoke"),
        "scopes_supported": SCOPES,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [oidc.algorithm.name()],
        "token_endpoint_auth_methods_supported": client::ways(&state.settings),
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": CLAIMS,
        "claims_parameter_supported": oidc.claims_parameter,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": oidc.names_sessions,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
    });
    add_options(&mut document, oidc, base);
    answer::json(StatusCode::OK, &document)
}

/// Adds the members that depend on what is switched on.
fn add_options(document: &mut Value, oidc: &OidcSettings, base: &str) {
    let mut add = |name: &str, value: Value| document[name] = value;
    if oidc.userinfo != Userinfo::Absent {
        add("userinfo_endpoint", format!("{base}/userinfo").into());
    }
    if oidc.userinfo == Userinfo::Jwt {
        let algorithms = json!([oidc.algorithm.name()]);
        add("userinfo_signing_alg_values_supported", algorithms);
    }
    if oidc.par != Par::Off {
        let endpoint = format!("{base}/par");
        add("pushed_authorization_request_endpoint", endpoint.into());
        let required = oidc.par == Par::Required;
        add("require_pushed_authorization_requests", required.into());
    }
    if oidc.callback_iss.is_announced() {
        let name = "authorization_response_iss_parameter_supported";
        add(name, true.into());
    }
    let jwt = ClientAuthentication::PrivateKeyJwt;
    if oidc.client_authentication.contains(&jwt) {
        let name = "token_endpoint_auth_signing_alg_values_supported";
        add(name, json!(["RS256", "ES256", "EdDSA"]));
    }
}

/// `GET /oidc/jwks`. Strange keys come first, so that a client that takes the first key fails.
pub(crate) fn keys(state: &mut State, _: &Recorded) -> Answer {
    let oidc = &state.settings.oidc;
    let mut keys = state.signer.keys.published(&oidc.publication());
    if oidc.strange_keys {
        keys.splice(0..0, strange_keys());
    }
    answer::json(StatusCode::OK, &json!({ "keys": keys }))
}

/// Keys that a client must ignore (RFC 7517 section 5).
fn strange_keys() -> [Value; 5] {
    let named = |kid, kty, algorithm, purpose| {
        // With members enough for the real kinds, so that nothing but the names is strange.
        json!({
            "kid": kid, "kty": kty, "alg": algorithm, "use": purpose,
            "n": "AQAB", "e": "AQAB", "crv": "P-256", "x": "AA", "y": "AA",
        })
    };
    [
        named("post-quantum", "AKP", "ML-DSA-65", "sig"),
        named("for-encryption", "RSA", "RSA-OAEP-256", "enc"),
        named("unknown-algorithm", "RSA", "XS256", "sig"),
        json!({ "kid": "unknown-curve", "kty": "EC", "crv": "P-0", "x": "AA", "y": "AA" }),
        json!({ "kid": "without-kty" }),
    ]
}

/// The claims that ID tokens and userinfo may have.
const CLAIMS: [&str; 14] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "at_hash",
    "nickname",
    "name",
    "email",
    "email_verified",
    "phone_number",
    "phone_number_verified",
];
