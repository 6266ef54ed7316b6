//! Security events of Kakao.

use http::StatusCode;
use serde_json::{Value, json};
use tower_phone_auth_local_provider::{Endpoint, Person, faults::Signing};

use super::{
    OAUTH, RISC, SET, assert_empty_answer, is_signed_in,
    kakao::{PATH, open},
    post, sign_in,
};
use crate::support::shop::Shop;

#[tokio::test]
async fn the_security_event_user_unlinked_has_the_effect_of_the_webhook() {
    let (shop, gone) = open().await;
    let mut browser = sign_in(&shop).await;
    let event = format!("{OAUTH}/user-unlinked");
    let token = shop.provider.kakao_event(&event, Person::WITH_PHONE);
    let page = post(&shop, PATH, SET, token.unwrap()).await;
    assert_empty_answer(&page, StatusCode::ACCEPTED);
    assert!(!is_signed_in(&mut browser).await);
    assert_eq!(*gone.lock().unwrap(), ["kakao 1376016924429759228"]);
}

#[tokio::test]
async fn a_security_event_ends_sessions_without_an_admin_key() {
    let shop = Shop::open().await;
    for event in ["account-disabled", "sessions-revoked"] {
        let mut browser = sign_in(&shop).await;
        let event = format!("{RISC}/{event}");
        let token = shop.provider.kakao_event(&event, Person::WITH_PHONE);
        let page = post(&shop, PATH, SET, token.unwrap()).await;
        assert_empty_answer(&page, StatusCode::ACCEPTED);
        assert!(!is_signed_in(&mut browser).await, "{event}");
        shop.time.pass(std::time::Duration::from_secs(1));
    }
}

#[tokio::test]
async fn events_about_links_and_consents_end_no_session() {
    let (shop, gone) = open().await;
    let mut browser = sign_in(&shop).await;
    for event in [
        "user-linked",
        "user-scope-consent",
        "user-scope-withdraw",
        "token-issued",
    ] {
        let event = format!("{OAUTH}/{event}");
        let token = shop.provider.kakao_event(&event, Person::WITH_PHONE);
        let page = post(&shop, PATH, SET, token.unwrap()).await;
        assert_empty_answer(&page, StatusCode::ACCEPTED);
    }
    assert!(is_signed_in(&mut browser).await);
    assert!(gone.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_forged_security_event_is_refused_with_the_error_names_of_rfc_8935() {
    type Forge = fn(&mut Value, &mut Value);
    let cases: [(&str, Forge); 4] = [
        ("invalid_issuer", |_, claims| {
            claims["iss"] = "https://evil.example".into()
        }),
        ("invalid_audience", |_, claims| {
            claims["aud"] = "another-app".into()
        }),
        ("invalid_key", |header, _| {
            header["kid"] = "unknown-key".into()
        }),
        ("invalid_request", |_, claims| claims["events"] = json!({})),
    ];
    for (code, forge) in cases {
        let shop = Shop::open().await;
        let mut browser = sign_in(&shop).await;
        shop.provider.forge_id_token(forge);
        let event = format!("{RISC}/sessions-revoked");
        let token = shop.provider.kakao_event(&event, Person::WITH_PHONE);
        let page = post(&shop, PATH, SET, token.unwrap()).await;
        assert_eq!(page.status(), StatusCode::BAD_REQUEST);
        let document: Value = serde_json::from_slice(page.body()).unwrap();
        assert_eq!(document["err"], code);
        assert!(document["description"].is_string());
        assert!(is_signed_in(&mut browser).await);
    }
}

#[tokio::test]
async fn a_badly_signed_security_event_is_refused() {
    for signing in [Signing::WrongKey, Signing::None, Signing::HmacWithPublicKey] {
        let shop = Shop::open().await;
        let mut browser = sign_in(&shop).await;
        shop.provider.sign_id_tokens(signing);
        let event = format!("{RISC}/sessions-revoked");
        let token = shop.provider.kakao_event(&event, Person::WITH_PHONE);
        let page = post(&shop, PATH, SET, token.unwrap()).await;
        assert_eq!(page.status(), StatusCode::BAD_REQUEST);
        assert!(is_signed_in(&mut browser).await);
    }
}

#[tokio::test]
async fn quirk_83_a_flood_of_unknown_keys_causes_a_few_requests() {
    let shop = Shop::open().await;
    shop.provider
        .forge_id_token(|header, _| header["kid"] = "unknown-key".into());
    for _ in 0..50 {
        let event = format!("{RISC}/sessions-revoked");
        let token = shop.provider.kakao_event(&event, Person::WITH_PHONE);
        post(&shop, PATH, SET, token.unwrap()).await;
    }
    assert!(shop.provider.count(Endpoint::Keys) <= 5);
}
