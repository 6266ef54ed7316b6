//! The sessions whose hook was called lately, bounded in number and in time.

use std::{collections::HashMap, time::Duration};

use tokio::sync::watch;

use super::{Made, Outcome};
use crate::{error::LoginError, session::id::SessionId};

/// The first and the longest pause after a failure. Each is twice as long as the one before.
pub(super) const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(30)];
/// The time for which claims are kept that were made. A client that repeats its old cookie gets
/// them.
const KEPT: Duration = Duration::from_secs(60);
/// The most sessions that are remembered. With claims of 512 bytes they take less than 1 MiB.
pub(super) const MOST: usize = 1024;
/// The most failures that are forgotten before their time in one second, each for the call of
/// another session. A hook that fails for more than [`MOST`] sessions is called so often beside
/// the calls for the remembered ones.
pub(super) const FORGOTTEN: u32 = 32;

/// The sessions, each with its last call.
#[derive(Default)]
pub(super) struct Entries {
    attempts: HashMap<SessionId, Attempt>,
    /// A second of the monotonic clock, and the failures that were forgotten in it.
    forgotten: (u64, u32),
}

pub(super) enum Attempt {
    /// A request waits for the hook. Others of the same session wait for its result.
    Running(watch::Receiver<Option<Outcome>>),
    Failed(Failure),
    Made(Kept),
}

/// The last failure for a session.
pub(super) struct Failure {
    pub(super) error: LoginError,
    /// The number of the latest request for new claims before the call. A later one ends the pause.
    pub(super) known: u64,
    pub(super) pause: Duration,
    /// The end of the pause, by the monotonic clock.
    pub(super) until: Duration,
}

/// The claims that were made last for a session.
pub(super) struct Kept {
    pub(super) made: Made,
    /// The end of their time, by the monotonic clock.
    until: Duration,
}

impl Entries {
    pub(super) fn of(&self, session: &SessionId) -> Option<&Attempt> {
        self.attempts.get(session)
    }

    /// Puts an entry. If there are too many, those go first whose time is over, then the oldest
    /// claims, and then failures, as many as [`FORGOTTEN`] permits. `false` if there is no space.
    pub(super) fn put(&mut self, id: SessionId, attempt: Attempt, now: Duration) -> bool {
        let has_space = self.attempts.contains_key(&id) || self.attempts.len() < MOST;
        if !has_space && !self.make_space(now) {
            return false;
        }
        if matches!(attempt, Attempt::Made(_)) {
            // It can give way, so a search for space is worth its time again.
            self.forgotten.1 = self.forgotten.1.min(FORGOTTEN - 1);
        }
        self.attempts.insert(id, attempt);
        true
    }

    fn make_space(&mut self, now: Duration) -> bool {
        let second = now.as_secs();
        if self.forgotten.0 != second {
            self.forgotten = (second, 0);
        }
        // Checked first, so that a flood of requests costs no search.
        if self.forgotten.1 >= FORGOTTEN {
            return false;
        }
        self.attempts.retain(|_, attempt| match attempt {
            Attempt::Running(_) => true,
            Attempt::Failed(failure) => failure.is_recent(now),
            Attempt::Made(kept) => now < kept.until,
        });
        if self.attempts.len() < MOST {
            return true;
        }
        let made = self.first(|attempt| match attempt {
            Attempt::Made(kept) => Some(kept.until),
            Attempt::Running(_) | Attempt::Failed(_) => None,
        });
        let failed = |entries: &Self| {
            entries.first(|attempt| match attempt {
                Attempt::Failed(failure) => Some(failure.until),
                Attempt::Running(_) | Attempt::Made(_) => None,
            })
        };
        if made.is_none() {
            self.forgotten.1 += 1;
        }
        let first = made.or_else(|| failed(self));
        first.is_some_and(|first| self.attempts.remove(&first).is_some())
    }

    /// The session of the entry with the earliest time.
    fn first(&self, time: impl Fn(&Attempt) -> Option<Duration>) -> Option<SessionId> {
        let timed = |(id, attempt): (&SessionId, _)| time(attempt).map(|time| (time, *id));
        let timed = self.attempts.iter().filter_map(timed);
        timed.min_by_key(|(time, _)| *time).map(|(_, id)| id)
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.attempts.len()
    }
}

impl Failure {
    /// The pause after one more failure. The pauses begin anew if the last one was long ago.
    pub(super) fn next_pause(&self, now: Duration) -> Duration {
        match self.is_recent(now) {
            true => (self.pause * 2).min(PAUSES[1]),
            false => PAUSES[0],
        }
    }

    fn is_recent(&self, now: Duration) -> bool {
        now < self.until.saturating_add(PAUSES[1])
    }
}

impl Kept {
    pub(super) fn new(made: Made, now: Duration) -> Self {
        let until = now.saturating_add(KEPT);
        Self { made, until }
    }

    /// Whether the claims are as new as a call would make them.
    pub(super) fn serves(&self, known: u64, now: Duration) -> bool {
        self.made.known >= known && now < self.until
    }
}
