//! Published keys that are used, and those that are skipped.

use serde_json::{Value, json};
use tower_phone_auth::error::LoginErrorKind::Misconfigured;
use tower_phone_auth_local_provider::{
    Algorithm, Endpoint,
    faults::{Fault, Signing},
};

use super::{assert_signed_in, login, ok, open, refusal, rejected};
use crate::support::shop::Shop;

/// The published key set.
pub(super) async fn published(shop: &Shop) -> Vec<Value> {
    let answer = reqwest::get(format!("{}/jwks", shop.provider.oidc_issuer())).await;
    let body = answer.unwrap().bytes().await.unwrap();
    let set: Value = serde_json::from_slice(&body).unwrap();
    set["keys"].as_array().unwrap().clone()
}

/// A shop at a provider with one key, of this algorithm.
async fn of(algorithm: Algorithm) -> Shop {
    open(|oidc| {
        oidc.strange_keys = false;
        oidc.algorithm = algorithm;
    })
    .await
}

/// Signs in while the provider publishes these keys.
async fn with_keys(keys: impl FnOnce(Value) -> Value) -> (Shop, super::Page) {
    let shop = open(|oidc| oidc.strange_keys = false).await;
    let right = published(&shop).await.remove(0);
    let set = ok(&json!({ "keys": keys(right) }));
    shop.provider.fail(Endpoint::Keys, set);
    let page = login(&shop, []).await;
    (shop, page)
}

fn altered(key: &Value, name: &str, value: Value) -> Value {
    let mut key = key.clone();
    super::set(&mut key, name, Some(value));
    key
}

#[tokio::test]
async fn unusable_keys_are_skipped() {
    let shop = open(|oidc| oidc.strange_keys = true).await;
    assert_eq!(published(&shop).await.len(), 6);
    assert_signed_in(&login(&shop, []).await, "five unusable keys");

    let (_shop, page) = with_keys(|right| {
        json!([
            null, 7, "key", [], {},
            { "kty": "oct", "k": "AAAA", "kid": right["kid"] },
            altered(&right, "use", json!("enc")),
            altered(&right, "n", json!("!!!")),
            altered(&right, "alg", json!("ES256")),
            altered(&right, "x5c", json!(["broken"])),
            right.clone(),
            right,
        ])
    })
    .await;
    assert_signed_in(&page, "duplicates and broken ones");
}

#[tokio::test]
async fn a_key_without_use_and_algorithm_verifies_each_algorithm_of_its_type() {
    for algorithm in super::SECURE_ALGORITHMS {
        let shop = of(algorithm).await;
        let mut key = published(&shop).await.remove(0);
        for name in ["use", "alg"] {
            super::set(&mut key, name, None);
        }
        shop.provider
            .fail(Endpoint::Keys, ok(&json!({ "keys": [key] })));
        assert_signed_in(&login(&shop, []).await, algorithm.name());
        shop.provider.sign_id_tokens(Signing::Corrupted);
        let page = login(&shop, []).await;
        assert_eq!(refusal(&page), rejected("signature"), "{algorithm:?}");
    }
}

#[tokio::test]
async fn a_key_that_is_no_key_verifies_nothing_and_disables_no_other() {
    let changes = [
        (Algorithm::Es256, "x", "AAAA", "a point beside the curve"),
        (Algorithm::Es384, "y", "AQ", "a point beside the curve"),
        (Algorithm::Es512, "crv", "P-256", "a point of another curve"),
        (Algorithm::Rs256, "n", "AQAB", "a modulus of 17 bits"),
        (Algorithm::Rs256, "e", "AA", "an exponent of zero"),
        (Algorithm::Ps256, "e", "Ag", "an even exponent"),
        (Algorithm::EdDsa, "x", "AAAA", "three octets"),
    ];
    for (algorithm, name, value, what) in changes {
        let shop = of(algorithm).await;
        let right = published(&shop).await.remove(0);
        let broken = altered(&right, name, json!(value));
        let publish = |keys: Value| {
            let set = ok(&json!({ "keys": keys }));
            shop.provider.fail(Endpoint::Keys, set);
        };
        publish(json!([broken]));
        let page = login(&shop, []).await;
        assert_eq!(refusal(&page), rejected("no_keys"), "{what}");
        publish(json!([broken, right]));
        assert_signed_in(&login(&shop, []).await, what);
    }
}

#[tokio::test]
async fn a_key_for_encryption_or_another_algorithm_verifies_nothing() {
    for (name, value, part) in [
        ("use", "enc", "no_keys"),
        ("alg", "RS384", "signature"),
        ("kid", "another", "signature"),
    ] {
        let (_shop, page) = with_keys(|right| json!([altered(&right, name, value.into())])).await;
        assert_eq!(refusal(&page), rejected(part), "{name}");
    }
}

#[tokio::test]
async fn a_shared_secret_in_the_public_set_verifies_nothing() {
    let shop = open(|oidc| oidc.algorithm = Algorithm::Hs256).await;
    let secret = json!({ "kty": "oct", "k": "bHBzZWNyZXQtY2xpZW50", "alg": "HS256" });
    shop.provider
        .fail(Endpoint::Keys, ok(&json!({ "keys": [secret] })));
    assert_eq!(refusal(&login(&shop, []).await), rejected("no_keys"));
}

#[tokio::test]
async fn a_malformed_key_set_is_a_misconfiguration() {
    let shop = open(|_| {}).await;
    for set in [json!({}), json!({ "keys": null }), json!({ "keys": {} })] {
        let page = login(&shop, [(Endpoint::Keys, ok(&set))]).await;
        assert_eq!(refusal(&page), (502, Misconfigured, None), "{set}");
    }
    let page = login(&shop, [(Endpoint::Keys, ok(&json!([])))]).await;
    assert_eq!(refusal(&page), (502, Misconfigured, None));
    assert_signed_in(&login(&shop, []).await, "the valid set");
}

#[tokio::test]
async fn an_empty_key_set_refuses_a_sign_in() {
    let shop = open(|_| {}).await;
    let none = ok(&json!({ "keys": [] }));
    shop.provider.fail(Endpoint::Keys, none);
    assert_eq!(refusal(&login(&shop, []).await), rejected("no_keys"));
    assert_eq!(shop.provider.count(Endpoint::Token), 0, "the code");
    shop.provider.clear_faults(Endpoint::Keys);
    assert_signed_in(&login(&shop, []).await, "the keys are fetched again");
}

#[tokio::test]
async fn no_sign_in_begins_at_a_provider_that_announces_no_key_set() {
    let shop = open(|_| {}).await;
    for uri in [json!(null), json!(""), json!(" "), json!(7)] {
        let patch = Fault::Merge(json!({ "jwks_uri": uri }));
        shop.provider.fail_next(Endpoint::Discovery, patch);
        let page = shop.browser().visit("/").await;
        assert_eq!(
            refusal(&page),
            (502, Misconfigured, Some("jwks_uri")),
            "{uri}"
        );
    }
    assert_signed_in(&login(&shop, []).await, "announced again");
}
