//! Decides which entries the follower publishes next, how many at once, and when.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use super::{backoff::Backoff, entry::Revocation, outbox::Outbox, wire::RestoreMark};
use crate::{clock::UnixTime, seal::Sealer};

/// The most entries that are published at once. A table of 65,000 entries takes some 14 calls after
/// a loss of the log.
const MOST: usize = 5000;
/// The first and the longest pause after a publication that failed.
const PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(5)];

/// After a failure, one entry is tried after each pause, and the pauses double. An outage then
/// costs next to nothing. Each success doubles the number of entries.
pub(super) struct Publisher {
    /// How many entries the next publication may have.
    most: usize,
    /// The pauses after failures.
    backoff: Backoff,
    /// The end of the current pause. `None` if there is none.
    not_before: Option<Instant>,
    /// `Some` between the loss of the log and the second mark.
    restore: Option<Restore>,
}

/// The log was lost, and this replica publishes all that it knows between two marks.
#[derive(Clone, Copy)]
struct Restore {
    /// The date of the loss, as both marks name it.
    began: UnixTime,
    /// The log accepted the first mark.
    is_announced: bool,
    /// Joins the two marks of this replica. Random for each loss.
    replica: u64,
}

/// The entries of one call to [`RevocationLog::publish`](super::RevocationLog::publish).
pub(super) struct Publication {
    revocations: Vec<Revocation>,
    /// The first or the second mark, if it is due.
    mark: Option<RestoreMark>,
}

impl Default for Publisher {
    fn default() -> Self {
        Self {
            most: MOST,
            backoff: Backoff::new(PAUSES),
            not_before: None,
            restore: None,
        }
    }
}

impl Publisher {
    /// Begins to publish everything between two marks. The caller has filled the outbox.
    pub(super) fn start_restore(&mut self, began: UnixTime) {
        let mut random = [0; 8];
        // Without randomness, two replicas may share a number. A replica that starts meanwhile then
        // relies on the log when the first of them is done.
        let _ = crate::random::fill(&mut random);
        self.restore = Some(Restore {
            began,
            is_announced: false,
            replica: u64::from_le_bytes(random),
        });
    }

    /// The time until the next attempt. `None` if there is nothing to publish.
    pub(super) fn wait(&self, outbox: &Outbox, now: Instant) -> Option<Duration> {
        let has_mark = |restore: Restore| !restore.is_announced || outbox.is_empty();
        let has_work = outbox.has_next() || self.restore.is_some_and(has_mark);
        let not_before = self.not_before.unwrap_or(now);
        has_work.then(|| not_before.saturating_duration_since(now))
    }

    /// The next entries to publish. Called at the end of a complete reading.
    pub(super) fn next(&self, outbox: &Outbox, now: UnixTime, at: Instant) -> Option<Publication> {
        if self.not_before.is_some_and(|not_before| at < not_before) {
            return None;
        }
        let revocations = outbox.page(self.most, now);
        // The second mark promises that the log holds all entries before it. An entry leaves the
        // outbox when a reading has returned it, so an empty outbox is the proof.
        let is_last = revocations.is_empty() && outbox.is_empty();
        let mark = self
            .restore
            .filter(|restore| is_last || !restore.is_announced)
            .map(|restore| RestoreMark {
                replica: restore.replica,
                began: restore.began,
                is_last,
            });
        let is_empty = revocations.is_empty() && mark.is_none();
        (!is_empty).then_some(Publication { revocations, mark })
    }

    /// Notes a failure. The next attempt comes later, and tries a single entry. The failure may be
    /// due to the number of entries, and a single entry shows that the log works again.
    pub(super) fn rejected(&mut self, at: Instant) {
        self.most = 1;
        self.not_before = Some(at + self.backoff.next());
    }

