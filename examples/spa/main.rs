//! A single-page application: an API behind the layer, and its page, on one origin. Run
//! `cargo run --example spa`, then open the printed address.
//!
//! Users sign in offline at a local provider. In production, `Kakao`, `Naver` or `Google` stand in
//! its place, and the session key comes from `SessionKey::from_env`.

mod app;

use std::{
    env,
    error::Error,
    io::{self, Write},
};

use tokio::net::TcpListener;
use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
use tower_phone_auth_local_provider::LocalProvider;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .log_internal_errors(false) // otherwise a full disk would end each request by a panic
        .init();
    let address = env::var("LISTEN_ADDR").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let listener = TcpListener::bind(address).await?;
    let origin = format!("http://{}", listener.local_addr()?);

    let local = LocalProvider::start().await?; // it ends when this value is dropped
    let secret = local.client_secret().unwrap_or_default();
    let auth = OAuthLayer::builder()
        .public_url(&origin)
        .session_key(SessionKey::random())
        .provider(Kakao::new(local.client_id(), secret).endpoint_base(local.origin()))
        .public(app::PUBLIC)
        .build()?;
    writeln!(io::stdout(), "open {origin}").ok(); // no panic if it cannot be written
    Ok(axum::serve(listener, app::routes().layer(auth)).await?)
}
