//! Only paths that match the patterns are public. The match uses the path that the application
//! sees.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Body,
    routing::{any, get},
};
use http::{Method, Request, Response, StatusCode};
use tower::{Layer, ServiceExt};
use tower_phone_auth::Builder;

use crate::support::{
    browser::Browser,
    shop::{ORIGIN, Shop},
};

/// The status of the answer, and the path that the application saw.
async fn answer(
    method: Method,
    target: &str,
    header: Option<(&str, &str)>,
) -> (StatusCode, Option<String>) {
    let patterns = ["/public/{*rest}", "GET /prices", "/shop/{id}/terms"];
    let shop = Shop::with(|kakao| kakao, |builder| builder.public(patterns)).await;
    let seen = Arc::<Mutex<Option<String>>>::default();
    let record = Arc::clone(&seen);
    let app = tower::service_fn(move |request: Request<Body>| {
        *record.lock().unwrap() = Some(request.uri().path().to_owned());
        async { Ok::<_, Infallible>(Response::new(Body::empty())) }
    });
    let mut request = Request::new(Body::empty());
    *request.method_mut() = method;
    *request.uri_mut() = target.parse().unwrap();
    if let Some((name, value)) = header {
        let name: http::HeaderName = name.parse().unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    let answer = shop.layer.layer(app).oneshot(request).await.unwrap();
    let seen = seen.lock().unwrap().take();
    (answer.status(), seen)
}

#[tokio::test]
async fn the_application_sees_the_path_that_was_checked() {
    for (target, path) in [
        ("/public/a", "/public/a"),
        ("/public/a/b.css?x=/../admin", "/public/a/b.css"),
        ("/public/%ED%95%9C", "/public/%ED%95%9C"),
        ("/shop/7/terms", "/shop/7/terms"),
        ("/prices?page=2", "/prices"),
        ("http://evil.example/public/a", "/public/a"),
    ] {
        let (status, seen) = answer(Method::GET, target, None).await;
        assert_eq!(status, StatusCode::OK, "{target}");
        assert_eq!(seen.as_deref(), Some(path));
    }
}

#[tokio::test]
async fn paths_that_leave_a_public_folder_are_protected() {
    for target in [
        "/public/../admin",
        "/public/%2e%2e/admin",
        "/public/%2E%2E/admin",
        "/public/..%2fadmin",
        "/public/%2e%2e%2fadmin",
        "/public/%252e%252e/admin",
        "/public/..%5cadmin",
        "/public;x/../admin",
        "/public/a;x=/../admin",
        "//public/../admin",
        "//public/a",
        "/public//admin",
        "/publicity",
        "/public",
        "/PUBLIC/x",
        "/%70ublic/x",
        "/public\\..\\admin",
        "/admin#/public/",
        "/admin?x=/public/",
        "/admin%23/public/",
        "/admin%3f/public/",
        "/admin%00/public/",
        "/shop/7%2f8/terms",
        "/shop/7/terms/more",
        "/prices/",
        "http://127.0.0.1:3000/admin?/public/",
        "http://public/admin",
    ] {
        let (status, seen) = answer(Method::GET, target, None).await;
        assert_eq!((status, seen), (StatusCode::UNAUTHORIZED, None), "{target}");
    }
}

#[tokio::test]
async fn a_rule_for_one_method_is_no_rule_for_another() {
    for method in ["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "get", "TRACE"] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        for header in [None, Some(("x-http-method-override", "GET"))] {
            let (status, seen) = answer(method.clone(), "/prices", header).await;
            assert_eq!((status, seen), (StatusCode::UNAUTHORIZED, None), "{method}");
        }
    }
}

#[tokio::test]
async fn no_header_makes_a_path_public() {
    for header in [
        ("x-forwarded-uri", "/public/x"),
        ("x-original-url", "/public/x"),
        ("x-rewrite-url", "/public/x"),
        ("x-forwarded-prefix", "/public"),
        ("x-http-method-override", "OPTIONS"),
        ("user-agent", "ELB-HealthChecker/2.0"),
        ("user-agent", "kube-probe/1.30"),
    ] {
        let (status, seen) = answer(Method::GET, "/admin", Some(header)).await;
        assert_eq!(
            (status, seen),
            (StatusCode::UNAUTHORIZED, None),
            "{header:?}"
        );
    }
}

#[tokio::test]
async fn a_more_specific_route_below_a_public_pattern_is_protected_by_an_exception() {
    let settings = |builder: Builder| {
        builder.public([
            "/items/{id}",
            "!/items/export",
            "/files/{*rest}",
            "!/files/private/{*rest}",
            "!GET /files/list",
        ])
    };
    let shop = Shop::with(|kakao| kakao, settings).await;
    let app = Router::new()
        .route("/items/{id}", get(async || "one item"))
        .route("/items/export", get(async || "all customers"))
        .route("/files/{*rest}", any(async || "a file"))
        .layer(shop.layer.clone());
    let mut browser = Browser::new(app, ORIGIN);
    for (method, path, status) in [
        ("GET", "/items/7", 200),
        ("GET", "/items/export", 401),
        ("HEAD", "/items/export", 401),
        ("GET", "/items/%65xport", 401),
        ("GET", "/items/export/", 401),
        ("GET", "/files/a/b", 200),
        ("GET", "/files/private/a", 401),
        ("GET", "/files/private/a/", 401),
        ("GET", "/files/list", 401),
        ("HEAD", "/files/list", 401),
        ("POST", "/files/list", 200),
    ] {
        let page = browser.fetch(method.parse().unwrap(), path).await;
        assert_eq!(page.status(), status, "{method} {path}");
    }
}

#[tokio::test]
async fn a_path_that_axum_routes_to_another_handler_is_not_public() {
    let settings = |builder: Builder| {
        builder.public(["/\u{d55c}\u{ae00}", "/{{name}}", "/a+b", "/files/{name}"])
    };
    let shop = Shop::with(|kakao| kakao, settings).await;
    let router = Router::new()
        .route("/%ED%95%9C%EA%B8%80", get(|| async { "open" }))
        .route("/%7Bname%7D", get(|| async { "open" }))
        .route("/a+b", get(|| async { "open" }))
        .route("/files/{name}", get(|| async { "open" }))
        .fallback(any(|| async { "protected" }))
        .layer(shop.layer.clone());
    for (target, status) in [
        ("/%ED%95%9C%EA%B8%80", StatusCode::OK),
        ("/%7Bname%7D", StatusCode::OK),
        ("/a+b", StatusCode::OK),
        ("/files/%ea%b0%80", StatusCode::OK),
        ("/%ed%95%9c%ea%b8%80", StatusCode::UNAUTHORIZED),
        ("/%7bname%7d", StatusCode::UNAUTHORIZED),
        ("/%7Bname%7d", StatusCode::UNAUTHORIZED),
        ("/a%2Bb", StatusCode::UNAUTHORIZED),
        ("/a%2bb", StatusCode::UNAUTHORIZED),
    ] {
        let request = Request::get(target).body(Body::empty()).unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), status, "{target}");
    }
}
