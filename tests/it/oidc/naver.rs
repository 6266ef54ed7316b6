//! Naver with OpenID Connect. Its metadata name its profile endpoint as userinfo, but the answers
//! are no userinfo.

use http::StatusCode;
use serde_json::{Value, json};
use tower_phone_auth::{Oidc, error::LoginErrorKind, phone_step::PhoneStep};
use tower_phone_auth_local_provider::{Endpoint, faults::Fault};

use super::{
    presets::{ID, SECRET, at, at_with},
    refusal, rejected,
};
use crate::{
    phone_step::kit::{NUMBER, Outbox, code, number},
    support::{
        browser::{JIWOO, location, parameter, text},
        shop::Shop,
    },
};

const ISSUER: &str = "https://nid.naver.com";

/// A shop at a provider whose userinfo endpoint answers this profile.
async fn shop(profile: &Value) -> Shop {
    let shop = at(ISSUER, Oidc::naver(ID, SECRET), |_| {}).await;
    shop.provider
        .fail(Endpoint::Profile, Fault::json(StatusCode::OK, profile));
    shop
}

fn profile(response: &Value) -> Value {
    json!({ "resultcode": "00", "message": "success", "response": response })
}

fn jiwoo() -> Value {
    profile(&json!({ "id": "an-id-of-the-profile", "mobile": "010-1234-5678" }))
}

#[tokio::test]
async fn quirk_86_a_profile_without_sub_is_read_as_naver_writes_it() {
    let shop = shop(&jiwoo()).await;
    let page = shop.browser().sign_in("/", JIWOO).await;
    assert_eq!(text(&page), "+821012345678");
}

#[tokio::test]
async fn a_profile_with_the_international_number_alone_is_read() {
    for response in [
        json!({ "id": "an-id", "mobile_e164": "+821012345678" }),
        json!({ "id": "an-id", "mobile": null, "mobile_e164": "+82 10-1234-5678" }),
        json!({ "id": "an-id", "mobile": "", "mobile_e164": "010-1234-5678" }),
    ] {
        let shop = shop(&profile(&response)).await;
        let page = shop.browser().sign_in("/", JIWOO).await;
        assert_eq!(text(&page), "+821012345678", "{response}");
    }
}

#[tokio::test]
async fn naver_is_asked_for_openid_alone_because_its_console_chooses_the_items() {
    let shop = shop(&jiwoo()).await;
    let away = shop.browser().visit("/").await;
    assert_eq!(parameter(&away, "scope").as_deref(), Some("openid"));
    assert_eq!(
        parameter(&away, "code_challenge_method").as_deref(),
        Some("S256")
    );
}

#[tokio::test]
async fn an_id_token_of_naver_without_a_nonce_is_accepted() {
    let shop = shop(&jiwoo()).await;
    shop.provider.forge_id_token(|_, claims| {
        claims["iss"] = ISSUER.into();
        claims.as_object_mut().unwrap().remove("nonce");
    });
    let page = shop.browser().sign_in("/", JIWOO).await;
    assert_eq!(text(&page), "+821012345678");
}

#[tokio::test]
async fn a_nonce_that_comes_back_wrong_is_refused() {
    let shop = shop(&jiwoo()).await;
    shop.provider.forge_id_token(|_, claims| {
        claims["iss"] = ISSUER.into();
        claims["nonce"] = "another".into();
    });
    let page = shop.browser().come_back("/", JIWOO).await;
    assert_eq!(refusal(&page), rejected("nonce"));
}

#[tokio::test]
async fn a_missing_number_is_asked_for_again_by_auth_type_reprompt() {
    let shop = shop(&profile(&json!({ "id": "an-id-of-the-profile" }))).await;
    let mut browser = shop.browser();
    let again = browser.come_back("/", JIWOO).await;
    assert_eq!(parameter(&again, "auth_type").as_deref(), Some("reprompt"));
    let callback = browser.act(&again, JIWOO).await;
    let refused = browser.visit(&callback).await;
    assert_eq!(
        refusal(&refused),
        (403, LoginErrorKind::PhoneNotShared, None)
    );
}

#[tokio::test]
async fn without_the_number_the_profile_is_read_only_if_it_always_is() {
    for (always, profiles) in [(false, 0), (true, 1)] {
        let naver = Oidc::naver(ID, SECRET).without_phone();
        let naver = if always {
            naver.always_userinfo()
        } else {
            naver
        };
        let outbox = Outbox::default();
        let step = PhoneStep::new(outbox.clone()).site_name("Shop");
        let settings = |builder: tower_phone_auth::Builder| builder.phone_step(step);
        let shop = at_with(ISSUER, naver, |_| {}, settings).await;
        shop.provider
            .fail(Endpoint::Profile, Fault::json(StatusCode::OK, &jiwoo()));
        let mut browser = shop.browser();
        let back = browser.come_back("/", JIWOO).await;
        assert_eq!(location(&back), "/auth/phone", "{}", text(&back));
        assert_eq!(shop.provider.count(Endpoint::Profile), profiles);
        number(&mut browser, NUMBER).await;
        code(&mut browser, &outbox.code()).await;
        assert_eq!(text(&browser.visit("/").await), "+821023456789");
    }
}
