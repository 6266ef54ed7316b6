//! Whether a map of the table ever got an entry.

use std::sync::atomic::{AtomicBool, Ordering};

/// False until the first entry of a map. A request then needs no look-up, which is so for many
/// applications: most never revoke all sessions of a user.
///
/// It never becomes false again, because an entry that another thread adds at that moment would be
/// overlooked.
#[derive(Debug, Default)]
pub(super) struct Ever(AtomicBool);

impl Ever {
    /// Called before each entry is inserted, so that no reader of a later time misses it.
    pub(super) fn note(&self) {
        // Every request reads this memory, so it is written once.
        if !self.has_entry() {
            self.0.store(true, Ordering::Release);
        }
    }

    pub(super) fn has_entry(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
