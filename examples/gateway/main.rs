//! A gateway in front of an application in any language, which gets the user in headers such as
//! `X-Auth-Phone`. Run `cargo run --example gateway`, then open the printed address.
//!
//! | argument | what the program is |
//! |---|---|
//! | none | a reverse proxy in front of `UPSTREAM`, such as `http://127.0.0.1:8080` |
//! | `nginx`, `caddy` | the service that nginx or Caddy asks about each request, at `/check` |
//!
//! Without `UPSTREAM`, an application of this program shows the headers that reach it. Without
//! `OAUTH_PROVIDER`, users sign in offline at a local provider; with it, all settings are those of
//! `Builder::from_env`. `PUBLIC_PATHS` lists the paths that need no sign-in.

mod checks;
mod proxy;
mod upstream;

use std::{
    env,
    error::Error,
    io::{self, Write},
    net::SocketAddr,
};

use axum::{Router, http::HeaderMap};
use tokio::net::TcpListener;
use tower_phone_auth::{Builder, Kakao, OAuthLayer, SessionKey, gateway::ForwardAuth};
use tower_phone_auth_local_provider::LocalProvider;

use proxy::Gateway;
use upstream::Upstream;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .log_internal_errors(false) // otherwise a full disk would end each request by a panic
        .init();
    let address = variable("LISTEN_ADDR").unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    let listener = TcpListener::bind(address).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let origin = variable("PUBLIC_URL").unwrap_or(origin);
    let local; // it runs until this value is dropped
    let builder = match variable("OAUTH_PROVIDER") {
        Some(_) => Builder::from_env()?,
        None => {
            local = LocalProvider::start().await?;
            at(&local).public_url(&origin)
        }
    };
    let paths = variable("PUBLIC_PATHS").unwrap_or_default();
    let paths = paths.split(',').filter(|path| !path.is_empty());
    let auth = builder.public(paths).build()?;
    let app = match env::args().nth(1).as_deref() {
        None => proxy::routes(Gateway::new(auth, upstream().await?)),
        Some("nginx") => checks::routes(auth, ForwardAuth::Nginx),
        Some("caddy") => checks::routes(auth, ForwardAuth::Caddy),
        Some(other) => return Err(format!("{other:?}: give nginx or caddy, or nothing").into()),
    };
    writeln!(io::stdout(), "open {origin}").ok(); // no panic if it cannot be written
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    Ok(axum::serve(listener, app).await?)
}

/// Settings for a local provider.
fn at(local: &LocalProvider) -> Builder {
    let secret = local.client_secret().unwrap_or_default();
    let kakao = Kakao::new(local.client_id(), secret).endpoint_base(local.origin());
    let key = SessionKey::random(); // a restart signs all users out
    OAuthLayer::builder().session_key(key).provider(kakao)
}

/// The application behind the gateway.
async fn upstream() -> Result<Upstream, Box<dyn Error>> {
    if let Some(address) = variable("UPSTREAM") {
        return Upstream::new(&address);
    }
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    let shown = async |headers: HeaderMap| format!("The application got {headers:#?}");
    let app = Router::new().fallback(shown);
    tokio::spawn(async { axum::serve(listener, app).await });
    Upstream::new(&address)
}

/// An empty variable counts as not set.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
