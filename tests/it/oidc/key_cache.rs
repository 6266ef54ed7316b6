//! When keys are fetched, and limits on the number of fetches.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;
use tokio::task::JoinSet;
use tower_phone_auth::error::LoginErrorKind::{ProviderBusy, ProviderUnavailable};
use tower_phone_auth_local_provider::{
    Endpoint,
    faults::{Fault, Signing},
};

use super::{assert_signed_in, forged, login, open, refusal, rejected};
use crate::support::{
    browser::{JIWOO, Page},
    shop::Shop,
};

const HOUR: Duration = Duration::from_secs(60 * 60);

fn down() -> Fault {
    Fault::json(StatusCode::SERVICE_UNAVAILABLE, &json!({}))
}

async fn flood(shop: &Shop, count: usize) {
    for number in 0..count {
        let page = forged(shop, move |header, _| {
            header["kid"] = format!("unknown-{number}").into();
        })
        .await;
        assert_eq!(refusal(&page), rejected("signature"));
    }
}

/// Simultaneous sign-ins of `count` users.
async fn crowd(shop: &Shop, count: usize) -> Vec<Page> {
    let mut logins = JoinSet::new();
    for _ in 0..count {
        let mut browser = shop.browser();
        logins.spawn(async move { browser.come_back("/", JIWOO).await });
    }
    logins.join_all().await
}

#[tokio::test]
async fn a_new_key_is_fetched_when_a_token_names_it() {
    let shop = open(|_| {}).await;
    for count in 1..=3 {
        assert_signed_in(&login(&shop, []).await, "rotation");
        assert_signed_in(&login(&shop, []).await, "the same key");
        assert_eq!(shop.provider.count(Endpoint::Keys), count);
        shop.provider.rotate_keys();
    }
}

#[tokio::test]
async fn a_key_that_is_replaced_just_before_signing_is_fetched() {
    let shop = open(|_| {}).await;
    assert_signed_in(&login(&shop, []).await, "the old key");
    shop.provider.rotate_keys_before_next_token();
    assert_signed_in(&login(&shop, []).await, "the new key");
    assert_eq!(shop.provider.count(Endpoint::Keys), 2);
}

#[tokio::test]
async fn a_new_key_under_the_old_kid_is_fetched() {
    let shop = open(|oidc| oidc.reuses_kid = true).await;
    assert_signed_in(&login(&shop, []).await, "the old key");
    shop.provider.rotate_keys();
    assert_signed_in(&login(&shop, []).await, "the new key");
    assert_eq!(shop.provider.count(Endpoint::Keys), 2);
}

#[tokio::test]
async fn quirk_83_unknown_key_ids_cause_a_bounded_number_of_fetches() {
    let shop = open(|_| {}).await;
    assert_signed_in(&login(&shop, []).await, "before");
    flood(&shop, 20).await;
    assert_eq!(shop.provider.count(Endpoint::Keys), 5);
    shop.time.pass(Duration::from_secs(15));
    flood(&shop, 3).await;
    assert_eq!(shop.provider.count(Endpoint::Keys), 6);
    assert_signed_in(&login(&shop, []).await, "the known key");
    assert_eq!(shop.provider.count(Endpoint::Keys), 6);
}

#[tokio::test]
async fn quirk_83_a_rotation_after_a_flood_is_seen_within_seconds() {
    let shop = open(|_| {}).await;
    flood(&shop, 20).await;
    shop.provider.rotate_keys();
    shop.time.pass(Duration::from_secs(15));
    assert_signed_in(&login(&shop, []).await, "the new key");
}

#[tokio::test]
async fn twenty_simultaneous_sign_ins_fetch_the_keys_once() {
    let shop = open(|_| {}).await;
    for page in crowd(&shop, 20).await {
        assert_signed_in(&page, "twenty");
    }
    assert_eq!(shop.provider.count(Endpoint::Keys), 1);
    shop.provider.rotate_keys();
    for page in crowd(&shop, 20).await {
        assert_signed_in(&page, "rotated");
    }
    assert_eq!(shop.provider.count(Endpoint::Keys), 2);
}

#[tokio::test]
async fn cached_keys_are_used_while_the_endpoint_is_down() {
    let shop = open(|_| {}).await;
    assert_signed_in(&login(&shop, []).await, "up");
    shop.time.pass(HOUR);
    shop.provider.fail(Endpoint::Keys, down());
    for _ in 0..6 {
        assert_signed_in(&login(&shop, []).await, "down");
    }
    shop.provider.sign_id_tokens(Signing::WrongKey);
    assert_eq!(refusal(&login(&shop, []).await), rejected("signature"));
}

#[tokio::test]
async fn keys_are_fetched_again_each_hour_and_a_withdrawn_one_is_not_trusted() {
    let shop = open(|_| {}).await;
    assert_signed_in(&login(&shop, []).await, "published");
    let none = Fault::json(StatusCode::OK, &json!({ "keys": [] }));
    shop.provider.fail(Endpoint::Keys, none);
    shop.time.pass(HOUR - Duration::from_secs(1));
    assert_signed_in(&login(&shop, []).await, "known");
    shop.time.pass(Duration::from_secs(1));
    assert_eq!(refusal(&login(&shop, []).await), rejected("no_keys"));
}

#[tokio::test]
async fn sign_ins_are_refused_until_the_key_endpoint_is_up_for_the_first_time() {
    let shop = open(|_| {}).await;
    shop.provider.fail(Endpoint::Keys, down());
    for _ in 0..4 {
        let page = login(&shop, []).await;
        assert_eq!(refusal(&page), (503, ProviderBusy, None));
    }
    shop.provider.clear_faults(Endpoint::Keys);
    assert_signed_in(&login(&shop, []).await, "up");
}

#[tokio::test]
async fn twenty_simultaneous_sign_ins_share_one_failure() {
    let shop = open(|_| {}).await;
    shop.provider.fail(Endpoint::Keys, Fault::Cut);
    for page in crowd(&shop, 20).await {
        assert_eq!(refusal(&page), (502, ProviderUnavailable, None));
    }
    // Sign-ins that need the keys after the failure fetch them once more.
    assert!(shop.provider.count(Endpoint::Keys) < 20);
}
