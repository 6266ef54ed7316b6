//! Entries of this replica that no reading of the log has returned yet.
//!
//! An entry leaves the outbox when the log returns it, even if it has expired by then, or when it
//! expires. It is published again only if a complete reading that began after its publication did
//! not return it. From the second loss on, the entry waits before it is published, twice as long
//! each time.

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

/// The entries of this replica that are not yet known to be in the log. All of them are live ones,
/// so the outbox is never larger than the table.
///
/// Locked by the follower and by the callers of `Revocations::publish`, for a few operations on
/// maps at a time.
#[derive(Debug, Default)]
pub(super) struct Outbox(Mutex<Pending>);

impl Outbox {
    /// A panic of another holder leaves every entry in some state, and the next reading corrects
    /// it.
    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues entries for publication, except expired ones.
    pub(super) fn add(&self, revocations: impl IntoIterator<Item = Revocation>, now: UnixTime) {
        let mut pending = self.pending();
        for revocation in revocations.into_iter().filter(|one| one.expires_at >= now) {
            let target = revocation.target.clone();
            pending.insert(revocation, State::Queued);
            pending.enqueue(target);
        }
    }

    /// The next entries to publish, at most `most`. They count as published from now on. If the
    /// publication fails, the next reading does not return them, and they are queued again. A
    /// failure thus needs no handling of its own.
    pub(super) fn page(&self, most: usize, now: UnixTime) -> Vec<Revocation> {
        let mut pending = self.pending();
        let mut page = Vec::new();
        while page.len() < most
            && let Some(target) = pending.queue.pop_front()
        {
            let entry = pending.entries.get(&target);
            // The queue may name an entry that was confirmed or published by its caller meanwhile.
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
        // Not accepted so far. If the call fails, or the task is dropped in the middle of it, the
        // next reading lacks the entries, and that does not count as a loss.
        pending.set_published(&page, false);
        page
    }

    /// Notes that the log accepted these entries. If a later reading does not return one of them,
    /// the log has lost it.
    pub(super) fn accepted(&self, page: &[Revocation]) {
        self.pending().set_published(page, true);
    }

    /// Whether an entry may be queued. The queue may hold names of entries that have left, so
    /// `true` is no promise.
    pub(super) fn has_next(&self) -> bool {
        !self.pending().queue.is_empty()
    }

    /// Whether no entry waits for the log, because readings have returned all of them.
    pub(super) fn is_empty(&self) -> bool {
        self.pending().entries.is_empty()
    }

    /// Counts the readings. An entry that is published during a reading need not be returned by it,
    /// so entries note the number of the reading.
    pub(super) fn start_reading(&self) {
        self.pending().readings += 1;
    }

    /// Removes entries that the log returned. An entry that was widened since it was published
    /// stays, because the log holds the narrower one.
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
        // The list is in the order of the readings. An entry that was published while the present
        // reading ran may be missing from it without a loss, so the loop ends there.
        while let Some((during, _)) = pending.published.front()
            && *during < pending.readings
            && let Some((during, target)) = pending.published.pop_front()
        {
            let entry = pending.entries.get_mut(&target);
            // The entry was published again or confirmed since, so this publication proves nothing.
            let Some((entry, accepted)) = entry.and_then(|entry| entry.published_during(during))
            else {
                continue;
            };
            entry.losses += u32::from(accepted);
            lost += usize::from(accepted);
            // A log that loses the same entry again and again gets it less often. A publication
            // that failed is not a loss, and is repeated at once; the publisher makes pauses of its
            // own.
            if accepted && entry.losses > 1 {
                entry.state = State::Resting;
                pending.resting.push((now + rest(entry.losses), target));
            } else {
                entry.state = State::Queued;
                pending.enqueue(target);
            }
        }
        pending.requeue_rested(now);
        lost
    }

    /// Drops expired entries. No session needs them, whether or not the log holds them.
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
///
/// The state changes in `drop` and not in a function, because the future of the caller may be
/// dropped at any `await`.
pub(super) struct Publishing<'a> {
    /// The outbox that gets the result when this value is dropped.
    outbox: &'a Outbox,
    /// The entries that the caller publishes.
    revocations: Vec<Revocation>,
    /// Whether the log accepted them. `false` until the caller says so.
    accepted: bool,
}

impl Publishing<'_> {
    /// Notes that the log accepted the entries.
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
