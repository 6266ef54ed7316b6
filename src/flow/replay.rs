//! What was over once: states that were used.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use aws_lc_rs::digest::{SHA256, digest};

/// As many as are remembered: a fixed 64 KiB, whatever the load.
const MOST: usize = 4096;

/// The last of them, in this process alone.
///
/// A used state's cookie is deleted; this stops a copy of it, and the second of two callbacks at the same moment,
/// from a second exchange.
#[derive(Debug, Default)]
pub(super) struct ReplayGuard(Mutex<VecDeque<[u8; 16]>>);

impl ReplayGuard {
    /// Whether it was not known before.
    fn add(&self, id: [u8; 16]) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.contains(&id) {
            return false;
        }
        if known.len() == MOST {
            known.pop_front();
        }
        known.push_back(id);
        true
    }

    /// A text by its hash, whatever its length.
    pub(super) fn add_text(&self, text: &str) -> bool {
        self.add(short(text))
    }

    pub(super) fn contains_text(&self, text: &str) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.contains(&short(text))
    }
}

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
        assert!(known.add_text("a"));
        assert!(!known.add_text("a"));
        for index in 0..2 * MOST {
            assert!(known.add_text(&index.to_string()));
        }
        assert_eq!(known.0.lock().unwrap().len(), MOST);
    }
}
