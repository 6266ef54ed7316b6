//! The claim `at_hash`, which binds the access token (OpenID Connect Core section 3.1.3.6).

use aws_lc_rs::digest::{self, SHA256, SHA384, SHA512, digest};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use http::StatusCode;
use serde_json::{Value, json};
use tower_phone_auth_local_provider::{Algorithm, Endpoint, faults::Fault};

use super::{Page, assert_signed_in, claiming, login, open, refusal, rejected};
use crate::support::shop::Shop;

const TOKEN: &str = "access-token-of-the-test";

fn left_of_hash(algorithm: &'static digest::Algorithm, bytes: usize) -> Vec<u8> {
    let hash = digest(algorithm, TOKEN.as_bytes());
    hash.as_ref()[..bytes].to_vec()
}

/// Signs in with this access token and an ID token that has this `at_hash`.
async fn with_hash(shop: &Shop, hash: String) -> Page {
    let answer = Fault::Merge(json!({ "access_token": TOKEN }));
    shop.provider.fail_next(Endpoint::Token, answer);
    let profile = json!({
        "sub": "1376016924429759228",
        "phone_number": "+821012345678",
        "phone_number_verified": true,
    });
    let profile = Fault::json(StatusCode::OK, &profile);
    shop.provider.fail_next(Endpoint::Profile, profile);
    claiming(shop, "at_hash", Some(hash.into())).await
}

#[tokio::test]
async fn the_left_half_of_sha_256_binds_the_access_token_with_every_algorithm() {
    for algorithm in [
        Algorithm::Rs256,
        Algorithm::Ps256,
        Algorithm::Es384,
        Algorithm::EdDsa,
    ] {
        let shop = open(|oidc| oidc.algorithm = algorithm).await;
        let hash = URL_SAFE_NO_PAD.encode(left_of_hash(&SHA256, 16));
        assert_signed_in(&with_hash(&shop, hash).await, algorithm.name());
    }
}

#[tokio::test]
async fn the_hash_of_the_algorithm_binds_the_access_token() {
    for (algorithm, hash) in [
        (Algorithm::Es384, left_of_hash(&SHA384, 24)),
        (Algorithm::EdDsa, left_of_hash(&SHA512, 32)),
    ] {
        let shop = open(|oidc| oidc.algorithm = algorithm).await;
        let page = with_hash(&shop, URL_SAFE_NO_PAD.encode(hash)).await;
        assert_signed_in(&page, algorithm.name());
    }
}

#[tokio::test]
async fn a_truncated_hash_is_refused() {
    for algorithm in [Algorithm::Rs256, Algorithm::Es384, Algorithm::EdDsa] {
        let shop = open(|oidc| oidc.algorithm = algorithm).await;
        let whole = left_of_hash(&SHA256, 32);
        let mut other = left_of_hash(&SHA256, 16);
        other[15] ^= 1;
        for hash in [
            URL_SAFE_NO_PAD.encode(left_of_hash(&SHA256, 15)),
            URL_SAFE_NO_PAD.encode(left_of_hash(&SHA256, 8)),
            URL_SAFE_NO_PAD.encode(left_of_hash(&SHA256, 1)),
            URL_SAFE_NO_PAD.encode(left_of_hash(&SHA384, 16)),
            URL_SAFE_NO_PAD.encode(left_of_hash(&SHA512, 16)),
            URL_SAFE_NO_PAD.encode(whole),
            URL_SAFE_NO_PAD.encode(other),
            STANDARD_NO_PAD.encode([0xff; 16]),
            String::new(),
            "x".to_owned(),
        ] {
            let page = with_hash(&shop, hash.clone()).await;
            let name = algorithm.name();
            assert_eq!(refusal(&page), rejected("at_hash"), "{name} {hash}");
        }
        assert_eq!(shop.provider.count(Endpoint::Profile), 0);
    }
}

#[tokio::test]
async fn an_id_token_without_a_hash_is_accepted() {
    let shop = open(|_| {}).await;
    let page = claiming(&shop, "at_hash", None::<Value>).await;
    assert_signed_in(&page, "at_hash is optional in the code flow");
    for no_text in [json!(7), json!([]), json!({}), json!(true)] {
        let page = claiming(&shop, "at_hash", Some(no_text)).await;
        assert_eq!(refusal(&page), rejected("at_hash"));
    }
    assert_signed_in(
        &login(&shop, []).await,
        "the local provider sends at_hash by default",
    );
}
