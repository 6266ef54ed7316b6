//! What the follower publishes next, how much of it at once, and when.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use super::{entry::Revocation, outbox::Outbox, wire::Mark};
use crate::{clock::UnixTime, seal::Sealer};

/// As many at once while all goes well.
const MOST: usize = 5000;
/// Between two attempts that failed.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// After a failure, one entry is tried after a pause that doubles, so that an outage costs next to nothing. After a
/// success, twice as many as before.
pub(super) struct Publisher {
    most: usize,
    pause: Duration,
    not_before: Option<Instant>,
    restoring: Option<Restoring>,
}

/// The log was lost, and this replica puts back what it knows.
#[derive(Clone, Copy)]
struct Restoring {
    began: UnixTime,
    is_announced: bool,
    by: u64,
}

/// What is published in one go.
pub(super) struct Share {
    revocations: Vec<Revocation>,
    mark: Option<Mark>,
}

impl Default for Publisher {
    fn default() -> Self {
        Self {
            most: MOST,
            pause: SHORTEST_PAUSE,
            not_before: None,
            restoring: None,
        }
    }
}

impl Publisher {
    pub(super) fn restores(&mut self, began: UnixTime) {
        let mut random = [0; 8];
        // Without randomness, two replicas may share a name: one that starts then trusts the log a little earlier.
        let _ = aws_lc_rs::rand::fill(&mut random);
        self.restoring = Some(Restoring {
            began,
            is_announced: false,
            by: u64::from_le_bytes(random),
        });
    }

    /// How long until the next attempt; none if there is nothing to publish.
    pub(super) fn wait(&self, outbox: &Outbox, now: Instant) -> Option<Duration> {
        let wants = outbox.has_next()
            || self
                .restoring
                .is_some_and(|it| !it.is_announced || outbox.is_empty());
        let not_before = self.not_before.unwrap_or(now);
        wants.then(|| not_before.saturating_duration_since(now))
    }

    /// The next that is to be published, at the end of a whole reading.
    pub(super) fn share(&self, outbox: &Outbox, now: UnixTime, at: Instant) -> Option<Share> {
        if self.not_before.is_some_and(|not_before| at < not_before) {
            return None;
        }
        let revocations = outbox.page(self.most, now);
        let mark = self.restoring.and_then(
            |Restoring {
                 began,
                 is_announced,
                 by,
             }| {
                let is_whole = revocations.is_empty() && outbox.is_empty();
                (is_whole || !is_announced).then_some(Mark {
                    by,
                    began,
                    is_whole,
                })
            },
        );
        let is_empty = revocations.is_empty() && mark.is_none();
        (!is_empty).then_some(Share { revocations, mark })
    }

    pub(super) fn published(&mut self, outbox: &Outbox, share: &Share, taken: bool, at: Instant) {
        if !taken {
            self.most = 1;
            self.not_before = Some(at + self.pause);
            self.pause = (self.pause * 2).min(LONGEST_PAUSE);
            return;
        }
        outbox.taken(&share.revocations);
        self.most = (self.most * 2).min(MOST);
        (self.pause, self.not_before) = (SHORTEST_PAUSE, None);
        match (share.mark, &mut self.restoring) {
            (Some(mark), restoring) if mark.is_whole => *restoring = None,
            (Some(_), Some(restoring)) => restoring.is_announced = true,
            _ => {}
        }
    }
}

impl Share {
    /// The mark first: what follows it is put back.
    pub(super) fn seal(&self, sealer: &Sealer, now: UnixTime) -> Option<Vec<Bytes>> {
        let mark = self.mark.iter().map(|mark| mark.seal(sealer, now));
        let revocations = self.revocations.iter().map(|one| one.seal(sealer, now));
        mark.chain(revocations).collect()
    }
}
