//! What the other machines have still to be told.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::fact::{Revocation, Whose};
use crate::clock::UnixTime;

/// Revocations that were not seen in the log yet. All of them are live, so there are never more than those.
#[derive(Debug, Default)]
pub(super) struct Outbox(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    entries: HashMap<Whose, Entry>,
    /// How many readings of the log have begun.
    readings: u64,
}

#[derive(Debug)]
struct Entry {
    revocation: Revocation,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Untold,
    /// Being published.
    Telling,
    /// The log took it, during that reading: whole ones that begin later must bring it.
    Told(u64),
}

impl Outbox {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(&self, revocations: impl IntoIterator<Item = Revocation>) {
        self.waiting().add(revocations, State::Untold);
    }

    /// Some of them, each machine others: the map's order is random.
    pub(super) fn some(&self, most: usize) -> Vec<Revocation> {
        let waiting = self.waiting();
        let untold = waiting.entries.values().filter(|entry| entry.is_untold());
        let some = untold.take(most).map(|entry| entry.revocation.clone());
        some.collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.waiting().entries.values().any(Entry::is_untold)
    }

    pub(super) fn begins_reading(&self) {
        self.waiting().readings += 1;
    }

    /// They stand in the log.
    pub(super) fn saw(&self, read: &[Revocation]) {
        let entries = &mut self.waiting().entries;
        for read in read {
            if entries.get(&read.whose).is_some_and(|entry| entry.is(read)) {
                entries.remove(&read.whose);
            }
        }
    }

    /// How many the log took and does not hold, at the end of a reading: as after a failover to a server that did not
    /// get them. They are told again.
    pub(super) fn missed(&self) -> usize {
        let mut waiting = self.waiting();
        let now = waiting.readings;
        let entries = waiting.entries.values_mut();
        let missed =
            entries.filter(|entry| matches!(entry.state, State::Told(during) if during < now));
        missed.map(|entry| entry.state = State::Untold).count()
    }

    /// The log took them.
    pub(super) fn told(&self, told: &[Revocation]) {
        let mut waiting = self.waiting();
        let state = State::Told(waiting.readings);
        waiting.set(told, state);
    }

    pub(super) fn prune(&self, now: UnixTime) {
        let entries = &mut self.waiting().entries;
        entries.retain(|_, entry| entry.revocation.until >= now);
    }

    /// From now on they wait here: to be told, if whoever tells them now fails or is given up where it waits.
    pub(super) fn unless_told(&self, revocations: Vec<Revocation>) -> Telling<'_> {
        self.waiting().add(revocations.clone(), State::Telling);
        Telling {
            outbox: self,
            revocations,
        }
    }
}

impl Waiting {
    fn add(&mut self, revocations: impl IntoIterator<Item = Revocation>, state: State) {
        for revocation in revocations {
            let known = self.entries.entry(revocation.whose.clone());
            let known = known.or_insert_with(|| Entry {
                revocation: revocation.clone(),
                state,
            });
            let kept = &known.revocation;
            if kept.through < revocation.through || kept.until < revocation.until {
                known.revocation = revocation;
            }
            known.state = state;
        }
    }

    fn set(&mut self, revocations: &[Revocation], state: State) {
        for one in revocations {
            if let Some(entry) = self.entries.get_mut(&one.whose).filter(|it| it.is(one)) {
                entry.state = state;
            }
        }
    }
}

impl Entry {
    fn is_untold(&self) -> bool {
        self.state == State::Untold
    }

    /// Another may have come meanwhile that ends more.
    fn is(&self, other: &Revocation) -> bool {
        self.revocation.through <= other.through
    }
}

pub(super) struct Telling<'a> {
    outbox: &'a Outbox,
    revocations: Vec<Revocation>,
}

impl Telling<'_> {
    pub(super) fn told(mut self) {
        self.outbox.told(&self.revocations);
        self.revocations.clear();
    }
}

impl Drop for Telling<'_> {
    fn drop(&mut self) {
        self.outbox.waiting().set(&self.revocations, State::Untold);
    }
}
