//! Several machines of one shop, over one log, each with a line to it that can be cut.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, Bytes},
};
use http::{Request, header::COOKIE};
use http_body_util::BodyExt;
use tower::ServiceExt;
use tower_phone_auth::{
    BoxFuture, Builder, InProcessLog, LogBatch, LogError, LogPosition, OAuthLayer, RevocationLog,
    SessionKey, local_provider::LocalProvider,
};

use super::{
    browser::Browser,
    shop::{ORIGIN, Time, routes},
};

/// The log, which may be swapped for an empty one.
#[derive(Clone, Default)]
pub(crate) struct Shared(Arc<Mutex<InProcessLog>>);

impl Shared {
    pub(crate) fn by(time: &Time) -> Self {
        Self(Arc::new(Mutex::new(InProcessLog::with_clock(time.clock()))))
    }

    /// What stood in it is gone.
    pub(crate) fn is_emptied(&self) {
        *self.0.lock().unwrap() = InProcessLog::default();
    }

    /// What was appended last is gone.
    pub(crate) async fn loses_its_end(&self, entries: usize) {
        let mut kept = self.entries().await;
        kept.truncate(kept.len().saturating_sub(entries));
        self.is_emptied();
        self.now().publish(kept).await.unwrap();
    }

    pub(crate) fn now(&self) -> InProcessLog {
        self.0.lock().unwrap().clone()
    }

    /// What stands in it.
    pub(crate) async fn entries(&self) -> Vec<Bytes> {
        let batch = self.now().follow(None, Duration::ZERO).await;
        batch.unwrap().payloads
    }
}

/// One machine's line to the log.
#[derive(Clone, Default)]
pub(crate) struct Line {
    log: Shared,
    cut: Arc<AtomicBool>,
    hung: Arc<AtomicBool>,
    forgets: Arc<AtomicBool>,
    forgets_all: Arc<AtomicBool>,
    refuses: Arc<AtomicBool>,
    pub(crate) refused: Arc<AtomicUsize>,
    pub(crate) published: Arc<AtomicUsize>,
    most: Option<usize>,
}

impl Line {
    pub(crate) fn to(log: &Shared) -> Self {
        let log = log.clone();
        Self {
            log,
            ..Self::default()
        }
    }

    /// It stops after so many entries: only an endless loop publishes more, and the test can then say so.
    pub(crate) fn at_most(self, entries: usize) -> Self {
        Self {
            most: Some(entries),
            ..self
        }
    }

    pub(crate) fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
    }

    pub(crate) fn mend(&self) {
        self.cut.store(false, Ordering::SeqCst);
        self.hung.store(false, Ordering::SeqCst);
    }

    /// How many hold it: the test, and whoever follows.
    pub(crate) fn holders(&self) -> usize {
        Arc::strong_count(&self.cut)
    }

    /// It takes everything, and answers nothing.
    pub(crate) fn hang(&self) {
        self.hung.store(true, Ordering::SeqCst);
    }

    /// It takes what is published next, and loses it before anybody reads it.
    pub(crate) fn forgets_the_next(&self) {
        self.forgets.store(true, Ordering::SeqCst);
    }

    /// It takes everything, and loses it before anybody reads it.
    pub(crate) fn forgets_all(&self, forgets: bool) {
        self.forgets_all.store(forgets, Ordering::SeqCst);
    }

    /// It is read, and takes nothing.
    pub(crate) fn refuses(&self, refuses: bool) {
        self.refuses.store(refuses, Ordering::SeqCst);
    }

    async fn pass(&self) -> Result<InProcessLog, LogError> {
        if self.hung.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        if self.cut.load(Ordering::SeqCst) {
            return Err(LogError::new("the line is cut; mend it"));
        }
        Ok(self.log.now())
    }
}

impl RevocationLog for Line {
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
            let forgets = self.forgets.swap(false, Ordering::SeqCst);
            if forgets || self.forgets_all.load(Ordering::SeqCst) {
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
            // A line that was cut meanwhile brings nothing.
            self.pass().await?;
            batch
        })
    }

    fn prune(&self, age: Duration) -> BoxFuture<'_, Result<(), LogError>> {
        Box::pin(async move { self.pass().await?.prune(age).await })
    }
}

/// A shop on several machines.
pub(crate) struct Replicas {
    pub(crate) provider: LocalProvider,
    pub(crate) key: SessionKey,
    pub(crate) log: Shared,
}

/// One of them.
#[derive(Clone)]
pub(crate) struct Replica<L = Line> {
    pub(crate) layer: OAuthLayer,
    pub(crate) app: Router,
    pub(crate) time: Time,
    pub(crate) line: L,
}

impl Replicas {
    pub(crate) async fn new() -> Self {
        Self {
            provider: LocalProvider::start().await.unwrap(),
            key: SessionKey::random(),
            log: Shared::default(),
        }
    }

    /// Starts one more machine, with a clock of its own.
    pub(crate) fn start(&self) -> Replica {
        self.start_with(Line::to(&self.log), |builder| builder)
    }

    pub(crate) fn start_with<L: RevocationLog + Clone>(
        &self,
        line: L,
        settings: impl FnOnce(Builder) -> Builder,
    ) -> Replica<L> {
        let time = Time::default();
        let builder = OAuthLayer::builder()
            .public_url(ORIGIN)
            .session_key(self.key.clone())
            .provider(self.provider.kakao())
            .provider(self.provider.oidc().named("oidc"))
            .public(["/maybe"])
            .revocation_log(line.clone())
            .clock(time.clock());
        let layer = settings(builder).build().unwrap();
        Replica {
            app: routes().layer(layer.clone()),
            layer,
            time,
            line,
        }
    }

    /// One more, which has read the log.
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

    /// The status of a script's request with these cookies, and the reason of a refusal.
    pub(crate) async fn judges(&self, browser: &Browser) -> (u16, String) {
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
        self.judges(browser).await.0 == 200
    }

    /// Waits until it answers so.
    pub(crate) async fn comes_to(&self, browser: &Browser, expected: (u16, &'static str)) {
        until(async || {
            let (status, reason) = self.judges(browser).await;
            (status, reason.as_str()) == expected
        })
        .await;
    }
}

/// Waits until it is so.
#[track_caller]
pub(crate) fn until(is_so: impl AsyncFn() -> bool) -> impl Future<Output = ()> {
    let place = std::panic::Location::caller();
    async move {
        let began = Instant::now();
        while !is_so().await {
            assert!(began.elapsed() < Duration::from_secs(20), "never: {place}");
            // Leaves the processor to whoever makes it so; what is waited for is the fact, not the time.
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}
