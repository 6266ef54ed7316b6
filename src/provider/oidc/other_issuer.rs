//! The log line for metadata of another issuer.

use serde_json::Value;

use super::fetch::host;
use crate::error::escaped;

/// Logs a wrong issuer, which is the most frequent mistake in a configuration, with the difference
/// between the two. `found` is escaped, because the provider wrote it.
pub(super) fn warn(expected: &str, found: &Value) {
    let found = found.as_str().map(escaped);
    let difference = found.as_deref().map(|found| difference(expected, found));
    tracing::error!(
        expected,
        found,
        difference,
        "the metadata are of another issuer: set the issuer exactly as the provider writes it"
    );
}

/// The part in which the two issuers differ, from the smallest difference to the greatest.
fn difference(expected: &str, found: &str) -> &'static str {
    let (mine, theirs) = (expected.trim_end_matches('/'), found.trim_end_matches('/'));
    let follows = |long: &str, short: &str| {
        long.strip_prefix(short)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    if mine == theirs {
        "the slash at the end"
    } else if mine.eq_ignore_ascii_case(theirs) {
        "upper and lower case"
    } else if follows(theirs, mine) || follows(mine, theirs) {
        "the path"
    } else if host(mine) == host(theirs) {
        "the same host, and another scheme, port or path"
    } else {
        "another host"
    }
}
