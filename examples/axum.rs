//! The whole program on axum: `cargo run --example axum`, then open the printed address.
//!
//! Without any setting it signs in offline, at a local provider. For a real one, see the
//! environment variables in `shop/settings.rs`.

mod shop;

use std::{error::Error, future::ready, process::ExitCode, time::Duration};

use axum::{Json, Router, extract::Request, http::StatusCode, response::Html, routing::get};
use shop::{Me, Shop, page};
use tower_http::{catch_panic::CatchPanicLayer, trace::TraceLayer};
use tower_phone_auth::{OAuthLayer, VerifiedUser};
use tracing::{Span, info_span};

/// How long ago somebody who pays may have proved who they are.
const FRESH: Duration = Duration::from_secs(5 * 60);

#[tokio::main]
async fn main() -> ExitCode {
    shop::report(run().await)
}

async fn run() -> Result<(), Box<dyn Error>> {
    let shop = Shop::from_env().await?;
    let (auth, logout) = (shop.auth.clone(), shop.logout());
    let app = Router::new()
        .route("/pay", get(async || "paid"))
        .route_layer(shop.auth.require().max_age(FRESH)) // for the routes above it
        .route(
            "/",
            get(move |user: VerifiedUser| ready(Html(page(&user, &logout)))),
        )
        .route(
            "/me",
            get(me).post(async |_: VerifiedUser| StatusCode::NO_CONTENT),
        )
        .route("/healthz", get(async || "ok"))
        .route("/favicon.ico", get(async || StatusCode::NO_CONTENT))
        .route("/readyz", get(async move || readyz(&auth)))
        .layer(shop.auth) // the one line: after the routes, on the outermost router
        .layer(CatchPanicLayer::new())
        .layer(TraceLayer::new_for_http().make_span_with(span));
    println!("open {}", shop.public_url);
    Ok(axum::serve(shop.listener, app).await?)
}

async fn me(user: VerifiedUser) -> Json<Me> {
    Json(Me::from(&user))
}

/// For a load balancer: whether this process can judge sessions yet.
fn readyz(auth: &OAuthLayer) -> StatusCode {
    if auth.is_ready() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

/// The path alone: a callback's query holds the authorization code, which no log may.
fn span(request: &Request) -> Span {
    info_span!("request", method = %request.method(), path = request.uri().path())
}
