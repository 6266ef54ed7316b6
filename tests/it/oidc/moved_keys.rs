//! Key sets whose address changes, and codes that are not exchanged without keys.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;
use tower_phone_auth::error::LoginErrorKind::{
    Misconfigured, ProviderBusy, ProviderTimeout, ProviderUnavailable,
};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, faults::Fault};
use tracing::Level;

use super::{algorithms::send_logout_token, assert_signed_in, login, open, refusal, rejected};
use crate::support::{browser::JIWOO, events::Events, shop::Shop};

/// Makes the metadata name this address of the keys.
fn keys_at(shop: &Shop, uri: &str) {
    let patch = json!({ "jwks_uri": uri });
    shop.provider.fail(Endpoint::Discovery, Fault::Merge(patch));
}

fn gone(status: u16) -> Fault {
    Fault::json(StatusCode::from_u16(status).unwrap(), &json!({}))
}

/// Answers of an address that has no key set.
fn elsewhere() -> [Fault; 4] {
    [
        gone(404),
        gone(410),
        Fault::Redirect("/".to_owned()),
        Fault::json(StatusCode::OK, &json!([])),
    ]
}

#[tokio::test]
async fn keys_that_moved_before_the_first_sign_in_are_found_at_once() {
    let shop = open(|_| {}).await;
    let wrong = format!("{}/old-keys", shop.provider.oidc_issuer());
    keys_at(&shop, &wrong);
    let mut browser = shop.browser();
    browser.visit("/").await;
    shop.provider.clear_faults(Endpoint::Discovery);
    let page = browser.come_back("/", crate::support::browser::JIWOO).await;
    assert_signed_in(&page, "the new address");
    assert_eq!(shop.provider.count(Endpoint::Token), 1);
    assert_eq!(shop.provider.count(Endpoint::Discovery), 2);
}

#[tokio::test]
async fn keys_that_moved_and_changed_are_found_at_once() {
    for fault in elsewhere() {
        // Both addresses serve the same keys, like one server with two addresses.
        let old = LocalProvider::start().await.unwrap();
        let shop = open(|_| {}).await;
        keys_at(&shop, &format!("{}/oidc/jwks", old.origin()));
        assert_signed_in(&login(&shop, []).await, "the old address");
        shop.provider.clear_faults(Endpoint::Discovery);
        shop.provider.rotate_keys();
        old.fail(Endpoint::Keys, fault);
        assert_signed_in(&login(&shop, []).await, "the new address");
        assert_signed_in(&login(&shop, []).await, "the new address again");
        assert_eq!(shop.provider.count(Endpoint::Discovery), 2);
    }
}

#[tokio::test]
async fn an_old_address_that_still_serves_old_keys_is_abandoned() {
    let old = LocalProvider::start().await.unwrap();
    let shop = open(|_| {}).await;
    keys_at(&shop, &format!("{}/oidc/jwks", old.origin()));
    assert_signed_in(&login(&shop, []).await, "the old address");
    shop.provider.clear_faults(Endpoint::Discovery);
    shop.provider.rotate_keys();
    assert_signed_in(&login(&shop, []).await, "the new address");
}

