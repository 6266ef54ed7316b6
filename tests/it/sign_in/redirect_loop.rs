//! A browser that does not keep its session is not redirected for ever.

use http::StatusCode;
use tower_phone_auth::error::LoginErrorKind;

use crate::support::{
    browser::{Browser, JIWOO, location, refusal, set_cookies},
    shop::Shop,
};

/// Signs in and drops the session cookie.
async fn sign_in_and_lose_the_session(browser: &mut Browser) {
    let back = browser.come_back("/orders", JIWOO).await;
    assert_eq!(back.status(), StatusCode::SEE_OTHER);
    browser.cookies.remove("phone-auth");
}

#[tokio::test]
async fn after_three_lost_sessions_a_page_names_the_likely_cause() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for _ in 0..3 {
        sign_in_and_lose_the_session(&mut browser).await;
    }
    let page = browser.visit("/orders").await;
    assert_eq!(page.status(), StatusCode::BAD_REQUEST);
    assert_eq!(refusal(&page), Some(LoginErrorKind::Loop));
}

#[tokio::test]
async fn the_button_of_the_page_starts_a_new_sign_in() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for _ in 0..3 {
        sign_in_and_lose_the_session(&mut browser).await;
    }
    browser.visit("/orders").await;
    let again = browser
        .visit("/auth/login?provider=kakao&return_to=%2Forders")
        .await;
    assert!(location(&again).starts_with(&shop.provider.origin()));
    let page = browser.sign_in("/orders", JIWOO).await;
    assert_eq!(page.status(), StatusCode::OK);
}

#[tokio::test]
async fn repeated_sign_outs_and_sign_ins_are_no_loop() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for _ in 0..5 {
        browser.sign_in("/orders", JIWOO).await;
        browser.fetch(http::Method::POST, "/auth/logout").await;
    }
}

#[tokio::test]
async fn an_unreadable_session_cookie_is_kept_when_a_sign_in_starts() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser
        .cookies
        .insert("phone-auth".to_owned(), "of-another-app".to_owned());
    let away = browser.visit("/").await;
    let mut lines = set_cookies(&away).into_iter();
    assert!(lines.all(|line| !line.starts_with("phone-auth=")));
    assert_eq!(browser.session(), Some("of-another-app"));
}
