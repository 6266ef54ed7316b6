//! A log that lost its entries, as a replica sees it that starts meanwhile.
//!
//! An emptied log looks like one in which nothing was ever revoked. The replicas that followed it
//! before notice the loss by their position, and publish all that they know again. Each of them
//! puts one mark before its entries and one behind them.
//!
//! A replica that starts meanwhile has no position. It accepts the log in one of three cases: a
//! replica has put its second mark; no mark came although there was time for one; or the replicas
//! that put a first mark have been silent for long or take too long. In the last case, waiting
//! would keep users out without an end.

use std::{collections::HashMap, time::Duration};

use tokio::time::Instant;

use super::wire::RestoreMark;
use crate::clock::UnixTime;

/// How long a young log must bring nothing. The other replicas notice a loss within a second, so
/// their first mark is there by then.
const QUIET: Duration = Duration::from_secs(3);
/// A replica that put its first mark and then brings nothing for so long has stopped, for example
/// in a deployment.
const SILENCE: Duration = Duration::from_secs(30);
/// How long a first mark counts at most. A log into which others go on writing would otherwise keep
/// a new replica waiting for ever.
const LONGEST: Duration = Duration::from_secs(60);
/// How much longer a first mark counts for each entry, because a large table takes longer to
/// publish.
const FOR_EACH: Duration = Duration::from_millis(1);

/// Decides when a replica that has just started may rely on the log.
#[derive(Debug)]
pub(super) struct RestoreWatch {
    /// The replicas between their two marks, each with the date of the first one.
    restoring: HashMap<u64, UnixTime>,
    /// A replica has put its second mark, so the log holds everything that the other replica knew.
    was_restored: bool,
    /// A batch said that the log is not settled, so a loss may not have been noticed yet.
    was_young: bool,
    /// The number of entries that were read so far.
    entries: u32,
    /// When this replica began to read the log.
    began: Instant,
    /// When an entry was read last.
    last_entry_at: Instant,
}

impl RestoreWatch {
    /// A watch that begins now, and has seen nothing.
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

    /// Notes one batch with this many entries. `settled` is
    /// [`LogBatch::settled`](super::LogBatch::settled).
    pub(super) fn saw_entries(&mut self, entries: usize, settled: bool, now: Instant) {
        let entries = u32::try_from(entries).unwrap_or(u32::MAX);
        self.entries = self.entries.saturating_add(entries);
        self.was_young |= !settled;
        if entries > 0 {
            self.last_entry_at = now;
        }
    }

    /// Notes a mark. A second mark without a first one counts, because a replica that has nothing
    /// to publish puts that one only.
    pub(super) fn saw_mark(&mut self, mark: RestoreMark) {
        if mark.is_last {
            self.restoring.remove(&mark.replica);
            self.was_restored = true;
        } else {
            self.restoring.insert(mark.replica, mark.began);
        }
    }

    /// Whether the log holds every earlier revocation, as far as can be known. Called at the end of
    /// a complete reading. `date` is the wall clock, by which marks are dated; `now` measures
    /// pauses.
    pub(super) fn is_complete(&self, settled: bool, date: UnixTime, now: Instant) -> bool {
        let quiet = now.duration_since(self.last_entry_at);
        let grows = FOR_EACH.saturating_mul(self.entries);
        let limit = LONGEST.saturating_add(grows);
        let counts = |began: &UnixTime| date < began.after(limit);
        // A replica is publishing. Only a long silence ends the wait.
        if self.restoring.values().any(counts) {
            return quiet >= SILENCE;
        }
        let waited = now.duration_since(self.began);
        let is_quiet = !self.was_young || quiet >= QUIET || waited >= QUIET.saturating_add(grows);
        // A second mark is a proof. Without one, the log counts as whole if it says that it is old
        // enough, and if a loss would have been noticed and marked by now.
        self.was_restored || settled && is_quiet
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: UnixTime = UnixTime::from_secs(1_800_000_000);

    /// A watch that began just now, and the moments after it in milliseconds.
    fn watch() -> (RestoreWatch, impl Fn(u64) -> Instant) {
        let start = Instant::now();
        let at = move |millis| start + Duration::from_millis(millis);
        (RestoreWatch::new(start), at)
    }

    fn mark(is_last: bool) -> RestoreMark {
        RestoreMark {
            replica: 7,
            began: DATE,
            is_last,
        }
    }

    #[test]
    fn a_log_that_was_settled_from_the_start_is_complete_at_once() {
        let (mut watch, at) = watch();
        watch.saw_entries(3, true, at(0));
        assert!(watch.is_complete(true, DATE, at(0)));
        assert!(!watch.is_complete(false, DATE, at(60_000)));
    }

    #[test]
    fn a_young_log_is_complete_after_three_seconds_without_an_entry() {
        let (mut watch, at) = watch();
        watch.saw_entries(5000, false, at(1000));
        watch.saw_entries(0, false, at(3500));
        for (now, is_complete) in [(1000, false), (3900, false), (4000, true)] {
            assert_eq!(watch.is_complete(true, DATE, at(now)), is_complete, "{now}");
        }
    }

    /// 2,000 entries permit two more seconds.
    #[test]
    fn a_young_log_that_goes_on_growing_is_complete_after_a_time_for_its_entries() {
        let (mut watch, at) = watch();
        watch.saw_entries(1000, false, at(2000));
        watch.saw_entries(1000, true, at(4000));
        for (now, is_complete) in [(4900, false), (5000, true)] {
            assert_eq!(watch.is_complete(true, DATE, at(now)), is_complete, "{now}");
        }
    }

    #[test]
    fn a_replica_that_restores_the_log_is_awaited_until_its_second_mark() {
        let (mut watch, at) = watch();
        watch.saw_entries(1, true, at(0));
        watch.saw_mark(mark(false));
        assert!(!watch.is_complete(true, DATE, at(0)));
        watch.saw_mark(mark(true));
        assert!(watch.is_complete(false, DATE, at(0)));
    }

    #[test]
    fn a_replica_that_stopped_between_its_marks_is_awaited_for_half_a_minute() {
        let (mut watch, at) = watch();
        watch.saw_entries(1, true, at(1000));
        watch.saw_mark(mark(false));
        for (now, is_complete) in [(1000, false), (30_900, false), (31_000, true)] {
            assert_eq!(watch.is_complete(true, DATE, at(now)), is_complete, "{now}");
        }
    }

    /// A minute, and two seconds for 2,000 entries.
    #[test]
    fn a_first_mark_counts_for_a_minute_and_a_time_for_the_entries() {
        let (mut watch, at) = watch();
        watch.saw_entries(2000, true, at(0));
        watch.saw_mark(mark(false));
        for (later, is_complete) in [(0, false), (61, false), (62, true), (63, true)] {
            let date = DATE.after(Duration::from_secs(later));
            assert_eq!(watch.is_complete(true, date, at(0)), is_complete, "{later}");
        }
    }
}
