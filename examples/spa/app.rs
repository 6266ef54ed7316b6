//! The routes: the page and its files, which are public, and the API.

use axum::{
    Json, Router,
    http::{
        StatusCode,
        header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    },
    response::{Html, IntoResponse},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};
use tower_phone_auth::VerifiedUser;

/// The paths that need no sign-in: each view of the page, and its files. All others need one.
pub(crate) const PUBLIC: [&str; 3] = ["/", "/orders", "/assets/{file}"];

pub(crate) fn routes() -> Router {
    Router::new()
        .route("/", get(page))
        .route("/orders", get(page)) // the script shows the view
        .route("/assets/app.js", get(script))
        .route("/assets/page.css", get(style))
        .route("/favicon.ico", get(async || StatusCode::NO_CONTENT))
        .route("/api/me", get(me))
        .route("/api/orders", post(order))
}

async fn me(user: VerifiedUser) -> Json<Value> {
    Json(json!({
        "subject": user.subject,
        "phone": user.phone,
        "national": user.phone.national(),
    }))
}

#[derive(Deserialize)]
struct Order {
    /// The user that the page shows.
    user: String,
    item: String,
}

/// 409 if another tab has signed in as another user since the page asked.
async fn order(user: VerifiedUser, Json(order): Json<Order>) -> (StatusCode, Json<Value>) {
    if order.user != user.subject.as_str() {
        let problem = json!({ "status": 409, "title": "The page shows another user" });
        return (StatusCode::CONFLICT, Json(problem));
    }
    (StatusCode::CREATED, Json(json!({ "item": order.item })))
}

async fn page() -> impl IntoResponse {
    let policy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    let policy = [(CONTENT_SECURITY_POLICY, policy)];
    (policy, Html(include_str!("index.html")))
}

async fn script() -> impl IntoResponse {
    let kind = [(CONTENT_TYPE, "text/javascript; charset=utf-8")];
    (kind, include_str!("app.js"))
}

async fn style() -> impl IntoResponse {
    let kind = [(CONTENT_TYPE, "text/css; charset=utf-8")];
    (kind, include_str!("../shop/page.css"))
}
