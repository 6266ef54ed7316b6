//! The same application with tower-sessions alone: the handler reads the user from the session.

use std::hint::black_box;

use axum::{
    Router,
    http::StatusCode,
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use tower_sessions::{MemoryStore, Session, SessionManagerLayer};

use crate::App;

const USER: &str = "user";

#[derive(Deserialize, Serialize)]
struct User {
    subject: String,
    phone: u64,
    name: String,
    email: String,
}

async fn greet(session: Session) -> Result<&'static str, StatusCode> {
    let user = session.get::<User>(USER).await;
    let user = user.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    black_box(user.ok_or(StatusCode::UNAUTHORIZED)?);
    Ok("hello")
}

async fn sign_in(session: Session) -> StatusCode {
    let user = User {
        subject: "1376016924429759228".to_owned(),
        phone: 821_012_345_678,
        name: "김지우".to_owned(),
        email: "jiwoo@example.com".to_owned(),
    };
    match session.insert(USER, user).await {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The application after a sign-in.
pub async fn app() -> App {
    let sessions = SessionManagerLayer::new(MemoryStore::default()).with_secure(false);
    let router = Router::new()
        .route("/", get(greet))
        .route("/login", post(sign_in))
        .layer(sessions);
    App::signed_in_by(router, "/login").await
}
