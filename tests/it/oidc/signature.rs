//! The signature of the ID token.

use serde_json::json;
use tower_phone_auth_local_provider::{
    Algorithm, Endpoint,
    faults::{Fault, Signing},
};

use super::{assert_signed_in, forged, keys::published, login, ok, open, refusal, rejected, set};

#[tokio::test]
async fn each_safe_algorithm_is_accepted() {
    for algorithm in super::SECURE_ALGORITHMS {
        // The local provider computes at_hash with the hash of the same algorithm.
        let shop = open(|oidc| oidc.algorithm = algorithm).await;
        assert_signed_in(&login(&shop, []).await, algorithm.name());
    }
}

#[tokio::test]
async fn a_bad_signature_is_refused() {
    for algorithm in super::SECURE_ALGORITHMS {
        let shop = open(|oidc| oidc.algorithm = algorithm).await;
        for signing in [Signing::Corrupted, Signing::WrongKey] {
            shop.provider.sign_id_tokens(signing);
            let page = login(&shop, []).await;
            assert_eq!(refusal(&page), rejected("signature"), "{signing:?}");
        }
        assert_eq!(shop.provider.count(Endpoint::Profile), 0);
        shop.provider.clear_id_token_faults();
        assert_signed_in(&login(&shop, []).await, "without a fault");
    }
}

#[tokio::test]
async fn an_unsigned_token_is_refused() {
    let shop = open(|_| {}).await;
    shop.provider.sign_id_tokens(Signing::None);
    assert_eq!(refusal(&login(&shop, []).await), rejected("alg"));
    for name in ["None", "NONE", "nOnE", ""] {
        shop.provider
            .forge_id_token(|header, _| header["alg"] = name.into());
        assert_eq!(refusal(&login(&shop, []).await), rejected("alg"), "{name}");
    }
}

#[tokio::test]
async fn quirk_84_an_hmac_with_the_public_key_is_refused() {
    let shop = open(|_| {}).await;
    shop.provider.sign_id_tokens(Signing::HmacWithPublicKey);
    assert_eq!(refusal(&login(&shop, []).await), rejected("alg"));
}

#[tokio::test]
async fn quirk_84_an_hmac_with_the_client_secret_is_refused() {
    let shop = open(|oidc| oidc.algorithm = Algorithm::Hs256).await;
    assert_eq!(refusal(&login(&shop, []).await), rejected("alg"));
}

#[tokio::test]
async fn quirk_84_an_algorithm_that_the_key_is_not_for_is_refused() {
    let shop = open(|_| {}).await;
    // The algorithm is announced, so that only the key can be the cause.
    let all = super::SECURE_ALGORITHMS.map(Algorithm::name);
    let announced = json!({ "id_token_signing_alg_values_supported": all });
    shop.provider
        .fail(Endpoint::Discovery, Fault::Merge(announced));
    for name in [
        "PS256", "ES256", "RS512", "PS384", "ES512", "EdDSA", "Ed25519",
    ] {
        let page = forged(&shop, move |header, _| header["alg"] = name.into()).await;
        assert_eq!(refusal(&page), rejected("signature"), "{name}");
    }
}

#[tokio::test]
async fn without_a_kid_the_only_key_is_used() {
    let shop = open(|oidc| {
        oidc.kids = false;
        oidc.strange_keys = false;
    })
    .await;
    assert_signed_in(&login(&shop, []).await, "neither token nor key has a kid");

    let shop = open(|oidc| oidc.strange_keys = false).await;
    let page = forged(&shop, |header, _| set(header, "kid", None)).await;
    assert_signed_in(&page, "only the key has a kid");
}

#[tokio::test]
async fn without_a_kid_each_of_several_keys_is_tried() {
    let shop = open(|oidc| oidc.keeps_old_keys = true).await;
    shop.provider.rotate_keys();
    shop.provider.rotate_keys();
    let page = forged(&shop, |header, _| set(header, "kid", None)).await;
    assert_signed_in(&page, "one of three keys");

    shop.provider.sign_id_tokens(Signing::WrongKey);
    shop.provider
        .forge_id_token(|header, _| set(header, "kid", None));
    assert_eq!(refusal(&login(&shop, []).await), rejected("signature"));
}

#[tokio::test]
async fn without_a_kid_the_key_may_stand_anywhere_in_the_set() {
    for algorithm in [Algorithm::Es256, Algorithm::EdDsa] {
        for place in 0..3 {
            let shop = open(|oidc| {
                oidc.algorithm = algorithm;
                oidc.keeps_old_keys = true;
                oidc.strange_keys = false;
            })
            .await;
            shop.provider.rotate_keys();
            shop.provider.rotate_keys();
            let mut keys = published(&shop).await;
            keys.rotate_left(place);
            let keys = ok(&json!({ "keys": keys }));
            shop.provider.fail(Endpoint::Keys, keys);
            let page = forged(&shop, |header, _| set(header, "kid", None)).await;
            assert_signed_in(&page, &format!("{} after {place}", algorithm.name()));
        }
    }
}

#[tokio::test]
async fn the_kid_of_another_key_is_refused() {
    let shop = open(|oidc| oidc.keeps_old_keys = true).await;
    shop.provider.rotate_keys();
    let page = forged(&shop, |header, _| header["kid"] = "local-rs256-0".into()).await;
    assert_eq!(refusal(&page), rejected("signature"));
}
