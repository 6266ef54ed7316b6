//! What this machine knows of the log that all machines share.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::sync::watch;

use super::{LogError, LogPosition, RevocationLog, WhenStale, outbox::Outbox};
use crate::clock::Clock;

pub(super) struct Freshness {
    pub(super) log: Arc<dyn RevocationLog>,
    pub(super) outbox: Outbox,
    pub(super) policy: Policy,
    pub(super) progress: watch::Sender<Progress>,
    /// Whether a task follows the log.
    pub(super) followed: AtomicBool,
    /// In milliseconds of the monotonic clock, plus one; 0 is never.
    started_at: AtomicU64,
    read_at: AtomicU64,
    /// The end of the newest complete reading.
    read_to: Mutex<Option<LogPosition>>,
    /// A reading has failed.
    has_failed: AtomicBool,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Policy {
    pub(super) max_lag: Duration,
    pub(super) when_stale: WhenStale,
}

/// How far the first reading of the log came.
#[derive(Clone, Debug)]
pub(super) enum Progress {
    Reading,
    Failed(LogError),
    /// Everything was read, once at least.
    Read,
}

/// Whether this machine may judge a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readiness {
    Ready,
    /// It has not read yet what was revoked before it started.
    CatchingUp,
    /// It is too far behind, and the policy is to fail closed.
    Stale,
}

impl Freshness {
    pub(super) fn new(log: Arc<dyn RevocationLog>, policy: Policy) -> Self {
        Self {
            log,
            policy,
            outbox: Outbox::default(),
            progress: watch::Sender::new(Progress::Reading),
            followed: AtomicBool::new(false),
            started_at: AtomicU64::new(0),
            read_at: AtomicU64::new(0),
            read_to: Mutex::default(),
            has_failed: AtomicBool::new(false),
        }
    }

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

    pub(super) fn start(&self, now: Duration) {
        let (now, order) = (millis(now), Ordering::Relaxed);
        // A restart keeps the time of the first start.
        let _ = self.started_at.compare_exchange(0, now, order, order);
    }

    /// All that stood in the log at `began`, by the monotonic clock, is known here. It was read to that position.
    pub(super) fn has_read(&self, began: Duration, to: &LogPosition) {
        *self.read_to.lock().unwrap_or_else(PoisonError::into_inner) = Some(to.clone());
        self.read_at.store(millis(began), Ordering::Release);
        self.progress.send_replace(Progress::Read);
    }

    pub(super) fn has_ever_read(&self) -> bool {
        self.read_at.load(Ordering::Acquire) != 0
    }

    pub(super) fn read_to(&self) -> Option<LogPosition> {
        let read_to = self.read_to.lock().unwrap_or_else(PoisonError::into_inner);
        read_to.clone()
    }

    pub(super) fn failed(&self, error: &LogError) {
        self.has_failed.store(true, Ordering::Relaxed);
        self.progress.send_if_modified(|progress| {
            let waits = !matches!(progress, Progress::Read);
            if waits {
                *progress = Progress::Failed(error.clone());
            }
            waits
        });
    }

    /// How old the newest complete reading is; since its start, if there is none.
    pub(super) fn lag(&self, now: Duration) -> Duration {
        let read_at = self.read_at.load(Ordering::Acquire);
        let since = match read_at {
            0 => self.started_at.load(Ordering::Relaxed),
            read_at => read_at,
        };
        if since == 0 {
            return Duration::MAX;
        }
        Duration::from_millis(millis(now).saturating_sub(since))
    }

    pub(super) fn is_stale(&self, now: Duration) -> bool {
        self.lag(now) > self.policy.max_lag
    }
}

/// 0 is never.
fn millis(passed: Duration) -> u64 {
    let millis = u64::try_from(passed.as_millis());
    millis.unwrap_or(u64::MAX).saturating_add(1)
}
