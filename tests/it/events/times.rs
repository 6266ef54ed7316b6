//! The forms of times in logout tokens of known servers.

use std::time::Duration;

use http::StatusCode;
use serde_json::Value;

use super::{
    assert_empty_answer, is_signed_in,
    logout_token::{open, send, token},
    sign_in,
};
use crate::{
    oidc::times::{NO_TIMES, spellings},
    support::shop::Shop,
};

/// Whether a token with this time is answered 400 and ends nothing.
async fn is_refused(shop: &Shop, name: &'static str, time: Value) -> bool {
    shop.provider
        .forge_id_token(move |_, claims| claims[name] = time.clone());
    let answer = send(shop, &token(shop)).await;
    answer.status() == StatusCode::BAD_REQUEST
}

#[tokio::test]
async fn the_times_of_a_logout_token_may_be_any_number() {
    let shop = open().await;
    let now = shop.time.now();
    for (name, at) in [("exp", now + 60), ("iat", now), ("nbf", now)] {
        for time in spellings(at) {
            let mut browser = sign_in(&shop).await;
            let written = time.clone();
            shop.provider
                .forge_id_token(move |_, claims| claims[name] = written.clone());
            assert_empty_answer(&send(&shop, &token(&shop)).await, StatusCode::OK);
            assert!(!is_signed_in(&mut browser).await, "{name} {time}");
            shop.provider.clear_id_token_faults();
            shop.time.pass(Duration::from_secs(1));
        }
    }
}

#[tokio::test]
async fn a_logout_token_with_an_invalid_time_ends_nothing() {
    let shop = open().await;
    let mut browser = sign_in(&shop).await;
    for name in ["exp", "iat", "nbf"] {
        for text in NO_TIMES {
            let time = serde_json::from_str(text).unwrap();
            assert!(is_refused(&shop, name, time).await, "{name} {text}");
        }
    }
    assert!(is_signed_in(&mut browser).await);
}
