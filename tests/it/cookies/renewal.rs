//! Sessions with an idle time are renewed by the responses of the application.

use std::time::Duration;

use axum::{Router, response::AppendHeaders, routing::get};
use http::{HeaderName, Method, StatusCode, header::CACHE_CONTROL};
use tower_phone_auth::SessionKey;

use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Browser, JIWOO, set_cookies, text},
    shop::{ORIGIN, Shop},
};

const MINUTE: Duration = Duration::from_secs(60);

async fn shop_with_idle_time() -> (Shop, Browser) {
    let shop = Shop::with(|kakao| kakao, |builder| builder.idle_timeout(30 * MINUTE)).await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    (shop, browser)
}

#[tokio::test]
async fn a_session_without_requests_ends_at_its_idle_time() {
    let (shop, mut browser) = shop_with_idle_time().await;
    shop.time.pass(30 * MINUTE);
    let page = browser.fetch(Method::GET, "/").await;
    assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
    assert!(text(&page).contains(r#""reason":"expired""#));
}

#[tokio::test]
async fn before_half_of_the_idle_time_no_cookie_is_set() {
    let (shop, mut browser) = shop_with_idle_time().await;
    shop.time.pass(15 * MINUTE - Duration::from_secs(1));
    assert!(set_cookies(&browser.visit("/").await).is_empty());
}

#[tokio::test]
async fn a_session_in_use_is_renewed_and_outlives_its_idle_time() {
    let (shop, mut browser) = shop_with_idle_time().await;
    for _ in 0..4 {
        shop.time.pass(20 * MINUTE);
        let page = browser.visit("/").await;
        assert_eq!(page.status(), StatusCode::OK);
        assert_eq!(page.headers()[CACHE_CONTROL], "no-store");
    }
}

#[tokio::test]
async fn no_renewal_goes_past_the_absolute_end() {
    let (shop, mut browser) = shop_with_idle_time().await;
    for _ in 0..35 {
        shop.time.pass(20 * MINUTE);
        assert_eq!(browser.visit("/").await.status(), StatusCode::OK);
    }
    shop.time.pass(20 * MINUTE);
    assert_eq!(
        browser.fetch(Method::GET, "/").await.status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_renewed_cookie_expires_with_the_session() {
    let (shop, mut browser) = shop_with_idle_time().await;
    shop.time.pass(20 * MINUTE);
    let page = browser.visit("/").await;
    let [cookie] = set_cookies(&page)[..] else {
        panic!("one cookie")
    };
    let left = 12 * 3600 - 20 * 60;
    assert!(cookie.ends_with(&format!("Max-Age={left}")), "{cookie}");
}

#[tokio::test]
async fn a_session_of_an_older_key_is_sealed_again_with_the_new_key() {
    let (old, new) = (SessionKey::random(), SessionKey::random());
    let shop = Shop::with(|kakao| kakao, |builder| builder.session_key(old.clone())).await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let rotated = new.clone().and(old);
    browser.moves_to(shop.restarted(shop.provider.kakao(), |builder| {
        builder.session_key(rotated)
    }));
    assert_eq!(set_cookies(&browser.visit("/").await).len(), 1);
    assert!(set_cookies(&browser.visit("/").await).is_empty());
    browser.moves_to(shop.restarted(shop.provider.kakao(), |builder| builder.session_key(new)));
    assert_eq!(browser.visit("/").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_public_response_of_the_application_is_not_cached_with_the_cookie() {
    let (shop, browser) = shop_with_idle_time().await;
    let lines = [
        (CACHE_CONTROL, "public, max-age=60"),
        (HeaderName::from_static("cdn-cache-control"), "max-age=3600"),
        (HeaderName::from_static("surrogate-control"), "max-age=3600"),
        (HeaderName::from_static("x-accel-expires"), "3600"),
    ];
    let cached = move || async move { (AppendHeaders(lines), "page") };
    let app = Router::new()
        .route("/", get(cached))
        .layer(shop.layer.clone());
    let mut other = Browser::new(app, ORIGIN);
    other.cookies.clone_from(&browser.cookies);
    let kept = other.visit("/").await;
    assert_eq!(kept.headers()[CACHE_CONTROL], "public, max-age=60");
    shop.time.pass(20 * MINUTE);
    let renewed = other.visit("/").await;
    assert_eq!(renewed.headers()[CACHE_CONTROL], "no-store");
    for name in ["cdn-cache-control", "surrogate-control", "x-accel-expires"] {
        assert!(kept.headers().contains_key(name), "{name}");
        assert!(!renewed.headers().contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn a_response_that_was_pending_does_not_restore_an_ended_session() {
    let (shop, mut browser) = shop_with_idle_time().await;
    shop.time.pass(20 * MINUTE);
    let (started, mut runs) = tokio::sync::mpsc::channel(1);
    let (finish, finished) = tokio::sync::watch::channel(false);
    let slow = move || {
        let (started, mut finished) = (started.clone(), finished.clone());
        async move {
            started.send(()).await.unwrap();
            finished.wait_for(|done| *done).await.unwrap();
            "slow"
        }
    };
    let app = Router::new()
        .route("/slow", get(slow))
        .layer(shop.layer.clone());
    let mut other = Browser::new(app, ORIGIN);
    other.cookies.clone_from(&browser.cookies);
    let under_way = tokio::spawn(async move { other.visit("/slow").await });
    runs.recv().await.unwrap();
    browser.fetch(Method::POST, "/auth/logout").await;
    finish.send(true).unwrap();
    assert!(set_cookies(&under_way.await.unwrap()).is_empty());
}

#[tokio::test]
async fn a_stricter_policy_applies_to_earlier_sessions() {
    let key = SessionKey::random();
    let shop = Shop::with(|kakao| kakao, |builder| builder.session_key(key.clone())).await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let verified = tower_phone_auth::phone::PhoneAssurance::Verified;
    browser.moves_to(shop.restarted(shop.provider.kakao(), |builder| {
        builder.session_key(key.clone()).minimum_assurance(verified)
    }));
    assert_eq!(
        browser.fetch(Method::GET, "/").await.status(),
        StatusCode::UNAUTHORIZED
    );
    browser.moves_to(shop.restarted(shop.provider.kakao(), |builder| {
        builder.session_key(key.clone()).session_lifetime(MINUTE)
    }));
    assert_eq!(
        browser.fetch(Method::GET, "/").await.status(),
        StatusCode::OK
    );
    shop.time.pass(2 * MINUTE);
    assert_eq!(
        browser.fetch(Method::GET, "/").await.status(),
        StatusCode::UNAUTHORIZED
    );
}

/// nginx before 1.23 hands on only the first cookie of a check (`auth_request`).
#[tokio::test]
async fn the_renewed_session_comes_before_the_cookies_of_the_application() {
    let shop = Shop::with(|kakao| kakao, |builder| builder.idle_timeout(30 * MINUTE)).await;
    let cookies =
        || async { AppendHeaders([("set-cookie", "theme=dark"), ("set-cookie", "cart=7")]) };
    let app = Router::new()
        .route("/", get(cookies))
        .layer(shop.layer.clone());
    let mut browser = Browser::new(app, ORIGIN);
    browser.sign_in("/", JIWOO).await;
    shop.time.pass(20 * MINUTE);
    let page = browser.visit("/").await;
    let cookies = set_cookies(&page);
    let names: Vec<_> = cookies
        .iter()
        .map(|line| line.split('=').next().unwrap())
        .collect();
    assert_eq!(names, ["phone-auth", "theme", "cart"]);
}
