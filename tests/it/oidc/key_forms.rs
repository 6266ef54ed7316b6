//! Keys in the forms that servers write. An unambiguous form is accepted, and every other key is
//! skipped.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tower_phone_auth_local_provider::{Algorithm, Endpoint};

use super::{
    Page, SECURE_ALGORITHMS, assert_signed_in, forged, keys::published, login, ok, open, refusal,
    rejected, set,
};
use crate::support::shop::Shop;

/// Signs in at a provider whose published key is changed by `write`.
pub(super) async fn with_key(algorithm: Algorithm, write: impl Fn(&mut Value)) -> Page {
    let shop = open(|oidc| {
        oidc.algorithm = algorithm;
        oidc.strange_keys = false;
    })
    .await;
    publish(&shop, |right| vec![written(right, &write)]).await;
    login(&shop, []).await
}

pub(super) fn written(key: &Value, write: impl Fn(&mut Value)) -> Value {
    let mut key = key.clone();
    write(&mut key);
    key
}

pub(super) async fn publish(shop: &Shop, keys: impl FnOnce(&Value) -> Vec<Value>) {
    let right = published(shop).await.remove(0);
    let set = json!({ "keys": keys(&right) });
    shop.provider.fail(Endpoint::Keys, ok(&set));
}

pub(super) fn octets(key: &Value, name: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap()
}

/// Writes each number of a key in another form.
pub(super) fn rewrite_numbers(key: &mut Value, form: impl Fn(&[u8]) -> String) {
    for name in ["n", "e", "x", "y"] {
        if key.get(name).is_some() {
            key[name] = form(&octets(key, name)).into();
        }
    }
}

#[tokio::test]
async fn empty_members_count_as_absent() {
    let cases: [(&str, &[Value]); 6] = [
        ("alg", &[json!(null), json!("")]),
        ("use", &[json!(null), json!(""), json!("sig")]),
        (
            "key_ops",
            &[
                json!(null),
                json!([]),
                json!(["verify"]),
                json!(["sign", "verify"]),
            ],
        ),
        (
            "x5c",
            &[
                json!(null),
                json!(7),
                json!([]),
                json!(["broken"]),
                json!("broken"),
            ],
        ),
        ("x5t", &[json!(7), json!("broken")]),
        ("ext", &[json!("yes")]),
    ];
    for (name, values) in cases {
        for value in values {
            let page = with_key(Algorithm::Rs256, |key| key[name] = value.clone()).await;
            assert_signed_in(&page, &format!("{name} {value}"));
        }
    }
    let page = with_key(Algorithm::Es512, |key| {
        for name in ["alg", "use", "kid"] {
            set(key, name, None);
        }
    })
    .await;
    assert_signed_in(&page, "only kty, crv, x and y");
}

#[tokio::test]
async fn a_key_for_another_purpose_verifies_nothing() {
    for (name, value) in [
        ("use", json!("enc")),
        ("use", json!("SIG")),
        ("key_ops", json!(["encrypt", "wrapKey"])),
        ("key_ops", json!(["deriveKey"])),
        ("alg", json!("RSA-OAEP")),
        ("alg", json!("ES256")),
        ("alg", json!("HS256")),
        ("alg", json!("XS256")),
        ("kty", json!("EC")),
        ("kty", json!("oct")),
        ("kty", json!("AKP")),
        ("n", json!("")),
        ("n", json!("AAAA")),
        // The keys have 1024 bits and more than 8192.
        ("n", json!(URL_SAFE_NO_PAD.encode([0xc1; 128]))),
        ("n", json!(URL_SAFE_NO_PAD.encode([0xc1; 1025]))),
        ("n", json!("*")),
        ("e", json!(65537)),
    ] {
        let page = with_key(Algorithm::Rs256, |key| key[name] = value.clone()).await;
        assert_eq!(refusal(&page), rejected("no_keys"), "{name} {value}");
    }
    let other = |key: &mut Value| key["alg"] = "RS512".into();
    let page = with_key(Algorithm::Rs256, other).await;
    assert_eq!(refusal(&page), rejected("signature"));
    for curve in ["P-384", "P-521", "secp256k1", "p-256", ""] {
        let page = with_key(Algorithm::Es256, |key| key["crv"] = curve.into()).await;
        assert_eq!(refusal(&page).0, 502, "{curve}");
    }
}

