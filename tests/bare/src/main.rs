//! The crate without any feature, around a plain tower service.

mod client;
#[cfg(test)]
mod tests;

use std::convert::Infallible;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{Empty, Full};
use tower::{Layer, ServiceExt, service_fn};
use tower_phone_auth::{Builder, Kakao, OAuthLayer, SessionKey, VerifiedUser};

use client::Plain;

async fn answer(request: Request<Empty<Bytes>>) -> Result<Response<Full<Bytes>>, Infallible> {
    let user = request.extensions().get::<VerifiedUser>();
    let phone = user.map_or_else(|| "anonymous".to_owned(), |user| user.phone.to_string());
    Ok(Response::new(Full::from(phone)))
}

fn settings() -> Builder {
    OAuthLayer::builder()
        .public_url("https://shop.example.com")
        .session_key(SessionKey::random())
        .provider(Kakao::new("key", "secret"))
        .public(["/healthz"])
}

async fn status(path: &str) -> StatusCode {
    let auth = settings()
        .http_client(Plain)
        .build()
        .expect("the settings are right");
    let request = Request::get(path)
        .body(Empty::new())
        .expect("the path is right");
    let response = auth.layer(service_fn(answer)).oneshot(request).await;
    response.expect("the service cannot fail").status()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!(
        "/ {}, /healthz {}",
        status("/").await,
        status("/healthz").await
    );
}
