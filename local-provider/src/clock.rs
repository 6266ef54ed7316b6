//! The wall clock, for the dates in tokens. Codes and tokens expire by tokio's clock, which a
//! test can pause.

use std::time::SystemTime;

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    let elapsed = SystemTime::UNIX_EPOCH.elapsed();
    elapsed.map_or(0, |elapsed| elapsed.as_secs())
}
