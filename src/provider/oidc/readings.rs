//! Which reading of a key set judges a token: one that began after the token came.

use std::{
    collections::HashSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// For so long after a reading, a key id that it lacks is not asked for again.
const LACKING: Duration = Duration::from_secs(5);
/// So many of them are remembered for one reading.
const MOST: usize = 256;

/// The readings of one address, by number.
#[derive(Debug, Default)]
pub(super) struct Readings {
    begun: AtomicU64,
    last: Mutex<Last>,
}

/// The last one that brought keys.
#[derive(Debug, Default)]
struct Last {
    number: u64,
    /// By the monotonic clock.
    at: Duration,
    lacks: HashSet<Option<String>>,
}

impl Readings {
    /// Of a token that came now: readings with a greater number judge it.
    pub(super) fn begun(&self) -> u64 {
        self.begun.load(Ordering::Acquire)
    }

    pub(super) fn begin(&self) -> u64 {
        self.begun.fetch_add(1, Ordering::AcqRel) + 1
    }

    pub(super) fn brought_keys(&self, number: u64, at: Duration) {
        *self.last() = Last {
            number,
            at,
            lacks: HashSet::new(),
        };
    }

    /// Whether the keys at hand were read after that.
    pub(super) fn are_newer_than(&self, begun: u64) -> bool {
        self.last().number > begun
    }

    /// The keys at hand do not verify a token with this key id.
    pub(super) fn lack(&self, key_id: Option<&str>) {
        let mut last = self.last();
        if last.lacks.len() < MOST {
            last.lacks.insert(key_id.map(str::to_owned));
        }
    }

    /// Whether keys that were read a moment ago are known to lack it.
    pub(super) fn just_lacked(&self, key_id: Option<&str>, now: Duration) -> bool {
        let last = self.last();
        let is_recent = now.saturating_sub(last.at) < LACKING;
        is_recent && last.lacks.contains(&key_id.map(str::to_owned))
    }

    fn last(&self) -> std::sync::MutexGuard<'_, Last> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_that_began_before_a_token_came_does_not_judge_it() {
        let readings = Readings::default();
        let first = readings.begin();
        let token = readings.begun();
        readings.brought_keys(first, Duration::ZERO);
        assert!(!readings.are_newer_than(token));
        let second = readings.begin();
        readings.brought_keys(second, Duration::ZERO);
        assert!(readings.are_newer_than(token));
    }

    #[test]
    fn a_key_id_is_lacking_for_five_seconds_and_until_the_next_reading() {
        let readings = Readings::default();
        let at = Duration::from_secs;
        let number = readings.begin();
        readings.brought_keys(number, at(10));
        readings.lack(Some("a"));
        assert!(readings.just_lacked(Some("a"), at(14)));
        assert!(!readings.just_lacked(Some("b"), at(14)) && !readings.just_lacked(None, at(14)));
        assert!(!readings.just_lacked(Some("a"), at(15)));
        let number = readings.begin();
        readings.brought_keys(number, at(15));
        assert!(!readings.just_lacked(Some("a"), at(15)));
    }
}
