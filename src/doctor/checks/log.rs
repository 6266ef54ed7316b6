//! The revocation log, by an entry that was appended and read back.

use super::APPLICATION;
use crate::doctor::report::{Check, CheckState};
use crate::{
    revocation::{LogError, LogFacts},
    seal::key::KeyOrigin,
};

const WRITTEN: &str = "an entry is appended";
const READ: &str = "the entry is read back";

/// The checks of the log, or one check that says what is missing without a log.
pub(crate) fn checks(facts: Option<&LogFacts>, key: &KeyOrigin) -> Vec<Check> {
    match facts {
        None => vec![none(key)],
        Some(facts) => [Some(written(facts)), read(facts)]
            .into_iter()
            .flatten()
            .collect(),
    }
}

/// No log is set. A warning if the key outlives a restart, because sessions then outlive the
/// restart and their revocations do not.
fn none(key: &KeyOrigin) -> Check {
    let check = Check::new("revocation_log", APPLICATION, (WRITTEN, "no log is set"));
    let (state, remedy) = if key.is_kept {
        (
            CheckState::Warning,
            "a session that was signed out counts again after a restart: set Builder::revocation_log, for one process to a \
             FileLog (REVOCATION_FILE), for several to a RedisLog (REDIS_URL)",
        )
    } else {
        (
            CheckState::Note,
            "with a key that outlives a restart, set Builder::revocation_log as well",
        )
    };
    check.is(state, remedy)
}

/// Whether the entry was appended.
fn written(facts: &LogFacts) -> Check {
    match &facts.written {
        Ok(took) => {
            let found = format!("appended in {} ms", took.as_millis());
            Check::new("revocation_log", APPLICATION, (WRITTEN, &found))
        }
        Err(error) => failed("revocation_log", WRITTEN, error),
    }
}

/// Whether the entry was read back. `None` if it was not appended.
fn read(facts: &LogFacts) -> Option<Check> {
    const NAME: &str = "revocation_log_read";

    let took = match facts.read.as_ref()? {
        Ok(took) => took.as_millis(),
        Err(error) => return Some(failed(NAME, READ, error)),
    };
    let knows = facts
        .lag
        .map(|lag| format!("; this machine read it {} ms ago", lag.as_millis()));
    let found = format!("read in {took} ms{}", knows.unwrap_or_default());
    let check = Check::new(NAME, APPLICATION, (READ, &found));
    let is_behind = facts.lag.is_some() && !facts.is_trusted;
    Some(match is_behind {
        false => check,
        true => check.is(
            CheckState::Failed,
            "this replica is stale and accepts no session: look at the log's line about it",
        ),
    })
}

/// A failed check with the message of a log error. The message has the cause and the remedy,
/// separated by a semicolon. See [`LogError::new`].
fn failed(name: &'static str, expected: &str, error: &LogError) -> Check {
    let message = error.to_string();
    let (cause, remedy) = match message.split_once("; ") {
        Some((cause, remedy)) => (cause, remedy),
        None => (
            message.as_str(),
            "check that the log's server or disk is there and may be written and read",
        ),
    };
    Check::new(name, APPLICATION, (expected, cause)).is(CheckState::Failed, remedy)
}
