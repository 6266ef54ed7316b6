//! The ID tokens of Google.

use serde_json::{Value, json};
use tower_phone_auth::{Oidc, error::LoginErrorKind::IdTokenRejected};
use tower_phone_auth_local_provider::{
    Endpoint, LocalProvider,
    faults::{Fault, Signing},
};

use super::{Refusal, assert_signed_in, login, open, refusal};
use crate::support::shop::Shop;

const fn rejected(part: &str) -> Refusal<'_> {
    (502, IdTokenRejected, Some(part))
}

fn claim(shop: &Shop, name: &'static str, value: Value) {
    shop.provider
        .forge_id_token(move |_, claims| claims[name] = value.clone());
}

#[tokio::test]
async fn quirk_85_both_forms_of_the_issuer_are_accepted() {
    for legacy in [false, true] {
        let shop = open(|google| google.legacy_issuer = legacy).await;
        assert_signed_in(&login(&shop, []).await, "Google");
    }
}

#[tokio::test]
async fn quirk_85_a_third_form_of_the_issuer_is_refused() {
    let shop = open(|_| {}).await;
    for issuer in [
        "https://accounts.google.com/",
        "http://accounts.google.com",
        "ACCOUNTS.GOOGLE.COM",
        "accounts.google.com.example",
        "google.com",
        "",
    ] {
        claim(&shop, "iss", issuer.into());
        let page = login(&shop, []).await;
        assert_eq!(refusal(&page), rejected("iss"), "{issuer}");
    }
    assert_eq!(shop.provider.count(Endpoint::Profile), 0);
}

#[tokio::test]
async fn quirk_85_another_provider_has_one_form_of_its_issuer() {
    let provider = LocalProvider::start().await.unwrap();
    let issuer = provider.oidc_issuer();
    let oidc = Oidc::new(issuer.clone(), provider.client_id(), "lpsecret-client");
    let shop = Shop::at(provider, oidc, |builder| builder);
    let bare = issuer.strip_prefix("http://").unwrap().to_owned();
    for issuer in [bare.as_str(), "accounts.google.com"] {
        claim(&shop, "iss", issuer.into());
        assert_eq!(refusal(&login(&shop, []).await), rejected("iss"));
    }
}

#[tokio::test]
async fn the_claims_are_checked_as_in_any_id_token() {
    let shop = open(|_| {}).await;
    for (name, value, part) in [
        ("aud", json!("another-app"), "aud"),
        ("azp", json!("another-app"), "azp"),
        ("nonce", json!("another"), "nonce"),
        ("exp", json!(1), "exp"),
        ("iat", json!(u64::MAX), "iat"),
        ("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA"), "at_hash"),
        ("sub", json!(""), "sub_empty"),
        ("sub", json!(null), "sub_missing"),
    ] {
        claim(&shop, name, value);
        let page = login(&shop, []).await;
        assert_eq!(refusal(&page), rejected(part), "{name}");
    }
    assert_eq!(shop.provider.count(Endpoint::Profile), 0);
}

#[tokio::test]
async fn the_signature_is_checked_as_in_any_id_token() {
    let shop = open(|_| {}).await;
    for (signing, part) in [
        (Signing::WrongKey, "signature"),
        (Signing::Corrupted, "signature"),
        (Signing::None, "alg"),
        (Signing::HmacWithPublicKey, "alg"),
    ] {
        shop.provider.sign_id_tokens(signing);
        let page = login(&shop, []).await;
        assert_eq!(refusal(&page), rejected(part), "{signing:?}");
    }
    shop.provider.clear_id_token_faults();
    for name in ["PS256", "ES256"] {
        shop.provider
            .forge_id_token(|header, _| header["alg"] = name.into());
        let page = login(&shop, []).await;
        assert_eq!(refusal(&page), rejected("alg"), "{name}");
    }
}

#[tokio::test]
async fn an_answer_without_an_id_token_is_refused() {
    let shop = open(|_| {}).await;
    let patch = Fault::Merge(json!({ "id_token": null }));
    let page = login(&shop, [(Endpoint::Token, patch)]).await;
    assert_eq!(refusal(&page), rejected("missing"));
}

#[tokio::test]
async fn a_token_with_a_new_key_id_makes_the_layer_fetch_the_keys() {
    let shop = open(|_| {}).await;
    assert_signed_in(&login(&shop, []).await, "the old key");
    shop.provider.rotate_keys_before_next_token();
    assert_signed_in(&login(&shop, []).await, "the new key");
    assert_eq!(shop.provider.count(Endpoint::Keys), 2);
    assert_eq!(shop.provider.count(Endpoint::Discovery), 0);
}
