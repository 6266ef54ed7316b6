//! Which revocations may be forgotten, although the wall clock may be wrong at the moment.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::entry::SKEW;
use crate::clock::{Clock, UnixTime};

/// The earliest date that may be true. A wall clock that is set forward by mistake must not make anything forgotten
/// that still lives when it is set right: so a revocation ends when the wall clock says so and the monotonic clock
/// does, too.
#[derive(Debug)]
pub(super) struct Horizon {
    /// Longer than any revocation lives.
    span: Duration,
    seen: Mutex<Option<Seen>>,
}

/// How far the wall clock is ahead of the monotonic one, in seconds.
#[derive(Clone, Copy, Debug)]
struct Seen {
    /// The lowest of this span, and of the one before.
    lowest: i64,
    before: i64,
    /// When this span began, by the monotonic clock.
    began: u64,
    /// The wall clock went farther back than it was ever seen.
    went_back: bool,
}

impl Horizon {
    pub(super) fn new(span: Duration) -> Self {
        Self {
            span,
            seen: Mutex::default(),
        }
    }

    /// What ended before can be forgotten.
    pub(super) fn now(&self, clock: &Clock) -> UnixTime {
        let passed = clock.monotonic().as_secs();
        let ahead = signed(clock.unix().as_secs()).saturating_sub(signed(passed));
        let mut held = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = held.get_or_insert(Seen {
            lowest: ahead,
            before: ahead,
            began: passed,
            went_back: false,
        });
        if passed.saturating_sub(seen.began) > self.span.as_secs() {
            (seen.before, seen.lowest, seen.began) = (seen.lowest, ahead, passed);
        }
        let lowest = seen.lowest.min(seen.before);
        seen.went_back |= ahead.saturating_add(signed(SKEW.as_secs())) < lowest;
        seen.lowest = seen.lowest.min(ahead);
        let now = lowest.min(ahead).saturating_add(signed(passed));
        UnixTime::from_secs(u64::try_from(now).unwrap_or(0))
    }

    /// Whether something may have been passed over as ended that is not: the log must be read again. Says it once.
    pub(super) fn went_back(&self, clock: &Clock) -> bool {
        self.now(clock);
        let mut held = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        held.as_mut()
            .is_some_and(|seen| std::mem::take(&mut seen.went_back))
    }
}

fn signed(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX)
}
