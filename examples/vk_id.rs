//! A provider that the crate does not know: VK ID, whose code exchange needs a parameter of the
//! callback. Run `VK_CLIENT_ID=… PUBLIC_URL=https://… cargo run --example vk_id`. VK ID permits
//! https addresses and `http://localhost` alone.
//!
//! `custom/vk_id.rs` has the provider.

#[allow(dead_code)] // This example uses one of the providers.
mod custom;

use std::{env, error::Error};

use axum::{Router, routing::get};
use tower_phone_auth::{OAuthLayer, SessionKey, VerifiedUser};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let public_url = env::var("PUBLIC_URL").unwrap_or_else(|_| "http://localhost".to_owned());
    let vk_id = custom::vk_id::vk_id(&env::var("VK_CLIENT_ID")?);
    let auth = OAuthLayer::new(vk_id, public_url, SessionKey::random())?;
    let home = get(|user: VerifiedUser| async move { user.phone.to_string() });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:80").await?;
    Ok(axum::serve(listener, Router::new().route("/", home).layer(auth)).await?)
}
