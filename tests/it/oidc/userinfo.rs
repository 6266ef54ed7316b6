//! The subject and the signature of userinfo (OpenID Connect Core section 5.3).

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use tower_phone_auth::error::LoginErrorKind::{
    InvalidAnswer, ProviderBusy, ProviderUnavailable, RateLimited, TokenRejected,
};
use tower_phone_auth_local_provider::{
    Algorithm, Endpoint, Userinfo,
    faults::{Fault, Signing},
};

use super::{assert_not_repeated, assert_signed_in, login, ok, open, refusal, rejected};
use crate::support::shop::Shop;

const JIWOO: &str = "1376016924429759228";

#[tokio::test]
async fn userinfo_of_another_subject_is_not_used() {
    let shop = open(|oidc| oidc.userinfo_sub = Some("another".to_owned())).await;
    let expected = (502, InvalidAnswer, Some("userinfo_sub"));
    assert_eq!(refusal(&login(&shop, []).await), expected);
}

#[tokio::test]
async fn userinfo_without_a_subject_is_not_used() {
    let shop = open(|_| {}).await;
    for subject in [json!(null), json!(""), json!(1_376_016_924_429_759_228_u64)] {
        let patch = Fault::Merge(json!({ "sub": subject }));
        let page = login(&shop, [(Endpoint::Profile, patch)]).await;
        let expected = (502, InvalidAnswer, Some("userinfo_sub_missing"));
        assert_eq!(refusal(&page), expected, "{subject}");
    }
}

#[tokio::test]
async fn a_profile_in_an_envelope_is_not_userinfo() {
    // Naver's metadata name its profile endpoint as userinfo.
    let shop = open(|_| {}).await;
    let me = json!({ "resultcode": "00", "response": { "id": JIWOO, "mobile": "010-1234-5678" } });
    let page = login(&shop, [(Endpoint::Profile, ok(&me))]).await;
    let expected = (502, InvalidAnswer, Some("userinfo_sub_missing"));
    assert_eq!(refusal(&page), expected);
}

#[tokio::test]
async fn quirk_55_signed_userinfo_is_verified() {
    for algorithm in [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa] {
        let shop = open(|oidc| {
            oidc.userinfo = Userinfo::Jwt;
            oidc.algorithm = algorithm;
        })
        .await;
        assert_signed_in(&login(&shop, []).await, algorithm.name());
    }
}

#[tokio::test]
async fn quirk_55_userinfo_that_is_wrongly_signed_is_not_used() {
    for (signing, part) in [
        (Signing::WrongKey, "userinfo_signature"),
        (Signing::Corrupted, "userinfo_signature"),
        (Signing::HmacWithPublicKey, "userinfo_alg"),
        (Signing::None, "userinfo_alg"),
    ] {
        let shop = open(|oidc| {
            oidc.userinfo = Userinfo::Jwt;
            oidc.userinfo_signing = signing;
        })
        .await;
        let page = login(&shop, []).await;
        assert_eq!(refusal(&page), rejected(part), "{signing:?}");
    }
}

/// A second signing key, published beside the provider's.
struct SecondKey(Ed25519KeyPair);

impl SecondKey {
    async fn published(shop: &Shop) -> Self {
        let pair = Ed25519KeyPair::generate().unwrap();
        let keys = format!("{}/jwks", shop.provider.oidc_issuer());
        let body = reqwest::get(keys).await.unwrap().bytes().await.unwrap();
        let mut set: Value = serde_json::from_slice(&body).unwrap();
        let x = URL_SAFE_NO_PAD.encode(pair.public_key());
        let second_key = json!({ "kty": "OKP", "crv": "Ed25519", "kid": "own", "x": x });
        set["keys"].as_array_mut().unwrap().push(second_key);
        shop.provider.fail(Endpoint::Keys, ok(&set));
        let announced = json!({ "userinfo_signing_alg_values_supported": ["EdDSA"] });
        shop.provider
            .fail(Endpoint::Discovery, Fault::Merge(announced));
        Self(pair)
    }

