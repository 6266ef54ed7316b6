//! The API of `examples/spa`, whose page may show another user than the one of the session.

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use serde_json::{Value, json};
use tower::ServiceExt;
use tower_phone_auth::TestUser;

use crate::support::shop::Shop;

#[path = "../../examples/spa/app.rs"]
mod app;

const ORDERS: &str = "/api/orders";

/// Calls the API, and returns the answer with its JSON.
async fn call(shop: &Shop, cookie: &str, order: Option<Value>) -> (StatusCode, Value) {
    let request = match order.is_some() {
        true => Request::post(ORDERS),
        false => Request::get("/api/me"),
    };
    let request = request.header("sec-fetch-site", "same-origin");
    let request = request.header("content-type", "application/json");
    let body = order.map_or_else(Body::empty, |order| order.to_string().into());
    let request = request.header("cookie", cookie).body(body).unwrap();
    let app = app::routes().layer(shop.layer.clone());
    let (head, body) = app.oneshot(request).await.unwrap().into_parts();
    let body = to_bytes(body, 1 << 16).await.unwrap();
    let json = serde_json::from_slice(&body).unwrap_or_default();
    (head.status, json)
}

#[tokio::test]
async fn an_order_of_a_page_that_shows_another_user_is_not_taken() {
    let shop = Shop::with(|kakao| kakao, |builder| builder.public(app::PUBLIC)).await;
    let user = TestUser::new("+82 10-1234-5678").unwrap();
    let other = user.clone().with(|user| user.subject = "other".into());
    let [first, second] = [user, other].map(|user| user.cookie(&shop.layer).unwrap());
    let (_, shown) = call(&shop, &first, None).await;
    let order = json!({ "user": shown["subject"], "item": "tea" });
    let (status, answer) = call(&shop, &first, Some(order.clone())).await;
    assert_eq!(
        (status, &answer["item"]),
        (StatusCode::CREATED, &json!("tea"))
    );
    // Another tab has signed in as the second user, so the browser sends that session.
    for user in [order["user"].clone(), json!(""), json!("second ")] {
        let order = json!({ "user": user, "item": "tea" });
        let (status, answer) = call(&shop, &second, Some(order)).await;
        assert_eq!(status, StatusCode::CONFLICT, "{answer}");
    }
    let of_no_user = json!({ "item": "tea" });
    let (status, _) = call(&shop, &second, Some(of_no_user)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}
