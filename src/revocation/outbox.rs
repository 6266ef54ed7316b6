//! What the other machines have still to be told.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::fact::{Revocation, Whose};
use crate::clock::UnixTime;

/// Revocations that are not known to stand in the log. All of them are live, so there are never more than those.
#[derive(Debug, Default)]
pub(super) struct Outbox(Mutex<HashMap<Whose, Revocation>>);

impl Outbox {
    fn waiting(&self) -> MutexGuard<'_, HashMap<Whose, Revocation>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(&self, revocations: impl IntoIterator<Item = Revocation>) {
        let mut waiting = self.waiting();
        for revocation in revocations {
            let known = waiting.entry(revocation.whose.clone());
            let kept = known.or_insert_with(|| revocation.clone());
            if kept.through < revocation.through || kept.until < revocation.until {
                *kept = revocation;
            }
        }
    }

    /// Some of them, each machine others: the map's order is random.
    pub(super) fn some(&self, most: usize) -> Vec<Revocation> {
        self.waiting().values().take(most).cloned().collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting().is_empty()
    }

    /// They stand in the log: published from here, or read there.
    pub(super) fn remove(&self, told: &[Revocation]) {
        let mut waiting = self.waiting();
        for told in told {
            let known = waiting.get(&told.whose);
            if known.is_some_and(|known| known.through <= told.through) {
                waiting.remove(&told.whose);
            }
        }
    }

    pub(super) fn prune(&self, now: UnixTime) {
        self.waiting().retain(|_, waiting| waiting.until >= now);
    }

    /// Puts them here, unless they are told first: also if that is given up where it waits.
    pub(super) fn unless_told(&self, revocations: Vec<Revocation>) -> Untold<'_> {
        Untold {
            outbox: self,
            revocations,
        }
    }
}

pub(super) struct Untold<'a> {
    outbox: &'a Outbox,
    revocations: Vec<Revocation>,
}

impl Untold<'_> {
    pub(super) fn told(mut self) {
        self.revocations.clear();
    }
}

impl Drop for Untold<'_> {
    fn drop(&mut self) {
        self.outbox.add(self.revocations.drain(..));
    }
}
