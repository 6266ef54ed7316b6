//! 401 in the form that its client reads.

use std::sync::atomic::Ordering;

use http::{Method, StatusCode};

use crate::support::{
    browser::{Browser, Page, grpc_call, text},
    shop::{ORIGIN, Shop},
};

async fn call(shop: &Shop, method: Method, headers: &[(&'static str, &str)]) -> Page {
    shop.browser().send(method, "/orders?page=2", headers).await
}

fn header<'a>(page: &'a Page, name: &str) -> Option<&'a str> {
    page.headers()
        .get(name)
        .map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn grpc_is_told_unauthenticated_in_its_trailers() {
    let shop = Shop::open().await;
    let page = shop.browser().call(grpc_call("/orders")).await;
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(header(&page, "grpc-status"), Some("16"));
    assert_eq!(header(&page, "content-type"), Some("application/grpc"));
    assert!(page.body().is_empty());
}

#[tokio::test]
async fn htmx_is_sent_to_the_login_and_back_to_the_page_it_was_on() {
    let shop = Shop::open().await;
    let current = "http://127.0.0.1:3000/cart?step=1";
    let lines = [("hx-request", "true"), ("hx-current-url", current)];
    let page = call(&shop, Method::GET, &lines).await;
    assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(
        header(&page, "hx-redirect"),
        Some("/auth/login?return_to=%2Fcart%3Fstep%3D1")
    );
}

#[tokio::test]
async fn htmx_on_another_origin_comes_back_to_a_path_of_this_one() {
    let shop = Shop::open().await;
    for current in [
        "https://evil.example//evil.example/",
        "nonsense",
        "javascript:alert(1)",
    ] {
        let lines = [("hx-request", "true"), ("hx-current-url", current)];
        let page = call(&shop, Method::GET, &lines).await;
        assert_eq!(
            header(&page, "hx-redirect"),
            Some("/auth/login"),
            "{current}"
        );
    }
}

#[tokio::test]
async fn a_preflight_of_an_allowed_origin_reaches_the_application_and_nothing_else_does() {
    let allowed = "https://app.example.com";
    let shop = Shop::with(|kakao| kakao, |builder| builder.cors_origins([allowed])).await;
    let asks = ("access-control-request-method", "GET");
    let origin = ("origin", allowed);
    let (app, calls) = shop.counting();
    let mut browser = Browser::new(app, ORIGIN);
    browser
        .send(Method::OPTIONS, "/orders", &[origin, asks])
        .await;
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    for (method, lines) in [
        (Method::OPTIONS, &[origin][..]),
        (Method::OPTIONS, &[asks]),
        (Method::OPTIONS, &[asks, ("origin", "https://evil.example")]),
        (Method::GET, &[origin, asks]),
    ] {
        let page = browser.send(method, "/orders", lines).await;
        assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
    }
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn pages_of_allowed_origins_may_read_the_refusal_and_others_may_not() {
    let allowed = "https://app.example.com";
    let shop = Shop::with(|kakao| kakao, |builder| builder.cors_origins([allowed])).await;
    let page = call(&shop, Method::GET, &[("origin", allowed)]).await;
    assert_eq!(header(&page, "access-control-allow-origin"), Some(allowed));
    assert_eq!(
        header(&page, "access-control-allow-credentials"),
        Some("true")
    );
    assert_eq!(header(&page, "vary"), Some("Origin, Cookie"));
    for other in [
        "https://evil.example",
        "null",
        "https://app.example.com.evil.example",
    ] {
        let page = call(&shop, Method::GET, &[("origin", other)]).await;
        assert_eq!(header(&page, "access-control-allow-origin"), None);
    }
}

#[tokio::test]
async fn the_refusal_says_where_to_sign_in() {
    let shop = Shop::open().await;
    let page = call(&shop, Method::GET, &[]).await;
    assert!(text(&page).contains(r#""login_url":"http://127.0.0.1:3000/auth/login""#));
}
