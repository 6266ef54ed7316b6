//! Signatures of Solapi's requests that were used, because each may be used once.

use std::collections::HashMap;

use crate::clock::now;

/// Each signature with its time, in seconds since 1970.
#[derive(Default)]
pub(crate) struct UsedSignatures(HashMap<String, u64>);

impl UsedSignatures {
    /// Records a signature. `false` if it was used within the last 15 minutes.
    pub(crate) fn record(&mut self, signature: &str) -> bool {
        let now = now();
        self.0.retain(|_, used| now.saturating_sub(*used) < KEPT);
        self.0.insert(signature.to_owned(), now).is_none()
    }
}

/// How long Solapi remembers a signature, in seconds.
pub(crate) const KEPT: u64 = 15 * 60;
