//! A replica that has just started must read the log before it accepts sessions.

use std::time::Duration;

use http::{
    Method, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER},
};
use tower_phone_auth::{Builder, layer::WarmUpError, revocation::WhenStale};

use crate::support::{
    browser::{Browser, JIWOO, location, text},
    log::Log,
    replicas::{LogConnection, Replicas, until},
};

#[tokio::test]
async fn before_the_log_was_read_requests_with_a_session_get_503_and_no_others() {
    let shop = Replicas::new().await;
    let one = shop.ready().await;
    let mut browser = one.browser();
    let away = browser.visit("/auth/login?provider=kakao").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;

    let line = LogConnection::to(&shop.log);
    line.cut();
    let late = shop.start_with(line.clone(), |builder| builder);
    browser.moves_to(late.app.clone());
    let page = browser.fetch(Method::GET, "/").await;
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(page.headers()[RETRY_AFTER], "1");
    assert_eq!(page.headers()[CONTENT_TYPE], "application/problem+json");
    let page = browser.visit("/").await;
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(text(&page).contains("You are still signed in"));
    assert_eq!(text(&browser.visit("/maybe").await), "anonymous");
    let mut stranger = late.browser();
    assert!(location(&stranger.visit("/").await).contains("/auth/login"));
    assert_eq!(stranger.fetch(Method::GET, "/").await.status(), 401);

    line.restore();
    late.eventually_answers(&browser, (200, "")).await;
}

#[tokio::test]
async fn a_replica_that_becomes_ready_says_so_once() {
    let shop = Replicas::new().await;
    let log = Log::capture();
    let ready = || log.text().matches("this replica is ready").count();
    let line = LogConnection::to(&shop.log);
    line.cut();
    let late = shop.start_with(line.clone(), |builder| builder);
    assert!(late.layer.warm_up().await.is_err());
    assert_eq!(ready(), 0);
    line.restore();
    until(async || late.layer.is_ready()).await;
    assert_eq!(ready(), 1);
    assert!(log.text().contains("INFO"), "{}", log.text());

    line.cut();
    until(async || log.text().contains("the revocation log fails")).await;
    line.restore();
    until(async || log.text().contains("the revocation log is read again")).await;
    late.layer.warm_up().await.unwrap();
    assert_eq!(ready(), 1);
}

async fn signed_in(shop: &Replicas) -> Browser {
    let one = shop.ready().await;
    let mut browser = one.browser();
    let away = browser.visit("/auth/login?provider=kakao").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    browser
}

#[tokio::test]
async fn a_replica_that_never_read_its_log_stays_closed_whatever_the_policy() {
    let shop = Replicas::new().await;
    let browser = signed_in(&shop).await;
    for policy in [WhenStale::ServeStale, WhenStale::FailClosed] {
        let line = LogConnection::to(&shop.log);
        line.cut();
        let late = shop.start_with(line.clone(), |builder| builder.when_stale(policy));
        assert!(late.layer.warm_up().await.is_err());
        for seconds in [0, 4, 2, 60, 24 * 60 * 60] {
            late.time.pass(Duration::from_secs(seconds));
            assert!(!late.layer.is_ready());
            let (status, reason) = late.answer_to(&browser).await;
            // After a day, the session itself has expired.
            let expected = if seconds > 60 { 401 } else { 503 };
            assert_eq!(status, expected, "{policy:?} {seconds} {reason}");
        }
    }
}

#[tokio::test]
async fn serve_unread_accepts_sessions_once_the_first_reading_failed() {
    let shop = Replicas::new().await;
    let browser = signed_in(&shop).await;
    let line = LogConnection::to(&shop.log);
    line.cut();
    let settings = |builder: Builder| builder.when_stale(WhenStale::ServeUnread);
    let late = shop.start_with(line.clone(), settings);
    assert_eq!(late.answer_to(&browser).await.0, 503);
    assert!(late.layer.warm_up().await.is_err());
    assert_eq!(late.answer_to(&browser).await.0, 200);
    assert!(late.layer.is_ready());
}

