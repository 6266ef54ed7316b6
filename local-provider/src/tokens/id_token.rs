//! The claims of ID tokens.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{clock::now, state::grants::Grant};

/// The claims that the ID token of every dialect has (OpenID Connect Core section 2). The `nonce`
/// is repeated if the request had one.
pub(crate) fn claims(issuer: &str, subject: &str, grant: &Grant, lifetime: Duration) -> Value {
    let now = now();
    let mut claims = json!({
        "iss": issuer,
        "aud": grant.client_id,
        "sub": subject,
        "iat": now,
        "exp": now + lifetime.as_secs(),
    });
    if let Some(nonce) = &grant.nonce {
        claims["nonce"] = nonce.as_str().into();
    }
    claims
}
