//! Required claims of an ID token (OpenID Connect Core section 3.1.3.7).

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tower_phone_auth::error::LoginErrorKind::IdTokenRejected;
use tower_phone_auth_local_provider::{
    Endpoint, LocalProvider, PhoneIn,
    faults::{Fault, Signing},
};

use super::{assert_signed_in, claiming, forged, login, open, refusal, rejected, set};
use crate::support::shop::Shop;

const APP: &str = "local-demo-app";

/// Each of these values of a claim is refused with the given code.
async fn refuses(name: &'static str, cases: impl IntoIterator<Item = (Option<Value>, &str)>) {
    let shop = open(|oidc| oidc.phone_in = PhoneIn::Both).await;
    for (value, part) in cases {
        let case = format!("{value:?}");
        let page = claiming(&shop, name, value).await;
        assert_eq!(refusal(&page), rejected(part), "{case}");
    }
    assert_eq!(shop.provider.count(Endpoint::Profile), 0, "userinfo");
}

async fn accepts(name: &'static str, cases: impl IntoIterator<Item = Option<Value>>) {
    let shop = open(|_| {}).await;
    for value in cases {
        let case = format!("{value:?}");
        assert_signed_in(&claiming(&shop, name, value).await, &case);
    }
}

#[tokio::test]
async fn an_id_token_of_another_issuer_is_refused() {
    let shop = open(|_| {}).await;
    let right = shop.provider.oidc_issuer();
    for issuer in [
        "https://id.example.com".to_owned(),
        format!("{right}/"),
        right.to_uppercase(),
        String::new(),
    ] {
        let page = claiming(&shop, "iss", Some(issuer.clone().into())).await;
        assert_eq!(refusal(&page), rejected("iss"), "{issuer}");
    }
    let others = [None, Some(json!(null)), Some(json!([right]))];
    refuses("iss", others.map(|value| (value, "iss"))).await;
}

#[tokio::test]
async fn an_id_token_without_a_subject_is_refused() {
    let cases = [
        (None, "sub_missing"),
        (Some(json!(null)), "sub_missing"),
        (Some(json!(7)), "sub_type"),
        (Some(json!("")), "sub_empty"),
    ];
    refuses("sub", cases).await;
}

#[tokio::test]
async fn a_subject_that_is_too_long_for_the_cookie_is_refused() {
    let shop = open(|_| {}).await;
    for subject in ["a\r\nb".to_owned(), "é".repeat(128), "x".repeat(256)] {
        shop.provider
            .configure(|settings| settings.oidc.userinfo_sub = Some(subject.clone()));
        let page = claiming(&shop, "sub", Some(subject.into())).await;
        assert_eq!(page.status(), 502);
    }
}

#[tokio::test]
async fn an_id_token_for_another_audience_is_refused() {
    let cases = [json!("another-app"), json!(""), json!([]), json!(["x"])];
    refuses("aud", cases.map(|value| (Some(value), "aud"))).await;
}

#[tokio::test]
async fn an_id_token_without_an_audience_is_refused() {
    let cases = [None, Some(json!(null)), Some(json!(7)), Some(json!([7]))];
    refuses("aud", cases.map(|value| (value, "aud"))).await;
}

#[tokio::test]
async fn quirk_84_an_audience_may_be_a_list() {
    accepts("aud", [Some(json!(APP)), Some(json!([APP]))]).await;
}

#[tokio::test]
async fn an_id_token_without_iat_is_refused() {
    let cases = [None, Some(json!(null)), Some(json!("1700000000"))];
    refuses("iat", cases.map(|value| (value, "iat"))).await;
}

#[tokio::test]
async fn an_id_token_without_exp_is_refused() {
    let cases = [None, Some(json!(null)), Some(json!("never"))];
    refuses("exp", cases.map(|value| (value, "exp"))).await;
}

#[tokio::test]
async fn an_id_token_with_another_nonce_is_refused() {
    let cases = [
        (Some(json!("another")), "nonce"),
        (Some(json!("")), "nonce"),
        (None, "nonce"),
        (Some(json!(7)), "nonce"),
    ];
    refuses("nonce", cases).await;
}

#[tokio::test]
async fn an_id_token_of_an_earlier_sign_in_is_refused() {
    let shop = open(|_| {}).await;
    let seen = Arc::new(Mutex::new(None::<Value>));
    let keep = move |_: &mut Value, claims: &mut Value| {
        let mut seen = seen.lock().unwrap();
        match &*seen {
            Some(earlier) => *claims = earlier.clone(),
            None => *seen = Some(claims.clone()),
        }
    };
    shop.provider.forge_id_token(keep);
    assert_signed_in(&login(&shop, []).await, "the first use");
    assert_eq!(refusal(&login(&shop, []).await), rejected("nonce"));
}

#[tokio::test]
async fn a_token_answer_without_an_id_token_is_refused() {
    let shop = open(|_| {}).await;
    for id_token in [json!(null), json!(7), json!({})] {
        let patch = Fault::Merge(json!({ "id_token": id_token }));
        let page = login(&shop, [(Endpoint::Token, patch)]).await;
        assert_eq!(refusal(&page), rejected("missing"), "{id_token}");
    }
}

#[tokio::test]
async fn a_malformed_id_token_is_refused() {
    let shop = open(|_| {}).await;
    for id_token in ["", "x", "x.y.z", "..", "e30.e30.e30", "....", "a.b.c.d"] {
        let patch = Fault::Merge(json!({ "id_token": id_token }));
        let page = login(&shop, [(Endpoint::Token, patch)]).await;
        assert_eq!(refusal(&page), rejected("form"), "{id_token:.9}");
    }
}

async fn with_header(shop: &Shop, name: &'static str, value: Option<Value>) -> super::Page {
    forged(shop, move |header, _| set(header, name, value.clone())).await
}

#[tokio::test]
async fn a_critical_extension_is_refused() {
    let shop = open(|_| {}).await;
    let page = with_header(&shop, "crit", Some(json!(["b64"]))).await;
    assert_eq!(refusal(&page), rejected("form"));
}

#[tokio::test]
async fn keys_in_the_token_header_are_not_used() {
    let trap = LocalProvider::start().await.unwrap();
    let shop = open(|_| {}).await;
    for name in ["jku", "x5u"] {
        let address = format!("{}/oidc/jwks", trap.origin());
        shop.provider.forge_id_token(move |header, _| {
            header[name] = address.as_str().into();
            header["kid"] = "trap".into();
        });
        shop.provider.sign_id_tokens(Signing::WrongKey);
        let page = login(&shop, []).await;
        assert_eq!(refusal(&page), (502, IdTokenRejected, Some("signature")));
    }
    assert!(trap.requests().is_empty());
}
