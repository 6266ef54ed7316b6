//! A revocation log that can lose entries, with connections that a test can cut.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::body::Bytes;
use tower_phone_auth::{
    Clock,
    provider::BoxFuture,
    revocation::{InProcessLog, LogBatch, LogError, LogPosition, RevocationLog},
};

/// The log, which can be replaced by an empty one.
#[derive(Clone, Default)]
pub(crate) struct SharedLog(Arc<Mutex<InProcessLog>>);

impl SharedLog {
    pub(crate) fn by(clock: Clock) -> Self {
        Self(Arc::new(Mutex::new(InProcessLog::with_clock(clock))))
    }

    /// Drops every entry.
    pub(crate) fn lose_everything(&self) {
        *self.0.lock().unwrap() = InProcessLog::default();
    }

    /// Drops the entries that were appended last.
    pub(crate) async fn lose_last(&self, entries: usize) {
        let mut kept = self.entries().await;
        kept.truncate(kept.len().saturating_sub(entries));
        self.lose_everything();
        self.now().publish(kept).await.unwrap();
    }

    pub(crate) fn now(&self) -> InProcessLog {
        self.0.lock().unwrap().clone()
    }

    /// The payloads in the log.
    pub(crate) async fn entries(&self) -> Vec<Bytes> {
        let batch = self.now().follow(None, Duration::ZERO).await;
        batch.unwrap().payloads
    }
}

/// The connection of one replica to the log.
#[derive(Clone, Default)]
pub(crate) struct LogConnection {
    log: SharedLog,
    cut: Arc<AtomicBool>,
    hung: Arc<AtomicBool>,
    loses_next: Arc<AtomicBool>,
    loses_all: Arc<AtomicBool>,
    refuses: Arc<AtomicBool>,
    pub(crate) refused: Arc<AtomicUsize>,
    pub(crate) published: Arc<AtomicUsize>,
    most: Option<usize>,
}

impl LogConnection {
    pub(crate) fn to(log: &SharedLog) -> Self {
        let log = log.clone();
        Self {
            log,
            ..Self::default()
        }
    }

    /// Stops after this many entries. Only an endless loop publishes more; the test can then fail
    /// instead of running for ever.
    pub(crate) fn at_most(self, entries: usize) -> Self {
        Self {
            most: Some(entries),
            ..self
        }
    }

    pub(crate) fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
    }

    pub(crate) fn restore(&self) {
        self.cut.store(false, Ordering::SeqCst);
        self.hung.store(false, Ordering::SeqCst);
    }

    /// The number of owners: the test, and each task that follows the log.
    pub(crate) fn holders(&self) -> usize {
        Arc::strong_count(&self.cut)
    }

    /// Accepts every call and answers none.
    pub(crate) fn hang(&self) {
        self.hung.store(true, Ordering::SeqCst);
    }

    /// Accepts the next entries and drops them before a reader sees them.
    pub(crate) fn lose_next(&self) {
        self.loses_next.store(true, Ordering::SeqCst);
    }

    /// Accepts all entries and drops them before a reader sees them.
    pub(crate) fn lose_all(&self, loses: bool) {
        self.loses_all.store(loses, Ordering::SeqCst);
    }

    /// Can be read, and refuses new entries.
    pub(crate) fn refuse_all(&self, refuses: bool) {
        self.refuses.store(refuses, Ordering::SeqCst);
    }

    async fn pass(&self) -> Result<InProcessLog, LogError> {
        if self.hung.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        if self.cut.load(Ordering::SeqCst) {
            return Err(LogError::new("the connection is cut; restore it"));
        }
        Ok(self.log.now())
    }
}

impl RevocationLog for LogConnection {
    fn publish(&self, payloads: Vec<Bytes>) -> BoxFuture<'_, Result<(), LogError>> {
        Box::pin(async {
            let log = self.pass().await?;
            if self.refuses.load(Ordering::SeqCst) {
                self.refused.fetch_add(payloads.len(), Ordering::SeqCst);
                return Err(LogError::new("the log is full; give it more memory"));
            }
            let before = self.published.fetch_add(payloads.len(), Ordering::SeqCst);
            if self.most.is_some_and(|most| before > most) {
                std::future::pending::<()>().await;
            }
            let loses = self.loses_next.swap(false, Ordering::SeqCst);
            if loses || self.loses_all.load(Ordering::SeqCst) {
                return Ok(());
            }
            log.publish(payloads).await
        })
    }

    fn follow(
        &self,
        after: Option<LogPosition>,
        wait: Duration,
    ) -> BoxFuture<'_, Result<LogBatch, LogError>> {
        Box::pin(async move {
            let batch = self.pass().await?.follow(after, wait).await;
            // A connection that was cut in the meantime delivers nothing.
            self.pass().await?;
            batch
        })
    }

    fn prune(&self, age: Duration) -> BoxFuture<'_, Result<(), LogError>> {
        Box::pin(async move { self.pass().await?.prune(age).await })
    }
}
