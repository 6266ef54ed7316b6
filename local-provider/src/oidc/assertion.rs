//! Client assertions, by which an application authenticates with a key of its own.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use super::issuer;
use crate::settings::oidc::ClientAuthentication;
use crate::{
    clock::now, settings::Settings, state::State, tokens::refusal::Refusal, web::params::Params,
};

/// Checks a `private_key_jwt` (OpenID Connect Core section 9, RFC 7523 section 3). The `jti` is
/// recorded last, so that an assertion with another mistake can be sent again.
pub(crate) fn verify(state: &mut State, params: &Params) -> Result<(), Refusal> {
    let wrong = |what: &str| Refusal::client(format!("The client assertion: {what}."));
    let settings = &state.settings;
    let accepted = &settings.oidc.client_authentication;
    if !accepted.contains(&ClientAuthentication::PrivateKeyJwt) {
        return Err(wrong("this way of authentication is off"));
    }
    if params.value("client_assertion_type") != Some(TYPE) {
        return Err(wrong("client_assertion_type is wrong"));
    }
    let assertion = params.value("client_assertion").unwrap_or_default();
    let claims = settings.oidc.client_jwk.as_ref();
    let claims = claims.and_then(|jwk| signed_claims(assertion, jwk));
    let claims = claims.ok_or_else(|| wrong("the registered key did not sign it"))?;
    if let Some(claim) = wrong_claim(&claims, settings, &state.origin) {
        return Err(wrong(&format!("{claim} is wrong")));
    }
    if state.used_assertions.record(&claims) {
        Ok(())
    } else {
        Err(wrong("it was used before"))
    }
}

/// The first claim that is missing or wrong, by its name.
fn wrong_claim(claims: &Value, settings: &Settings, origin: &str) -> Option<&'static str> {
    let client = |claim: &str| claims[claim] == settings.client_id.as_str();
    let issuer = issuer(origin);
    let audience = if settings.oidc.assertion_for_token_endpoint {
        format!("{issuer}/token")
    } else {
        issuer
    };
    [
        ("iss", client("iss")),
        ("sub", client("sub")),
        // One audience and no list, so that no other server accepts the assertion.
        ("aud", claims["aud"] == audience.as_str()),
        ("exp", claims["exp"].as_u64().is_some_and(|at| at > now())),
        (
            "jti",
            claims["jti"].as_str().is_some_and(|id| !id.is_empty()),
        ),
    ]
    .into_iter()
    .find_map(|(claim, right)| (!right).then_some(claim))
}

/// The claims of a token that this JWK signed. `None` for any other token. The kind of key decides
/// on RS256, ES256 or EdDSA, so a token cannot choose an algorithm that does not fit.
fn signed_claims(token: &str, jwk: &Value) -> Option<Value> {
    let (message, signature) = token.rsplit_once('.')?;
    let (header, claims) = message.split_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
    let part = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str()?).ok();
    let message = message.as_bytes();
    match (jwk["kty"].as_str()?, header["alg"].as_str()?) {
        ("RSA", "RS256") => RsaPublicKeyComponents {
            n: part("n")?,
            e: part("e")?,
        }
        .verify(&RSA_PKCS1_2048_8192_SHA256, message, &signature)
        .ok()?,
        ("EC", "ES256") => {
            // SEC 1 section 2.3.3: the first byte 4 means an uncompressed point.
            let point = [vec![4], part("x")?, part("y")?].concat();
            let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
            key.verify(message, &signature).ok()?;
        }
        ("OKP", "EdDSA") => UnparsedPublicKey::new(&ED25519, part("x")?)
            .verify(message, &signature)
            .ok()?,
        _ => return None,
    }
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
}

/// The type of an assertion that is a JWT (RFC 7523 section 2.2).
const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
