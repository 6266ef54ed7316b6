//! Client assertions that were used, because each may be used once (RFC 7523 section 3).

use std::collections::HashMap;

use serde_json::Value;

use crate::clock::now;

/// The `jti` of each client assertion that was used, with its expiry in seconds since 1970.
#[derive(Default)]
pub(crate) struct UsedAssertions(HashMap<String, u64>);

impl UsedAssertions {
    /// Records an assertion. `false` if it was used before. An expired one is forgotten, because
    /// its `exp` refuses it.
    pub(crate) fn record(&mut self, claims: &Value) -> bool {
        self.0.retain(|_, expires| *expires > now());
        let id = claims["jti"].as_str().unwrap_or_default().to_owned();
        let expires = claims["exp"].as_u64().unwrap_or_default();
        self.0.insert(id, expires).is_none()
    }
}
