//! Sessions with a date in the future, made by a replica whose clock is wrong.

use std::time::{Duration, SystemTime};

use http::Method;
use tower_phone_auth::VerifiedUser;

use crate::support::{
    browser::{Browser, JIWOO, text},
    log::Log,
    replicas::{Replica, Replicas},
    shop::Shop,
};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const SUBJECT: &str = "1376016924429759228";

async fn signed_in(replica: &Replica) -> Browser {
    let mut browser = replica.browser();
    let away = browser.visit("/auth/login?provider=kakao").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    assert!(replica.lets_in(&browser).await);
    browser
}

/// A replica with the right time, a replica whose clock is ahead, and a session of the latter.
async fn dated_ahead(by: Duration) -> (Replicas, Replica, Replica, Browser) {
    let shop = Replicas::new().await;
    let (here, ahead) = (shop.ready().await, shop.ready().await);
    ahead.time.set_forward(by);
    let browser = signed_in(&ahead).await;
    (shop, here, ahead, browser)
}

/// The session is refused until every session of that date has expired.
async fn stays_out(replica: &Replica, browser: &Browser, ahead: Duration) {
    for later in [
        Duration::ZERO,
        2 * SECOND,
        MINUTE,
        5 * MINUTE,
        ahead,
        MINUTE,
        HOUR,
        // This is twelve hours after the begin.
        12 * HOUR - ahead - HOUR - 7 * MINUTE - 2 * SECOND,
        ahead / 2,
        ahead / 2,
    ] {
        replica.time.pass(later);
        assert_eq!(
            replica.answer_to(browser).await.0,
            401,
            "{ahead:?} {later:?}"
        );
    }
}

#[tokio::test]
async fn a_revocation_of_the_application_ends_a_session_that_was_dated_ahead() {
    for by in [61 * SECOND, 3 * MINUTE, 2 * HOUR, 9 * HOUR] {
        let (_shop, here, _, browser) = dated_ahead(by).await;
        here.layer.revoke("kakao", SUBJECT).await.unwrap();
        stays_out(&here, &browser, by).await;
    }
}

#[tokio::test]
async fn signing_out_everywhere_ends_a_session_that_was_dated_ahead() {
    for by in [61 * SECOND, 3 * MINUTE, 2 * HOUR, 9 * HOUR] {
        let (_shop, here, _, browser) = dated_ahead(by).await;
        let mut another = signed_in(&here).await;
        another.fetch(Method::POST, "/auth/logout?everywhere").await;
        stays_out(&here, &browser, by).await;
    }
}

#[tokio::test]
async fn a_user_who_signs_in_after_the_revocation_stays_signed_in_on_either_replica() {
    for by in [61 * SECOND, 3 * MINUTE] {
        let (_shop, here, ahead, before) = dated_ahead(by).await;
        here.layer.revoke("kakao", SUBJECT).await.unwrap();
        ahead.eventually_answers(&before, (401, "ended")).await;
        for (replica, other) in [(&here, &ahead), (&ahead, &here)] {
            let after = signed_in(replica).await;
            assert!(other.lets_in(&after).await, "{by:?}");
            replica.time.pass(10 * MINUTE);
            other.time.pass(10 * MINUTE);
            assert!(replica.lets_in(&after).await && other.lets_in(&after).await);
        }
    }
}

#[tokio::test]
async fn a_session_from_the_future_has_ended_and_is_logged_once() {
    for by in [2 * HOUR, 3 * 24 * HOUR, 300 * 24 * HOUR] {
        let log = Log::capture();
        let (_shop, here, _, browser) = dated_ahead(by).await;
        for _ in 0..50 {
            assert_eq!(here.answer_to(&browser).await, (401, "expired".to_owned()));
        }
        let text = log.text();
        let lines: Vec<_> = text
            .lines()
            .filter(|line| line.contains("from the future"))
            .collect();
        assert_eq!(lines.len(), 1, "{text}");
        assert!(
            lines[0].contains("ERROR") && lines[0].contains("check the clocks"),
            "{text}"
        );
        let ahead = [by.as_secs(), by.as_secs() - 1];
        assert!(
            ahead
                .iter()
                .any(|s| lines[0].contains(&format!("ahead_s={s}"))),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_clock_that_differs_by_a_minute_signs_no_user_out() {
    let (_shop, here, ahead, browser) = dated_ahead(MINUTE).await;
    assert!(here.lets_in(&browser).await && ahead.lets_in(&browser).await);
}

/// One wrong step of the time service is enough to date a session ahead.
#[tokio::test]
async fn a_clock_that_was_ahead_for_a_moment_leaves_no_session_that_cannot_be_ended() {
    let shop = Shop::open().await;
    shop.time.set_forward(2 * HOUR);
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    shop.time.set_back(2 * HOUR);
    shop.layer.revoke("kakao", SUBJECT).await.unwrap();
    for _ in 0..14 {
        assert_eq!(browser.fetch(Method::GET, "/").await.status(), 401);
        shop.time.pass(HOUR);
    }
}

#[tokio::test]
async fn an_idle_session_that_was_renewed_ahead_does_not_live_longer() {
    let idle = |builder: tower_phone_auth::Builder| builder.idle_timeout(10 * MINUTE);
    let shop = Shop::with(|kakao| kakao, idle).await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    shop.time.set_forward(6 * MINUTE);
    let page = browser.fetch(Method::GET, "/").await;
    assert_eq!(page.status(), 200);
    shop.time.set_back(6 * MINUTE);
    assert_eq!(browser.fetch(Method::GET, "/").await.status(), 401);
}

/// The date must be exact, because an application may compute with it.
#[tokio::test]
async fn the_date_of_a_sign_in_right_after_signing_out_everywhere_is_exact() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    browser.fetch(Method::POST, "/auth/logout?everywhere").await;
    browser.sign_in("/", JIWOO).await;
    let app = tower::service_fn(async |request: http::Request<axum::body::Body>| {
        let user = request.extensions().get::<VerifiedUser>().unwrap();
        let since = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap();
        let date = since(user.authenticated_at()).as_secs();
        Ok::<_, std::convert::Infallible>(http::Response::new(axum::body::Body::from(
            date.to_string(),
        )))
    });
    let app = axum::Router::new()
        .fallback_service(app)
        .layer(shop.layer.clone());
    let mut elsewhere = Browser::new(app, crate::support::shop::ORIGIN);
    elsewhere.cookies.clone_from(&browser.cookies);
    let date: u64 = text(&elsewhere.fetch(Method::GET, "/").await)
        .parse()
        .unwrap();
    assert!(date <= shop.time.now(), "{date}");
}
