//! The 401 in the form that each kind of client understands.

use http::{Method, StatusCode};

use crate::support::{
    browser::{Page, grpc_call, text},
    shop::Shop,
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
async fn grpc_gets_unauthenticated_in_its_trailers() {
    let shop = Shop::open().await;
    let page = shop.browser().call(grpc_call("/orders")).await;
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(header(&page, "grpc-status"), Some("16"));
    assert_eq!(header(&page, "content-type"), Some("application/grpc"));
    assert!(page.body().is_empty());
}

#[tokio::test]
async fn htmx_is_sent_to_the_sign_in_and_back_to_the_page_it_was_on() {
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
