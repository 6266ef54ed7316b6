//! The service that nginx or Caddy asks about each request.

use axum::{Router, http::StatusCode};
use tower_phone_auth::{OAuthLayer, gateway::ForwardAuth};

/// The answers about requests, at `/check`. The proxy sends the layer's own paths here too, such as
/// the callback.
pub(crate) fn routes(auth: OAuthLayer, proxy: ForwardAuth) -> Router {
    let own = Router::new().fallback(async || StatusCode::NOT_FOUND);
    Router::new()
        .route_service("/check", auth.forward_auth(proxy))
        .fallback_service(own.layer(auth))
}
