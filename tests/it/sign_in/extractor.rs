//! `VerifiedUser` in handlers, on protected and public paths and without a layer.

use std::time::Duration;

use axum::{Router, routing::get};
use http::{Method, StatusCode};
use tower_phone_auth::VerifiedUser;

use crate::support::{
    browser::{Browser, JIWOO, text},
    log::Log,
    shop::{ORIGIN, Shop},
};

async fn strict(VerifiedUser { phone, .. }: VerifiedUser) -> String {
    phone.to_string()
}

#[tokio::test]
async fn a_public_path_needs_no_session() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for method in [Method::GET, Method::HEAD] {
        let answer = browser.send(method, "/healthz", &[]).await;
        assert_eq!(answer.status(), StatusCode::OK);
    }
    assert_eq!(text(&browser.visit("/healthz?x").await), "ok");
    assert!(browser.cookies.is_empty());
}

#[tokio::test]
async fn a_public_path_with_an_optional_user_asks_for_no_sign_in() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for session in [None, Some("junk")] {
        let held = session.map(|value| ("phone-auth".to_owned(), value.to_owned()));
        browser.cookies.extend(held);
        let page = browser.visit("/maybe").await;
        assert_eq!(page.status(), StatusCode::OK);
        assert_eq!(text(&page), "anonymous");
        assert!(browser.pending().is_empty());
    }
}

#[tokio::test]
async fn an_optional_user_is_present_until_the_session_ends() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    assert_eq!(text(&browser.visit("/maybe").await), "+821012345678");
    shop.time.pass(Duration::from_secs(12 * 60 * 60));
    assert_eq!(text(&browser.visit("/maybe").await), "anonymous");
}

#[tokio::test]
async fn a_missing_user_on_a_public_path_is_answered_401() {
    let shop = Shop::open().await;
    let app = Router::new()
        .route("/maybe", get(strict))
        .layer(shop.layer.clone());
    let page = Browser::new(app, ORIGIN).visit("/maybe").await;
    assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_handler_without_the_layer_fails_and_the_log_names_the_remedy() {
    let log = Log::capture();
    let optional = |user: Option<VerifiedUser>| async move { format!("{user:?}") };
    let app = Router::new()
        .route("/strict", get(strict))
        .route("/optional", get(optional));
    let mut browser = Browser::new(app, ORIGIN);
    for path in ["/strict", "/optional"] {
        let page = browser.visit(path).await;
        assert_eq!(page.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(text(&page), "");
        assert!(log.text().contains(&format!("path=\"{path}\"")));
    }
    assert!(log.text().contains(".layer(auth)"), "{}", log.text());
}

#[tokio::test]
async fn a_route_added_after_the_layer_is_not_protected() {
    let shop = Shop::open().await;
    let app = Router::new()
        .route("/inside", get(strict))
        .layer(shop.layer.clone())
        .route("/outside", get(strict));
    let mut browser = Browser::new(app, ORIGIN);
    let inside = browser.fetch(Method::GET, "/inside").await;
    assert_eq!(inside.status(), StatusCode::UNAUTHORIZED);
    let outside = browser.fetch(Method::GET, "/outside").await;
    assert_eq!(outside.status(), StatusCode::INTERNAL_SERVER_ERROR);
}
