//! The order of key fetches and token arrivals: a token is refused only by keys whose fetch began
//! after the token arrived.
//!
//! Fetches are numbered as they begin. A token records the number on arrival. Keys of a later fetch
//! are certainly newer than the token, so that a signature which they do not verify is wrong. Keys
//! of an earlier fetch may be outdated.

use std::{
    collections::HashSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// After a fetch, a key id that its key set lacks causes no other fetch for this long.
const LACKING: Duration = Duration::from_secs(5);
/// The most key ids remembered as lacking.
const MOST: usize = 256;

/// The key fetches of one address, by number.
#[derive(Debug, Default)]
pub(super) struct Fetches {
    started: AtomicU64,
    last: Mutex<Last>,
}

/// The last fetch that brought keys.
#[derive(Debug, Default)]
struct Last {
    number: u64,
    /// By the monotonic clock.
    at: Duration,
    /// Key ids that its key set lacks.
    lacking: HashSet<Option<String>>,
}

impl Fetches {
    /// The number of fetches that have begun. A token that arrives now is refused by later ones
    /// alone.
    pub(super) fn started(&self) -> u64 {
        self.started.load(Ordering::Acquire)
    }

    /// A fetch begins. Returns its number.
    pub(super) fn start(&self) -> u64 {
        self.started.fetch_add(1, Ordering::AcqRel) + 1
    }

    /// A fetch brought keys.
    pub(super) fn brought_keys(&self, number: u64, at: Duration) {
        *self.last() = Last {
            number,
            at,
            lacking: HashSet::new(),
        };
    }

    /// Whether the cached keys come from a fetch after `started`.
    pub(super) fn are_newer_than(&self, started: u64) -> bool {
        self.last().number > started
    }

    /// The cached keys do not verify a token with this key id.
    pub(super) fn note_lacking(&self, key_id: Option<&str>) {
        let mut last = self.last();
        if last.lacking.len() < MOST {
            last.lacking.insert(key_id.map(str::to_owned));
        }
    }

    /// Whether the keys fetched a few seconds ago are known to lack this key id.
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
