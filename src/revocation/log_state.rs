//! The log as this replica knows it, and whether this replica may accept sessions.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::sync::watch;

use super::{
    LogError, LogPosition, RevocationLog, WhenStale,
    log_choice::{NamedLog, Opened},
    outbox::Outbox,
    settings::Settings,
};
use crate::clock::Clock;

/// One per layer that has a log. The follower writes it; requests read it.
///
/// The fields that a request reads are atomics, so that [`readiness`](Self::readiness) takes no
/// lock.
pub(super) struct LogState {
    /// The log of the application. Each call to it is limited by [`within`](super::log::within).
    pub(super) log: Arc<dyn RevocationLog>,
    /// The entries of this replica that no reading has returned yet.
    pub(super) outbox: Outbox,
    pub(super) policy: Policy,
    /// The variable of the log and its value, if it comes from one.
    pub(super) named: Option<NamedLog>,
    /// Read the log from its beginning, because entries may open with new keys.
    pub(super) rereads: AtomicBool,
    /// Notifies the callers of `caught_up` when a first reading has completed or failed.
    pub(super) first_reading: watch::Sender<FirstReading>,
    /// Whether a task follows the log. A second task would publish everything twice.
    pub(super) followed: AtomicBool,
    /// When the follower first started, as [`stamp`] writes it.
    started_at: AtomicU64,
    /// When the newest complete reading began, as [`stamp`] writes it.
    read_at: AtomicU64,
    /// The position at the end of the newest complete reading.
    read_to: Mutex<Option<LogPosition>>,
    /// Whether any reading has failed. `WhenStale::ServeUnread` applies from then on.
    has_failed: AtomicBool,
}

/// The two settings about a replica that is behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Policy {
    pub(super) max_lag: Duration,
    pub(super) when_stale: WhenStale,
}

/// The state of the first complete reading of the log.
/// [`Revocations::caught_up`](super::Revocations::caught_up) waits for its end.
#[derive(Clone, Debug)]
pub(super) enum FirstReading {
    /// No reading has ended yet.
    Pending,
    /// The last attempt failed. The follower tries again.
    Failed(LogError),
    /// The log was read to its end. The state stays so.
    Completed,
}

/// Whether this replica may accept a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readiness {
    /// The replica knows the revocations, or serves without knowing all of them by the policy.
    Ready,
    /// The replica has not yet read the revocations from before its start.
    CatchingUp,
    /// The last complete reading is older than `max_revocation_lag`, and the policy is to fail
    /// closed.
    Stale,
}

impl Policy {
    /// The policy of the settings.
    pub(super) fn of(settings: &Settings) -> Self {
        Self {
            max_lag: settings.max_lag,
            when_stale: settings.when_stale,
        }
    }
}

impl LogState {
    /// The state before the follower has started.
    pub(super) fn new(Opened { log, named }: Opened, policy: Policy) -> Self {
        Self {
            log,
            policy,
            named,
            rereads: AtomicBool::new(false),
            outbox: Outbox::default(),
            first_reading: watch::Sender::new(FirstReading::Pending),
            followed: AtomicBool::new(false),
            started_at: AtomicU64::new(0),
            read_at: AtomicU64::new(0),
            read_to: Mutex::default(),
            has_failed: AtomicBool::new(false),
        }
    }

    /// Decides by the policy. The order of the arms matters, because a replica that has never read
    /// is not ready, unless the policy is `ServeUnread` and a reading has failed. Staleness counts
    /// for `FailClosed` only.
    pub(super) fn readiness(&self, clock: &Clock) -> Readiness {
        match self.policy.when_stale {
            WhenStale::ServeUnread if self.has_failed.load(Ordering::Relaxed) => Readiness::Ready,
            _ if !self.has_ever_read() => Readiness::CatchingUp,
            WhenStale::FailClosed if self.is_stale(clock.monotonic()) => Readiness::Stale,
            WhenStale::FailClosed | WhenStale::ServeStale | WhenStale::ServeUnread => {
                Readiness::Ready
            }
        }
    }

    /// Notes when the follower started, by the monotonic clock.
    pub(super) fn start(&self, now: Duration) {
        let (now, order) = (stamp(now), Ordering::Relaxed);
        // A restarted follower keeps the time of the first start, so that the lag of a replica that
        // has never read the log grows across restarts. The error of the exchange means just that.
        let _ = self.started_at.compare_exchange(0, now, order, order);
    }

    /// Notes a complete reading that began at `began` (monotonic clock) and ended at the position
    /// `to`. The replica then knows every entry that the log held at `began`.
    pub(super) fn has_read(&self, began: Duration, to: &LogPosition) {
        *self.read_to.lock().unwrap_or_else(PoisonError::into_inner) = Some(to.clone());
        // The lag counts from the beginning and not from the end, because an entry that another
        // replica appended meanwhile may be missing from the reading.
        self.read_at.store(stamp(began), Ordering::Release);
        self.first_reading.send_replace(FirstReading::Completed);
    }

