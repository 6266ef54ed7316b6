//! A log that lost its entries, as a replica sees it that starts meanwhile.
//!
//! An emptied log looks like one in which nothing was ever revoked. The replicas that followed it
//! before notice the loss by their position, and publish all that they know again. Each of them
//! puts one mark before its entries and one behind them. A replica that starts meanwhile has no
//! position. It accepts the log when one replica has put its second mark, or when no mark came
//! although there was time for one.

use std::{collections::HashMap, time::Duration};

use tokio::time::Instant;

use super::wire::RestoreMark;
use crate::clock::UnixTime;

/// How long a young log must bring nothing. The other replicas notice a loss within a second, so
/// their first mark is there by then.
const QUIET: Duration = Duration::from_secs(3);
/// A replica that put its first mark and then brings nothing for so long has stopped.
const SILENCE: Duration = Duration::from_secs(30);
/// How long a first mark counts at most, and how much longer for each entry: a log into which
/// others go on writing must not keep a new replica waiting for ever.
const LONGEST: Duration = Duration::from_secs(60);
const FOR_EACH: Duration = Duration::from_millis(1);

/// Decides when a replica that has just started may rely on the log.
#[derive(Debug)]
pub(super) struct RestoreWatch {
    /// The replicas between their two marks, each with the date of the first one.
    restoring: HashMap<u64, UnixTime>,
    /// A replica has put its second mark.
    was_restored: bool,
    /// The log said that it is young.
    was_young: bool,
    entries: u32,
    began: Instant,
    last_entry_at: Instant,
}

impl RestoreWatch {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            restoring: HashMap::new(),
            was_restored: false,
            was_young: false,
            entries: 0,
            began: now,
            last_entry_at: now,
        }
    }

    /// Notes one batch. `settled` is [`LogBatch::settled`](super::LogBatch::settled).
    pub(super) fn saw_entries(&mut self, entries: usize, settled: bool, now: Instant) {
        let entries = u32::try_from(entries).unwrap_or(u32::MAX);
        self.entries = self.entries.saturating_add(entries);
        self.was_young |= !settled;
        if entries > 0 {
            self.last_entry_at = now;
        }
    }

    pub(super) fn saw_mark(&mut self, mark: RestoreMark) {
        if mark.is_last {
            self.restoring.remove(&mark.replica);
            self.was_restored = true;
        } else {
            self.restoring.insert(mark.replica, mark.began);
        }
    }

    /// Whether the log holds every earlier revocation. Called at the end of a complete reading.
    pub(super) fn is_complete(&self, settled: bool, date: UnixTime, now: Instant) -> bool {
        let quiet = now.duration_since(self.last_entry_at);
        let grows = FOR_EACH.saturating_mul(self.entries);
        let limit = LONGEST.saturating_add(grows);
        let counts = |began: &UnixTime| date < began.after(limit);
        if self.restoring.values().any(counts) {
            return quiet >= SILENCE;
        }
        let waited = now.duration_since(self.began);
        let is_quiet = !self.was_young || quiet >= QUIET || waited >= QUIET.saturating_add(grows);
        self.was_restored || settled && is_quiet
    }
}
