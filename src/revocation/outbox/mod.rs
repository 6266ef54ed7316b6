//! Entries of this replica that no reading of the log has returned yet.
//!
//! An entry leaves the outbox when the log returns it, even if it has expired by then, or when it
//! expires. It is published again only if a complete reading that began after its publication did
//! not return it. From the second loss on, it waits before that, twice as long each time.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::{
    entry::{Cutoff, Revocation},
    target::Target,
};
use crate::clock::UnixTime;

use pending::{Pending, State};

mod pending;
#[cfg(test)]
mod tests;

/// All entries are live ones, so the outbox is never larger than the table.
#[derive(Debug, Default)]
pub(super) struct Outbox(Mutex<Pending>);

impl Outbox {
    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues entries for publication, except expired ones.
    pub(super) fn add(&self, revocations: impl IntoIterator<Item = Revocation>, now: UnixTime) {
        let mut pending = self.pending();
        for revocation in revocations.into_iter().filter(|one| one.expires_at >= now) {
            let target = revocation.target.clone();
            pending.insert(revocation, State::Queued);
            pending.queue.push_back(target);
        }
    }

    /// The next entries to publish. They count as published from now on. If the publication fails,
    /// the next reading does not return them, and they are queued again.
    pub(super) fn page(&self, most: usize, now: UnixTime) -> Vec<Revocation> {
        let mut pending = self.pending();
        let mut page = Vec::new();
        while page.len() < most
            && let Some(target) = pending.queue.pop_front()
        {
            let entry = pending.entries.get(&target);
            let Some(entry) = entry.filter(|entry| entry.state == State::Queued) else {
                continue;
            };
            if entry.expires_at < now {
                pending.entries.remove(&target);
                continue;
            }
            let (cutoff, expires_at) = (entry.cutoff, entry.expires_at);
            page.push(Revocation {
                target,
                cutoff,
                expires_at,
            });
        }
        pending.set_published(&page, false);
        page
    }

    /// Notes that the log accepted these entries.
    pub(super) fn accepted(&self, page: &[Revocation]) {
        self.pending().set_published(page, true);
    }

    /// Whether an entry is queued.
    pub(super) fn has_next(&self) -> bool {
        !self.pending().queue.is_empty()
    }

    /// Whether the log holds every entry.
    pub(super) fn is_empty(&self) -> bool {
        self.pending().entries.is_empty()
    }

    pub(super) fn start_reading(&self) {
        self.pending().readings += 1;
    }

    /// Removes entries that the log returned.
    pub(super) fn confirm<'a>(&self, read: impl Iterator<Item = &'a Revocation>) {
        let mut pending = self.pending();
        if pending.entries.is_empty() {
            return;
        }
        for read in read {
            let entry = pending.entries.get(&read.target);
            if entry.is_some_and(|entry| entry.is_covered_by(read)) {
                pending.entries.remove(&read.target);
            }
        }
        pending.shrink();
    }

    /// Queues the entries again that a complete reading should have returned. Called at the end of
    /// such a reading.
    ///
    /// Returns how many of them the log had accepted and lost, for example in a failover to a
    /// server without them.
    pub(super) fn requeue_lost(&self, now: Instant) -> usize {
        let mut pending = self.pending();
        let pending = &mut *pending;
        let mut lost = 0;
        while let Some((during, _)) = pending.published.front()
            && *during < pending.readings
            && let Some((during, target)) = pending.published.pop_front()
        {
            let entry = pending.entries.get_mut(&target);
            let Some((entry, accepted)) = entry.and_then(|entry| entry.published_during(during))
            else {
                continue;
            };
            entry.losses += u32::from(accepted);
            lost += usize::from(accepted);
            if accepted && entry.losses > 1 {
                entry.state = State::Resting;
                pending.resting.push((now + rest(entry.losses), target));
            } else {
                entry.state = State::Queued;
                pending.queue.push_back(target);
            }
        }
        pending.requeue_rested(now);
        lost
    }

    /// Drops expired entries.
    pub(super) fn prune(&self, now: UnixTime) {
        let mut pending = self.pending();
        pending.entries.retain(|_, entry| entry.expires_at >= now);
        pending.shrink();
    }

    /// Keeps entries that the caller publishes itself. If its call fails, or its future is dropped,
    /// the follower publishes them.
    pub(super) fn publish(&self, revocations: Vec<Revocation>) -> Publishing<'_> {
        let mut pending = self.pending();
        for revocation in &revocations {
            pending.insert(revocation.clone(), State::Publishing);
        }
        Publishing {
            outbox: self,
            revocations,
            accepted: false,
        }
    }
}

/// The longest pause before an entry that the log lost repeatedly is published again.
const LONGEST_REST: Duration = Duration::from_secs(10 * 60);

/// One second after the second loss, and twice as long after each further one.
fn rest(losses: u32) -> Duration {
    let seconds = 1_u64
        .checked_shl(losses.saturating_sub(2))
        .unwrap_or(u64::MAX);
    Duration::from_secs(seconds).min(LONGEST_REST)
}

/// A publication by the caller. Dropping it marks the entries as published, and a later reading
/// confirms them.
pub(super) struct Publishing<'a> {
    outbox: &'a Outbox,
    revocations: Vec<Revocation>,
    accepted: bool,
}

impl Publishing<'_> {
    pub(super) fn accepted(mut self) {
        self.accepted = true;
    }
}

impl Drop for Publishing<'_> {
    fn drop(&mut self) {
        let mut pending = self.outbox.pending();
        pending.set_published(&self.revocations, self.accepted);
    }
}
