//! A layer or a `require()` in the wrong place: the log, the answers, and `check_placement`.

use std::convert::Infallible;

use axum::{Router, body::Body, routing::get};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use tower::util::BoxCloneSyncService;
use tower_phone_auth::{Builder, Kakao, OAuthLayer, SessionKey, layer::PlacementError};

use crate::support::log::Log;

mod callback;
mod check;
mod collision;
mod require;

const LOOPBACK: &str = "http://127.0.0.1:3000";
const HTTPS: &str = "https://shop.example.com";

fn builder(public_url: &str) -> Builder {
    OAuthLayer::builder()
        .public_url(public_url)
        .session_key(SessionKey::random())
        .provider(Kakao::new("key", "secret"))
}

fn auth(public_url: &str) -> OAuthLayer {
    builder(public_url).build().unwrap()
}

fn page() -> Router {
    Router::new().route("/", get(async || "page"))
}

/// The lines at ERROR.
fn errors(log: &Log) -> Vec<String> {
    let text = log.text();
    let lines = text.lines().filter(|line| line.contains("ERROR"));
    lines.map(str::to_owned).collect()
}

async fn check(auth: &OAuthLayer, app: &Router, pages: &[&str]) -> Result<(), PlacementError> {
    auth.check_placement(app).pages(pages.iter().copied()).await
}

/// A service without axum.
type Bare = BoxCloneSyncService<Request<String>, Response<Full<Bytes>>, Infallible>;

/// A service that answers every request with 200.
fn open() -> Bare {
    let answer = |_: Request<String>| async { Ok(Response::new(Full::from("open"))) };
    BoxCloneSyncService::new(tower::service_fn(answer))
}

/// A bare service as the application of a [`Browser`](crate::support::browser::Browser).
fn as_router<S, R>(service: S) -> Router
where
    S: tower::Service<Request<String>, Response = Response<R>, Error = Infallible, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static,
    R: http_body::Body<Data = Bytes, Error: Into<tower::BoxError>> + Send + 'static,
{
    let service = tower::ServiceExt::map_request(service, |request: Request<Body>| {
        request.map(|_| String::new())
    });
    Router::new().fallback_service(service)
}
