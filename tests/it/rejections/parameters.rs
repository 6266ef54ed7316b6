//! Each parameter of the callback must appear once, have its form, and come from the right issuer.

use http::StatusCode;
use tower_phone_auth::error::LoginErrorKind;
use tower_phone_auth_local_provider::Endpoint;

use super::begun::begin;
use crate::support::{
    browser::{Browser, altered, location, refusal},
    shop::Shop,
};

#[tokio::test]
async fn another_issuer_is_refused_before_the_code_is_used() {
    for issuer in [
        "https://evil.example",
        "https://kauth.kakao.com/",
        "https://KAUTH.kakao.com",
        "http://kauth.kakao.com",
        "",
    ] {
        let shop = Shop::open().await;
        let (mut browser, callback) = begin(&shop).await;
        let page = browser
            .visit(&altered(&callback, "iss", Some(issuer)))
            .await;
        assert_eq!(
            refusal(&page),
            Some(LoginErrorKind::IssuerMismatch),
            "{issuer:?}"
        );
        assert_eq!(shop.provider.count(Endpoint::Token), 0);
    }
}

#[tokio::test]
async fn an_error_from_another_issuer_is_not_believed() {
    let shop = Shop::open().await;
    let (mut browser, callback) = begin(&shop).await;
    let denied = altered(&callback, "error", Some("access_denied"));
    let page = browser
        .visit(&altered(&denied, "iss", Some("https://evil.example")))
        .await;
    assert_eq!(refusal(&page), Some(LoginErrorKind::IssuerMismatch));
}

#[tokio::test]
async fn the_right_issuer_is_accepted() {
    let shop = Shop::open().await;
    let (mut browser, callback) = begin(&shop).await;
    let issuer = Some("https://kauth.kakao.com");
    let back = browser.visit(&altered(&callback, "iss", issuer)).await;
    assert_eq!(location(&back), "/cart");
}

#[tokio::test]
async fn a_repeated_parameter_is_refused() {
    for again in [
        "state=x",
        "code=x",
        "error=a&error=b",
        "iss=a&iss=a",
        "st%61te=",
    ] {
        let shop = Shop::open().await;
        let (mut browser, callback) = begin(&shop).await;
        assert_malformed(&shop, &mut browser, &format!("{callback}&{again}")).await;
    }
}

#[tokio::test]
async fn empty_missing_and_invisible_parameters_are_refused() {
    let shop = Shop::open().await;
    let (mut browser, callback) = begin(&shop).await;
    for (name, value) in [
        ("code", None),
        ("code", Some("")),
        ("code", Some("a\r\nb")),
        ("code", Some("\0")),
        ("code", Some("코드")),
        ("state", Some("")),
        ("state", Some("\u{7f}")),
        ("error", Some("")),
        ("error", Some("<\u{1}>")),
    ] {
        assert_malformed(&shop, &mut browser, &altered(&callback, name, value)).await;
    }
    assert_malformed(&shop, &mut browser, "/auth/callback/kakao").await;
    assert_malformed(&shop, &mut browser, "/auth/callback/kakao?").await;
    let huge = "c".repeat(5000);
    assert_malformed(
        &shop,
        &mut browser,
        &altered(&callback, "code", Some(&huge)),
    )
    .await;
    assert_eq!(location(&browser.visit(&callback).await), "/cart");
}

async fn assert_malformed(shop: &Shop, browser: &mut Browser, callback: &str) {
    let page = browser.visit(callback).await;
    assert_eq!(
        refusal(&page),
        Some(LoginErrorKind::MalformedCallback),
        "{callback}"
    );
    assert_eq!(page.status(), StatusCode::BAD_REQUEST);
    assert_eq!(browser.session(), None);
    assert_eq!(shop.provider.count(Endpoint::Token), 0);
}

#[tokio::test]
async fn unknown_parameters_are_ignored() {
    let shop = Shop::open().await;
    let (mut browser, callback) = begin(&shop).await;
    let more = format!("{callback}&session_state=x&x=1&x=2&=&code[]=y");
    assert_eq!(location(&browser.visit(&more).await), "/cart");
}
