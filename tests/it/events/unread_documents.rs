//! Metadata and keys that could never be read. Any host can send events and begin sign-ins, so the
//! calls to the provider are limited also then.

use std::{
    future::Future,
    pin::pin,
    task::{Context, Waker},
    time::Duration,
};

use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::json;
use tower::ServiceExt;
use tower_phone_auth_local_provider::{Endpoint, Person, faults::Fault};

use super::{
    RISC, SET,
    kakao::{PATH, open as open_kakao},
    logout_token::{open, send, token},
    post,
};
use crate::support::{browser::JIWOO, shop::Shop};

/// An answer that counts as no failure of the circuit.
fn missing() -> Fault {
    Fault::json(StatusCode::NOT_FOUND, &json!({}))
}

/// Sends logout tokens, each of which is asked to be sent again.
async fn flood(shop: &Shop, count: usize) {
    for _ in 0..count {
        let page = send(shop, &token(shop)).await;
        assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}

#[tokio::test]
async fn events_cause_a_bounded_number_of_fetches_of_metadata_that_were_never_read() {
    let shop = open().await;
    shop.provider.fail(Endpoint::Discovery, missing());
    flood(&shop, 40).await;
    assert_eq!(shop.provider.count(Endpoint::Discovery), 6);
    shop.time.pass(Duration::from_secs(5));
    flood(&shop, 3).await;
    assert_eq!(shop.provider.count(Endpoint::Discovery), 7);
    // A sign-in has fetches of its own.
    shop.provider.clear_faults(Endpoint::Discovery);
    shop.browser().sign_in("/", JIWOO).await;
    assert_eq!(shop.provider.count(Endpoint::Discovery), 8);
}

#[tokio::test]
async fn events_cause_a_bounded_number_of_fetches_of_keys_that_were_never_read() {
    let shop = open().await;
    shop.provider.fail(Endpoint::Keys, missing());
    flood(&shop, 40).await;
    assert_eq!(shop.provider.count(Endpoint::Keys), 6);
    shop.provider.clear_faults(Endpoint::Keys);
    shop.browser().sign_in("/", JIWOO).await;
    assert_eq!(shop.provider.count(Endpoint::Keys), 7);
}

#[tokio::test]
async fn security_events_cause_a_bounded_number_of_fetches_of_keys_that_were_never_read() {
    let (shop, _) = open_kakao().await;
    shop.provider.fail(Endpoint::Keys, missing());
    let event = format!("{RISC}/sessions-revoked");
    for _ in 0..40 {
        let token = shop.provider.kakao_event(&event, Person::WITH_PHONE);
        let page = post(&shop, PATH, SET, token.unwrap()).await;
        assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
    assert_eq!(shop.provider.count(Endpoint::Keys), 6);
}

#[tokio::test]
async fn visits_cause_a_bounded_number_of_fetches_of_metadata_that_were_never_read() {
    let shop = open().await;
    shop.provider.fail(Endpoint::Discovery, missing());
    for _ in 0..50 {
        let page = shop.browser().visit("/").await;
        assert_eq!(page.status(), StatusCode::BAD_GATEWAY);
    }
    assert_eq!(shop.provider.count(Endpoint::Discovery), 30);
    // Once the provider is set right, the next second is enough.
    shop.provider.clear_faults(Endpoint::Discovery);
    shop.time.pass(Duration::from_secs(1));
    shop.browser().sign_in("/", JIWOO).await;
}

#[tokio::test]
async fn visits_that_browsers_give_up_use_up_no_fetches_of_other_users() {
    let shop = open().await;
    for _ in 0..40 {
        let request = Request::get("/").header("accept", "text/html");
        let visit = shop
            .app
            .clone()
            .oneshot(request.body(Body::empty()).unwrap());
        // The browser closes the connection once the visit has begun.
        let mut visit = pin!(visit);
        let begun = visit.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(begun.is_pending());
    }
    shop.browser().sign_in("/", JIWOO).await;
}
