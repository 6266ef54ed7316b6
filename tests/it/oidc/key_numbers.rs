//! The numbers of a key in the forms that servers write.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD},
};
use serde_json::Value;
use tower_phone_auth_local_provider::Algorithm;

use super::{
    SECURE_ALGORITHMS, assert_signed_in,
    key_forms::{octets, publish, rewrite_numbers, with_key, written},
    keys::published,
    login, open, refusal, rejected,
};

fn with_zeros(count: usize) -> impl Fn(&[u8]) -> String {
    move |octets| URL_SAFE_NO_PAD.encode([&vec![0; count], octets].concat())
}

fn without_zeros(octets: &[u8]) -> String {
    let first = octets.iter().position(|octet| *octet != 0).unwrap();
    URL_SAFE_NO_PAD.encode(&octets[first..])
}

/// An Ed25519 key is a string of octets and not a number, so a leading zero makes another key.
fn has_numbers(algorithm: &Algorithm) -> bool {
    *algorithm != Algorithm::EdDsa
}

#[tokio::test]
async fn leading_zeros_of_a_number_change_nothing() {
    for algorithm in SECURE_ALGORITHMS.into_iter().filter(has_numbers) {
        for count in [1, 2, 7] {
            let page = with_key(algorithm, |key| rewrite_numbers(key, with_zeros(count))).await;
            let case = format!("{} and {count} zeros", algorithm.name());
            assert_signed_in(&page, &case);
        }
    }
    let page = with_key(Algorithm::EdDsa, |key| rewrite_numbers(key, with_zeros(1))).await;
    assert_eq!(refusal(&page), rejected("no_keys"));
}

#[tokio::test]
async fn missing_leading_zeros_of_a_coordinate_change_nothing() {
    let shop = open(|oidc| {
        oidc.algorithm = Algorithm::Es512;
        oidc.strange_keys = false;
    })
    .await;
    // Half of all coordinates on P-521 begin with a zero.
    let begins_with_zero = |key: &Value| octets(key, "x")[0] == 0 || octets(key, "y")[0] == 0;
    while !begins_with_zero(&published(&shop).await[0]) {
        shop.provider.rotate_keys();
    }
    publish(&shop, |right| {
        vec![written(right, |key| rewrite_numbers(key, without_zeros))]
    })
    .await;
    assert_signed_in(&login(&shop, []).await, "P-521");
}

#[tokio::test]
async fn a_number_in_plain_base64_or_with_padding_is_the_same_number() {
    let broken = |octets: &[u8]| {
        let text = STANDARD.encode(octets);
        let lines: Vec<_> = text.as_bytes().chunks(64).collect();
        String::from_utf8(lines.join(&b"\r\n"[..])).unwrap()
    };
    let spellings: [fn(&[u8]) -> String; 2] = [
        |octets| URL_SAFE.encode(octets),
        |octets| STANDARD.encode(octets),
    ];
    for algorithm in [
        Algorithm::Rs256,
        Algorithm::Es384,
        Algorithm::Es512,
        Algorithm::EdDsa,
    ] {
        for spelling in spellings {
            let page = with_key(algorithm, |key| rewrite_numbers(key, spelling)).await;
            assert_signed_in(&page, algorithm.name());
        }
        let page = with_key(algorithm, |key| rewrite_numbers(key, broken)).await;
        assert_signed_in(&page, "in lines");
    }
}
