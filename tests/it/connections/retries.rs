//! A GET is repeated once after a broken connection. A code that the provider may have read is
//! never sent again.

use axum::Router;
use http::StatusCode;
use tower_phone_auth::{
    Kakao, OAuthLayer, SessionKey,
    error::LoginErrorKind::{ProviderTimeout, ProviderUnavailable},
};

use super::test_server::{Fate, TestServer};
use crate::support::{
    browser::{Browser, Page, parameter},
    outcome::{assert_signed_in, refusal},
    shop::{ORIGIN, routes},
};

const BROKEN: [Fate; 3] = [Fate::Closed, Fate::Reset, Fate::HalfClosed];

fn app(server: &TestServer) -> Router {
    let kakao = Kakao::new("key", "secret").endpoint_base(&server.origin);
    let layer = OAuthLayer::builder()
        .public_url(ORIGIN)
        .session_key(SessionKey::random())
        .provider(kakao.timeout(std::time::Duration::from_secs(30)));
    routes().layer(layer.build().unwrap())
}

async fn sign_in(app: &Router) -> Page {
    let mut browser = Browser::new(app.clone(), ORIGIN);
    let away = browser.visit("/").await;
    let state = parameter(&away, "state").unwrap();
    let callback = format!("/auth/callback/kakao?code=x&state={state}");
    browser.visit(&callback).await
}

#[tokio::test]
async fn a_get_on_a_broken_connection_is_repeated() {
    for fate in BROKEN {
        let server = TestServer::start().await;
        server.next(&[Fate::Answered, fate]);
        assert_signed_in(&sign_in(&app(&server)).await, &format!("{fate:?}"));
        assert_eq!(server.requests(), (1, 2), "{fate:?}");
    }
}

#[tokio::test]
async fn a_get_is_repeated_only_once() {
    for fate in BROKEN {
        let server = TestServer::start().await;
        server.next(&[Fate::Answered, fate, fate, Fate::Answered]);
        let page = sign_in(&app(&server)).await;
        assert_eq!(refusal(&page), (502, ProviderUnavailable, None), "{fate:?}");
        assert_eq!(server.requests(), (1, 2), "{fate:?}");
    }
}

#[tokio::test]
async fn a_code_that_may_have_been_read_is_not_sent_again() {
    for fate in [Fate::Closed, Fate::Reset, Fate::HalfClosed, Fate::Cut] {
        let server = TestServer::start().await;
        let app = app(&server);
        // The first attempt uses an open connection, the second a new one.
        assert_signed_in(&sign_in(&app).await, "before");
        for attempt in 0..2 {
            server.next(&[fate]);
            let page = sign_in(&app).await;
            assert_eq!(refusal(&page), (502, ProviderUnavailable, None), "{fate:?}");
            assert_eq!(server.requests(), (2 + attempt, 1), "{fate:?}");
        }
    }
}

#[tokio::test]
async fn a_get_with_half_an_answer_is_not_repeated() {
    let server = TestServer::start().await;
    server.next(&[Fate::Answered, Fate::Cut]);
    let page = sign_in(&app(&server)).await;
    assert_eq!(refusal(&page), (502, ProviderUnavailable, None));
    assert_eq!(server.requests(), (1, 1));
}

#[tokio::test]
async fn a_server_that_ends_its_connections_unannounced_fails_no_sign_in() {
    for after in 1..=3 {
        let server = TestServer::start().await;
        let app = app(&server);
        let mut fates = vec![Fate::Answered; after];
        fates[after - 1] = Fate::AnsweredLast;
        server.next(&fates.repeat(8));
        for _ in 0..4 {
            assert_signed_in(&sign_in(&app).await, &format!("after {after}"));
        }
        assert_eq!(server.requests(), (4, 4));
        assert!(
            server.connections() >= 8 / after,
            "{}",
            server.connections()
        );
    }
}

#[tokio::test]
async fn a_request_that_timed_out_is_not_repeated() {
    for (fates, asked) in [
        (&[Fate::Kept][..], (1, 0)),
        (&[Fate::Answered, Fate::Kept], (1, 1)),
    ] {
        let server = TestServer::start().await;
        server.next(fates);
        let kakao = Kakao::new("key", "secret").endpoint_base(&server.origin);
        let builder = OAuthLayer::builder()
            .public_url(ORIGIN)
            .session_key(SessionKey::random())
            .provider(kakao.timeout(std::time::Duration::from_millis(700)));
        let page = sign_in(&routes().layer(builder.build().unwrap())).await;
        assert_eq!(page.status(), StatusCode::GATEWAY_TIMEOUT);
        assert_eq!(refusal(&page), (504, ProviderTimeout, None));
        assert_eq!(server.requests(), asked);
    }
}
