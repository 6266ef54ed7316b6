//! The log lines of the follower. An outage has one line at its start and one at its end.
//!
//! The follower calls these functions at every reading, several times a second. Each function
//! therefore compares with the state of before, and writes a line only at a change.

use std::time::Duration;

use super::{Shared, log_error::LogError, log_state::LogState, wire::Skipped};
use crate::observe::AuthEvent;

/// The shortest time between two lines about entries that were skipped.
const SKIPPED_PAUSE: Duration = Duration::from_secs(60);

/// The states for which a line was written.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// Reading fails at the moment.
    reading_fails: bool,
    /// Publishing fails at the moment. Reading may still succeed, as with a full Redis.
    publishing_fails: bool,
    /// The lag was above its limit at the last reading.
    is_stale: bool,
    /// The log lost entries that it had accepted, and does not hold all of them again yet.
    has_lost_entries: bool,
    /// The time of the last line about skipped entries, by the monotonic clock.
    skipped_at: Option<Duration>,
}

impl Report {
    /// Whether the last reading failed.
    pub(super) fn reading_fails(&self) -> bool {
        self.reading_fails
    }

    /// One line when this replica has read the log for the first time, and accepts sessions.
    pub(super) fn first_reading(revocations: usize) {
        tracing::info!(
            revocations,
            "this replica is ready: the revocation log was read, and sessions are accepted"
        );
    }

    /// Ends an outage of reading.
    pub(super) fn reading_succeeded(&mut self) {
        if std::mem::take(&mut self.reading_fails) {
            tracing::info!("the revocation log is read again");
        }
    }

    /// Begins an outage of reading.
    pub(super) fn reading_failed(&mut self, error: &LogError) {
        if !std::mem::replace(&mut self.reading_fails, true) {
            tracing::error!(
                "the revocation log fails: {error}; sessions that end elsewhere stay alive here meanwhile"
            );
        }
    }

    /// Warns about entries that could not be read, at most once a minute. A replica with the wrong
    /// session key skips all of them, and would write a line at each reading.
    pub(super) fn skipped(&mut self, Skipped { foreign, newer }: Skipped, now: Duration) {
        let may_repeat = self.skipped_at.is_none_or(|at| now >= at + SKIPPED_PAUSE);
        if foreign + newer > 0 && may_repeat {
            self.skipped_at = Some(now);
            tracing::warn!(
                foreign,
                newer,
                "entries of the revocation log were skipped: foreign ones are damaged, or sealed with a key that \
                 this replica does not have; newer ones are of a newer version of tower-phone-auth"
            );
        }
    }

    /// Begins an outage of publishing.
    pub(super) fn publishing_failed(&mut self, error: &LogError) {
        if !std::mem::replace(&mut self.publishing_fails, true) {
            tracing::error!(
                "the revocation log takes nothing: {error}; sessions that end on this replica stay alive on \
                 others meanwhile"
            );
        }
    }

    /// Ends an outage of publishing.
    pub(super) fn publishing_succeeded(&mut self) {
        if std::mem::take(&mut self.publishing_fails) {
            tracing::info!("the revocation log takes entries again");
        }
    }

    /// Warns once that the log lost entries. `is_complete` says that the log holds every entry of
    /// this replica again; a later loss then has a line of its own.
    pub(super) fn entries_lost(&mut self, revocations: usize, is_complete: bool) {
        if revocations > 0 && !std::mem::replace(&mut self.has_lost_entries, true) {
            tracing::warn!(
                revocations,
                "the log lost entries that it had accepted: publishing them again"
            );
        }
        self.has_lost_entries &= !is_complete;
    }

    /// One line when the lag passes its limit, and one when it is below again.
    pub(super) fn staleness(&mut self, shared: &Shared, log_state: &LogState) {
        let now = shared.clock.monotonic();
        let (is_stale, policy) = (log_state.is_stale(now), log_state.policy);
        let age = log_state.lag(now);
        if self.is_stale != is_stale {
            let lag = age;
            shared
                .current()
                .observer
                .notify(AuthEvent::Stale { is_stale, lag });
        }
        let lag = age.as_millis();
        match (self.is_stale, is_stale) {
            (false, true) => tracing::warn!(
                lag_ms = lag,
                policy = ?policy.when_stale,
                "revocations are stale"
            ),
            (true, false) => tracing::info!(lag_ms = lag, "revocations are fresh again"),
            _ => {}
        }
        self.is_stale = is_stale;
    }
}
