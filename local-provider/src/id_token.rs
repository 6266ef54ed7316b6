use std::time::SystemTime;

use serde_json::{Value, json};

use crate::grant::{Grant, Kind};

/// The claims that the ID token of every dialect has (OpenID Connect Core section 2).
pub(crate) fn claims(issuer: &str, subject: &str, grant: &Grant) -> Value {
    let now = now();
    let lifetime = grant.dialect.speech().lifetime(Kind::Access);
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

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    let elapsed = SystemTime::UNIX_EPOCH.elapsed();
    elapsed.map_or(0, |elapsed| elapsed.as_secs())
}
