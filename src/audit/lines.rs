//! Limits the lines of each kind, so that a stranger cannot fill the log.
//!
//! A full disk or a flood of lines would hide the line that matters. Each kind has a limit of its
//! own, so an attack by one kind leaves the others readable.

use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::Departure;
use crate::{clock::Clock, error::LoginErrorKind};

/// The number of lines of one kind that may be written at once.
const BURST: u32 = 20;
/// The time after which one more line is allowed.
const REFILL: Duration = Duration::from_secs(1);
/// The shortest time between two counts of lines that were left out.
const COUNTED: Duration = Duration::from_secs(60);

/// A kind of line that is limited. A browser alone can cause most of them. `Ready` is limited
/// because a probe may cause it every second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Line {
    /// A refused sign-in, by its cause.
    Refusal(LoginErrorKind),
    /// A refused report, by the cause that the layer gave. The text is static, so a client cannot
    /// invent kinds.
    Event(&'static str),
    /// A request with a session was refused before the application saw it.
    Request(&'static str),
    OldSessionKey,
    /// A sign-in begins under another host.
    OtherHost,
    /// A step of a phone step, by its name.
    PhoneStep(&'static str),
    /// A session could not be checked with its provider.
    Recheck,
    /// A browser is sent to a provider.
    Departure(Departure),
    /// The outcome of a warm-up.
    Ready,
}

/// A token bucket for each kind. Clients cannot add kinds, so the map stays small.
pub(super) struct Lines {
    /// The monotonic clock, because a wall clock that is set back would stop the refilling.
    clock: Clock,
    buckets: Mutex<HashMap<Line, Bucket>>,
}

/// The state of one kind.
struct Bucket {
    /// How many lines may be written now.
    left: u32,
    /// The time up to which refilling is counted. A remainder of less than a second is kept for the
    /// next call.
    refilled_at: Duration,
    /// The lines that were left out since the last count.
    left_out: u64,
    /// The time of the last count, or of the first line that was left out since.
    counted_at: Duration,
}

impl Lines {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            buckets: Mutex::default(),
        }
    }

    /// Whether one more line may be written now. If not, it is counted.
    pub(super) fn allow(&self, line: Line) -> bool {
        let now = self.clock.monotonic();
        let mut buckets = self.buckets();
        let bucket = buckets.entry(line).or_insert(Bucket {
            left: BURST,
            refilled_at: now,
            left_out: 0,
            counted_at: now,
        });
        bucket.spend(now)
    }

    /// The kinds with lines that were left out, and their numbers, if the last count was a minute
    /// ago or earlier.
    pub(super) fn due(&self) -> Vec<(Line, u64)> {
        let now = self.clock.monotonic();
        let mut buckets = self.buckets();
        let due = buckets.iter_mut().filter(|(_, bucket)| {
            bucket.left_out > 0 && now.saturating_sub(bucket.counted_at) >= COUNTED
        });
        let count = |(line, bucket): (&Line, &mut Bucket)| {
            bucket.counted_at = now;
            (*line, std::mem::take(&mut bucket.left_out))
        };
        due.map(count).collect()
    }

    fn buckets(&self) -> MutexGuard<'_, HashMap<Line, Bucket>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bucket {
    /// Takes one line from the bucket. False if there is none; the line is then counted.
    fn spend(&mut self, now: Duration) -> bool {
        let passed = now.saturating_sub(self.refilled_at).as_secs() / REFILL.as_secs();
        let more = u32::try_from(passed).unwrap_or(u32::MAX);
        self.left = self.left.saturating_add(more).min(BURST);
        self.refilled_at = match self.left {
            BURST => now,
            _ => self.refilled_at.saturating_add(REFILL.saturating_mul(more)),
        };
        let granted = self.left > 0;
        if granted {
            self.left -= 1;
        } else {
            if self.left_out == 0 {
                self.counted_at = now;
            }
            self.left_out += 1;
        }
        granted
    }
}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lines")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    };

    use super::*;

    const LINE: Line = Line::Refusal(LoginErrorKind::UnknownState);

    fn lines() -> (Lines, Arc<AtomicU64>) {
        let millis = Arc::new(AtomicU64::new(0));
        let read = Arc::clone(&millis);
        let passed = move || Duration::from_millis(read.load(Ordering::Relaxed));
        (Lines::new(Clock::system().with_monotonic(passed)), millis)
    }

    fn written(lines: &Lines, asked: usize) -> usize {
        (0..asked).filter(|_| lines.allow(LINE)).count()
    }

    #[test]
    fn a_burst_is_written_and_then_one_line_a_second() {
        let (lines, millis) = lines();
        assert_eq!(written(&lines, 1000), 20);
        millis.store(999, Ordering::Relaxed);
        assert_eq!(written(&lines, 1000), 0);
        millis.store(3999, Ordering::Relaxed);
        assert_eq!(written(&lines, 1000), 3);
        millis.store(4000, Ordering::Relaxed);
        assert_eq!(written(&lines, 1000), 1);
        millis.store(3_600_000, Ordering::Relaxed);
        assert_eq!(written(&lines, 1000), 20);
    }

    #[test]
    fn another_kind_has_a_bucket_of_its_own() {
        let (lines, _) = lines();
        written(&lines, 1000);
        assert!(lines.allow(Line::Refusal(LoginErrorKind::MalformedCallback)));
    }

    #[test]
    fn the_lines_left_out_are_counted_once_a_minute() {
        let (lines, millis) = lines();
        written(&lines, 120);
        assert_eq!(lines.due(), []);
        millis.store(60_000, Ordering::Relaxed);
        assert_eq!(lines.due(), [(LINE, 100)]);
        assert_eq!(lines.due(), []);
        written(&lines, 50);
        assert_eq!(lines.due(), []);
        millis.store(120_000, Ordering::Relaxed);
        assert_eq!(lines.due(), [(LINE, 30)]);
    }
}
