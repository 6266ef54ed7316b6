//! What the log does not hold yet, as far as this replica knows.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::{
    entry::{Cut, Revocation},
    hasher::RevocationHasher,
    target::Target,
};
use crate::clock::UnixTime;

#[cfg(test)]
mod tests;

/// Revocations that were not seen in the log yet. All of them are live, so there are never more than those.
///
/// An entry leaves when the log brings what was sealed of it, whatever that is worth by then, or when it has expired.
/// It is published again only after a whole reading of the log that began later did not bring it, and from the second
/// time on after a pause that doubles each time.
#[derive(Debug, Default)]
pub(super) struct Outbox(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    entries: HashMap<Target, Waits, RevocationHasher>,
    /// To be published, in this order. These lists may name entries that are settled by now.
    queue: VecDeque<Target>,
    /// Published during a reading.
    sent: VecDeque<(u64, Target)>,
    /// To be queued again at a time.
    resting: Vec<(Instant, Target)>,
    /// How many readings of the log have begun.
    readings: u64,
}

#[derive(Debug)]
struct Waits {
    cut: Cut,
    expires_at: UnixTime,
    state: State,
    /// How often the log took it, and did not bring it.
    misses: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Queued,
    Resting,
    /// Being published.
    Sending,
    /// Published during that reading: whole ones that begin later must bring it. If the log did not say that it took
    /// it, that is no loss of the log's.
    Sent {
        during: u64,
        taken: bool,
    },
}

/// The longest pause before an entry that the log lost again and again is published again.
const LONGEST_REST: Duration = Duration::from_secs(10 * 60);

impl Outbox {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// To be published, except what has expired.
    pub(super) fn add(&self, revocations: impl IntoIterator<Item = Revocation>, now: UnixTime) {
        let mut waiting = self.waiting();
        for revocation in revocations.into_iter().filter(|one| one.expires_at >= now) {
            let target = revocation.target.clone();
            waiting.put(revocation, State::Queued);
            waiting.queue.push_back(target);
        }
    }

    /// The next to be published. They count as published from now on: where that fails, the next reading shows it.
    pub(super) fn page(&self, most: usize, now: UnixTime) -> Vec<Revocation> {
        let mut waiting = self.waiting();
        let mut page = Vec::new();
        while page.len() < most
            && let Some(target) = waiting.queue.pop_front()
        {
            let entry = waiting.entries.get(&target);
            let Some(entry) = entry.filter(|entry| entry.state == State::Queued) else {
                continue;
            };
            if entry.expires_at < now {
                waiting.entries.remove(&target);
                continue;
            }
            let (cut, expires_at) = (entry.cut, entry.expires_at);
            page.push(Revocation {
                target,
                cut,
                expires_at,
            });
        }
        let during = waiting.readings;
        waiting.set(
            &page,
            State::Sent {
                during,
                taken: false,
            },
        );
        page
    }

    /// The log took them.
    pub(super) fn taken(&self, page: &[Revocation]) {
        let mut waiting = self.waiting();
        let during = waiting.readings;
        waiting.set(
            page,
            State::Sent {
                during,
                taken: true,
            },
        );
    }

    /// Whether there is something to publish.
    pub(super) fn has_next(&self) -> bool {
        !self.waiting().queue.is_empty()
    }

