//! `recheck_after`, read from its environment variable.

use std::time::Duration;

use super::settings::{Result, variable};

pub(super) fn after() -> Result<Option<Duration>> {
    let Some(given) = variable("RECHECK_AFTER") else {
        return Ok(None);
    };
    match given.parse() {
        Ok(seconds) if seconds > 0 => Ok(Some(Duration::from_secs(seconds))),
        _ => Err(format!(
            "RECHECK_AFTER: {given:?} is no number of seconds; \
             give one such as 900, or leave it out"
        )
        .into()),
    }
}
