//! A browser that does not keep its session is not sent round for ever.

use http::StatusCode;
use tower_phone_auth::LoginErrorKind;

use crate::support::{
    browser::{Browser, JIWOO, location, refusal, set_cookies},
    shop::Shop,
};

/// Signs in, and loses the session on the way back.
async fn round(browser: &mut Browser) {
    let back = browser.come_back("/orders", JIWOO).await;
    assert_eq!(back.status(), StatusCode::SEE_OTHER);
    browser.cookies.remove("phone-auth");
}

#[tokio::test]
async fn after_three_rounds_a_page_names_the_likely_cause() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for _ in 0..3 {
        round(&mut browser).await;
    }
    let page = browser.visit("/orders").await;
    assert_eq!(page.status(), StatusCode::BAD_REQUEST);
    assert_eq!(refusal(&page), Some(LoginErrorKind::Loop));
}

#[tokio::test]
async fn its_button_begins_anew() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for _ in 0..3 {
        round(&mut browser).await;
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
async fn signing_out_and_in_again_is_no_circle() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for _ in 0..5 {
        browser.sign_in("/orders", JIWOO).await;
        browser.fetch(http::Method::POST, "/auth/logout").await;
    }
}

#[tokio::test]
async fn a_session_that_does_not_open_is_left_alone_when_a_login_begins() {
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
