//! A client's way with ID tokens, by another library's hand.

use std::error::Error;

use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header, jwk::Jwk};
use serde_json::Value;

use super::app::App;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The header and the claims of an ID token that a key of this set signed.
pub(super) async fn verified(app: &App, keys: &str, token: &Value) -> Outcome<(Header, Value)> {
    let token = token.as_str().ok_or("no token")?;
    let header = decode_header(token)?;
    let keys = app.get(keys).await?;
    let keys = keys["keys"].as_array().ok_or("no keys")?;
    let key = keys
        .iter()
        .find(|key| key["kid"].as_str() == header.kid.as_deref());
    let key: Jwk = serde_json::from_value(key.ok_or("unknown kid")?.clone())?;
    assert_eq!(
        key.common.key_algorithm.map(|name| name.to_string()),
        Some(format!("{:?}", header.alg))
    );
    let claims = decode(token, &DecodingKey::from_jwk(&key)?, &rules(header.alg))?.claims;
    Ok((header, claims))
}

/// The claims of a token that the client secret signed.
pub(super) fn verified_by_secret(token: &Value) -> Outcome<Value> {
    let key = DecodingKey::from_secret(b"lpsecret-client");
    let token = token.as_str().ok_or("no token")?;
    Ok(decode(token, &key, &rules(Algorithm::HS256))?.claims)
}

fn rules(algorithm: Algorithm) -> Validation {
    let mut rules = Validation::new(algorithm);
    rules.set_audience(&["local-demo-app"]);
    rules.set_required_spec_claims(&["aud", "iss", "sub"]);
    rules
}
