//! States that were used: one login each.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use aws_lc_rs::digest::{SHA256, digest};

/// As many as are remembered: a fixed 64 KiB, whatever the load.
const MOST: usize = 4096;

/// The last states that came back with their cookie.
///
/// The cookie is deleted at first use; this stops a copy of it, and the second of two callbacks at the
/// same moment, from a second exchange. Other replicas do not know, and the provider's code works once.
#[derive(Debug, Default)]
pub(super) struct SpentStates(Mutex<VecDeque<[u8; 16]>>);

impl SpentStates {
    /// Whether this is the first use.
    pub(super) fn spend(&self, state: &str) -> bool {
        let mut short = [0; 16];
        let hash = digest(&SHA256, state.as_bytes());
        short
            .iter_mut()
            .zip(hash.as_ref())
            .for_each(|(to, from)| *to = *from);

        let mut spent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if spent.contains(&short) {
            return false;
        }
        if spent.len() == MOST {
            spent.pop_front();
        }
        spent.push_back(short);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_spent_once_and_memory_stays_bounded() {
        let spent = SpentStates::default();
        assert!(spent.spend("a"));
        assert!(!spent.spend("a"));
        for index in 0..2 * MOST {
            assert!(spent.spend(&index.to_string()));
        }
        assert_eq!(spent.0.lock().unwrap().len(), MOST);
    }
}
