//! A machine that has just started reads before it judges.

use std::time::Duration;

use http::{
    Method, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER},
};
use tower_phone_auth::{WarmUpError, WhenStale};

use crate::support::{
    browser::{JIWOO, location, text},
    replicas::{Line, Replicas, until},
};

#[tokio::test]
async fn before_the_log_was_read_a_session_is_answered_503_and_nobody_else() {
    let shop = Replicas::new().await;
    let one = shop.ready().await;
    let mut browser = one.browser();
    let away = browser.visit("/auth/login?provider=kakao").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;

    let line = Line::to(&shop.log);
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
    assert_eq!(text(&browser.visit("/maybe").await), "nobody");
    let mut stranger = late.browser();
    assert!(location(&stranger.visit("/").await).contains("/auth/login"));
    assert_eq!(stranger.fetch(Method::GET, "/").await.status(), 401);

    line.mend();
    late.comes_to(&browser, (200, "")).await;
}

#[tokio::test]
async fn a_machine_that_cannot_read_serves_after_five_seconds_unless_it_fails_closed() {
    let shop = Replicas::new().await;
    let one = shop.ready().await;
    let mut browser = one.browser();
    let away = browser.visit("/auth/login?provider=kakao").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    for (policy, later) in [(WhenStale::ServeStale, 200), (WhenStale::FailClosed, 503)] {
        let line = Line::to(&shop.log);
        line.cut();
        let late = shop.start_with(line.clone(), |builder| builder.when_stale(policy));
        assert_eq!(late.judges(&browser).await.0, 503, "{policy:?}");
        late.time.pass(Duration::from_secs(4));
        assert_eq!(late.judges(&browser).await.0, 503, "{policy:?}");
        late.time.pass(Duration::from_secs(2));
        assert_eq!(late.judges(&browser).await.0, later, "{policy:?}");
    }
}

#[tokio::test]
async fn warming_up_waits_for_the_log_and_reports_its_failure() {
    let shop = Replicas::new().await;
    let line = Line::to(&shop.log);
    line.cut();
    let late = shop.start_with(line.clone(), |builder| builder);
    let error = late.layer.warm_up().await.unwrap_err();
    assert!(matches!(error, WarmUpError::Log(_)), "{error}");
    assert!(error.to_string().contains("the line is cut; mend it"));
    line.mend();
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
    // Made outside of any runtime.
    let replica = shop.start_with(Line::to(&shop.log), |builder| builder);
    let stranger = || async { replica.browser().fetch(Method::GET, "/").await };
    first.block_on(stranger());
    first.block_on(replica.layer.warm_up()).unwrap();
    // Its runtime goes away, and the task with it: another one takes over.
    drop(first);
    replica.time.pass(Duration::from_secs(9));
    assert_eq!(replica.layer.revocation_lag(), Some(Duration::from_secs(9)));
    second.block_on(stranger());
    second.block_on(until(async || {
        replica.layer.revocation_lag() == Some(Duration::ZERO)
    }));
}