#[tokio::test]
async fn a_sign_in_at_a_replica_that_has_not_read_its_log_counts_once_the_log_was_read() {
    let shop = Replicas::new().await;
    let mut browser = signed_in(&shop).await;
    browser.fetch(Method::POST, "/auth/logout?everywhere").await;
    let line = LogConnection::to(&shop.log);
    line.cut();
    let late = shop.start_with(line.clone(), |builder| builder);
    browser.moves_to(late.app.clone());
    let away = browser
        .visit("/auth/login?provider=kakao&return_to=%2Forders")
        .await;
    let callback = browser.act(&away, JIWOO).await;
    let refused = browser.visit(&callback).await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.headers()[RETRY_AFTER], "1");
    let page = text(&refused);
    assert!(page.contains(r#"href="/orders""#), "{page}");
    assert!(
        !page.contains("code=") && !page.contains("You are still signed in"),
        "{page}"
    );

    let away = browser
        .visit("/auth/login?provider=kakao&return_to=%2Forders")
        .await;
    let callback = browser.act(&away, JIWOO).await;
    line.restore();
    let back = browser.visit(&callback).await;
    assert_eq!(location(&back), "/orders");
    until(async || late.layer.is_ready()).await;
    assert_eq!(late.answer_to(&browser).await.0, 200);
}

#[tokio::test]
async fn the_page_of_a_replica_that_catches_up_reloads_itself_after_a_get() {
    let shop = Replicas::new().await;
    let mut browser = signed_in(&shop).await;
    let line = LogConnection::to(&shop.log);
    line.cut();
    let late = shop.start_with(line, |builder| builder);
    browser.moves_to(late.app.clone());
    let page = browser.visit("/orders?page=2").await;
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    let refresh = r#"<meta http-equiv="refresh" content="2">"#;
    assert!(text(&page).contains(refresh), "{}", text(&page));
    late.time.pass(Duration::from_secs(10));
    let page = browser.visit("/orders?page=2").await;
    let refresh = r#"<meta http-equiv="refresh" content="30">"#;
    assert!(text(&page).contains(refresh), "{}", text(&page));
    let form = [("sec-fetch-mode", "navigate"), ("accept", "text/html")];
    let page = browser.send(Method::POST, "/orders", &form).await;
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(!text(&page).contains("refresh"), "{}", text(&page));
}

#[tokio::test]
async fn a_replica_is_ready_when_it_can_check_sessions() {
    let shop = Replicas::new().await;
    let line = LogConnection::to(&shop.log);
    line.cut();
    let closed = |builder: Builder| builder.when_stale(WhenStale::FailClosed);
    let late = shop.start_with(line.clone(), closed);
    assert!(!late.layer.is_ready());
    line.restore();
    until(async || late.layer.is_ready()).await;
    line.cut();
    late.time.pass(Duration::from_secs(11));
    assert!(!late.layer.is_ready());
    line.restore();
    until(async || late.layer.is_ready()).await;
    let alone = crate::support::shop::Shop::open().await;
    assert!(alone.layer.is_ready());
}

#[tokio::test]
async fn warming_up_waits_for_the_log_and_reports_its_failure() {
    let shop = Replicas::new().await;
    let line = LogConnection::to(&shop.log);
    line.cut();
    let late = shop.start_with(line.clone(), |builder| builder);
    let error = late.layer.warm_up().await.unwrap_err();
    let WarmUpError::Log(error) = error else {
        panic!("{error}");
    };
    assert!(
        error
            .to_string()
            .contains("the connection is cut; restore it")
    );
    line.restore();
    late.layer.warm_up().await.unwrap();
    assert_eq!(late.layer.revocation_lag(), Some(Duration::ZERO));
}

#[test]
fn a_layer_without_a_runtime_begins_to_read_at_its_first_request() {
    let runtime = || {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_all().build().unwrap()
    };
    let (first, second) = (runtime(), runtime());
    let shop = first.block_on(Replicas::new());
    // The layer is made outside of any runtime.
    let replica = shop.start_with(LogConnection::to(&shop.log), |builder| builder);
    let stranger = || async { replica.browser().fetch(Method::GET, "/").await };
    first.block_on(stranger());
    first.block_on(replica.layer.warm_up()).unwrap();
    // The runtime ends, and with it the task. A task on another runtime replaces it.
    drop(first);
    replica.time.pass(Duration::from_secs(9));
    assert_eq!(replica.layer.revocation_lag(), Some(Duration::from_secs(9)));
    second.block_on(stranger());
    second.block_on(until(async || {
        replica.layer.revocation_lag() == Some(Duration::ZERO)
    }));
}
