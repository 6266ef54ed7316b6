//! The clock of a layer, which tests replace.
//!
//! No other module asks the system for the date, so a test can move every expiry of the layer.
//! Deadlines and pauses within a request use tokio's timers.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

/// The source of time of a layer. It has a wall clock and a monotonic clock.
///
/// The default is the system's clock. Tests set their own and move it, so that an expiry needs no
/// sleeping.
///
/// The wall clock may be set forward and back while the program runs. It dates everything that
/// leaves the process: sessions, revocations, claims of tokens. The monotonic clock never goes
/// back. It measures durations within the process: the age of the last reading of the revocation
/// log, or a pause.
///
/// ```
/// use std::{sync::{Arc, Mutex}, time::{Duration, SystemTime}};
/// use tower_phone_auth::Clock;
///
/// let now = Arc::new(Mutex::new(SystemTime::UNIX_EPOCH));
/// let clock = Clock::new({
///     let now = Arc::clone(&now);
///     move || *now.lock().unwrap()
/// });
/// *now.lock().unwrap() += Duration::from_secs(60);
/// assert_eq!(clock.now(), SystemTime::UNIX_EPOCH + Duration::from_secs(60));
/// ```
#[derive(Clone)]
pub struct Clock {
    /// Dates everything that leaves the process.
    wall: Arc<dyn Fn() -> SystemTime + Send + Sync>,
    /// Measures durations within the process.
    monotonic: Arc<dyn Fn() -> Duration + Send + Sync>,
}

impl Clock {
    /// A clock with this wall clock. Its monotonic clock is the system's, until
    /// [`with_monotonic`](Self::with_monotonic) replaces it.
    ///
    /// ```
    /// use std::time::UNIX_EPOCH;
    /// use tower_phone_auth::Clock;
    ///
    /// let clock = Clock::new(|| UNIX_EPOCH);
    /// assert_eq!(clock.now(), UNIX_EPOCH);
    /// ```
    pub fn new(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        let start = Instant::now();
        Self {
            wall: Arc::new(now),
            monotonic: Arc::new(move || start.elapsed()),
        }
    }

    /// Replaces the monotonic clock. `passed` returns the time since any fixed moment, and must
    /// never go back.
    ///
    /// ```
    /// use std::{sync::atomic::{AtomicU64, Ordering}, time::Duration};
    /// use tower_phone_auth::Clock;
    ///
    /// static SECONDS: AtomicU64 = AtomicU64::new(0);
    /// let passed = || Duration::from_secs(SECONDS.load(Ordering::Relaxed));
    /// let clock = Clock::system().with_monotonic(passed);
    /// SECONDS.store(7, Ordering::Relaxed);
    /// assert_eq!(clock.monotonic(), Duration::from_secs(7));
    /// ```
    #[must_use]
    pub fn with_monotonic(self, passed: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self {
            monotonic: Arc::new(passed),
            ..self
        }
    }

    /// The system's clock.
    ///
    /// ```
    /// # use tower_phone_auth::Clock;
    /// assert!(Clock::system().now() > std::time::UNIX_EPOCH);
    /// ```
    #[must_use]
    pub fn system() -> Self {
        Self::new(SystemTime::now)
    }

    /// The date now, by the wall clock.
    ///
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    /// use tower_phone_auth::Clock;
    ///
    /// let date = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    /// assert_eq!(Clock::new(move || date).now(), date);
    /// ```
    #[must_use]
    pub fn now(&self) -> SystemTime {
        (self.wall)()
    }

    /// The time since a fixed moment, by the monotonic clock. Only the difference of two readings
    /// of one clock has a meaning.
    ///
    /// ```
    /// let clock = tower_phone_auth::Clock::system();
    /// let began = clock.monotonic();
    /// assert!(clock.monotonic() >= began);
    /// ```
    #[must_use]
    pub fn monotonic(&self) -> Duration {
        (self.monotonic)()
    }

    /// The date in whole seconds, as sessions and tokens have it.
    pub(crate) fn unix(&self) -> UnixTime {
        UnixTime::from(self.now())
    }

    /// Milliseconds since 1970, or 0 for an earlier date.
    pub(crate) fn unix_millis(&self) -> u64 {
        let since = self.now().duration_since(SystemTime::UNIX_EPOCH);
        let millis = since.map_or(0, |since| since.as_millis());
        u64::try_from(millis).unwrap_or(u64::MAX)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// Whole seconds since 1970, in 64 bits. Arithmetic saturates at both ends, because dates come from
/// other replicas and from providers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct UnixTime(u64);

impl UnixTime {
    /// Later than every other time.
    pub(crate) const END: Self = Self(u64::MAX);

    pub(crate) const fn from_secs(seconds: u64) -> Self {
        Self(seconds)
    }

    /// For comparing with the numeric dates of tokens (RFC 7519 section 2), which may have
    /// fractions.
    #[allow(clippy::cast_precision_loss)]
    pub(crate) fn as_f64(self) -> f64 {
        self.0 as f64
    }

    pub(crate) fn as_secs(self) -> u64 {
        self.0
    }

    /// Milliseconds since 1970, at most the largest number.
    pub(crate) fn as_millis(self) -> u64 {
        self.0.saturating_mul(1000)
    }

    /// The time `span` earlier, or 1970. Fractions of a second are dropped.
    pub(crate) fn before(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(span.as_secs()))
    }

    /// The time `span` later, or the end. Fractions of a second are dropped.
    pub(crate) fn after(self, span: Duration) -> Self {
        Self(self.0.saturating_add(span.as_secs()))
    }
}

impl From<SystemTime> for UnixTime {
    fn from(time: SystemTime) -> Self {
        // A time before 1970 counts as 1970, so that nothing dated then seems fresh.
        let since = time.duration_since(SystemTime::UNIX_EPOCH);
        Self(since.map_or(0, |since| since.as_secs()))
    }
}

/// A time that the system cannot represent becomes 1970, so that it counts as expired and not as
/// fresh.
impl From<UnixTime> for SystemTime {
    fn from(time: UnixTime) -> Self {
        Self::UNIX_EPOCH
            .checked_add(Duration::from_secs(time.0))
            .unwrap_or(Self::UNIX_EPOCH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_2106_survives_the_round_trip() {
        let far = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::from(u32::MAX) + 1);
        assert_eq!(SystemTime::from(UnixTime::from(far)), far);
    }

    #[test]
    fn a_span_past_the_end_of_time_saturates() {
        let end = UnixTime(u64::MAX).after(Duration::from_secs(1));
        assert_eq!(SystemTime::from(end), SystemTime::UNIX_EPOCH);
    }
}
