//! The entries of the outbox and their states.
//!
//! An entry is queued, then published, then confirmed by a reading, and leaves. An entry that no
//! reading returns is queued again, at once or after a rest. The functions here hold no lock;
//! `Outbox` does.

use std::collections::{HashMap, VecDeque};

use tokio::time::Instant;

use super::{Cutoff, Revocation, Target, UnixTime};

/// The entries, and three lists of their names. A list may name a target whose entry has left or
/// has another state by now, because removing a name from the middle of a list is slow. Such a name
/// is passed over.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// Each entry by its target.
    pub(super) entries: HashMap<Target, Entry>,
    /// To be published, in this order.
    pub(super) queue: VecDeque<Target>,
    /// Published, each with the number of the reading that ran at the time.
    pub(super) published: VecDeque<(u64, Target)>,
    /// To be queued again at a time.
    pub(super) resting: Vec<(Instant, Target)>,
    /// The number of readings that have begun.
    pub(super) readings: u64,
}

/// The revocation of one target that is to be published, and its state.
#[derive(Debug)]
pub(super) struct Entry {
    /// The widest cutoff that this replica wants to publish.
    pub(super) cutoff: Cutoff,
    pub(super) expires_at: UnixTime,
    pub(super) state: State,
    /// How often the log accepted the entry and then lost it.
    pub(super) losses: u32,
}

/// The way of an entry into the log. A queued entry waits for the next publication by the follower.
/// A resting one was lost more than once, and is queued again later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Queued,
    Resting,
    /// The caller of `Revocations::publish` is publishing the entry.
    Publishing,
    /// Published while reading number `during` ran. A complete reading that begins later must
    /// return the entry. If the log had accepted it, its absence is a loss.
    Published {
        during: u64,
        accepted: bool,
    },
}

impl Pending {
    /// Adds an entry, or widens the one of the same target. The state becomes `state` also for a
    /// known entry, because the wider one must be published again.
    pub(super) fn insert(&mut self, revocation: Revocation, state: State) {
        let Revocation {
            target,
            cutoff,
            expires_at,
        } = revocation;
        let entry = self.entries.entry(target).or_insert(Entry {
            cutoff,
            expires_at,
            state,
            losses: 0,
        });
        entry.cutoff = entry.cutoff.max(cutoff);
        entry.expires_at = entry.expires_at.max(expires_at);
        entry.state = state;
    }

    /// Marks entries as published during the current reading.
    pub(super) fn set_published(&mut self, revocations: &[Revocation], accepted: bool) {
        let during = self.readings;
        for revocation in revocations {
            let entry = self.entries.get_mut(&revocation.target);
            // A wider revocation of the same target may have come meanwhile. It is still to be
            // published.
            if let Some(entry) = entry.filter(|entry| entry.is_covered_by(revocation)) {
                entry.state = State::Published { during, accepted };
                let target = revocation.target.clone();
                self.published.push_back((during, target));
            }
        }
    }

    /// Queues an entry for the next publication.
    pub(super) fn enqueue(&mut self, target: Target) {
        enqueue(&mut self.queue, target);
    }

    /// Queues the entries whose rest is over.
    pub(super) fn requeue_rested(&mut self, now: Instant) {
        let (entries, queue) = (&mut self.entries, &mut self.queue);
        self.resting.retain(|(until, target)| {
            let rests = *until > now;
            if !rests
                && let Some(entry) = entries.get_mut(target)
                && entry.state == State::Resting
            {
                entry.state = State::Queued;
                enqueue(queue, target.clone());
            }
            rests
        });
    }

    /// Frees the memory of an empty outbox, which may have held the whole table after a loss of the
    /// log. The count of readings stays.
    pub(super) fn shrink(&mut self) {
        if self.entries.is_empty() {
            let readings = self.readings;
            *self = Self {
                readings,
                ..Self::default()
            };
        }
    }
}

impl Entry {
    /// Whether `other`, of the same target, ends everything that this entry ends, for at least as
    /// long. A request for new claims is covered by itself alone: one of another replica that has a
    /// later date may come before it in the log.
    pub(super) fn is_covered_by(&self, other: &Revocation) -> bool {
        let is_dated = match &other.target {
            Target::Person(user) if user.is_claims() => other.cutoff == self.cutoff,
            _ => other.cutoff.at >= self.cutoff.at,
        };
        is_dated
            && other.cutoff.issued_until >= self.cutoff.issued_until
            && other.expires_at >= self.expires_at
    }

    /// The entry, and whether the log had accepted it, if its last publication was during that
    /// reading. `None` if the entry was published again since, or is in another state.
    pub(super) fn published_during(&mut self, reading: u64) -> Option<(&mut Self, bool)> {
        match self.state {
            State::Published { during, accepted } if during == reading => Some((self, accepted)),
            _ => None,
        }
    }
}

/// Entries of users come before those of sessions and events. After a failure one entry is
/// published at a time. A replica at which a session is over must know the entry of its user too,
/// or a sign-in there would end when that entry arrives.
fn enqueue(queue: &mut VecDeque<Target>, target: Target) {
    match target {
        Target::Person(_) | Target::PersonByProviderTime(_) => queue.push_front(target),
        Target::Session(_) | Target::Event(_) => queue.push_back(target),
    }
}
