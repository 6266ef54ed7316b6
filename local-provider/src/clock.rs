use std::time::SystemTime;

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    let elapsed = SystemTime::UNIX_EPOCH.elapsed();
    elapsed.map_or(0, |elapsed| elapsed.as_secs())
}
