//! The date before which entries may be dropped, although the wall clock may be wrong at the
//! moment.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::entry::SKEW;
use crate::clock::{Clock, UnixTime};

/// The earliest date that may be the true one.
///
/// If a wall clock is set forward by mistake, entries seem to have expired. They must still be
/// there when the clock is set right. An entry is therefore dropped only when it has expired by two
/// dates: by the wall clock, and by the lowest offset between wall clock and monotonic clock that
/// was seen within the longest life of an entry.
///
/// The offsets of two spans are kept, the current one and the one before. A single span would
/// forget the lowest offset at the moment when it is replaced.
#[derive(Debug)]
pub(super) struct Horizon {
    /// Longer than any entry lives. An offset that was seen longer ago belongs to entries that have
    /// gone.
    span: Duration,
    /// `None` before the first call.
    seen: Mutex<Option<Seen>>,
}

/// Offsets of the wall clock to the monotonic clock, in seconds.
#[derive(Clone, Copy, Debug)]
struct Seen {
    /// The lowest offset of the current span.
    lowest: i64,
    /// The lowest offset of the span before.
    before: i64,
    /// When the current span began, by the monotonic clock.
    began: u64,
    /// The wall clock went back by more than SKEW, below every offset that was seen. Taken by
    /// [`Horizon::went_back`].
    went_back: bool,
}

impl Horizon {
    /// A horizon that keeps the lowest offset for at least `span`.
    pub(super) fn new(span: Duration) -> Self {
        Self {
            span,
            seen: Mutex::default(),
        }
    }

    /// Entries that expired before this date may be dropped. Never later than the wall clock.
    pub(super) fn now(&self, clock: &Clock) -> UnixTime {
        let passed = clock.monotonic().as_secs();
        let offset = signed(clock.unix().as_secs()).saturating_sub(signed(passed));
        let mut held = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = held.get_or_insert(Seen {
            lowest: offset,
            before: offset,
            began: passed,
            went_back: false,
        });
        // The current span becomes the one before, and its lowest offset counts for another span.
        // An offset thus counts for at least one span, which is longer than any entry lives.
        if passed.saturating_sub(seen.began) > self.span.as_secs() {
            (seen.before, seen.lowest, seen.began) = (seen.lowest, offset, passed);
        }
        let lowest = seen.lowest.min(seen.before);
        // Compared with the lowest offset before this call. Entries were dropped by that offset,
        // and the lower one of now would have kept them.
        seen.went_back |= offset.saturating_add(signed(SKEW.as_secs())) < lowest;
        seen.lowest = seen.lowest.min(offset);
        let now = lowest.min(offset).saturating_add(signed(passed));
        UnixTime::from_secs(u64::try_from(now).unwrap_or(0))
    }

    /// Whether the wall clock went back since the last call, so that entries may have been taken
    /// for expired that are live. The log must then be read again from its beginning.
    pub(super) fn went_back(&self, clock: &Clock) -> bool {
        self.now(clock);
        let mut held = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        held.as_mut()
            .is_some_and(|seen| std::mem::take(&mut seen.went_back))
    }
}

/// A number of seconds for a difference that may be negative.
fn signed(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX)
}
