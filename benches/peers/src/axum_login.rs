//! The same application with axum-login. Its sessions are in memory, in the fastest of its stores. The
//! cookie holds the id of the session, as it is or encrypted.

use std::{convert::Infallible, hint::black_box};

use axum::{
    Router,
    http::StatusCode,
    routing::{get, post},
};
use axum_login::{
    AuthManagerLayerBuilder, AuthSession, AuthUser, AuthnBackend, UserId, login_required,
};
use tower_sessions::{
    MemoryStore, SessionManagerLayer,
    cookie::Key,
    service::{CookieController, PlaintextCookie},
};

use crate::App;

#[derive(Clone, Debug)]
struct User {
    subject: String,
    phone: u64,
    name: String,
    email: String,
}

impl AuthUser for User {
    type Id = String;

    fn id(&self) -> String {
        self.subject.clone()
    }

    fn session_auth_hash(&self) -> &[u8] {
        self.subject.as_bytes()
    }
}

/// Finds every user without a database, so that no database is measured.
#[derive(Clone)]
struct Backend;

impl AuthnBackend for Backend {
    type User = User;
    type Credentials = String;
    type Error = Infallible;

    async fn authenticate(&self, subject: String) -> Result<Option<User>, Infallible> {
        self.get_user(&subject).await
    }

    async fn get_user(&self, subject: &UserId<Self>) -> Result<Option<User>, Infallible> {
        Ok(Some(User {
            subject: subject.clone(),
            phone: 821_012_345_678,
            name: "김지우".to_owned(),
            email: "jiwoo@example.com".to_owned(),
        }))
    }
}

async fn greet(auth: AuthSession<Backend>) -> &'static str {
    let user = auth.user.as_ref();
    black_box(user.map(|user| (user.phone, &user.name, &user.email)));
    "hello"
}

async fn sign_in(mut auth: AuthSession<Backend>) -> StatusCode {
    let user = auth.authenticate("1376016924429759228".to_owned()).await;
    match user {
        Ok(Some(user)) if auth.login(&user).await.is_ok() => StatusCode::NO_CONTENT,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// With a cookie that holds the id of the session.
pub async fn plain() -> App {
    app(sessions()).await
}

/// With a cookie that holds the encrypted id of the session.
pub async fn private() -> App {
    app(sessions().with_private(Key::generate())).await
}

fn sessions() -> SessionManagerLayer<MemoryStore, PlaintextCookie> {
    SessionManagerLayer::new(MemoryStore::default()).with_secure(false)
}

/// The application after a sign-in.
async fn app<C: CookieController + Sync>(sessions: SessionManagerLayer<MemoryStore, C>) -> App {
    let auth = AuthManagerLayerBuilder::new(Backend, sessions).build();
    let router = Router::new()
        .route("/", get(greet))
        .route_layer(login_required!(Backend))
        .route("/login", post(sign_in))
        .layer(auth);
    App::signed_in_by(router, "/login").await
}
