//! Requests to the events' paths that are no events.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use axum::body::{Body, Bytes};
use http::{Method, Request, StatusCode};
use http_body::Frame;
use tower_phone_auth::{
    CustomProvider, Naver, OAuthLayer, SessionKey,
    error::LoginErrorKind,
    provider::{Profile, ProfileRequest},
};

use super::{FORM, SET, call, is_signed_in, post};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Browser, JIWOO},
    shop::{ORIGIN, Shop, routes},
};

async fn open() -> Shop {
    Shop::with(
        |kakao| kakao.admin_key("admin"),
        |builder| builder.provider(Naver::new("id", "secret")),
    )
    .await
}

#[tokio::test]
async fn an_unknown_provider_has_no_events() {
    let shop = open().await;
    for name in ["", "google", "kakao/", "kakao/x", "KAKAO", "%6bakao"] {
        let path = format!("/auth/events/{name}");
        let page = post(&shop, &path, FORM, "").await;
        assert_eq!(page.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let page = post(&shop, "/auth/events", FORM, "").await;
    assert_eq!(page.status(), StatusCode::NOT_FOUND);
}

/// Any client could send such a request, and each invented `sid` would occupy memory for the
/// lifetime of a session.
#[tokio::test]
async fn there_is_no_front_channel_logout() {
    let provider = tower_phone_auth_local_provider::LocalProvider::start()
        .await
        .unwrap();
    let (issuer, oidc) = (provider.oidc_issuer(), provider.oidc());
    let shop = Shop::at(provider, oidc, |builder| builder);
    let path = format!("/auth/events/oidc/front?iss={issuer}&sid=made-up");
    let page = call(&shop, Method::GET, &path, &[], "").await;
    assert_eq!(page.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_custom_provider_has_no_events() {
    let club = CustomProvider::new("club", "id", "secret", Club)
        .endpoints("https://club.example.com/a", "https://club.example.com/t");
    let shop = Shop::with(|kakao| kakao, |builder| builder.provider(club)).await;
    let page = post(&shop, "/auth/events/club", FORM, "").await;
    assert_eq!(page.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_body_of_10_mb_is_not_read_to_its_end() {
    let shop = open().await;
    for (path, kind) in [("/auth/events/kakao", SET), ("/auth/events/naver", FORM)] {
        let page = post(&shop, path, kind, vec![b'a'; 10 * 1024 * 1024]).await;
        assert_eq!(page.status(), StatusCode::PAYLOAD_TOO_LARGE, "{path}");
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_refused() {
    let shop = open().await;
    let page = post(&shop, "/auth/events/kakao", SET, Body::new(Cut)).await;
    assert_eq!(page.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_ends_is_abandoned() {
    let layer = OAuthLayer::new(Naver::new("id", "secret"), ORIGIN, SessionKey::random());
    let app = routes().layer(layer.unwrap());
    let request = Request::post("/auth/events/naver").body(Body::new(Never));
    let page = Browser::new(app, ORIGIN).call(request.unwrap()).await;
    assert_eq!(page.status(), StatusCode::REQUEST_TIMEOUT);
}

#[tokio::test]
async fn garbage_is_refused_and_ends_nothing() {
    let shop = open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/auth/login?provider=kakao").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    let bodies: [&[u8]; 6] = [
        b"",
        b"\xff\xfe\0",
        b"{}",
        b"...",
        b"logout_token=%ff",
        b"a=1&a=2",
    ];
    for path in ["/auth/events/kakao", "/auth/events/naver"] {
        for kind in [FORM, SET, "text/html", "\u{80}"] {
            for body in bodies {
                let page = call(&shop, Method::POST, path, &[("content-type", kind)], body).await;
                assert!(page.status().is_client_error(), "{path} {kind} {body:?}");
            }
        }
    }
    assert!(is_signed_in(&mut browser).await);
}

/// A custom provider whose profile is never read.
struct Club;

impl ProfileRequest for Club {
    fn request(&self, _: &str) -> http::Result<Request<Bytes>> {
        Request::get("https://club.example.com/me").body(Bytes::new())
    }

    fn read(&self, _: StatusCode, _: &[u8]) -> Result<Profile, LoginErrorKind> {
        Err(LoginErrorKind::InvalidAnswer)
    }
}

struct Cut;

impl http_body::Body for Cut {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into())))
    }
}

struct Never;

impl http_body::Body for Never {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        Poll::Pending
    }
}
