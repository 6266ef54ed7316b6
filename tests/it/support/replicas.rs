//! Several replicas of one shop on one revocation log, each with a connection that a test can cut.

use std::time::{Duration, Instant};

use crate::support::clients::Clients as _;
use axum::{Router, body::Body};
use http::{Request, header::COOKIE};
use http_body_util::BodyExt;
use tower::ServiceExt;
use tower_phone_auth::{Builder, OAuthLayer, SessionKey, revocation::RevocationLog};
use tower_phone_auth_local_provider::LocalProvider;

use super::{
    browser::Browser,
    shop::{ORIGIN, Time, routes},
};

pub(crate) use super::revocation_log::{LogConnection, SharedLog};

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
