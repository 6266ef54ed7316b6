//! A question is asked once more where the connection broke; a code is never sent again once it may have been read.

use axum::Router;
use http::StatusCode;
use tower_phone_auth::{
    Kakao,
    LoginErrorKind::{ProviderTimeout, ProviderUnavailable},
    OAuthLayer, SessionKey,
};

use super::test_server::{Fate, Peer};
use crate::support::{
    browser::{Browser, Page, parameter},
    outcome::{assert_signed_in, refusal},
    shop::{ORIGIN, routes},
};

const BROKEN: [Fate; 3] = [Fate::Closed, Fate::Reset, Fate::HalfClosed];

fn app(peer: &Peer) -> Router {
    let kakao = Kakao::new("key", "secret").endpoint_base(&peer.origin);
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
async fn a_question_that_met_a_broken_connection_is_asked_once_more() {
    for fate in BROKEN {
        let peer = Peer::start().await;
        peer.next(&[Fate::Answered, fate]);
        assert_signed_in(&sign_in(&app(&peer)).await, &format!("{fate:?}"));
        assert_eq!(peer.asked(), (1, 2), "{fate:?}");
    }
}

#[tokio::test]
async fn it_is_asked_once_more_and_not_twice() {
    for fate in BROKEN {
        let peer = Peer::start().await;
        peer.next(&[Fate::Answered, fate, fate, Fate::Answered]);
        let page = sign_in(&app(&peer)).await;
        assert_eq!(refusal(&page), (502, ProviderUnavailable, None), "{fate:?}");
        assert_eq!(peer.asked(), (1, 2), "{fate:?}");
    }
}

#[tokio::test]
async fn a_code_that_may_have_been_read_is_not_sent_again() {
    for fate in [Fate::Closed, Fate::Reset, Fate::HalfClosed, Fate::Cut] {
        let peer = Peer::start().await;
        let app = app(&peer);
        // On a connection that was used before, and on a new one.
        assert_signed_in(&sign_in(&app).await, "before");
        for round in 0..2 {
            peer.next(&[fate]);
            let page = sign_in(&app).await;
            assert_eq!(refusal(&page), (502, ProviderUnavailable, None), "{fate:?}");
            assert_eq!(peer.asked(), (2 + round, 1), "{fate:?}");
        }
    }
}

#[tokio::test]
async fn half_an_answer_is_an_answer_and_not_asked_for_again() {
    let peer = Peer::start().await;
    peer.next(&[Fate::Answered, Fate::Cut]);
    let page = sign_in(&app(&peer)).await;
    assert_eq!(refusal(&page), (502, ProviderUnavailable, None));
    assert_eq!(peer.asked(), (1, 1));
}

#[tokio::test]
async fn a_server_that_ends_its_connections_unannounced_keeps_nobody_out() {
    for after in 1..=3 {
        let peer = Peer::start().await;
        let app = app(&peer);
        let mut fates = vec![Fate::Answered; after];
        fates[after - 1] = Fate::AnsweredLast;
        peer.next(&fates.repeat(8));
        for _ in 0..4 {
            assert_signed_in(&sign_in(&app).await, &format!("after {after}"));
        }
        assert_eq!(peer.asked(), (4, 4));
        assert!(peer.connections() >= 8 / after, "{}", peer.connections());
    }
}

#[tokio::test]
async fn what_took_too_long_is_not_sent_again() {
    for (fates, asked) in [
        (&[Fate::Kept][..], (1, 0)),
        (&[Fate::Answered, Fate::Kept], (1, 1)),
    ] {
        let peer = Peer::start().await;
        peer.next(fates);
        let kakao = Kakao::new("key", "secret").endpoint_base(&peer.origin);
        let builder = OAuthLayer::builder()
            .public_url(ORIGIN)
            .session_key(SessionKey::random())
            .provider(kakao.timeout(std::time::Duration::from_millis(700)));
        let page = sign_in(&routes().layer(builder.build().unwrap())).await;
        assert_eq!(page.status(), StatusCode::GATEWAY_TIMEOUT);
        assert_eq!(refusal(&page), (504, ProviderTimeout, None));
        assert_eq!(peer.asked(), asked);
    }
}
