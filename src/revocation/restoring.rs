//! A log that lost its entries: how the replicas that know them put them back, and when one that starts meanwhile may
//! trust it.

use std::{collections::HashMap, time::Duration};

use tokio::time::Instant;

use super::wire::Mark;
use crate::clock::UnixTime;

/// Of a log that is young: those who know more have begun to put it back by then.
const QUIET: Duration = Duration::from_secs(3);
/// Of a log that a replica began to put back: if nothing comes for so long, that replica is gone.
const SILENCE: Duration = Duration::from_secs(30);
/// And if other things go on coming: so long, and so much longer for each entry.
const LONGEST: Duration = Duration::from_secs(60);
const FOR_EACH: Duration = Duration::from_millis(1);

/// What a replica that has just started saw in the log of its being put back.
#[derive(Debug)]
pub(super) struct Wholeness {
    /// Who puts it back at the moment, and since when.
    restoring: HashMap<u64, UnixTime>,
    /// Somebody put back all that they knew.
    is_whole: bool,
    /// It was young when this replica first read it.
    was_young: bool,
    entries: u32,
    began: Instant,
    last_came: Instant,
}

impl Wholeness {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            restoring: HashMap::new(),
            is_whole: false,
            was_young: false,
            entries: 0,
            began: now,
            last_came: now,
        }
    }

    /// So many entries came, and whether the log says that it is settled.
    pub(super) fn came(&mut self, entries: usize, settled: bool, now: Instant) {
        let entries = u32::try_from(entries).unwrap_or(u32::MAX);
        self.entries = self.entries.saturating_add(entries);
        self.was_young |= !settled;
        if entries > 0 {
            self.last_came = now;
        }
    }

    pub(super) fn note(&mut self, mark: Mark) {
        if mark.is_whole {
            self.restoring.remove(&mark.by);
            self.is_whole = true;
        } else {
            self.restoring.insert(mark.by, mark.began);
        }
    }

    /// Whether all that was revoked before stands in the log, at the end of a whole reading.
    pub(super) fn is_trusted(&self, settled: bool, date: UnixTime, now: Instant) -> bool {
        let quiet = now.duration_since(self.last_came);
        let grows = FOR_EACH.saturating_mul(self.entries);
        let limit = LONGEST.saturating_add(grows);
        if self
            .restoring
            .values()
            .any(|began| date < began.after(limit))
        {
            return quiet >= SILENCE;
        }
        let waited = now.duration_since(self.began);
        let is_quiet = !self.was_young || quiet >= QUIET || waited >= QUIET.saturating_add(grows);
        self.is_whole || settled && is_quiet
    }
}