    /// Whether the log was read to its end at least once.
    pub(super) fn has_ever_read(&self) -> bool {
        self.read_at.load(Ordering::Acquire) != 0
    }

    /// The position at the end of the newest complete reading. `None` before the first one.
    pub(super) fn read_to(&self) -> Option<LogPosition> {
        let read_to = self.read_to.lock().unwrap_or_else(PoisonError::into_inner);
        read_to.clone()
    }

    /// Notes a failure. Callers that wait for the first reading get the error. After the first
    /// complete reading, the state stays `Completed`.
    pub(super) fn reading_failed(&self, error: &LogError) {
        self.has_failed.store(true, Ordering::Relaxed);
        self.first_reading.send_if_modified(|first_reading| {
            let is_pending = !matches!(first_reading, FirstReading::Completed);
            if is_pending {
                *first_reading = FirstReading::Failed(error.clone());
            }
            is_pending
        });
    }

    /// The age of the newest complete reading. Without one, the time since the start of the
    /// follower, and [`Duration::MAX`] before that start.
    pub(super) fn lag(&self, now: Duration) -> Duration {
        let read_at = self.read_at.load(Ordering::Acquire);
        let since = match read_at {
            0 => self.started_at.load(Ordering::Relaxed),
            read_at => read_at,
        };
        if since == 0 {
            return Duration::MAX;
        }
        Duration::from_millis(stamp(now).saturating_sub(since))
    }

    /// Whether the lag is above the limit of the settings, whatever the policy makes of that.
    pub(super) fn is_stale(&self, now: Duration) -> bool {
        self.lag(now) > self.policy.max_lag
    }
}

/// Milliseconds of the monotonic clock, plus one, because 0 stands for "never" in the atomics.
fn stamp(passed: Duration) -> u64 {
    let millis = u64::try_from(passed.as_millis());
    millis.unwrap_or(u64::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revocation::InProcessLog;

    const SECOND: Duration = Duration::from_secs(1);

    fn state(when_stale: WhenStale) -> LogState {
        let max_lag = 10 * SECOND;
        let policy = Policy {
            max_lag,
            when_stale,
        };
        let log = Arc::new(InProcessLog::default());
        LogState::new(Opened { log, named: None }, policy)
    }

    #[test]
    fn the_lag_counts_from_the_first_start_and_then_from_the_newest_reading() {
        let state = state(WhenStale::FailClosed);
        assert_eq!(state.lag(5 * SECOND), Duration::MAX);
        state.start(2 * SECOND);
        state.start(4 * SECOND);
        assert_eq!(state.lag(5 * SECOND), 3 * SECOND);
        assert!(!state.has_ever_read());
        assert_eq!(state.read_to(), None);
        let position = LogPosition::new("7");
        state.has_read(6 * SECOND, &position);
        assert!(state.has_ever_read());
        assert_eq!(state.read_to(), Some(position));
        assert_eq!(state.lag(7 * SECOND), SECOND);
        assert!(!state.is_stale(16 * SECOND));
        assert!(state.is_stale(16 * SECOND + Duration::from_millis(1)));
    }

    #[test]
    fn the_policy_decides_about_a_replica_that_is_behind() {
        use Readiness::{CatchingUp, Ready, Stale};

        for (when_stale, unread, failed, late) in [
            (WhenStale::FailClosed, CatchingUp, CatchingUp, Stale),
            (WhenStale::ServeStale, CatchingUp, CatchingUp, Ready),
            (WhenStale::ServeUnread, CatchingUp, Ready, Ready),
        ] {
            let state = state(when_stale);
            let at = |seconds: u32| {
                let clock = Clock::system().with_monotonic(move || seconds * SECOND);
                state.readiness(&clock)
            };
            state.start(Duration::ZERO);
            assert_eq!(at(1), unread, "{when_stale:?}");
            state.reading_failed(&LogError::new("down"));
            assert_eq!(at(1), failed, "{when_stale:?}");
            state.has_read(SECOND, &LogPosition::new("7"));
            assert_eq!((at(11), at(12)), (Ready, late), "{when_stale:?}");
        }
    }

    #[test]
    fn a_failure_is_known_to_those_who_wait_for_the_first_reading_alone() {
        let state = state(WhenStale::FailClosed);
        let first = || state.first_reading.borrow().clone();
        state.reading_failed(&LogError::new("down"));
        assert!(matches!(first(), FirstReading::Failed(_)));
        state.has_read(SECOND, &LogPosition::new("7"));
        state.reading_failed(&LogError::new("down"));
        assert!(matches!(first(), FirstReading::Completed));
    }
}
