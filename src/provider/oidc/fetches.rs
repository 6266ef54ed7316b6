//! The order of key fetches and token arrivals. Only keys whose fetch began after a token arrived
//! refuse the token.
//!
//! Fetches are numbered as they begin. A token records the number on arrival. Keys of a later fetch
//! are certainly newer than the token, so a signature that they do not verify is wrong. Keys of an
//! earlier fetch may be outdated.

use std::{
    collections::HashSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// The time after a fetch during which a key id that its key set lacks causes no other fetch. It
/// equals the refill time of the budget for events.
const LACKING: Duration = Duration::from_secs(5);
/// The most key ids remembered as lacking. Any host can invent key ids, so the set is bounded.
const MOST: usize = 256;

/// The key fetches of one address, by number.
#[derive(Debug, Default)]
pub(super) struct Fetches {
    /// The number of the newest fetch that has begun.
    started: AtomicU64,
    /// The newest fetch that has succeeded.
    last: Mutex<Last>,
}

/// The last fetch that brought keys.
#[derive(Debug, Default)]
struct Last {
    /// Zero before the first success.
    number: u64,
    /// By the monotonic clock.
    at: Duration,
    /// Key ids that its key set lacks. `None` stands for tokens without a `kid`.
    lacking: HashSet<Option<String>>,
}

impl Fetches {
    /// The number of fetches that have begun. A token that arrives now may be refused by keys of a
    /// later fetch only.
    pub(super) fn started(&self) -> u64 {
        self.started.load(Ordering::Acquire)
    }

    /// Notes that a fetch begins, and returns its number.
    pub(super) fn start(&self) -> u64 {
        // Fetches are numbered from 1, so that 0 means that none has begun.
        self.started.fetch_add(1, Ordering::AcqRel) + 1
    }

    /// Notes that a fetch brought keys. The key ids that older keys lacked are forgotten.
    pub(super) fn brought_keys(&self, number: u64, at: Duration) {
        *self.last() = Last {
            number,
            at,
            lacking: HashSet::new(),
        };
    }

    /// Whether the cached keys come from a fetch that began after the number `started`.
    pub(super) fn are_newer_than(&self, started: u64) -> bool {
        self.last().number > started
    }

    /// Notes that the cached keys do not verify a token with this key id.
    pub(super) fn note_lacking(&self, key_id: Option<&str>) {
        let mut last = self.last();
        // Beyond the limit, a key id is not remembered and may cause a fetch, which the budget
        // limits.
        if last.lacking.len() < MOST {
            last.lacking.insert(key_id.map(str::to_owned));
        }
    }

    /// Whether keys that were fetched a few seconds ago are known to lack this key id. Another
    /// fetch would bring the same keys.
    pub(super) fn just_lacked(&self, key_id: Option<&str>, now: Duration) -> bool {
        let last = self.last();
        let is_recent = now.saturating_sub(last.at) < LACKING;
        is_recent && last.lacking.contains(&key_id.map(str::to_owned))
    }

    /// Locks the last fetch, never across an `await`.
    fn last(&self) -> std::sync::MutexGuard<'_, Last> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_a_fetch_that_began_before_a_token_came_do_not_refuse_it() {
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
    fn a_key_id_is_lacking_for_five_seconds_or_until_the_next_fetch() {
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
