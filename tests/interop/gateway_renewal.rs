//! A session that is renewed by the check of an nginx or an Envoy, set up as in the guide.

use std::{net::SocketAddr, time::Duration};

use axum::{Router, response::AppendHeaders};
use http::StatusCode;
use reqwest::{Client, Response, redirect::Policy};
use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, TestUser, gateway::ForwardAuth};

use crate::{
    gateway::{block, envoy_settings, routes, serve},
    support::{
        envoy::Envoy,
        nginx::{Nginx, free_address},
        time::Ahead,
    },
};

const MINUTE: i64 = 60;

/// The layer behind `/check`.
fn layer(origin: &str, time: &Ahead) -> OAuthLayer {
    OAuthLayer::builder()
        .public_url(origin)
        .session_key(SessionKey::random())
        .provider(Kakao::new("key", "secret"))
        .idle_timeout(Duration::from_secs(30 * 60))
        .clock(time.clock())
        .build()
        .unwrap()
}

/// The session cookie that a response sets.
fn renewed(response: &Response) -> Option<String> {
    let lines = response.headers().get_all("set-cookie").iter();
    let pairs = lines.map(|line| line.to_str().unwrap().split(';').next().unwrap());
    pairs
        .map(str::to_owned)
        .find(|pair| pair.starts_with("phone-auth="))
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_hands_on_the_renewed_session_of_its_check() {
    hands_on_the_renewed_session(ForwardAuth::Nginx, |gateway, layer, application| {
        Nginx::start(gateway, &block("nginx", layer, application), &[])
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn envoy_hands_on_the_renewed_session_of_its_check() {
    let asks = ForwardAuth::envoy("/check");
    hands_on_the_renewed_session(asks, |gateway, layer, application| {
        Envoy::start(gateway, &envoy_settings(gateway, layer, application))
    })
    .await;
}

async fn hands_on_the_renewed_session<P>(
    asks: ForwardAuth,
    start: impl FnOnce(SocketAddr, SocketAddr, SocketAddr) -> P,
) {
    let (gateway, asked, application) = (free_address(), free_address(), free_address());
    let (origin, time) = (format!("http://{gateway}"), Ahead::default());
    let auth = layer(&origin, &time);
    let user = TestUser::new("+82 10-1234-5678").unwrap();
    let mut session = user.cookie(&auth).unwrap();
    serve(asked, routes(auth, asks)).await;
    let page = async || (AppendHeaders([("set-cookie", "theme=dark")]), "the page");
    serve(application, Router::new().fallback(page)).await;
    let _proxy = start(gateway, asked, application);
    let client = Client::builder().redirect(Policy::none()).no_proxy();
    let client = client.build().unwrap();
    let first = session.clone();
    let ask = async |session: &str| {
        let request = client.get(format!("{origin}/report"));
        request.header("cookie", session).send().await.unwrap()
    };
    // Both visits are within the hour of a test session.
    for visit in 0..2 {
        time.pass(20 * MINUTE);
        let answer = ask(&session).await;
        assert_eq!(answer.status(), StatusCode::OK, "{visit}");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        session = renewed(&answer).unwrap_or_else(|| panic!("{answer:?}"));
        assert_eq!(answer.text().await.unwrap(), "the page");
    }
    assert_eq!(ask(&first).await.status(), StatusCode::UNAUTHORIZED);
}
