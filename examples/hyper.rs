//! The layer on bare hyper, without axum. Run `cargo run --example hyper`, then open the printed
//! address.

#[allow(dead_code)] // This example has no page for payments.
mod shop;

use std::{convert::Infallible, error::Error, process::ExitCode, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Response, StatusCode, header::CONTENT_TYPE};
use http_body_util::Full;
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use shop::{
    Me, Shop,
    page::{self, Links},
};
use tokio::time::sleep;
use tower::{Layer, service_fn};
use tower_phone_auth::VerifiedUser;

#[tokio::main]
async fn main() -> ExitCode {
    shop::report(run().await)
}

async fn run() -> Result<(), Box<dyn Error>> {
    let shop = Shop::from_env().await?;
    shop.print_address();
    let links = Arc::new(shop.links());
    let service = service_fn(move |request| answer(request, Arc::clone(&links)));
    let service = shop.auth.layer(service);
    loop {
        let stream = match shop.listener.accept().await {
            Ok((stream, _)) => stream,
            // Such as too many open files. The next connection may be accepted.
            Err(error) => {
                tracing::warn!("a connection was not accepted: {error}");
                sleep(Duration::from_secs(1)).await;
                continue;
            }
        };
        let service = TowerToHyperService::new(service.clone());
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        tokio::spawn(async {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection ended");
            }
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    links: Arc<Links>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let user = request.extensions().get::<VerifiedUser>();
    let (kind, body) = match (request.uri().path(), user) {
        ("/healthz", _) => ("text/plain", "ok".to_owned()),
        ("/favicon.ico", _) => return Ok(status(StatusCode::NO_CONTENT)),
        ("/", Some(user)) => (
            "text/html; charset=utf-8",
            page::home(user, &links, request.headers()),
        ),
        ("/me", Some(user)) => match serde_json::to_string(&Me::from(user)) {
            Ok(me) => ("application/json", me),
            Err(_) => return Ok(status(StatusCode::NOT_FOUND)),
        },
        _ => return Ok(status(StatusCode::NOT_FOUND)),
    };
    let mut response = Response::new(Full::from(body));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, http::HeaderValue::from_static(kind));
    Ok(response)
}

fn status(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::default();
    *response.status_mut() = status;
    response
}
