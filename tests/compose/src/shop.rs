//! A layer with its local provider, and two applications: on axum, and a bare tower service.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    task::{Context, Poll},
};

use axum::{Router, routing::get};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use tower::Service;
use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, VerifiedUser};
use tower_phone_auth_local_provider::LocalProvider;

/// The address of an application that is called in process.
pub const ORIGIN: &str = "http://127.0.0.1:3000";
/// The number of the user at the local provider.
pub const PHONE: &str = "+821012345678";

pub struct Shop {
    /// It runs until it is dropped.
    #[allow(dead_code)]
    pub provider: LocalProvider,
    pub origin: String,
    pub auth: OAuthLayer,
}

impl Shop {
    pub async fn open() -> Self {
        Self::at(ORIGIN).await
    }

    pub async fn at(origin: &str) -> Self {
        let provider = LocalProvider::start().await.unwrap();
        let secret = provider.client_secret().unwrap();
        let kakao = Kakao::new(provider.client_id(), secret).endpoint_base(provider.origin());
        let auth = OAuthLayer::new(kakao, origin, SessionKey::random()).unwrap();
        Self {
            provider,
            origin: origin.to_owned(),
            auth,
        }
    }
}

/// The answer of each application, long enough to be compressed.
pub fn orders(user: Option<&VerifiedUser>) -> String {
    let phone = user.map_or_else(|| "no user".to_owned(), |user| user.phone.to_string());
    format!("These are the orders of {phone}, all of them.")
}

pub fn routes() -> Router {
    let page = get(async |user: VerifiedUser| orders(Some(&user)));
    Router::new()
        .route("/orders", page.clone())
        .route(
            "/panic",
            get(async || -> String { panic!("a fault of the application") }),
        )
        .route(
            "/slow",
            get(async || -> String { std::future::pending().await }),
        )
        .fallback(page)
}

/// A service without axum, for requests with any body.
#[derive(Clone)]
pub struct Bare;

impl<B> Service<Request<B>> for Bare {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let text = orders(request.extensions().get());
        ready(Ok(Response::new(Full::from(text))))
    }
}
