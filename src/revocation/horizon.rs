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

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Arc,
            atomic::{AtomicU64, Ordering},
        },
        time::SystemTime,
    };

    use super::*;

    /// The wall clock and the monotonic clock, in seconds.
    #[derive(Clone, Default)]
    struct Times([Arc<AtomicU64>; 2]);

    impl Times {
        fn set(&self, wall: u64, passed: u64) {
            let [of_wall, of_passed] = &self.0;
            of_wall.store(wall, Ordering::Relaxed);
            of_passed.store(passed, Ordering::Relaxed);
        }

        fn clock(&self) -> Clock {
            let [wall, passed] = self.0.clone();
            let seconds = |number: &AtomicU64| Duration::from_secs(number.load(Ordering::Relaxed));
            Clock::new(move || SystemTime::UNIX_EPOCH + seconds(&wall))
                .with_monotonic(move || seconds(&passed))
        }
    }

    fn horizon() -> (Horizon, Times) {
        (Horizon::new(Duration::from_secs(100)), Times::default())
    }

    #[test]
    fn a_clock_that_is_ahead_drops_nothing_for_one_to_two_spans() {
        let (horizon, times) = horizon();
        for (wall, passed, expected) in [
            (5000, 0, 5000),
            (5010, 10, 5010),
            (9100, 100, 5100),
            (9101, 101, 5101),
            (9201, 201, 5201),
            (9202, 202, 9202),
        ] {
            times.set(wall, passed);
            let now = horizon.now(&times.clock()).as_secs();
            assert_eq!(now, expected, "{wall} {passed}");
        }
    }

    #[test]
    fn a_clock_that_is_set_right_counts_at_once() {
        let (horizon, times) = horizon();
        for (wall, passed) in [(9000, 0), (5001, 1), (3, 2)] {
            times.set(wall, passed);
            assert_eq!(horizon.now(&times.clock()).as_secs(), wall);
        }
    }

    #[test]
    fn a_clock_that_went_back_by_more_than_the_allowance_is_reported_once() {
        let skew = SKEW.as_secs();
        for (back, reported) in [(0, false), (skew, false), (skew + 1, true), (4000, true)] {
            let (horizon, times) = horizon();
            let clock = times.clock();
            times.set(5000, 0);
            assert!(!horizon.went_back(&clock));
            times.set(5001 - back, 1);
            assert_eq!(horizon.went_back(&clock), reported, "{back}");
            assert!(!horizon.went_back(&clock));
        }
    }

    #[test]
    fn a_clock_that_went_back_for_a_moment_is_reported_too() {
        let (horizon, times) = horizon();
        for wall in [5000, 4000, 5000] {
            times.set(wall, 0);
            horizon.now(&times.clock());
        }
        assert!(horizon.went_back(&times.clock()));
    }
}
