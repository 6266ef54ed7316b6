//! The log in the memory of one process.
//!
//! This is the simplest implementation of the trait. Tests with several replicas use it.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use tokio::sync::watch;

use super::{
    log::{LogBatch, LogPosition, RevocationLog},
    log_error::LogError,
};
use crate::{clock::Clock, http_client::BoxFuture};

#[cfg(test)]
mod tests;

/// The most entries of one batch.
const PAGE: usize = 4096;

/// A [`RevocationLog`] in memory, for several layers of one process and for tests with several
/// replicas. Clones share the log.
///
/// A single layer needs no log to know its own revocations. Its revocations are lost with the
/// process; a [`FileLog`](crate::revocation::FileLog) keeps them.
///
/// ```
/// use tower_phone_auth::{revocation::InProcessLog, Kakao, OAuthLayer, SessionKey};
///
/// let (key, log) = (SessionKey::random(), InProcessLog::default());
/// let layer = |name: &str| {
///     OAuthLayer::builder()
///         .public_url("https://shop.example.com")
///         .session_key(key.clone())
///         .provider(Kakao::new("rest-api-key", "client-secret"))
///         .revocation_log(log.clone())
///         .cookie_name(name)
///         .prefix(format!("/{name}/auth"))
///         .build()
/// };
/// let (shop, staff) = (layer("shop")?, layer("staff")?);
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct InProcessLog(Arc<Inner>);

/// The state that clones share.
#[derive(Debug)]
struct Inner {
    /// Part of every position, so that a position of another log is recognised.
    name: u64,
    /// Held for a few copies at a time, never across an `await`.
    entries: Mutex<Entries>,
    /// The number of entries ever appended. Wakes the readings that wait for more.
    end: watch::Sender<u64>,
    /// Dates entries, for pruning.
    clock: Clock,
}

/// The entries, in the order in which they were appended.
#[derive(Debug, Default)]
struct Entries {
    kept: VecDeque<(SystemTime, Bytes)>,
    /// The number of entries that were removed from the front. Positions count them, so that a
    /// position stays valid.
    pruned: u64,
}

impl InProcessLog {
    /// An empty log with the system's clock, as `default` gives it.
    ///
    /// ```
    /// # use tower_phone_auth::revocation::InProcessLog;
    /// let log = InProcessLog::new();
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::with_clock(Clock::system())
    }

    /// An empty log. [`prune`](RevocationLog::prune) reads the time from `clock`.
    ///
    /// ```
    /// # use tower_phone_auth::{revocation::InProcessLog, Clock};
    /// let log = InProcessLog::with_clock(Clock::system());
    /// ```
    #[must_use]
    pub fn with_clock(clock: Clock) -> Self {
        static NAMES: AtomicU64 = AtomicU64::new(0);
        Self(Arc::new(Inner {
            name: NAMES.fetch_add(1, Ordering::Relaxed),
            entries: Mutex::default(),
            end: watch::Sender::new(0),
            clock,
        }))
    }
}

/// An empty log with the system's clock.
impl Default for InProcessLog {
    fn default() -> Self {
        Self::new()
    }
}

impl Inner {
    /// A panic of another holder leaves whole entries, so poisoning is ignored.
    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends, and wakes the readings that wait.
    fn append(&self, payloads: Vec<Bytes>) {
        let mut entries = self.entries();
        let now = self.clock.now();
        entries
            .kept
            .extend(payloads.into_iter().map(|payload| (now, payload)));
        self.end.send_replace(entries.end());
    }

    /// The number in a position. [`LogError::lost`] for a position of another log.
    fn index(&self, position: &LogPosition) -> Result<u64, LogError> {
        let index = position.as_str().split_once('-').and_then(|(name, index)| {
            (name.parse() == Ok(self.name)).then(|| index.parse().ok())?
        });
        index.ok_or_else(LogError::lost)
    }

    /// One page of entries. A position before the oldest entry continues there. Only entries that
    /// no session needs were removed.
    fn read(&self, from: u64) -> LogBatch {
        let entries = self.entries();
        let from = from.max(entries.pruned);
        let skipped = usize::try_from(from - entries.pruned).unwrap_or(usize::MAX);
        let rest = entries.kept.iter().skip(skipped).take(PAGE);
        let payloads: Vec<Bytes> = rest.map(|(_, payload)| payload.clone()).collect();
        let next = from + payloads.len() as u64;
        let position = LogPosition::new(format!("{}-{next}", self.name));
        LogBatch::new(payloads, position, next >= entries.end())
    }
}

impl Entries {
    /// The position after the last entry.
    fn end(&self) -> u64 {
        self.pruned + self.kept.len() as u64
    }
}

impl RevocationLog for InProcessLog {
    fn publish(&self, payloads: Vec<Bytes>) -> BoxFuture<'_, Result<(), LogError>> {
        self.0.append(payloads);
        Box::pin(async { Ok(()) })
    }

    fn follow(
        &self,
        after: Option<LogPosition>,
        wait: Duration,
    ) -> BoxFuture<'_, Result<LogBatch, LogError>> {
        Box::pin(async move {
            let from = after.map_or(Ok(0), |position| self.0.index(&position))?;
            let mut end = self.0.end.subscribe();
            if !wait.is_zero() {
                // After `wait` the log is read too, and the batch is empty.
                let _ = tokio::time::timeout(wait, end.wait_for(|end| *end > from)).await;
            }
            Ok(self.0.read(from))
        })
    }

    fn prune(&self, age: Duration) -> BoxFuture<'_, Result<(), LogError>> {
        // `None` for an age longer than the clock can say. No time is less than `None`, so nothing
        // is removed then.
        let before = self.0.clock.now().checked_sub(age);
        let mut entries = self.0.entries();
        while entries
            .kept
            .front()
            .is_some_and(|(time, _)| Some(*time) < before)
        {
            entries.kept.pop_front();
            entries.pruned += 1;
        }
        drop(entries);
        Box::pin(async { Ok(()) })
    }
}
