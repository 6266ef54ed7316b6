use std::collections::HashMap;

use serde_json::Value;

use crate::clock::now;

/// The `jti` of each client assertion that was used, with its expiry.
#[derive(Default)]
pub(crate) struct UsedAssertions(HashMap<String, u64>);

impl UsedAssertions {
    /// Records an assertion. `false` if it was used before.
    pub(crate) fn record(&mut self, claims: &Value) -> bool {
        self.0.retain(|_, expires| *expires > now());
        let id = claims["jti"].as_str().unwrap_or_default().to_owned();
        let expires = claims["exp"].as_u64().unwrap_or_default();
        self.0.insert(id, expires).is_none()
    }
}