    fn userinfo(&self, claims: &Value) -> Fault {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = json!({ "alg": "EdDSA", "kid": "own" });
        let message = format!("{}.{}", part(&header), part(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.0.sign(message.as_bytes()));
        Fault::Answer {
            status: StatusCode::OK,
            content_type: Some("application/jwt; charset=utf-8".to_owned()),
            body: format!("{message}.{signature}").into(),
            headers: HeaderMap::new(),
        }
    }
}

#[tokio::test]
async fn quirk_55_signed_userinfo_with_another_iss_or_aud_is_refused() {
    let shop = open(|_| {}).await;
    let second_key = SecondKey::published(&shop).await;
    let right = json!({
        "iss": shop.provider.oidc_issuer(),
        "aud": "local-demo-app",
        "sub": JIWOO,
        "phone_number": "+821012345678",
        "phone_number_verified": true,
    });
    let sign_in_with = async |name: &str, value: Option<Value>| {
        let mut claims = right.clone();
        super::set(&mut claims, name, value);
        login(&shop, [(Endpoint::Profile, second_key.userinfo(&claims))]).await
    };
    for (name, value) in [
        ("x", Some(json!(1))),
        ("aud", Some(json!(["another-app", "local-demo-app"]))),
        ("aud", Some(json!(["local-demo-app"]))),
        // Section 5.3.2 says that signed userinfo should have both claims, so they may be absent.
        ("iss", None),
        ("aud", None),
        ("iss", Some(json!(null))),
        ("aud", Some(json!(null))),
    ] {
        let page = sign_in_with(name, value.clone()).await;
        assert_signed_in(&page, &format!("{name} {value:?}"));
    }
    for (name, value) in [
        ("iss", json!("https://id.example.com")),
        ("iss", json!("")),
        ("iss", json!([shop.provider.oidc_issuer()])),
        ("aud", json!("another-app")),
        ("aud", json!(["another-app"])),
        ("aud", json!([])),
        ("aud", json!("")),
        ("aud", json!(7)),
    ] {
        let page = sign_in_with(name, Some(value.clone())).await;
        assert_eq!(refusal(&page), rejected("userinfo_iss_aud"), "{value}");
    }
    let page = sign_in_with("sub", Some(json!("another"))).await;
    let expected = (502, InvalidAnswer, Some("userinfo_sub"));
    assert_eq!(refusal(&page), expected);
}

#[tokio::test]
async fn quirk_55_signed_userinfo_without_iss_and_aud_is_used() {
    let shop = open(|_| {}).await;
    let second_key = SecondKey::published(&shop).await;
    let claims = json!({
        "sub": JIWOO,
        "phone_number": "+821012345678",
        "phone_number_verified": true,
    });
    let page = login(&shop, [(Endpoint::Profile, second_key.userinfo(&claims))]).await;
    assert_signed_in(&page, "signature and subject are valid");
    let unpublished = SecondKey(Ed25519KeyPair::generate().unwrap());
    let page = login(&shop, [(Endpoint::Profile, unpublished.userinfo(&claims))]).await;
    assert_eq!(refusal(&page), rejected("userinfo_signature"));
}

#[tokio::test]
async fn errors_of_userinfo_are_known_by_their_status() {
    let shop = open(|_| {}).await;
    let error = json!({ "error": "invalid_token", "error_description": "lpsecret-echo" });
    for (status, expected) in [
        (401, (502, TokenRejected, Some("userinfo_401"))),
        (403, (502, InvalidAnswer, Some("userinfo_403"))),
        (429, (503, RateLimited, Some("userinfo_429"))),
        (500, (502, ProviderUnavailable, Some("userinfo_500"))),
        (503, (503, ProviderBusy, Some("userinfo_503"))),
    ] {
        let fault = Fault::json(StatusCode::from_u16(status).unwrap(), &error);
        let page = login(&shop, [(Endpoint::Profile, fault)]).await;
        assert_eq!(refusal(&page), expected, "{status}");
        assert_not_repeated(&page, "lpsecret-echo");
    }
}

#[tokio::test]
async fn userinfo_that_is_not_an_object_is_refused() {
    let shop = open(|_| {}).await;
    for (body, kind) in [
        ("", ProviderUnavailable),
        ("[]", ProviderUnavailable),
        ("<!doctype html>", ProviderUnavailable),
        ("{", InvalidAnswer),
    ] {
        let fault = Fault::Answer {
            status: StatusCode::OK,
            content_type: Some("application/json".to_owned()),
            body: body.into(),
            headers: HeaderMap::new(),
        };
        let page = login(&shop, [(Endpoint::Profile, fault)]).await;
        let expected = (502, kind, Some("userinfo_form"));
        assert_eq!(refusal(&page), expected, "{body}");
    }
    for (fault, code) in [
        (Fault::Cut, "userinfo"),
        (Fault::Redirect("/".to_owned()), "userinfo_307"),
    ] {
        let page = login(&shop, [(Endpoint::Profile, fault)]).await;
        assert_eq!(refusal(&page), (502, ProviderUnavailable, Some(code)));
    }
}
