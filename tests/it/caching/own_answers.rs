//! The layer's own answers, and refusals by `require()`, are stored by no cache.

use std::time::Duration;

use axum::{Router, routing::get};
use http::{HeaderValue, Method, Response, header::CACHE_CONTROL};

use crate::support::{
    browser::{Browser, JIWOO, Page},
    shop::{ORIGIN, Shop},
};

#[track_caller]
fn assert_not_stored(page: &Page, case: &str) {
    let said: Vec<_> = page.headers().get_all(CACHE_CONTROL).iter().collect();
    assert_eq!(said, ["no-store"], "{case} {}", page.status());
}

const PAGES: [&str; 11] = [
    "/auth/login",
    "/auth/login?provider=visitor",
    "/auth/login?provider=kakao&fresh=1",
    "/auth/logout",
    "/auth/logout?everywhere",
    "/auth/logout?ended=everywhere&return_to=%2Fx",
    "/auth/logout/done?state=x",
    "/auth/callback/kakao?code=c&state=s",
    "/auth/callback/kakao?error=access_denied",
    "/auth/events/kakao",
    "/auth/nothing",
];

#[tokio::test]
async fn each_answer_of_the_layer_is_stored_nowhere() {
    let shop = Shop::with_two_providers().await;
    let mut signed_in = shop.browser();
    signed_in.sign_in("/auth/login?provider=kakao", JIWOO).await;
    for is_signed_in in [false, true] {
        for path in PAGES {
            for method in [Method::GET, Method::HEAD, Method::DELETE, Method::OPTIONS] {
                let mut browser = shop.browser();
                if is_signed_in {
                    browser.cookies.clone_from(&signed_in.cookies);
                }
                let script = [("sec-fetch-mode", "cors"), ("sec-fetch-dest", "image")];
                let page = browser.send(method.clone(), path, &script).await;
                assert_not_stored(&page, &format!("{method} {path}"));
                if method == Method::GET {
                    assert_not_stored(&browser.visit(path).await, path);
                }
            }
        }
    }
    let mut visitor = shop.browser();
    assert_not_stored(&visitor.fetch(Method::GET, "/cart").await, "401");
    assert_not_stored(&visitor.fetch(Method::POST, "/cart").await, "401");
    assert_not_stored(&visitor.visit("/cart").await, "303");
    let foreign = [("sec-fetch-site", "cross-site")];
    let refused = signed_in.send(Method::POST, "/cart", &foreign).await;
    assert_not_stored(&refused, "403");
}

/// An application whose `/pay` requires a fresh sign-in. With `answers_itself`, it answers refusals
/// with a response that caches may store.
async fn application_with_step_up(answers_itself: bool) -> (Shop, Browser) {
    let shop = Shop::with(
        |kakao| kakao,
        |builder| {
            builder.on_failure(move |_| {
                answers_itself.then(|| {
                    let lasting = HeaderValue::from_static("public, max-age=3600");
                    let mut response = Response::new("no".into());
                    response.headers_mut().insert(CACHE_CONTROL, lasting);
                    let cdn = HeaderValue::from_static("max-age=3600");
                    response.headers_mut().insert("cdn-cache-control", cdn);
                    response
                })
            })
        },
    )
    .await;
    let pay = Router::new()
        .route("/pay", get(async || "paid"))
        .route_layer(shop.layer.require().max_age(Duration::from_secs(300)));
    let app = pay
        .route("/", get(async || "home"))
        .layer(shop.layer.clone());
    let mut browser = Browser::new(app, ORIGIN);
    browser.sign_in("/", JIWOO).await;
    (shop, browser)
}

#[tokio::test]
async fn a_refusal_by_require_is_stored_nowhere_for_any_destination() {
    for answers_itself in [false, true] {
        let (_shop, mut browser) = application_with_step_up(answers_itself).await;
        for dest in ["document", "empty", "image", "script"] {
            for mode in ["navigate", "cors"] {
                let headers = [("sec-fetch-dest", dest), ("sec-fetch-mode", mode)];
                let page = browser.send(Method::GET, "/pay", &headers).await;
                assert!(page.status().as_u16() >= 300, "{dest} {mode}");
                assert_not_stored(&page, &format!("{dest} {mode} {answers_itself}"));
                assert!(!page.headers().contains_key("cdn-cache-control"));
            }
        }
    }
}