    /// Notes a success.
    pub(super) fn accepted(&mut self, outbox: &Outbox, publication: &Publication) {
        outbox.accepted(&publication.revocations);
        self.most = (self.most * 2).min(MOST);
        self.backoff.reset();
        self.not_before = None;
        match (publication.mark, &mut self.restore) {
            // The second mark is put only after the outbox is empty, so readings have returned
            // everything before it.
            (Some(mark), restore) if mark.is_last => *restore = None,
            (Some(_), Some(restore)) => restore.is_announced = true,
            _ => {}
        }
    }
}

impl Publication {
    /// The payloads, with the mark first. `None` if the system gives no random bytes.
    ///
    /// The first mark must not come after entries that it announces. The last one comes alone.
    pub(super) fn seal(&self, sealer: &Sealer, now: UnixTime) -> Option<Vec<Bytes>> {
        let mark = self.mark.iter().map(|mark| mark.seal(sealer, now));
        let revocations = self.revocations.iter().map(|one| one.seal(sealer, now));
        mark.chain(revocations).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::id::SessionId;

    const DATE: UnixTime = UnixTime::from_secs(1_800_000_000);
    const TENTH: Duration = Duration::from_millis(100);

    fn outbox(entries: usize) -> Outbox {
        let outbox = Outbox::default();
        let end = DATE.after(Duration::from_secs(60));
        let one = |_| Revocation::of_session(SessionId::random().unwrap(), end);
        outbox.add((0..entries).map(one), DATE);
        outbox
    }

    #[test]
    fn all_entries_are_published_between_two_marks_after_a_loss() {
        let (mut publisher, outbox, at) = (Publisher::default(), outbox(3), Instant::now());
        publisher.start_restore(DATE);
        let first = publisher.next(&outbox, DATE, at).unwrap();
        assert_eq!(first.revocations.len(), 3);
        assert!(first.mark.is_some_and(|mark| !mark.is_last));
        publisher.accepted(&outbox, &first);
        // A reading has not returned the entries yet.
        assert_eq!(publisher.wait(&outbox, at), None);
        assert!(publisher.next(&outbox, DATE, at).is_none());
        outbox.confirm(first.revocations.iter());
        assert_eq!(publisher.wait(&outbox, at), Some(Duration::ZERO));
        let last = publisher.next(&outbox, DATE, at).unwrap();
        assert!(last.revocations.is_empty());
        assert!(last.mark.is_some_and(|mark| mark.is_last));
        publisher.accepted(&outbox, &last);
        assert_eq!(publisher.wait(&outbox, at), None);
        assert!(publisher.next(&outbox, DATE, at).is_none());
    }

    #[test]
    fn the_first_mark_does_not_wait_for_a_reading() {
        let (mut publisher, outbox, at) = (Publisher::default(), outbox(1), Instant::now());
        assert_eq!(publisher.wait(&outbox, at), Some(Duration::ZERO));
        let publication = publisher.next(&outbox, DATE, at).unwrap();
        publisher.accepted(&outbox, &publication);
        publisher.start_restore(DATE);
        assert_eq!(publisher.wait(&outbox, at), Some(Duration::ZERO));
        let mark = publisher.next(&outbox, DATE, at).unwrap().mark;
        assert!(mark.is_some_and(|mark| !mark.is_last));
    }

    #[test]
    fn after_a_failure_one_entry_is_tried_and_each_success_doubles_the_number() {
        let (mut publisher, outbox, mut at) = (Publisher::default(), outbox(20), Instant::now());
        for pause in [TENTH, 2 * TENTH, 4 * TENTH] {
            publisher.rejected(at);
            assert_eq!(publisher.wait(&outbox, at), Some(pause));
            assert!(publisher.next(&outbox, DATE, at).is_none());
            at += pause;
        }
        for number in [1, 2, 4, 8] {
            assert_eq!(publisher.wait(&outbox, at), Some(Duration::ZERO));
            let publication = publisher.next(&outbox, DATE, at).unwrap();
            assert_eq!(publication.revocations.len(), number);
            publisher.accepted(&outbox, &publication);
        }
        publisher.rejected(at);
        assert_eq!(publisher.wait(&outbox, at), Some(TENTH), "short again");
    }
}
