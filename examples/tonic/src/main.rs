//! A gRPC service behind the layer. Run `cargo run --manifest-path examples/tonic/Cargo.toml`, then
//! open the printed address. Users sign in offline at a local provider.

#![forbid(unsafe_code)]

use std::{env, error::Error};

use tokio::net::TcpListener;
use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
use tower_phone_auth_local_provider::LocalProvider;
use tower_phone_auth_tonic::{page::pages, serve};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = env::var("LISTEN_ADDR").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let listener = TcpListener::bind(address).await?;
    let origin = format!("http://{}", listener.local_addr()?);

    let local = LocalProvider::start().await?; // it ends when this value is dropped
    let secret = local.client_secret().unwrap_or_default();
    let kakao = Kakao::new(local.client_id(), secret).endpoint_base(local.origin());
    let auth = OAuthLayer::new(kakao, &origin, SessionKey::random())?;
    println!("open {origin}");
    Ok(serve(listener, auth, pages(origin)?).await?)
}
