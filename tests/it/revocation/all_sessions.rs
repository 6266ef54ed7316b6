//! Ending all sessions of a user.

use http::{Method, StatusCode};
use tower_phone_auth::{VerifiedUser, layer::RevokeError};

use crate::support::{
    browser::{Act, Browser, JIWOO, location, text},
    shop::Shop,
};

/// The subject of the user who signs in.
async fn subject(shop: &Shop) -> String {
    let app = axum::Router::new().route(
        "/",
        axum::routing::get(async |user: VerifiedUser| user.subject.to_string()),
    );
    let mut browser = Browser::new(app.layer(shop.layer.clone()), crate::support::shop::ORIGIN);
    text(&browser.sign_in("/", JIWOO).await)
}

async fn is_in(browser: &mut Browser) -> bool {
    browser.fetch(Method::GET, "/").await.status() == StatusCode::OK
}

#[tokio::test]
async fn everywhere_ends_all_sessions_of_the_user_and_of_no_other_user() {
    let shop = Shop::open().await;
    let (mut one, mut other, mut stranger) = (shop.browser(), shop.browser(), shop.browser());
    one.sign_in("/", JIWOO).await;
    other.sign_in("/", JIWOO).await;
    let foreign = tower_phone_auth_local_provider::Person::FOREIGN;
    stranger.sign_in("/", Act::Agree(foreign)).await;
    let page = one.fetch(Method::POST, "/auth/logout?everywhere").await;
    assert_eq!(page.status(), StatusCode::NO_CONTENT);
    assert!(!is_in(&mut one).await && !is_in(&mut other).await);
    assert!(is_in(&mut stranger).await);
}

#[tokio::test]
async fn everywhere_asks_before_and_confirms_after() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let asked = browser.visit("/auth/logout?everywhere").await;
    assert!(text(&asked).contains(r#"action="/auth/logout?everywhere""#));
    assert!(is_in(&mut browser).await);
    let page = [
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-site", "same-origin"),
    ];
    let done = browser
        .send(Method::POST, "/auth/logout?everywhere", &page)
        .await;
    assert_eq!(done.status(), StatusCode::SEE_OTHER);
    let page = browser.visit(location(&done)).await;
    assert!(text(&page).contains("in every browser"), "{}", text(&page));
}

#[tokio::test]
async fn everywhere_without_a_session_ends_nothing_and_says_so() {
    let shop = Shop::open().await;
    let page = shop
        .browser()
        .fetch(Method::POST, "/auth/logout?everywhere")
        .await;
    assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn another_site_cannot_end_anything_everywhere() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let headers = [("sec-fetch-site", "cross-site")];
    let page = browser
        .send(Method::POST, "/auth/logout?everywhere", &headers)
        .await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    assert!(is_in(&mut browser).await);
}

#[tokio::test]
async fn a_user_who_signs_in_again_right_after_is_signed_in() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    browser.fetch(Method::POST, "/auth/logout?everywhere").await;
    browser.sign_in("/", JIWOO).await;
    assert!(is_in(&mut browser).await);
    shop.time.pass(std::time::Duration::from_secs(300));
    assert!(is_in(&mut browser).await);
}

#[tokio::test]
async fn a_second_revocation_in_the_same_second_ends_the_sign_in_between() {
    let shop = Shop::open().await;
    let subject = subject(&shop).await;
    let mut browser = shop.browser();
    shop.layer.revoke("kakao", &subject).await.unwrap();
    browser.sign_in("/", JIWOO).await;
    assert!(is_in(&mut browser).await);
    shop.layer.revoke("kakao", &subject).await.unwrap();
    assert!(!is_in(&mut browser).await);
}

#[tokio::test]
async fn the_application_ends_all_sessions_of_a_user_at_one_provider() {
    let shop = Shop::with_two_providers().await;
    let subject = subject_at(&shop, "kakao").await;
    let (mut first, mut second) = (shop.browser(), shop.browser());
    sign_in_at(&mut first, "kakao").await;
    sign_in_at(&mut second, "second").await;
    shop.layer.revoke("kakao", &subject).await.unwrap();
    assert!(!is_in(&mut first).await);
    assert!(is_in(&mut second).await);
}

#[tokio::test]
async fn a_provider_that_the_layer_does_not_have_is_an_error() {
    let shop = Shop::open().await;
    let error = shop.layer.revoke("naver", "1").await.unwrap_err();
    assert_eq!(error, RevokeError::UnknownProvider("naver".to_owned()));
}

async fn sign_in_at(browser: &mut Browser, provider: &str) {
    let away = browser
        .visit(&format!("/auth/login?provider={provider}"))
        .await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    assert!(is_in(browser).await);
}

async fn subject_at(shop: &Shop, provider: &str) -> String {
    let app = axum::Router::new().route(
        "/",
        axum::routing::get(async |user: VerifiedUser| user.subject.to_string()),
    );
    let mut browser = Browser::new(app.layer(shop.layer.clone()), crate::support::shop::ORIGIN);
    sign_in_at(&mut browser, provider).await;
    text(&browser.visit("/").await)
}
