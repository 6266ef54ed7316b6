//! The ID token of Kakao with OpenID Connect. Only its `auth_time` is used.

use std::time::Duration;

use axum::{Router, routing::get};
use http::StatusCode;
use serde_json::{Value, json};
use tower_phone_auth::{Kakao, error::LoginErrorKind};
use tower_phone_auth_local_provider::{
    Endpoint, Person,
    faults::{Fault, Signing},
};

use super::refusal;
use crate::support::{
    browser::{Act, Browser, JIWOO, location, parameter, text},
    shop::{ORIGIN, Shop},
};

async fn shop(kakao: impl FnOnce(Kakao) -> Kakao) -> (Shop, Browser) {
    let shop = Shop::with(kakao, |builder| builder).await;
    shop.provider
        .configure(|settings| settings.kakao_oidc = true);
    let fresh = shop.layer.require().max_age(Duration::from_secs(5 * 60));
    let app = Router::new()
        .route("/pay", get(async || "paid"))
        .route_layer(fresh)
        .route("/", get(async || "home"))
        .layer(shop.layer.clone());
    let browser = Browser::new(app, ORIGIN);
    (shop, browser)
}

#[tokio::test]
async fn auth_time_satisfies_a_route_that_requires_a_fresh_sign_in() {
    let (shop, mut browser) = shop(|kakao| kakao).await;
    browser.sign_in("/", JIWOO).await;
    assert_eq!(text(&browser.visit("/pay").await), "paid");
    assert_eq!(shop.provider.count(Endpoint::Keys), 1);
    shop.provider
        .configure(|settings| settings.auto_sign_in = true);
    let silent = browser.visit("/auth/login").await;
    let callback = browser.act(&silent, JIWOO).await;
    browser.visit(&callback).await;
    assert_eq!(text(&browser.visit("/pay").await), "paid");
}

#[tokio::test]
async fn an_id_token_that_kakao_did_not_sign_is_ignored() {
    let forged: [fn(&Shop); 6] = [
        |shop| shop.provider.sign_id_tokens(Signing::WrongKey),
        |shop| shop.provider.sign_id_tokens(Signing::Corrupted),
        |shop| shop.provider.sign_id_tokens(Signing::None),
        |shop| shop.provider.sign_id_tokens(Signing::HmacWithPublicKey),
        |shop| {
            let garbage = Fault::Merge(json!({ "id_token": "x.y.z" }));
            shop.provider.fail(Endpoint::Token, garbage);
        },
        |shop| shop.provider.fail(Endpoint::Keys, Fault::Cut),
    ];
    for (case, forge) in forged.into_iter().enumerate() {
        let (shop, mut browser) = shop(|kakao| kakao).await;
        forge(&shop);
        assert_eq!(text(&browser.sign_in("/", JIWOO).await), "home", "{case}");
        let page = browser.visit("/pay").await;
        assert_eq!(page.status(), StatusCode::FORBIDDEN, "{case}");
    }
}

/// The keys have half of the time that is left, so the profile can still be read.
#[tokio::test]
async fn keys_that_hang_fail_no_sign_in() {
    for fault in [Fault::Hang, Fault::Drip] {
        let limit = Duration::from_secs(2);
        let shop = Shop::with(|kakao| kakao, |builder| builder.provider_timeout(limit)).await;
        shop.provider
            .configure(|settings| settings.kakao_oidc = true);
        shop.provider.fail(Endpoint::Keys, fault.clone());
        let page = shop.browser().sign_in("/", JIWOO).await;
        assert_eq!(text(&page), "+821012345678", "{fault:?}");
        assert_eq!(shop.provider.count(Endpoint::Keys), 1);
    }
}

#[tokio::test]
async fn an_id_token_of_another_sign_in_user_or_client_refuses_the_sign_in() {
    for (claim, value) in [
        ("iss", json!("https://kauth.kakao.com/")),
        ("aud", json!("another-app")),
        ("aud", json!(["local-demo-app", "another-app"])),
        ("nonce", json!("another")),
        ("nonce", Value::Null),
        ("sub", json!("1")),
    ] {
        let (shop, mut browser) = shop(|kakao| kakao).await;
        let forged = value.clone();
        shop.provider
            .forge_id_token(move |_, claims| claims[claim] = forged.clone());
        let page = browser.come_back("/", JIWOO).await;
        let refused = (502, LoginErrorKind::IdTokenRejected, Some(claim));
        assert_eq!(refusal(&page), refused, "{value}");
        assert!(browser.session().is_none());
    }
}

#[tokio::test]
async fn an_id_token_with_wrong_times_is_ignored() {
    for (claim, value) in [("exp", json!(1)), ("iat", json!(4_000_000_000_u32))] {
        let (shop, mut browser) = shop(|kakao| kakao).await;
        shop.provider
            .forge_id_token(move |_, claims| claims[claim] = value.clone());
        assert_eq!(text(&browser.sign_in("/", JIWOO).await), "home", "{claim}");
        let page = browser.visit("/pay").await;
        assert_eq!(page.status(), StatusCode::FORBIDDEN, "{claim}");
    }
}

/// Kakao leaves the ID token out of a second request for consent that lacks `openid`.
#[tokio::test]
async fn a_second_request_for_consent_asks_for_openid_if_it_is_on() {
    let both = Some("phone_number openid".to_owned());
    let (_shop, mut browser) = shop(|kakao| kakao).await;
    let again = browser
        .come_back("/pay", Act::Untick(Person::WITH_PHONE))
        .await;
    assert_eq!(parameter(&again, "scope"), both);
    let callback = browser.act(&again, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), "/pay");
    assert_eq!(text(&browser.visit("/pay").await), "paid");
}

#[tokio::test]
async fn with_the_setting_the_first_request_asks_for_openid() {
    for (openid_connect, scope) in [(false, "account_email"), (true, "account_email openid")] {
        let (_shop, mut browser) = shop(|kakao| {
            let kakao = kakao.scope("account_email");
            if openid_connect {
                kakao.openid_connect()
            } else {
                kakao
            }
        })
        .await;
        let away = browser.visit("/").await;
        assert_eq!(parameter(&away, "scope").as_deref(), Some(scope));
    }
}
