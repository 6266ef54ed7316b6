//! A replica without a connection to the log.

use std::time::Duration;

use http::{Method, StatusCode, header::RETRY_AFTER};
use tower_phone_auth::{OAuthLayer, revocation::WhenStale};

use crate::support::{
    browser::{Browser, JIWOO, text},
    log::Log,
    replicas::{LogConnection, Replica, Replicas, until},
};

const SECOND: Duration = Duration::from_secs(1);

async fn signed_in(replica: &Replica) -> Browser {
    let mut browser = replica.browser();
    let away = browser.visit("/auth/login?provider=kakao").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    browser
}

/// A replica with this policy that has read the log.
async fn ready(shop: &Replicas, policy: WhenStale) -> Replica {
    let line = LogConnection::to(&shop.log);
    let replica = shop.start_with(line, |builder| builder.when_stale(policy));
    replica.layer.warm_up().await.unwrap();
    replica
}

#[tokio::test]
async fn a_layer_without_a_log_has_no_lag() {
    let shop = crate::support::shop::Shop::open().await;
    assert_eq!(shop.layer.revocation_lag(), None);
}

#[tokio::test]
async fn the_lag_is_the_time_since_the_last_complete_reading() {
    let shop = Replicas::new().await;
    let one = shop.ready().await;
    one.connection.cut();
    one.time.pass(30 * SECOND);
    // A reading that began before may still be running.
    let lag = one.layer.revocation_lag().unwrap();
    assert_eq!(lag, 30 * SECOND);
    one.connection.restore();
    until(async || one.layer.revocation_lag() == Some(Duration::ZERO)).await;
}

#[tokio::test]
async fn a_stale_replica_uses_its_known_revocations_and_logs_that_it_is_stale() {
    let log = Log::capture();
    let shop = Replicas::new().await;
    let (one, other) = (
        ready(&shop, WhenStale::ServeStale).await,
        shop.ready().await,
    );
    let mut browser = signed_in(&one).await;
    let copy = browser.cookies.clone();
    one.connection.cut();
    one.time.pass(30 * SECOND);
    browser.moves_to(other.app.clone());
    browser.fetch(Method::POST, "/auth/logout").await;
    browser.cookies = copy;
    assert!(one.lets_in(&browser).await);
    until(async || log.text().contains("revocations are stale")).await;
    one.connection.restore();
    one.eventually_answers(&browser, (401, "ended")).await;
    until(async || log.text().contains("revocations are fresh again")).await;
    let text = log.text();
    assert_eq!(
        text.matches("the revocation log fails").count(),
        1,
        "{text}"
    );
    assert!(text.contains("the connection is cut; restore it") && text.contains("lag_ms=30000"));
    assert_eq!(text.matches("the revocation log is read again").count(), 1);
}

#[tokio::test]
async fn a_stale_replica_that_fails_closed_lets_no_user_in_until_it_has_caught_up() {
    let shop = Replicas::new().await;
    let one = ready(&shop, WhenStale::FailClosed).await;
    let mut browser = signed_in(&one).await;
    one.connection.cut();
    one.time.pass(9 * SECOND);
    assert!(one.lets_in(&browser).await);
    one.time.pass(2 * SECOND);
    let page = browser.fetch(Method::GET, "/").await;
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(page.headers()[RETRY_AFTER], "1");
    assert_eq!(one.browser().visit("/").await.status(), 503);
    assert_eq!(one.browser().fetch(Method::GET, "/").await.status(), 503);
    assert_eq!(text(&browser.visit("/maybe").await), "anonymous");
    one.connection.restore();
    one.eventually_answers(&browser, (200, "")).await;
}

#[tokio::test]
async fn signing_out_works_on_a_replica_that_fails_closed() {
    let shop = Replicas::new().await;
    let one = ready(&shop, WhenStale::FailClosed).await;
    let mut browser = signed_in(&one).await;
    one.connection.cut();
    one.time.pass(11 * SECOND);
    let copy = browser.cookies.clone();
    let page = browser.fetch(Method::POST, "/auth/logout").await;
    assert_eq!(page.status(), StatusCode::ACCEPTED);
    browser.cookies = copy;
    one.connection.restore();
    one.eventually_answers(&browser, (401, "ended")).await;
}

#[tokio::test]
async fn a_wall_clock_that_is_set_back_does_not_open_a_stale_replica_that_fails_closed() {
    let shop = Replicas::new().await;
    let one = ready(&shop, WhenStale::FailClosed).await;
    let browser = signed_in(&one).await;
    for back in [5 * SECOND, 60 * SECOND, 3600 * SECOND] {
        one.connection.cut();
        one.time.set_back(back);
        one.time.pass(11 * SECOND);
        assert_eq!(one.answer_to(&browser).await.0, 503, "{back:?}");
        assert_eq!(one.layer.revocation_lag(), Some(11 * SECOND), "{back:?}");
        one.connection.restore();
        one.time.set_forward(back);
        one.eventually_answers(&browser, (200, "")).await;
    }
}

#[tokio::test]
async fn a_wall_clock_that_is_set_forward_does_not_close_a_replica_that_has_caught_up() {
    let shop = Replicas::new().await;
    let one = ready(&shop, WhenStale::FailClosed).await;
    let browser = signed_in(&one).await;
    one.connection.cut();
    one.time.set_forward(3600 * SECOND);
    assert!(one.lets_in(&browser).await);
    assert_eq!(one.layer.revocation_lag(), Some(Duration::ZERO));
    one.time.pass(11 * SECOND);
    assert_eq!(one.answer_to(&browser).await.0, 503);
}

#[test]
fn an_invalid_lag_is_refused() {
    for lag in [Duration::ZERO, SECOND / 2, 25 * 60 * 60 * SECOND] {
        let builder = OAuthLayer::builder().public_url("https://shop.example.com");
        let key = tower_phone_auth::SessionKey::random();
        let built = builder.session_key(key).max_revocation_lag(lag).build();
        let error = built.unwrap_err();
        assert_eq!(error.setting(), "max_revocation_lag");
        assert!(error.to_string().contains("10 seconds"), "{error}");
    }
}
