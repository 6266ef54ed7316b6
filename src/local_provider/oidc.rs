use std::{sync::LazyLock, time::SystemTime};

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::StatusCode;
use serde_json::{Value, json};

use super::{
    answer::{self, Answer},
    grant::{Grant, Kind},
    state::State,
};

/// The ID token of a login that earns one. Like Kakao's, it never holds the phone number.
pub(super) fn id_token(state: &State, grant: &Grant) -> Option<String> {
    let person = state.person(grant.person)?;
    let key = KEY.as_ref().filter(|_| grant.id_token)?;
    let now = SystemTime::UNIX_EPOCH.elapsed().ok()?.as_secs();
    let mut claims = json!({
        "iss": state.origin,
        "aud": grant.client_id,
        "sub": person.id.to_string(),
        "iat": now,
        "auth_time": now,
        "exp": now + Kind::Access.lifetime().as_secs(),
        "nickname": person.nickname,
    });
    if let Some(nonce) = &grant.nonce {
        claims["nonce"] = nonce.as_str().into();
    }
    sign(key, &claims)
}

/// `GET /.well-known/openid-configuration`.
pub(super) fn configuration(state: &State) -> Answer {
    let origin = &state.origin;
    let configuration = json!({
        "issuer": origin,
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
pub(super) fn keys() -> Answer {
    let key = json!({
        "kid": KID,
        "kty": "RSA",
        "alg": "RS256",
        "use": "sig",
        "n": KEY.as_ref().and_then(modulus),
        "e": "AQAB",
    });
    answer::json(StatusCode::OK, &json!({ "keys": [key] }))
}

fn sign(key: &KeyPair, claims: &Value) -> Option<String> {
    let header = json!({ "alg": "RS256", "kid": KID, "typ": "JWT" });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(&header), part(claims));
    let mut signature = vec![0; key.public_modulus_len()];
    let random = SystemRandom::new();
    key.sign(
        &RSA_PKCS1_SHA256,
        &random,
        message.as_bytes(),
        &mut signature,
    )
    .ok()?;
    Some(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// The modulus inside the key's DER, whose layout is the same for every key of 2048 bits with the
/// exponent 65537 (RFC 8017 appendix A.1.1).
fn modulus(key: &KeyPair) -> Option<String> {
    let der: &[u8] = key.public_key().as_ref();
    der.get(9..265)
        .map(|modulus| URL_SAFE_NO_PAD.encode(modulus))
}

// Made on first use, since making one takes a moment and most providers never need it.
static KEY: LazyLock<Option<KeyPair>> = LazyLock::new(|| KeyPair::generate(KeySize::Rsa2048).ok());

const KID: &str = "local-provider";