    /// Whether the log holds everything.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting().entries.is_empty()
    }

    pub(super) fn begins_reading(&self) {
        self.waiting().readings += 1;
    }

    /// They stand in the log.
    pub(super) fn confirm<'a>(&self, read: impl Iterator<Item = &'a Revocation>) {
        let mut waiting = self.waiting();
        if waiting.entries.is_empty() {
            return;
        }
        for read in read {
            let entry = waiting.entries.get(&read.target);
            if entry.is_some_and(|entry| entry.is_said_by(read)) {
                waiting.entries.remove(&read.target);
            }
        }
        waiting.shrink();
    }

    /// What a whole reading did not bring is to be published again. How many of them the log had taken: as after a
    /// failover to a server that did not get them.
    pub(super) fn lost(&self, now: Instant) -> usize {
        let mut waiting = self.waiting();
        let waiting = &mut *waiting;
        let mut lost = 0;
        while let Some((during, _)) = waiting.sent.front()
            && *during < waiting.readings
            && let Some((during, target)) = waiting.sent.pop_front()
        {
            let entry = waiting.entries.get_mut(&target);
            let Some((entry, taken)) = entry.and_then(|entry| entry.was_sent(during)) else {
                continue;
            };
            entry.misses += u32::from(taken);
            lost += usize::from(taken);
            if taken && entry.misses > 1 {
                entry.state = State::Resting;
                waiting.resting.push((now + rest(entry.misses), target));
            } else {
                entry.state = State::Queued;
                waiting.queue.push_back(target);
            }
        }
        waiting.wake(now);
        lost
    }

    /// Forgets what has expired.
    pub(super) fn prune(&self, now: UnixTime) {
        let mut waiting = self.waiting();
        waiting.entries.retain(|_, entry| entry.expires_at >= now);
        waiting.shrink();
    }

    /// They are being published by the caller. If that fails or is given up where it waits, they stay here.
    pub(super) fn sending(&self, revocations: Vec<Revocation>) -> Sending<'_> {
        let mut waiting = self.waiting();
        for revocation in &revocations {
            waiting.put(revocation.clone(), State::Sending);
        }
        Sending {
            outbox: self,
            revocations,
            taken: false,
        }
    }
}

/// One second, and twice as long each time.
fn rest(misses: u32) -> Duration {
    let seconds = 1_u64
        .checked_shl(misses.saturating_sub(2))
        .unwrap_or(u64::MAX);
    Duration::from_secs(seconds).min(LONGEST_REST)
}

impl Waiting {
    fn put(&mut self, revocation: Revocation, state: State) {
        let Revocation {
            target,
            cut,
            expires_at,
        } = revocation;
        let entry = self.entries.entry(target).or_insert(Waits {
            cut,
            expires_at,
            state,
            misses: 0,
        });
        entry.cut = entry.cut.max(cut);
        entry.expires_at = entry.expires_at.max(expires_at);
        entry.state = state;
    }

    fn set(&mut self, revocations: &[Revocation], state: State) {
        for one in revocations {
            let entry = self.entries.get_mut(&one.target);
            // Another may have come meanwhile that ends more.
            if let Some(entry) = entry.filter(|entry| entry.is_said_by(one)) {
                entry.state = state;
                if let State::Sent { during, .. } = state {
                    self.sent.push_back((during, one.target.clone()));
                }
            }
        }
    }

    fn wake(&mut self, now: Instant) {
        let (entries, queue) = (&mut self.entries, &mut self.queue);
        self.resting.retain(|(expires_at, target)| {
            let rests = *expires_at > now;
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

    /// Gives back the memory of a log that was filled again.
    fn shrink(&mut self) {
        if self.entries.is_empty() {
            let readings = self.readings;
            *self = Self {
                readings,
                ..Self::default()
            };
        }
    }
}

impl Waits {
    fn is_said_by(&self, other: &Revocation) -> bool {
        other.cut.at >= self.cut.at
            && other.cut.issued_until >= self.cut.issued_until
            && other.expires_at >= self.expires_at
    }

    /// Whether the log had taken it, if that was its last publication.
    fn was_sent(&mut self, reading: u64) -> Option<(&mut Self, bool)> {
        match self.state {
            State::Sent { during, taken } if during == reading => Some((self, taken)),
            _ => None,
        }
    }
}

pub(super) struct Sending<'a> {
    outbox: &'a Outbox,
    revocations: Vec<Revocation>,
    taken: bool,
}

impl Sending<'_> {
    pub(super) fn taken(mut self) {
        self.taken = true;
    }
}

impl Drop for Sending<'_> {
    fn drop(&mut self) {
        let mut waiting = self.outbox.waiting();
        let (during, taken) = (waiting.readings, self.taken);
        waiting.set(&self.revocations, State::Sent { during, taken });
    }
}
