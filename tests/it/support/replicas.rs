//! Several replicas of one shop on one revocation log, each with a connection that a test can cut.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use crate::support::clients::Clients as _;
use axum::{
    Router,
    body::{Body, Bytes},
};
use http::{Request, header::COOKIE};
use http_body_util::BodyExt;
use tower::ServiceExt;
use tower_phone_auth::{
    Builder, OAuthLayer, SessionKey,
    provider::BoxFuture,
    revocation::{InProcessLog, LogBatch, LogError, LogPosition, RevocationLog},
};
use tower_phone_auth_local_provider::LocalProvider;

use super::{
    browser::Browser,
    shop::{ORIGIN, Time, routes},
};

/// The log, which can be replaced by an empty one.
#[derive(Clone, Default)]
pub(crate) struct SharedLog(Arc<Mutex<InProcessLog>>);

impl SharedLog {
    pub(crate) fn by(time: &Time) -> Self {
        Self(Arc::new(Mutex::new(InProcessLog::with_clock(time.clock()))))
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

/// A shop on several replicas.
pub(crate) struct Replicas {
    pub(crate) provider: LocalProvider,
    pub(crate) key: SessionKey,
    pub(crate) log: SharedLog,
}

/// One replica of the shop.
#[derive(Clone)]
pub(crate) struct Replica<L = LogConnection> {
    pub(crate) layer: OAuthLayer,
    pub(crate) app: Router,
    pub(crate) time: Time,
    pub(crate) connection: L,
}

impl Replicas {
    pub(crate) async fn new() -> Self {
        Self {
            provider: LocalProvider::start().await.unwrap(),
            key: SessionKey::random(),
            log: SharedLog::default(),
        }
    }

    /// Starts one more replica, with its own clock.
    pub(crate) fn start(&self) -> Replica {
        self.start_with(LogConnection::to(&self.log), |builder| builder)
    }

    pub(crate) fn start_with<L: RevocationLog + Clone>(
        &self,
        connection: L,
        settings: impl FnOnce(Builder) -> Builder,
    ) -> Replica<L> {
        let time = Time::default();
        let builder = OAuthLayer::builder()
            .public_url(ORIGIN)
            .session_key(self.key.clone())
            .provider(self.provider.kakao())
            .provider(self.provider.oidc().named("oidc"))
            .public(["/maybe"])
            .revocation_log(connection.clone())
            .clock(time.clock());
        let layer = settings(builder).build().unwrap();
        Replica {
            app: routes().layer(layer.clone()),
            layer,
            time,
            connection,
        }
    }

    /// Starts one more replica, which has read the log.
    pub(crate) async fn ready(&self) -> Replica {
        let replica = self.start();
        replica.layer.warm_up().await.unwrap();
        replica
    }
}

impl<L> Replica<L> {
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.app.clone(), ORIGIN)
    }

    /// The status of a request by a script with these cookies, and the reason of a refusal.
    pub(crate) async fn answer_to(&self, browser: &Browser) -> (u16, String) {
        let cookies = browser.cookies.iter();
        let cookies: Vec<_> = cookies
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = Request::get("/").header(COOKIE, cookies.join("; "));
        let page = self
            .app
            .clone()
            .oneshot(request.body(Body::empty()).unwrap());
        let (head, body) = page.await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let document: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
        let reason = document["reason"].as_str().unwrap_or_default().to_owned();
        (head.status.as_u16(), reason)
    }

    pub(crate) async fn lets_in(&self, browser: &Browser) -> bool {
        self.answer_to(browser).await.0 == 200
    }

    /// Waits until the replica answers so.
    pub(crate) async fn eventually_answers(
        &self,
        browser: &Browser,
        expected: (u16, &'static str),
    ) {
        until(async || {
            let (status, reason) = self.answer_to(browser).await;
            (status, reason.as_str()) == expected
        })
        .await;
    }
}

/// Waits until the condition holds.
#[track_caller]
pub(crate) fn until(holds: impl AsyncFn() -> bool) -> impl Future<Output = ()> {
    let place = std::panic::Location::caller();
    async move {
        let began = Instant::now();
        while !holds().await {
            assert!(
                began.elapsed() < Duration::from_secs(20),
                "the condition at {place} never held"
            );
            // Leaves the processor to other tasks. The test waits for the condition, not for a
            // time.
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}
