//! The effect of layers of tower-http on the answers of the layer and of the application.

use std::time::Duration;

use axum::body::Body;
use http::{
    Method, Request, Response, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
};
use http_body_util::{BodyExt, Full};
use tower::{Layer, ServiceBuilder, ServiceExt};
use tower_http::{
    auth::AsyncRequireAuthorizationLayer,
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    cors::CorsLayer,
    decompression::DecompressionLayer,
    limit::RequestBodyLimitLayer,
    normalize_path::NormalizePathLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    services::{ServeDir, ServeFile},
    set_status::SetStatusLayer,
    timeout::TimeoutLayer,
};
use tower_phone_auth::{TestUser, VerifiedUser};

use crate::{
    browser::{Browser, location},
    shop::{Bare, PHONE, Shop, routes},
};

/// A request with a session that needed no sign-in.
fn signed_in(shop: &Shop, path: &str) -> http::request::Builder {
    let user = TestUser::new(PHONE).unwrap();
    Request::get(path).header("cookie", user.cookie(&shop.auth).unwrap())
}

#[tokio::test]
async fn files_are_served_to_users_only() {
    let shop = Shop::open().await;
    let folder = ServeDir::new(env!("CARGO_MANIFEST_DIR"));
    let mut browser = Browser::new(&shop, shop.auth.layer(folder));
    browser.signs_in().await;
    browser.reads("/Cargo.toml", "name = \"compose\"").await;
    let file = ServeFile::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
    let mut browser = Browser::new(&shop, shop.auth.layer(file));
    browser.signs_in().await;
    browser.reads("/anything", "name = \"compose\"").await;
}

#[tokio::test]
async fn a_constant_status_inside_is_that_of_the_application_only() {
    let shop = Shop::open().await;
    let app = ServiceBuilder::new()
        .layer(shop.auth.clone())
        .layer(SetStatusLayer::new(StatusCode::IM_A_TEAPOT))
        .service(Bare);
    let mut browser = Browser::new(&shop, app);
    browser.signs_in().await;
    assert_eq!(
        browser.fetches("/orders").await.status(),
        StatusCode::IM_A_TEAPOT
    );
}

#[tokio::test]
async fn an_authorization_inside_sees_the_user() {
    async fn by_phone<B>(request: Request<B>) -> Result<Request<B>, Response<Full<bytes::Bytes>>> {
        match request.extensions().get::<VerifiedUser>() {
            Some(user) if user.phone.to_string() == PHONE => Ok(request),
            user => panic!("{user:?}"),
        }
    }
    let shop = Shop::open().await;
    let app = ServiceBuilder::new()
        .layer(shop.auth.clone())
        .layer(AsyncRequireAuthorizationLayer::new(by_phone))
        .service(Bare);
    crate::browser::signs_in(&shop, app).await;
}

/// tower-http answers with the default of the response body, whose type is the layer's.
#[tokio::test]
async fn a_timeout_and_a_panic_are_answered_in_both_orders() {
    let shop = Shop::open().await;
    let others = || {
        let short = Duration::from_millis(1);
        let timeout = TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, short);
        ServiceBuilder::new()
            .layer(timeout)
            .layer(CatchPanicLayer::new())
    };
    let outside = ServiceBuilder::new()
        .layer(others())
        .layer(shop.auth.clone());
    let inside = ServiceBuilder::new()
        .layer(shop.auth.clone())
        .layer(others());
    for app in [routes().layer(outside), routes().layer(inside)] {
        for (path, status) in [
            ("/slow", StatusCode::GATEWAY_TIMEOUT),
            ("/panic", StatusCode::INTERNAL_SERVER_ERROR),
        ] {
            let request = signed_in(&shop, path).body(Body::empty()).unwrap();
            let answer = app.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status(), status);
        }
    }
}

#[tokio::test]
async fn the_answers_of_the_layer_are_compressed_by_a_layer_outside() {
    let shop = Shop::open().await;
    let compressed = ServiceBuilder::new()
        .layer(CompressionLayer::new())
        .layer(shop.auth.clone());
    let app = routes().layer(compressed.clone());
    let mut browser = Browser::new(&shop, app).with("accept-encoding", "gzip");
    let refused = browser.fetches("/orders").await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(refused.headers()[CONTENT_ENCODING], "gzip");
    assert!(!refused.headers().contains_key(CONTENT_LENGTH));

    let read = ServiceBuilder::new()
        .layer(DecompressionLayer::new())
        .layer(compressed);
    let mut browser = Browser::new(&shop, routes().layer(read));
    let refused = browser.fetches("/orders").await;
    assert_eq!(refused.headers()[CONTENT_TYPE], "application/problem+json");
    assert!(refused.body().starts_with(b"{"), "{refused:?}");
    browser.signs_in().await;
    browser.reads("/orders", PHONE).await;
}

#[tokio::test]
async fn cors_outside_answers_a_preflight_and_marks_the_401() {
    let shop = Shop::open().await;
    let app = ServiceBuilder::new()
        .layer(CorsLayer::permissive())
        .layer(shop.auth.clone());
    let app = app.service(Bare);
    let request = |method: Method| {
        Request::builder()
            .method(method)
            .uri("/orders")
            .header("origin", "https://other.example")
            .header("access-control-request-method", "GET")
            .body(Full::<bytes::Bytes>::default())
            .unwrap()
    };
    let preflight = app.clone().oneshot(request(Method::OPTIONS)).await.unwrap();
    assert_eq!(preflight.status(), StatusCode::OK);
    let body = preflight.into_body().collect().await.unwrap();
    assert!(body.to_bytes().is_empty());
    let refused = app.oneshot(request(Method::GET)).await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(refused.headers()["access-control-allow-origin"], "*");
}

#[tokio::test]
async fn a_limit_outside_refuses_a_long_body_before_the_layer_refuses_the_request() {
    let shop = Shop::open().await;
    let limit = || RequestBodyLimitLayer::new(8);
    let outside = ServiceBuilder::new()
        .layer(limit())
        .layer(shop.auth.clone());
    let inside = ServiceBuilder::new()
        .layer(shop.auth.clone())
        .layer(limit());
    for (app, status) in [
        (routes().layer(outside), StatusCode::PAYLOAD_TOO_LARGE),
        (routes().layer(inside), StatusCode::UNAUTHORIZED),
    ] {
        let request = Request::post("/orders").header(CONTENT_LENGTH, 9);
        let request = request.body(Body::from("123456789")).unwrap();
        assert_eq!(app.oneshot(request).await.unwrap().status(), status);
    }
}

#[tokio::test]
async fn a_request_id_from_outside_is_on_the_answers_of_the_layer() {
    let shop = Shop::open().await;
    let ids = ServiceBuilder::new()
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(shop.auth.clone());
    let mut browser = Browser::new(&shop, ids.service(Bare));
    let refused = browser.fetches("/orders").await;
    assert!(refused.headers().contains_key("x-request-id"));
    browser.signs_in().await;
    let page = browser.reads("/orders", PHONE).await;
    assert!(page.headers().contains_key("x-request-id"));
}

#[tokio::test]
async fn a_path_that_was_normalized_outside_is_the_return_address() {
    let shop = Shop::open().await;
    let app = ServiceBuilder::new()
        .layer(NormalizePathLayer::trim_trailing_slash())
        .layer(shop.auth.clone())
        .service(Bare);
    let mut browser = Browser::new(&shop, app);
    let back = browser.comes_back("/orders/").await;
    assert_eq!(location(&back), "/orders");
}
