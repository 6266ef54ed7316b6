//! The entries of the outbox and their states.

use std::collections::{HashMap, VecDeque};

use tokio::time::Instant;

use super::{Cutoff, Revocation, Target, UnixTime};

/// The lists may name targets whose entry has left or has another state by now. Such a name is
/// passed over.
#[derive(Debug, Default)]
pub(super) struct Pending {
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

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) cutoff: Cutoff,
    pub(super) expires_at: UnixTime,
    pub(super) state: State,
    /// How often the log accepted the entry and then lost it.
    pub(super) losses: u32,
}

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

    pub(super) fn requeue_rested(&mut self, now: Instant) {
        let (entries, queue) = (&mut self.entries, &mut self.queue);
        self.resting.retain(|(until, target)| {
            let rests = *until > now;
            if !rests
                && let Some(entry) = entries.get_mut(target)
                && entry.state == State::Resting
            {
                entry.state = State::Queued;
                queue.push_back(target.clone());
            }
            rests
        });
    }

    /// Frees the memory of an empty outbox, which may have held the whole table.
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
    /// Whether `other`, of the same target, ends everything that this entry ends.
    pub(super) fn is_covered_by(&self, other: &Revocation) -> bool {
        other.cutoff.at >= self.cutoff.at
            && other.cutoff.issued_until >= self.cutoff.issued_until
            && other.expires_at >= self.expires_at
    }

    /// If the last publication was during that reading, whether the log had accepted the entry.
    pub(super) fn published_during(&mut self, reading: u64) -> Option<(&mut Self, bool)> {
        match self.state {
            State::Published { during, accepted } if during == reading => Some((self, accepted)),
            _ => None,
        }
    }
}
