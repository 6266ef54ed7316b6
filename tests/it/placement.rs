//! The places for the layer in the guide's table, on axum and on bare hyper.

use std::convert::Infallible;

use axum::{Router, body::Body, routing::get};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Empty, Full};
use hyper::{body::Incoming, client::conn, server::conn::http1};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::net::{TcpListener, TcpStream};
use tower::{Layer, ServiceBuilder, ServiceExt, service_fn};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, trace::TraceLayer};
use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, VerifiedUser};

use crate::support::{
    browser::{JIWOO, location, text},
    shop::{Shop, routes},
};

fn auth() -> OAuthLayer {
    let kakao = Kakao::new("key", "secret");
    OAuthLayer::new(kakao, "http://127.0.0.1:3000", SessionKey::random()).unwrap()
}

fn page() -> Router {
    Router::new().route("/", get(async || "page"))
}

async fn status(app: Router, path: &str) -> StatusCode {
    let request = Request::get(path)
        .header("accept", "text/html")
        .body(Body::empty());
    app.oneshot(request.unwrap()).await.unwrap().status()
}

/// A callback that reaches the layer is refused without a pending sign-in. Any other answer is
/// from the application.
const CALLBACK: &str = "/auth/callback/kakao?code=c&state=s";
const SEEN: StatusCode = StatusCode::BAD_REQUEST;

#[tokio::test]
async fn last_on_the_outermost_router_the_layer_protects_all_and_gets_its_callback() {
    let app = page().layer(auth());
    assert_eq!(status(app.clone(), "/").await, StatusCode::SEE_OTHER);
    assert_eq!(status(app.clone(), "/nowhere").await, StatusCode::SEE_OTHER);
    assert_eq!(status(app, CALLBACK).await, SEEN);
}

#[tokio::test]
async fn after_the_fallback_the_layer_protects_the_fallback_too() {
    let app = page().fallback(async || "fallback").layer(auth());
    assert_eq!(status(app.clone(), "/nowhere").await, StatusCode::SEE_OTHER);
    assert_eq!(status(app, CALLBACK).await, SEEN);
}

#[tokio::test]
async fn around_the_whole_router_the_layer_protects_all() {
    let service = auth().layer(page());
    let request = Request::get(CALLBACK).body(Body::empty()).unwrap();
    assert_eq!(service.oneshot(request).await.unwrap().status(), SEEN);
}

#[tokio::test]
async fn around_nested_routers_the_layer_gets_complete_paths() {
    let app = Router::new().nest("/app", page()).layer(auth());
    assert_eq!(status(app.clone(), "/app").await, StatusCode::SEE_OTHER);
    assert_eq!(status(app, CALLBACK).await, SEEN);
}

#[tokio::test]
async fn merged_into_an_open_router_the_layer_gets_its_callback() {
    let open = Router::new().route("/open", get(async || "open"));
    let app = open.merge(page().layer(auth()));
    assert_eq!(status(app.clone(), "/").await, StatusCode::SEE_OTHER);
    assert_eq!(status(app.clone(), "/open").await, StatusCode::OK);
    assert_eq!(status(app, CALLBACK).await, SEEN);
}

#[tokio::test]
async fn before_the_fallback_the_layer_misses_its_callback() {
    let app = page().layer(auth()).fallback(async || "fallback");
    assert_eq!(status(app, CALLBACK).await, StatusCode::OK);
}

#[tokio::test]
async fn routes_added_after_the_layer_are_public() {
    let app = page().layer(auth()).route("/late", get(async || "late"));
    assert_eq!(status(app, "/late").await, StatusCode::OK);
}

#[tokio::test]
async fn as_a_route_layer_the_layer_misses_its_callback() {
    let app = page().route_layer(auth());
    assert_eq!(status(app, CALLBACK).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn on_a_nested_router_the_layer_misses_its_callback() {
    let app = Router::new().nest("/app", page().layer(auth()));
    assert_eq!(status(app.clone(), CALLBACK).await, StatusCode::NOT_FOUND);
    let nested = format!("/app{CALLBACK}");
    assert_eq!(status(app, &nested).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn with_an_open_router_merged_into_its_router_the_layer_misses_its_callback() {
    let open = Router::new().route("/open", get(async || "open"));
    let app = page().layer(auth()).merge(open);
    assert_eq!(status(app, CALLBACK).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_user_signs_in_with_layers_of_tower_http() {
    let mut shop = Shop::open().await;
    let around = ServiceBuilder::new()
        .layer(TraceLayer::new_for_http())
        .layer(CatchPanicLayer::new())
        .layer(shop.layer.clone())
        .layer(CompressionLayer::new());
    shop.app = routes().layer(around);
    let page = shop.browser().sign_in("/", JIWOO).await;
    assert_eq!(text(&page), "+821012345678");
}

#[tokio::test]
async fn a_user_signs_in_with_auth_layer_around_the_whole_router() {
    let mut shop = Shop::open().await;
    let whole = shop.layer.layer(routes());
    shop.app = Router::new().fallback_service(whole);
    let page = shop.browser().sign_in("/deep/link", JIWOO).await;
    assert_eq!(text(&page), "+821012345678");
}

async fn bare(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let user = request.extensions().get::<VerifiedUser>();
    let phone = user.map_or_else(|| "anonymous".to_owned(), |user| user.phone.to_string());
    Ok(Response::new(Full::from(phone)))
}

/// Serves one connection on bare hyper and sends one request over it.
async fn over_hyper(layer: &OAuthLayer, request: Request<Empty<Bytes>>) -> Response<Bytes> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = TowerToHyperService::new(layer.layer(service_fn(bare)));
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        http1::Builder::new()
            .serve_connection(TokioIo::new(stream), service)
            .await
    });
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let (parts, body) = sender.send_request(request).await.unwrap().into_parts();
    Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
}

fn get_over_hyper(path: &str, cookies: &[(String, String)]) -> Request<Empty<Bytes>> {
    let pairs: Vec<_> = cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    Request::builder()
        .method(Method::GET)
        .uri(path)
        .header("host", "127.0.0.1:3000")
        .header("accept", "text/html")
        .header("cookie", pairs.join("; "))
        .body(Empty::new())
        .unwrap()
}

#[tokio::test]
async fn a_user_signs_in_on_bare_hyper() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let away = over_hyper(&shop.layer, get_over_hyper("/", &[])).await;
    assert_eq!(away.status(), StatusCode::SEE_OTHER);
    browser.keep_cookies(&away);
    let callback = browser.act(&away, JIWOO).await;
    let back = over_hyper(&shop.layer, get_over_hyper(&callback, &browser.jar())).await;
    assert_eq!(
        (back.status(), location(&back)),
        (StatusCode::SEE_OTHER, "/")
    );
    browser.keep_cookies(&back);
    let page = over_hyper(&shop.layer, get_over_hyper("/", &browser.jar())).await;
    assert_eq!(text(&page), "+821012345678");
}
