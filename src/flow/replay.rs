//! A replay guard for used `state` values.
//!
//! An authorization code may be exchanged once (RFC 6749 section 4.1.2), and a provider may revoke
//! all tokens of a code that comes twice. The guard keeps the layer from sending one again.

use std::{
    collections::{HashSet, VecDeque},
    sync::{Mutex, PoisonError},
};

use aws_lc_rs::digest::{SHA256, digest};

/// The number of states that are remembered. It bounds memory at 256 KiB, whatever the load. If
/// there are more, the oldest state is forgotten. A forgotten state costs a second exchange, which
/// the provider refuses.
const MAX: usize = 4096;

/// The last states that were used, in this process alone.
///
/// The browser's cookie of a used state is deleted. This guard also stops a copy of that cookie,
/// and the second of two callbacks at the same moment, from a second exchange. Other replicas do
/// not know the states of this one. There the provider's own check stops a repeated code.
#[derive(Debug, Default)]
pub(super) struct ReplayGuard(Mutex<Used>);

/// The ids twice, by hash and by age, so that a callback does not search through thousands of them.
#[derive(Debug, Default)]
struct Used {
    known: HashSet<[u8; 16]>,
    /// The oldest comes first.
    by_age: VecDeque<[u8; 16]>,
}

impl ReplayGuard {
    /// Adds an id, and returns whether it is new.
    fn add(&self, id: [u8; 16]) -> bool {
        // Nothing panics while it is locked, so a poisoned lock is taken as it is.
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !used.known.insert(id) {
            return false;
        }
        if used.by_age.len() == MAX
            && let Some(oldest) = used.by_age.pop_front()
        {
            used.known.remove(&oldest);
        }
        used.by_age.push_back(id);
        true
    }

    /// Adds a text by its hash, and returns whether it is new. Of two calls at the same moment one
    /// gets `true`, because the lock is held from the check to the entry.
    pub(super) fn add_text(&self, text: &str) -> bool {
        self.add(short(text))
    }

    /// Whether the text was added before.
    pub(super) fn contains_text(&self, text: &str) -> bool {
        let used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        used.known.contains(&short(text))
    }
}

/// The first 16 bytes of the SHA-256 of a text.
pub(super) fn short(text: &str) -> [u8; 16] {
    let hash = digest(&SHA256, text.as_bytes());
    let short = hash.as_ref().first_chunk().copied();
    short.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_new_once_and_memory_stays_bounded() {
        let known = ReplayGuard::default();
        assert!(!known.contains_text("a"));
        assert!(known.add_text("a"));
        assert!(!known.add_text("a"));
        assert!(known.contains_text("a") && !known.contains_text("b"));
        for index in 0..2 * MAX {
            assert!(known.add_text(&index.to_string()));
        }
        let used = known.0.lock().unwrap();
        assert_eq!((used.known.len(), used.by_age.len()), (MAX, MAX));
    }
}
