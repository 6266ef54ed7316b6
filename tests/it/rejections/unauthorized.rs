//! A request that is no page visit gets a 401 for programs, and begins no sign-in.

use std::time::Duration;

use http::{
    Method, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, WWW_AUTHENTICATE},
};
use serde_json::Value;
use tower_phone_auth_local_provider::Endpoint;

use crate::support::{
    browser::{Browser, JIWOO, Page, location, set_cookies},
    shop::{HTTPS, Shop},
};

const HTML: (&str, &str) = ("accept", "text/html,*/*;q=0.8");

fn assert_unauthorized(answer: &Page, reason: &str, origin: &str) {
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(answer.headers()[CONTENT_TYPE], "application/problem+json");
    assert_eq!(answer.headers()[CACHE_CONTROL], "no-store");
    assert!(answer.headers().contains_key(WWW_AUTHENTICATE));
    assert!(!answer.headers().contains_key(LOCATION));
    assert!(set_cookies(answer).is_empty());
    let problem: Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(problem["reason"], reason);
    assert_eq!(problem["status"], 401);
    assert_eq!(problem["login_url"], format!("{origin}/auth/login"));
}

#[tokio::test]
async fn a_request_that_cannot_finish_a_sign_in_begins_none() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for headers in [
        &[][..],
        &[("accept", "*/*")],
        &[("accept", "application/json, text/plain, */*")],
        &[("accept", "text/event-stream")],
        &[("accept", "application/json"), ("accept", "*/*")],
        &[HTML, ("sec-fetch-mode", "cors")],
        &[HTML, ("sec-fetch-mode", "no-cors")],
        &[HTML, ("sec-fetch-mode", "same-origin")],
        &[HTML, ("sec-fetch-mode", "websocket")],
        &[
            HTML,
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-mode", "cors"),
        ],
        &[
            HTML,
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "iframe"),
        ],
        &[
            HTML,
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "image"),
        ],
        &[HTML, ("sec-fetch-dest", "script")],
        &[HTML, ("sec-fetch-dest", "style")],
        &[HTML, ("sec-fetch-dest", "serviceworker")],
        &[HTML, ("sec-fetch-dest", "manifest")],
        &[HTML, ("sec-fetch-dest", "empty")],
        &[HTML, ("sec-purpose", "prefetch")],
        &[HTML, ("sec-purpose", "Prefetch;Prerender")],
        &[HTML, ("x-requested-with", "XMLHttpRequest")],
        &[HTML, ("x-requested-with", "xmlhttprequest")],
        &[HTML, ("upgrade", "websocket")],
    ] {
        let answer = browser.send(Method::GET, "/cart", headers).await;
        assert_unauthorized(&answer, "no_session", "http://127.0.0.1:3000");
    }
    assert!(browser.cookies.is_empty());
}

#[tokio::test]
async fn unsafe_methods_begin_no_sign_in() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY", "get"] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let headers = [HTML, ("sec-fetch-mode", "navigate")];
        let answer = browser.send(method, "/cart", &headers).await;
        assert_unauthorized(&answer, "no_session", "http://127.0.0.1:3000");
    }
}

#[tokio::test]
async fn the_sign_in_link_has_the_public_url() {
    let shop = Shop::secure().await;
    let mut browser = Browser::new(shop.app.clone(), HTTPS);
    let spoofed = [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
    ];
    let answer = browser.send(Method::GET, "/cart", &spoofed).await;
    assert_unauthorized(&answer, "no_session", HTTPS);
}

#[tokio::test]
async fn an_expired_session_says_so() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    shop.time.pass(Duration::from_secs(12 * 60 * 60));
    let answer = browser.fetch(Method::GET, "/cart").await;
    assert_unauthorized(&answer, "expired", "http://127.0.0.1:3000");
}

#[tokio::test]
async fn a_script_cannot_begin_a_sign_in_at_the_sign_in_page() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let answer = browser.fetch(Method::GET, "/auth/login").await;
    assert_unauthorized(&answer, "no_session", "http://127.0.0.1:3000");
    for method in [Method::POST, Method::OPTIONS] {
        let answer = browser.fetch(method, "/auth/login").await;
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert!(set_cookies(&answer).is_empty());
    }
}

#[tokio::test]
async fn resources_of_a_page_never_become_the_target_of_its_sign_in() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/orders").await;
    for (path, dest) in [
        ("/logo.png", "image"),
        ("/sw.js", "serviceworker"),
        ("/app.webmanifest", "manifest"),
    ] {
        let lines = [("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", dest)];
        let answer = browser.send(Method::GET, path, &lines).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    }
    let callback = browser.act(&away, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), "/orders");
}

#[tokio::test]
async fn fifty_scripts_ask_the_provider_nothing() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for _ in 0..50 {
        browser.fetch(Method::GET, "/cart").await;
    }
    assert!(browser.cookies.is_empty());
    for endpoint in [Endpoint::Authorize, Endpoint::Token, Endpoint::Profile] {
        assert_eq!(shop.provider.count(endpoint), 0);
    }
}
