//! A provider that the crate does not know: PAYCO, with OAuth 2.0 and a non-standard profile. Run
//! `PAYCO_CLIENT_ID=… PAYCO_CLIENT_SECRET=… cargo run --example payco`.
//!
//! `custom/payco.rs` has the provider. `vk_id.rs` is an example with several requests.

#[allow(dead_code)] // This example uses one of the providers.
mod custom;

use std::{env, error::Error};

use axum::{Router, routing::get};
use tower_phone_auth::{OAuthLayer, SessionKey, VerifiedUser};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (id, secret) = (
        env::var("PAYCO_CLIENT_ID")?,
        env::var("PAYCO_CLIENT_SECRET")?,
    );
    let payco = custom::payco::payco(&id, &secret);
    let auth = OAuthLayer::new(payco, "http://127.0.0.1:3000", SessionKey::random())?;
    let home = get(|user: VerifiedUser| async move { user.phone.to_string() });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(axum::serve(listener, Router::new().route("/", home).layer(auth)).await?)
}
