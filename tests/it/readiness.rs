//! The tower contract: the layer calls the service that it polled to readiness, and requires
//! nothing more of it.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    marker::PhantomData,
    rc::Rc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response, StatusCode, header::COOKIE};
use http_body_util::Empty;
use tower::{Layer, Service, ServiceExt};
use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, TestUser, VerifiedUser};
use tower_test::{assert_request_eq, mock};

fn layer() -> OAuthLayer {
    let kakao = Kakao::new("key", "secret");
    OAuthLayer::new(kakao, "http://127.0.0.1:3000", SessionKey::random()).unwrap()
}

fn signed_in<B>(layer: &OAuthLayer, body: B) -> Request<B> {
    let cookie = TestUser::new("+82 10-1234-5678")
        .unwrap()
        .cookie(layer)
        .unwrap();
    Request::get("/").header(COOKIE, cookie).body(body).unwrap()
}

#[tokio::test]
async fn readiness_is_the_readiness_of_the_wrapped_service() {
    let (service, mut handle) = mock::pair::<Request<Empty<Bytes>>, Response<()>>();
    let mut service = mock::Spawn::new(layer().layer(service));
    handle.allow(0);
    assert!(service.poll_ready().is_pending());
    handle.allow(1);
    assert!(service.poll_ready().is_ready());
}

#[tokio::test]
async fn a_signed_in_request_calls_the_service_that_was_polled() {
    let layer = layer();
    let (service, mut handle) = mock::pair::<bool, Response<()>>();
    let service = service.map_request(|request: Request<Empty<Bytes>>| {
        request.extensions().get::<VerifiedUser>().is_some()
    });
    let mut service = layer.layer(service);
    handle.allow(2);
    let answer = service
        .ready()
        .await
        .unwrap()
        .call(signed_in(&layer, Empty::new()));
    assert_request_eq!(handle, true).send_response(Response::new(()));
    assert_eq!(answer.await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn the_wrapped_service_is_not_called_without_a_session() {
    let (service, mut handle) = mock::pair::<Request<Empty<Bytes>>, Response<()>>();
    let mut service = layer().layer(service);
    handle.allow(1);
    let answer = service
        .ready()
        .await
        .unwrap()
        .call(Request::new(Empty::new()));
    assert_eq!(answer.await.unwrap().status(), StatusCode::UNAUTHORIZED);
    drop(service);
    assert!(handle.next_request().await.is_none());
}

#[tokio::test]
async fn the_wrapped_services_error_comes_through_unchanged() {
    let layer = layer();
    let (service, mut handle) = mock::pair::<Request<Empty<Bytes>>, Response<()>>();
    let mut service = layer.layer(service);
    handle.allow(2);
    let answer = service
        .ready()
        .await
        .unwrap()
        .call(signed_in(&layer, Empty::new()));
    handle
        .next_request()
        .await
        .unwrap()
        .1
        .send_error("the shop burnt down");
    assert_eq!(answer.await.unwrap_err().to_string(), "the shop burnt down");
}

/// A service that is neither `Clone`, nor `Send`, nor `'static`, with such a body.
struct Minimal<'a> {
    calls: &'a mut u32,
    here: PhantomData<Rc<()>>,
}

impl Service<Request<Empty<Bytes>>> for Minimal<'_> {
    type Response = Response<Rc<()>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Empty<Bytes>>) -> Self::Future {
        *self.calls += 1;
        ready(Ok(Response::new(Rc::new(()))))
    }
}

#[tokio::test]
async fn the_wrapped_service_needs_neither_clone_nor_send_nor_static() {
    let layer = layer();
    let mut calls = 0;
    let minimal = Minimal {
        calls: &mut calls,
        here: PhantomData,
    };
    let mut service = layer.layer(minimal);
    let answer = service
        .ready()
        .await
        .unwrap()
        .call(signed_in(&layer, Empty::new()));
    assert_eq!(answer.await.unwrap().status(), StatusCode::OK);
    let stranger = service
        .ready()
        .await
        .unwrap()
        .call(Request::new(Empty::new()));
    assert_eq!(stranger.await.unwrap().status(), StatusCode::UNAUTHORIZED);
    assert_eq!(calls, 1);
}

#[tokio::test]
async fn a_user_planted_in_the_request_is_removed() {
    let layer = layer();
    let planted = TestUser::new("+82 10-9999-9999").unwrap().user();
    let (service, mut handle) = mock::pair::<Option<String>, Response<()>>();
    let service = service.map_request(|request: Request<Empty<Bytes>>| {
        let user = request.extensions().get::<VerifiedUser>();
        user.map(|user| user.phone.to_string())
    });
    let mut service = layer.layer(service);
    handle.allow(2);
    let mut request = signed_in(&layer, Empty::new());
    request.extensions_mut().insert(planted.clone());
    let _answer = service.ready().await.unwrap().call(request);
    assert_request_eq!(handle, Some("+821012345678".to_owned())).send_response(Response::new(()));

    let mut request = Request::new(Empty::new());
    request.extensions_mut().insert(planted);
    let answer = service.ready().await.unwrap().call(request);
    assert_eq!(answer.await.unwrap().status(), StatusCode::UNAUTHORIZED);
}
