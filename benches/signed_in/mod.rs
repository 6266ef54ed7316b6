//! Shared by several benches: a service that answers at once, the layer around it, and a request of a
//! signed-in user.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    hint::black_box,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use divan::Bencher;
use http::{
    HeaderValue, Request, Response,
    header::{CONTENT_TYPE, COOKIE},
};
use http_body_util::Empty;
use tower::Service;
use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, TestUser, VerifiedUser};

/// The baseline: a service that answers at once with a content type. It reuses the header map of
/// the request, so that every counted allocation is the layer's.
#[derive(Clone)]
pub(crate) struct Bare;

impl Service<Request<Empty<Bytes>>> for Bare {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = Ready<Result<Response<()>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Empty<Bytes>>) -> Self::Future {
        black_box(request.extensions().get::<VerifiedUser>());
        let mut response = Response::new(());
        *response.headers_mut() = request.into_parts().0.headers;
        response.headers_mut().clear();
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, html);
        ready(Ok(response))
    }
}

pub(crate) fn layer() -> OAuthLayer {
    let kakao = Kakao::new("key", "secret");
    let layer = OAuthLayer::builder()
        .public_url("http://127.0.0.1:3000")
        .session_key(SessionKey::random())
        .provider(kakao)
        .public(["/healthz"]);
    layer.build().expect("the settings are right")
}

/// A browser's request, with two cookies of the application beside ours.
pub(crate) fn request(path: &str, cookie: &str) -> Request<Empty<Bytes>> {
    let cookies = format!("theme=dark; {cookie}; visited=2026-01-01");
    let request = Request::get(path)
        .header(COOKIE, cookies)
        .header("accept", "text/html");
    request
        .body(Empty::new())
        .expect("the request is well-formed")
}

pub(crate) fn cookie(layer: &OAuthLayer) -> String {
    let user = TestUser::new("+82 10-1234-5678").expect("the number is valid");
    let user = user
        .with(|user| user.subject = "1376016924429759228".into())
        .name("김지우")
        .email("jiwoo@example.com", true);
    user.cookie(layer).expect("the layer knows kakao")
}

pub(crate) fn poll<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    match future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("nothing here waits"),
    }
}

pub(crate) fn run<S>(
    bencher: Bencher<'_, '_>,
    mut service: S,
    request: impl Fn() -> Request<Empty<Bytes>> + Sync,
) where
    S: Service<Request<Empty<Bytes>>>,
{
    bencher
        .with_inputs(request)
        .bench_local_values(|request| black_box(poll(service.call(request)).is_ok()));
}
