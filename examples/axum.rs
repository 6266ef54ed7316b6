//! An axum application behind the layer. Run `cargo run --example axum`, then open the printed
//! address.
//!
//! Without any setting, users sign in offline at a local provider. `Builder::from_env` and
//! `shop/settings.rs` list the environment variables for real providers.

mod shop;

use std::{error::Error, net::SocketAddr, process::ExitCode, time::Duration};

use axum::{
    Json, Router,
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    response::Html,
    routing::get,
};
use shop::{
    Me, Shop,
    page::{self, Links},
};
use tower_http::{catch_panic::CatchPanicLayer, trace::TraceLayer};
use tower_phone_auth::{OAuthLayer, VerifiedUser};
use tracing::{Span, info_span};

/// The greatest age of a sign-in that may pay.
const MAX_SIGN_IN_AGE: Duration = Duration::from_secs(5 * 60);

#[tokio::main]
async fn main() -> ExitCode {
    shop::report(run().await)
}

async fn run() -> Result<(), Box<dyn Error>> {
    let shop = Shop::from_env().await?;
    shop.print_address();
    let (auth, links) = (shop.auth.clone(), shop.links());
    let app = Router::new()
        .route("/pay", get(pay))
        .route_layer(shop.auth.require().max_age(MAX_SIGN_IN_AGE)) // for the routes above it
        .route("/", get(start))
        .route(
            "/me",
            get(me).post(async |_: VerifiedUser| StatusCode::NO_CONTENT),
        )
        .route("/healthz", get(async || "ok"))
        .route("/favicon.ico", get(async || StatusCode::NO_CONTENT))
        .route("/readyz", get(async move || readyz(&auth)))
        .with_state(links)
        .layer(shop.auth) // after the routes, on the outermost router
        .layer(CatchPanicLayer::new())
        .layer(TraceLayer::new_for_http().make_span_with(span));
    // The phone step limits the messages of one client, by its address.
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    Ok(axum::serve(shop.listener, app).await?)
}

async fn start(State(links): State<Links>, headers: HeaderMap, user: VerifiedUser) -> Html<String> {
    Html(page::home(&user, &links, &headers))
}

async fn pay(State(links): State<Links>, headers: HeaderMap) -> Html<String> {
    Html(page::paid(&links, &headers))
}

async fn me(user: VerifiedUser) -> Json<Me> {
    Json(Me::from(&user))
}

/// For a load balancer: 200 when this replica can check sessions, 503 before.
fn readyz(auth: &OAuthLayer) -> StatusCode {
    if auth.is_ready() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

/// Logs the path without the query, because a callback's query contains the authorization code.
fn span(request: &Request) -> Span {
    info_span!("request", method = %request.method(), path = request.uri().path())
}
