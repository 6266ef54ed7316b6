//! A complete visit: sign-in, requests with a session, and sign-out.

use std::time::SystemTime;

use axum::{Router, routing::get};
use http::{
    Method, StatusCode,
    header::{CACHE_CONTROL, ETAG, SET_COOKIE},
};
use tower_phone_auth::{VerifiedUser, phone::PhoneAssurance};
use tower_phone_auth_local_provider::{Endpoint, Person};

use crate::support::{
    browser::{Act, Browser, JIWOO, location, parameter, set_cookies, text},
    shop::{HTTPS, ORIGIN, Shop},
};

#[tokio::test]
async fn a_user_signs_in_and_sees_the_phone_number() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.sign_in("/orders?from=mail", JIWOO).await;
    assert_eq!(text(&page), "+821012345678");
}

#[tokio::test]
async fn a_user_signs_in_behind_https() {
    let shop = Shop::secure().await;
    let mut browser = Browser::new(shop.app.clone(), HTTPS);
    let page = browser.sign_in("/orders", JIWOO).await;
    assert_eq!(text(&page), "+821012345678");
}

#[tokio::test]
async fn a_sign_in_makes_two_calls_to_the_provider() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    browser.visit("/").await;
    assert_eq!(shop.provider.count(Endpoint::Token), 1);
    assert_eq!(shop.provider.count(Endpoint::Profile), 1);
}

#[tokio::test]
async fn a_second_visit_needs_no_sign_in() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    shop.provider.forget_requests();
    assert_eq!(browser.visit("/other").await.status(), StatusCode::OK);
    let posted = browser.fetch(Method::POST, "/order").await;
    assert_eq!(posted.status(), StatusCode::OK);
    assert!(shop.provider.requests().is_empty());
}

#[tokio::test]
async fn a_user_who_did_not_share_the_number_is_asked_once_more() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let again = browser
        .come_back("/cart", Act::Untick(Person::WITH_PHONE))
        .await;
    assert_eq!(parameter(&again, "scope"), Some("phone_number".to_owned()));
    let callback = browser.act(&again, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), "/cart");
}

#[tokio::test]
async fn a_head_request_of_a_page_starts_a_sign_in_too() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let away = browser
        .send(Method::HEAD, "/cart", &[("accept", "text/html")])
        .await;
    assert_eq!(away.status(), StatusCode::SEE_OTHER);
    assert_eq!(browser.pending().len(), 1);
}

#[tokio::test]
async fn a_browser_without_fetch_metadata_starts_a_sign_in() {
    let shop = Shop::open().await;
    for accept in [
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "application/xhtml+xml, image/jxr, */*",
        "TEXT/HTML",
    ] {
        let mut browser = shop.browser();
        let away = browser
            .send(Method::GET, "/cart", &[("accept", accept)])
            .await;
        let callback = browser.act(&away, JIWOO).await;
        assert_eq!(location(&browser.visit(&callback).await), "/cart");
    }
}

#[tokio::test]
async fn a_sign_out_ends_on_its_page_and_the_next_visit_signs_in() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let form = [
        ("accept", "text/html"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-site", "same-origin"),
        ("origin", ORIGIN),
    ];
    let out = browser.send(Method::POST, "/auth/logout", &form).await;
    let page = browser.visit(location(&out)).await;
    assert!(text(&page).contains("You are signed out"));
    assert!(location(&browser.visit("/").await).starts_with(&shop.provider.origin()));
}

#[tokio::test]
async fn the_application_gets_all_fields_of_the_user() {
    let shop = Shop::open().await;
    let page = |user: VerifiedUser| async move {
        assert_eq!(&*user.provider, "kakao");
        assert_eq!(&*user.subject, "1376016924429759228");
        assert_eq!(user.name(), Some("김지우"));
        assert_eq!(user.email(), Some("jiwoo@example.com"));
        assert!(user.email_verified());
        assert_eq!(user.phone_assurance, PhoneAssurance::Asserted);
        let life = user.expires_at().duration_since(user.authenticated_at());
        assert_eq!(life.unwrap().as_secs(), 12 * 60 * 60);
        let since = user
            .authenticated_at()
            .duration_since(SystemTime::UNIX_EPOCH);
        assert_eq!(since.unwrap().subsec_nanos(), 0);
        "complete"
    };
    let app = Router::new()
        .route("/", get(page))
        .layer(shop.layer.clone());
    let page = Browser::new(app, ORIGIN).sign_in("/", JIWOO).await;
    assert_eq!(text(&page), "complete");
}

#[tokio::test]
async fn the_applications_headers_and_cookies_are_left_alone() {
    let shop = Shop::open().await;
    let headers = [
        (SET_COOKIE, "a=b"),
        (ETAG, "\"1\""),
        (CACHE_CONTROL, "public"),
    ];
    let app = Router::new()
        .route("/", get(move || async move { (headers, "page") }))
        .layer(shop.layer.clone());
    let page = Browser::new(app, ORIGIN).sign_in("/", JIWOO).await;
    assert_eq!(set_cookies(&page), ["a=b"]);
    assert_eq!(page.headers()[ETAG], "\"1\"");
    assert_eq!(page.headers()[CACHE_CONTROL], "public");
    assert_eq!(text(&page), "page");
}

#[tokio::test]
async fn two_sites_at_one_provider_do_not_disturb_each_other() {
    let (one, two) = (Shop::open().await, Shop::secure().await);
    let mut first = one.browser();
    let mut second = Browser::new(two.app.clone(), HTTPS);
    first.sign_in("/", JIWOO).await;
    second.sign_in("/", Act::Agree(Person::FOREIGN)).await;
    assert_eq!(text(&first.visit("/").await), "+821012345678");
    assert_eq!(text(&second.visit("/").await), "+14255551212");
}
