//! The requests to the provider.

use http::StatusCode;
use serde_json::json;
use tower_phone_auth::error::LoginErrorKind::Misconfigured;
use tower_phone_auth_local_provider::{Endpoint, faults::Fault};

use super::{ALL, browser, client, shop, with_phone};
use crate::{
    phone_step::kit::{NUMBER, code, number},
    support::{
        browser::{JIWOO, Page, location, parameter, text},
        clients::Clients as _,
        consent::UNTICKED,
        outcome::{assert_signed_in, login, refusal},
        shop::Shop,
    },
};

/// The scopes of the first request at each provider without the number.
fn scopes(name: &str) -> Option<String> {
    let scopes = match name {
        "google" => "openid profile email",
        "oidc" => "openid",
        _ => return None,
    };
    Some(scopes.to_owned())
}

#[track_caller]
fn assert_asks_for_no_number(away: &Page, name: &str) {
    assert_eq!(parameter(away, "scope"), scopes(name), "{name}");
    for unasked in ["claims", "auth_type", "include_granted_scopes"] {
        assert_eq!(parameter(away, unasked), None, "{name}: {unasked}");
    }
}

#[tokio::test]
async fn no_request_asks_for_the_number_and_the_step_proves_one() {
    for (name, profiles) in [("kakao", 1), ("naver", 1), ("google", 0), ("oidc", 0)] {
        let (shop, outbox) = shop(|provider| client(provider, name)).await;
        shop.provider
            .configure(|settings| settings.oidc.claims_parameter = true);
        let mut browser = browser(&shop);
        let away = browser.visit("/deep").await;
        assert_asks_for_no_number(&away, name);
        let callback = browser.act(&away, JIWOO).await;
        let back = browser.visit(&callback).await;
        assert_eq!(location(&back), "/auth/phone", "{name}: {}", text(&back));
        assert_eq!(shop.provider.count(Endpoint::Profile), profiles, "{name}");
        number(&mut browser, NUMBER).await;
        let back = code(&mut browser, &outbox.code()).await;
        assert_eq!(location(&back), "/deep", "{name}");
        let page = browser.visit("/deep").await;
        assert_eq!(text(&page), "+821023456789 confirmed", "{name}");
    }
}

#[tokio::test]
async fn consent_to_the_number_is_not_asked_for_once_more() {
    for name in ALL {
        let (shop, _) = shop(|provider| client(provider, name)).await;
        let mut browser = browser(&shop);
        let back = browser.come_back("/", UNTICKED).await;
        assert_eq!(location(&back), "/auth/phone", "{name}: {}", text(&back));
    }
}

#[tokio::test]
async fn a_new_application_without_the_item_at_kakao_works() {
    let kakao = |provider: &_| client(provider, "kakao");
    let (shop, outbox) = shop(kakao).await;
    shop.provider.configure(|settings| {
        settings.consent_items.retain(|item| item != "phone_number");
    });
    let mut browser = browser(&shop);
    // Another account, a fresh sign-in and the first request have no scope, which would be KOE205.
    for query in ["", "&fresh=1", "&another_account=1"] {
        let away = browser
            .visit(&format!("/auth/login?provider=kakao&return_to=/{query}"))
            .await;
        assert_eq!(parameter(&away, "scope"), None, "{query}");
        let callback = browser.act(&away, JIWOO).await;
        assert_eq!(location(&browser.visit(&callback).await), "/auth/phone");
    }
    number(&mut browser, NUMBER).await;
    assert_eq!(location(&code(&mut browser, &outbox.code()).await), "/");
}

#[tokio::test]
async fn further_scopes_are_sent_as_they_are() {
    let kakao = |provider: &tower_phone_auth_local_provider::LocalProvider| {
        let kakao = provider.kakao().scope("account_email");
        kakao.without_phone().into()
    };
    let (shop, _) = shop(kakao).await;
    let away = browser(&shop).visit("/").await;
    let scope = parameter(&away, "scope");
    assert_eq!(scope.as_deref(), Some("account_email"));
}

#[tokio::test]
async fn a_missing_consent_at_kakao_is_a_matter_of_the_operator() {
    let (shop, _) = shop(|provider| client(provider, "kakao")).await;
    let error = json!({ "msg": "x", "code": -402, "required_scopes": ["phone_number"] });
    let fault = Fault::json(StatusCode::FORBIDDEN, &error);
    let page = login(&shop, [(Endpoint::Profile, fault)]).await;
    assert_eq!(refusal(&page), (502, Misconfigured, Some("-402")));
}

#[tokio::test]
async fn userinfo_that_is_always_requested_gives_name_and_address_and_no_number() {
    let oidc = |provider: &tower_phone_auth_local_provider::LocalProvider| {
        let oidc = provider.oidc().scope("email").always_userinfo();
        oidc.without_phone().into()
    };
    let (shop, _) = shop(oidc).await;
    for phone in [json!("+821012345678"), json!(7), json!(null)] {
        let patch = json!({ "phone_number": phone, "phone_number_verified": true });
        shop.provider
            .fail_next(Endpoint::Profile, Fault::Merge(patch));
        let back = browser(&shop).come_back("/", JIWOO).await;
        assert_eq!(location(&back), "/auth/phone", "{phone}");
    }
    assert_eq!(shop.provider.count(Endpoint::Profile), 3);
}

#[tokio::test]
async fn without_the_setting_everything_stays_as_it_is() {
    let people = "https://www.googleapis.com/auth/user.phonenumbers.read";
    let google = format!("openid profile email {people}");
    for (name, scope) in [
        ("kakao", None),
        ("naver", None),
        ("google", Some(google.as_str())),
        ("oidc", Some("openid phone")),
    ] {
        let (with_step, _) = shop(|provider| with_phone(provider, name)).await;
        for shop in [Shop::in_dialect(name).await, with_step] {
            shop.provider.configure(|settings| {
                settings.oidc.par = tower_phone_auth_local_provider::Par::Off;
            });
            let away = shop.browser().visit("/").await;
            assert_eq!(parameter(&away, "scope").as_deref(), scope, "{name}");
            assert_signed_in(&login(&shop, []).await, name);
            assert_eq!(shop.provider.count(Endpoint::Profile), 1, "{name}");
        }
    }
}

#[tokio::test]
async fn the_doctor_misses_no_scope_and_no_claim_and_calls_no_people_api() {
    for name in ["google", "oidc"] {
        let (shop, _) = shop(|provider| client(provider, name)).await;
        let patch = json!({ "scopes_supported": ["openid"], "claims_supported": ["sub"] });
        shop.provider.fail(Endpoint::Discovery, Fault::Merge(patch));
        let report = shop.layer.doctor().await.to_string();
        assert!(!report.contains("phone"), "{name}: {report}");
        assert_eq!(shop.provider.count(Endpoint::Profile), 0, "{name}");
    }
}
