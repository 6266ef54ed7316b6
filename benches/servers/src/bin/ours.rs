//! This crate: a session in a sealed cookie, a checked ID token, a checked phone number.

use axum::{Router, routing::get};
use servers::{Outcome, Settings};
use tower_phone_auth::{OAuthLayer, Oidc, SessionKey, VerifiedUser};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let settings = Settings::from_env()?;
    let provider = Oidc::new(
        &settings.issuer,
        &settings.client_id,
        &settings.client_secret,
    );
    let auth = OAuthLayer::builder()
        .public_url(&settings.origin)
        .session_key(SessionKey::from_env("SESSION_KEY")?)
        .provider(provider)
        .public(["/healthz"])
        .build()?;
    let app = Router::new().route("/", get(hello));
    settings.serve(app, |app| app.layer(auth)).await
}

async fn hello(user: VerifiedUser) -> String {
    format!("Hello, {}", user.phone)
}
