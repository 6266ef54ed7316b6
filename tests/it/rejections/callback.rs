//! The callback works once, for one method, and at its exact path.

use std::sync::atomic::Ordering;

use http::{Method, StatusCode, header::ALLOW};
use tokio::task::JoinSet;
use tower_phone_auth::error::LoginErrorKind;
use tower_phone_auth_local_provider::{Endpoint, Person};

use super::begun::begin;
use crate::support::{
    browser::{Act, Browser, JIWOO, altered, location, refusal, set_cookies, text},
    shop::{ORIGIN, Shop},
};

#[tokio::test]
async fn a_replayed_callback_asks_for_no_second_token() {
    let shop = Shop::open().await;
    let (mut browser, callback) = begin(&shop).await;
    let mut thief = shop.browser();
    thief.cookies = browser.cookies.clone();
    browser.visit(&callback).await;
    browser.visit("/").await;
    let page = thief.visit(&callback).await;
    assert_eq!(
        crate::support::browser::not_pending(refusal(&page)),
        Some(LoginErrorKind::UnknownState)
    );
    assert_eq!(thief.session(), None);
    assert_eq!(shop.provider.count(Endpoint::Token), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_callbacks_at_once_ask_for_one_token() {
    let shop = Shop::open().await;
    let (browser, callback) = begin(&shop).await;
    let mut tabs = JoinSet::new();
    for _ in 0..10 {
        let mut tab = shop.browser();
        tab.cookies = browser.cookies.clone();
        let callback = callback.clone();
        tabs.spawn(async move { tab.visit(&callback).await.status() });
    }
    let statuses = tabs.join_all().await;
    assert_eq!(statuses, [StatusCode::SEE_OTHER; 10]);
    assert_eq!(shop.provider.count(Endpoint::Token), 1);
}

#[tokio::test]
async fn a_failed_sign_in_cannot_be_tried_again_with_its_state() {
    let shop = Shop::open().await;
    let (mut browser, callback) = begin(&shop).await;
    let cookies = browser.cookies.clone();
    browser
        .visit(&altered(&callback, "code", Some("guess")))
        .await;
    browser.cookies = cookies;
    let page = browser.visit(&callback).await;
    assert_eq!(refusal(&page), Some(LoginErrorKind::CodeRejected));
    assert_eq!(shop.provider.count(Endpoint::Token), 1);
}

#[tokio::test]
async fn a_reload_when_signed_in_goes_on_to_the_target() {
    let shop = Shop::open().await;
    let (mut browser, callback) = begin(&shop).await;
    let pending = browser.cookies.clone();
    browser.visit(&callback).await;
    browser.cookies.extend(pending);
    assert_eq!(location(&browser.visit(&callback).await), "/cart");
    assert_eq!(location(&browser.visit(&callback).await), "/cart");
    assert_eq!(shop.provider.count(Endpoint::Token), 1);
}

#[tokio::test]
async fn a_foreign_callback_changes_nothing_for_a_signed_in_user() {
    let shop = Shop::open().await;
    let (_, attackers) = begin(&shop).await;
    let mut victim = shop.browser();
    victim.sign_in("/", Act::Agree(Person::TRUNK_ZERO)).await;
    let session = victim.session().map(str::to_owned);
    assert_eq!(location(&victim.visit(&attackers).await), "/cart");
    assert_eq!(victim.session(), session.as_deref());
    assert_eq!(text(&victim.visit("/").await), "+821023456789");
}

#[tokio::test]
async fn a_refused_sign_in_leaves_the_session_alone() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let session = browser.session().map(str::to_owned);
    let away = browser.visit("/auth/login").await;
    let callback = browser.act(&away, Act::Cancel).await;
    let page = browser.visit(&callback).await;
    assert_eq!(refusal(&page), Some(LoginErrorKind::Cancelled));
    assert_eq!(browser.session(), session.as_deref());
}

#[tokio::test]
async fn other_methods_on_the_callback_do_not_use_the_state() {
    let shop = Shop::open().await;
    let (mut browser, callback) = begin(&shop).await;
    for method in [
        "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "get",
    ] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let answer = browser
            .send(method, &callback, &[("accept", "text/html")])
            .await;
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.headers()[ALLOW], "GET");
        assert!(set_cookies(&answer).is_empty());
    }
    assert_eq!(shop.provider.count(Endpoint::Token), 0);
    assert_eq!(location(&browser.visit(&callback).await), "/cart");
}

#[tokio::test]
async fn a_misspelt_callback_path_begins_no_sign_in_and_never_reaches_the_application() {
    let shop = Shop::open().await;
    let (app, calls) = shop.counting();
    let (browser, callback) = begin(&shop).await;
    let query = callback.split_once('?').unwrap().1;
    for path in [
        "/auth/callback/Kakao",
        "/auth/callback/kakao/",
        "/auth/callback/kakao//",
        "/auth/callback//kakao",
        "/auth/callback/k%61kao",
        "/auth/callback%2Fkakao",
        "/auth/callback/kakao%00",
        "/auth/callback/kakao;x",
        "/auth/callback/./kakao",
        "/auth/callback/naver",
        "/auth/callback/",
        "/auth/callback",
        "/auth/Callback/kakao",
        "/auth//callback/kakao",
        "/auth/",
        "/auth",
        "/auth/callback/kakao/../kakao",
    ] {
        let mut visitor = Browser::new(app.clone(), ORIGIN);
        visitor.cookies = browser.cookies.clone();
        let answer = visitor.visit(&format!("{path}?{query}")).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        assert!(set_cookies(&answer).is_empty());
    }
    assert_eq!(calls.load(Ordering::SeqCst), 0);
    assert_eq!(shop.provider.count(Endpoint::Token), 0);
}

#[tokio::test]
async fn the_prefix_in_another_spelling_is_an_ordinary_protected_path() {
    let shop = Shop::open().await;
    let (app, calls) = shop.counting();
    let (mut browser, callback) = begin(&shop).await;
    browser.moves_to(app);
    for prefix in [
        "/AUTH",
        "/%61uth",
        "//auth",
        "/./auth",
        "/x/../auth",
        "/auth%2F",
    ] {
        let path = callback.replacen("/auth", prefix, 1);
        let answer = browser.fetch(Method::GET, &path).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
    assert_eq!(calls.load(Ordering::SeqCst), 0);
    assert_eq!(shop.provider.count(Endpoint::Token), 0);
}