#[tokio::test]
async fn a_logout_token_finds_keys_that_moved_from_a_server_that_is_gone() {
    for fault in [Fault::Close, gone(503)] {
        let old = LocalProvider::start().await.unwrap();
        let shop = open(|_| {}).await;
        keys_at(&shop, &format!("{}/oidc/jwks", old.origin()));
        old.fail(Endpoint::Keys, fault);
        // The redirect needs the metadata, and no keys.
        shop.browser().visit("/").await;
        shop.provider.clear_faults(Endpoint::Discovery);
        assert_eq!(send_logout_token(&shop).await.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn metadata_are_not_read_again_for_a_call_that_was_not_made() {
    let shop = open(|_| {}).await;
    let mut begun = Vec::new();
    for _ in 0..7 {
        let mut browser = shop.browser();
        let away = browser.visit("/").await;
        let callback = browser.act(&away, JIWOO).await;
        begun.push((browser, callback));
    }
    shop.provider.fail(Endpoint::Keys, Fault::Close);
    // Five failures open the circuit of the keys. The first four use up the early reads of the
    // metadata, one of which is permitted again after fifteen seconds.
    let passed = [0, 0, 0, 0, 0, 10, 6];
    for (index, (mut browser, callback)) in begun.into_iter().enumerate() {
        shop.time.pass(Duration::from_secs(passed[index]));
        let page = browser.visit(&callback).await;
        let was_called = refusal(&page).1 == ProviderUnavailable;
        assert_eq!(was_called, index < 6, "{index}: {:?}", refusal(&page));
        let reads = shop.provider.count(Endpoint::Discovery);
        assert_eq!(reads, (index + 2).min(5), "{index}");
    }
}

#[tokio::test]
async fn metadata_are_read_a_bounded_number_of_times_while_there_are_no_keys() {
    let shop = open(|_| {}).await;
    shop.provider.fail(Endpoint::Keys, gone(404));
    for _ in 0..20 {
        assert_eq!(refusal(&login(&shop, []).await).0, 502);
    }
    assert!(shop.provider.count(Endpoint::Discovery) <= 5);
    shop.provider.clear_faults(Endpoint::Keys);
    assert_signed_in(&login(&shop, []).await, "the keys are available again");
}

#[tokio::test]
async fn a_code_is_not_exchanged_while_there_are_no_keys() {
    for (fault, kind) in [
        (gone(503), ProviderBusy),
        (Fault::Cut, ProviderUnavailable),
        (Fault::Close, ProviderUnavailable),
        (Fault::json(StatusCode::OK, &json!([])), Misconfigured),
    ] {
        let shop = open(|_| {}).await;
        shop.provider.fail(Endpoint::Keys, fault);
        let page = login(&shop, []).await;
        assert_eq!(refusal(&page).1, kind);
        assert!([502, 503].contains(&refusal(&page).0));
        assert_eq!(shop.provider.count(Endpoint::Token), 0);
        shop.provider.clear_faults(Endpoint::Keys);
        assert_signed_in(&login(&shop, []).await, "the link of the page signs in");
    }
}

#[tokio::test]
async fn a_code_is_not_exchanged_while_the_key_endpoint_hangs() {
    let settings = |builder: tower_phone_auth::Builder| {
        builder.provider_timeout(std::time::Duration::from_millis(300))
    };
    let shop = super::open_with(|_| {}, |oidc| oidc, settings).await;
    shop.provider.fail(Endpoint::Keys, Fault::Hang);
    assert_eq!(
        refusal(&login(&shop, []).await),
        (504, ProviderTimeout, None)
    );
    assert_eq!(shop.provider.count(Endpoint::Token), 0);
}

#[tokio::test]
async fn warming_up_fetches_the_keys() {
    let shop = open(|_| {}).await;
    shop.layer.warm_up().await.unwrap();
    assert_eq!(shop.provider.count(Endpoint::Discovery), 1);
    assert_eq!(shop.provider.count(Endpoint::Keys), 1);
    assert_signed_in(&login(&shop, []).await, "warm");
    assert_eq!(shop.provider.count(Endpoint::Discovery), 1);
    assert_eq!(shop.provider.count(Endpoint::Keys), 1);
}

#[tokio::test]
async fn a_wrong_address_of_the_keys_is_in_the_log_with_host_and_status() {
    for (fault, status) in elsewhere().into_iter().zip(["404", "410", "307", "200"]) {
        let shop = open(|_| {}).await;
        shop.provider.fail(Endpoint::Keys, fault);
        let events = Events::capture();
        assert!(shop.layer.warm_up().await.is_err());
        let lines = events.all();
        let line = lines
            .iter()
            .find(|line| line.level == Level::ERROR)
            .unwrap();
        assert_eq!(line.field("document"), "keys");
        assert_eq!(line.field("host"), "127.0.0.1");
        assert_eq!(line.field("status"), status);
    }
}

#[tokio::test]
async fn a_set_of_shared_secrets_counts_as_a_set_without_keys() {
    let shop = open(|_| {}).await;
    let secret = json!({ "keys": [{ "kty": "oct", "k": "AAAA", "alg": "HS256" }] });
    let fault = Fault::json(StatusCode::OK, &secret);
    shop.provider.fail(Endpoint::Keys, fault);
    assert_eq!(refusal(&login(&shop, []).await), rejected("no_keys"));
    assert_eq!(shop.provider.count(Endpoint::Token), 0);
}
