//! Which reading of a key set judges a token: one that began after the token came.

use std::{
    collections::HashSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// For so long after a reading, a key id that it lacking is not asked for again.
const LACKING: Duration = Duration::from_secs(5);
/// So many of them are remembered for one reading.
const MOST: usize = 256;

/// The fetches of one address, by number.
#[derive(Debug, Default)]
pub(super) struct Fetches {
    started: AtomicU64,
    last: Mutex<Last>,
}

/// The last one that brought keys.
#[derive(Debug, Default)]
struct Last {
    number: u64,
    /// By the monotonic clock.
    at: Duration,
    lacking: HashSet<Option<String>>,
}

impl Fetches {
    /// Of a token that came now: fetches with a greater number judge it.
    pub(super) fn started(&self) -> u64 {
        self.started.load(Ordering::Acquire)
    }

    pub(super) fn start(&self) -> u64 {
        self.started.fetch_add(1, Ordering::AcqRel) + 1
    }

    pub(super) fn brought_keys(&self, number: u64, at: Duration) {
        *self.last() = Last {
            number,
            at,
            lacking: HashSet::new(),
        };
    }

    /// Whether the keys at hand were read after that.
    pub(super) fn are_newer_than(&self, started: u64) -> bool {
        self.last().number > started
    }

    /// The keys at hand do not verify a token with this key id.
    pub(super) fn note_lacking(&self, key_id: Option<&str>) {
        let mut last = self.last();
        if last.lacking.len() < MOST {
            last.lacking.insert(key_id.map(str::to_owned));
        }
    }

    /// Whether keys that were read a moment ago are known to lack it.
    pub(super) fn just_lacked(&self, key_id: Option<&str>, now: Duration) -> bool {
        let last = self.last();
        let is_recent = now.saturating_sub(last.at) < LACKING;
        is_recent && last.lacking.contains(&key_id.map(str::to_owned))
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
        let fetches = Fetches::default();
        let first = fetches.start();
        let token = fetches.started();
        fetches.brought_keys(first, Duration::ZERO);
        assert!(!fetches.are_newer_than(token));
        let second = fetches.start();
        fetches.brought_keys(second, Duration::ZERO);
        assert!(fetches.are_newer_than(token));
    }

    #[test]
    fn a_key_id_is_lacking_for_five_seconds_and_until_the_next_reading() {
        let fetches = Fetches::default();
        let at = Duration::from_secs;
        let number = fetches.start();
        fetches.brought_keys(number, at(10));
        fetches.note_lacking(Some("a"));
        assert!(fetches.just_lacked(Some("a"), at(14)));
        assert!(!fetches.just_lacked(Some("b"), at(14)) && !fetches.just_lacked(None, at(14)));
        assert!(!fetches.just_lacked(Some("a"), at(15)));
        let number = fetches.start();
        fetches.brought_keys(number, at(15));
        assert!(!fetches.just_lacked(Some("a"), at(15)));
    }
}