#[tokio::test]
async fn one_bad_key_does_not_invalidate_the_set() {
    for algorithm in SECURE_ALGORITHMS {
        let shop = open(|oidc| {
            oidc.algorithm = algorithm;
            oidc.strange_keys = false;
        })
        .await;
        publish(&shop, |right| {
            vec![
                json!(null),
                json!([]),
                json!({ "kty": 7, "kid": right["kid"] }),
                json!({ "kty": "OKP", "crv": "X25519", "x": "AA", "kid": right["kid"] }),
                json!({ "kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": right["kid"] }),
                written(right, |key| key["use"] = "enc".into()),
                // The same kid names two keys, of which one is another key.
                written(right, |key| {
                    rewrite_numbers(key, |octets| {
                        URL_SAFE_NO_PAD.encode(octets.iter().map(|o| o ^ 2).collect::<Vec<_>>())
                    })
                }),
                right.clone(),
                right.clone(),
            ]
        })
        .await;
        assert_signed_in(&login(&shop, []).await, algorithm.name());
    }
}

#[tokio::test]
async fn a_key_may_be_named_by_a_number() {
    let shop = open(|oidc| oidc.strange_keys = false).await;
    publish(&shop, |right| {
        vec![written(right, |key| key["kid"] = json!(7))]
    })
    .await;
    let page = forged(&shop, |header, _| header["kid"] = json!(7)).await;
    assert_signed_in(&page, "the number is in token and key");
    let page = forged(&shop, |header, _| header["kid"] = json!(8)).await;
    assert_eq!(refusal(&page), rejected("signature"));
}

#[tokio::test]
async fn a_large_set_is_searched_by_kid_and_tried_up_to_a_limit() {
    let shop = open(|oidc| oidc.strange_keys = false).await;
    let many = |right: &Value| {
        let numbered = |number: u8| {
            let n = URL_SAFE_NO_PAD.encode([number | 0xc1; 256]);
            json!({ "kty": "RSA", "kid": format!("k{number}"), "n": n, "e": "AQAB" })
        };
        let mut keys: Vec<Value> = (0..200).map(numbered).collect();
        keys.push(right.clone());
        keys
    };
    publish(&shop, many).await;
    assert_signed_in(&login(&shop, []).await, "found by kid");
    let page = forged(&shop, |header, _| set(header, "kid", None)).await;
    assert_eq!(refusal(&page), rejected("signature"), "a token without kid");
}

#[tokio::test]
async fn the_key_with_the_kid_of_the_token_is_tried_before_those_without_one() {
    for (before, after) in [(64, 0), (200, 0), (40, 40)] {
        let shop = open(|oidc| oidc.strange_keys = false).await;
        publish(&shop, |right| {
            let unnamed = |number: u8| {
                let n = URL_SAFE_NO_PAD.encode([number | 0xc1; 256]);
                json!({ "kty": "RSA", "n": n, "e": "AQAB" })
            };
            let mut keys: Vec<Value> = (0..before + after).map(unnamed).collect();
            keys.insert(before.into(), right.clone());
            keys
        })
        .await;
        assert_signed_in(
            &login(&shop, []).await,
            &format!("{before} before, {after} after"),
        );
    }
}

#[tokio::test]
async fn an_ed448_signature_is_refused_by_name() {
    let shop = open(|oidc| {
        oidc.algorithm = Algorithm::EdDsa;
        oidc.strange_keys = false;
    })
    .await;
    publish(&shop, |right| {
        let x = URL_SAFE_NO_PAD.encode([7; 57]);
        let ed448 = json!({ "kty": "OKP", "crv": "Ed448", "kid": right["kid"], "x": x });
        vec![ed448, written(right, |key| key["kid"] = "another".into())]
    })
    .await;
    assert_eq!(refusal(&login(&shop, []).await), rejected("alg"));
}

#[tokio::test]
async fn a_provider_that_changes_from_ed448_to_ed25519_is_read_again() {
    let shop = open(|oidc| {
        oidc.algorithm = Algorithm::EdDsa;
        oidc.strange_keys = false;
    })
    .await;
    for old in [json!("old"), json!(null)] {
        let x = URL_SAFE_NO_PAD.encode([7; 57]);
        let ed448 = json!({ "kty": "OKP", "crv": "Ed448", "kid": old, "x": x });
        publish(&shop, |right| vec![ed448, right.clone()]).await;
        assert_signed_in(&login(&shop, []).await, "a key of each curve");
        shop.provider.rotate_keys();
        shop.provider.clear_faults(Endpoint::Keys);
        assert_signed_in(&login(&shop, []).await, "the new key has another id");
    }
}
