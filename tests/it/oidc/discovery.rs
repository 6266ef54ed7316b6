//! The provider's metadata: when it is fetched, and what is believed of it.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tower_phone_auth::{
    LoginErrorKind::{
        self, InvalidAnswer, Misconfigured, ProviderBusy, ProviderTimeout, ProviderUnavailable,
    },
    Oidc,
    local_provider::{Endpoint, Fault, LocalProvider},
};

use super::{assert_signed_in, assert_silent, login, open, open_with, refusal};
use crate::support::{
    browser::{location, parameter},
    shop::Shop,
};

/// A visit that would begin a login, at a provider that answers this to discovery.
async fn refused(shop: &Shop, fault: Fault) -> (u16, LoginErrorKind, Option<String>) {
    shop.provider.fail_next(Endpoint::Discovery, fault);
    let mut browser = shop.browser();
    let page = browser.visit("/").await;
    assert!(browser.cookies.is_empty());
    let (status, kind, code) = refusal(&page);
    (status, kind, code.map(str::to_owned))
}

fn because(part: &str) -> (u16, LoginErrorKind, Option<String>) {
    (502, Misconfigured, Some(part.to_owned()))
}

fn answer(status: u16, body: &str) -> Fault {
    Fault::Answer {
        status: StatusCode::from_u16(status).unwrap(),
        content_type: Some("application/json".to_owned()),
        body: body.into(),
        headers: HeaderMap::new(),
    }
}

#[tokio::test]
async fn nothing_is_asked_before_the_first_login() {
    let shop = open(|_| {}).await;
    shop.browser().visit("/healthz").await;
    shop.browser().visit("/maybe").await;
    assert!(shop.provider.requests().is_empty());
    shop.browser().visit("/").await;
    assert_eq!(shop.provider.count(Endpoint::Discovery), 1);
    assert_eq!(shop.provider.count(Endpoint::Keys), 0);
}

#[tokio::test]
async fn twenty_logins_at_once_ask_once() {
    let shop = open(|_| {}).await;
    let mut logins = JoinSet::new();
    for _ in 0..20 {
        let mut browser = shop.browser();
        logins.spawn(async move { browser.visit("/").await });
    }
    for page in logins.join_all().await {
        assert!(location(&page).starts_with(&shop.provider.oidc_issuer()));
    }
    assert_eq!(shop.provider.count(Endpoint::Discovery), 1);
}

#[tokio::test]
async fn twenty_logins_at_once_share_one_failure() {
    let shop = open(|_| {}).await;
    shop.provider.fail(Endpoint::Discovery, answer(503, "{}"));
    let mut logins = JoinSet::new();
    for _ in 0..20 {
        let mut browser = shop.browser();
        logins.spawn(async move { browser.visit("/").await });
    }
    for page in logins.join_all().await {
        assert_eq!(refusal(&page), (503, ProviderBusy, None));
    }
    assert_eq!(shop.provider.count(Endpoint::Discovery), 1);
}

#[tokio::test]
async fn a_failure_is_not_kept() {
    let shop = open(|_| {}).await;
    shop.provider.fail(Endpoint::Discovery, Fault::Cut);
    for _ in 0..10 {
        let page = shop.browser().visit("/").await;
        assert_eq!(refusal(&page), (502, ProviderUnavailable, None));
    }
    shop.provider.heal(Endpoint::Discovery);
    assert_signed_in(&login(&shop, []).await, "up again");
}

#[tokio::test]
async fn a_provider_that_is_not_there_at_start_does_no_harm() {
    let gone = LocalProvider::start().await.unwrap();
    let (issuer, address) = (gone.oidc_issuer(), gone.origin());
    let oidc = Oidc::new(issuer, gone.client_id(), gone.client_secret().unwrap());
    drop(gone);
    let provider = LocalProvider::start().await.unwrap();
    let shop = Shop::at(provider, oidc, |builder| builder);
    assert_eq!(shop.browser().visit("/healthz").await.status(), 200);
    let page = shop.browser().visit("/").await;
    assert_eq!(refusal(&page), (502, ProviderUnavailable, None));
    assert_silent(&page, &address);
}

#[tokio::test]
async fn warming_up_asks_before_the_first_login() {
    let shop = open(|_| {}).await;
    shop.provider.fail_next(Endpoint::Discovery, Fault::Cut);
    let error = shop.layer.warm_up().await.unwrap_err();
    assert_eq!(error.kind(), ProviderUnavailable);
    shop.layer.warm_up().await.unwrap();
    shop.provider.forget_requests();
    assert_signed_in(&login(&shop, []).await, "warm");
    assert_eq!(shop.provider.count(Endpoint::Discovery), 0);
}

#[tokio::test]
async fn an_issuer_that_is_not_the_configured_one_is_refused() {
    let shop = open(|_| {}).await;
    let right = shop.provider.oidc_issuer();
    for issuer in [
        json!("https://id.example.com"),
        json!(format!("{right}/")),
        json!(right.to_uppercase()),
        json!(null),
        json!([right]),
    ] {
        let patch = Fault::Merge(json!({ "issuer": issuer }));
        assert_eq!(refused(&shop, patch).await, because("issuer"), "{issuer}");
    }
}

#[tokio::test]
async fn an_endpoint_that_is_not_safe_is_refused() {
    let shop = open(|_| {}).await;
    for name in [
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "userinfo_endpoint",
        "pushed_authorization_request_endpoint",
    ] {
        for url in [
            json!("http://op.example/x"),
            json!("http://127.0.0.1.op.example/x"),
            json!("javascript:alert(1)"),
            json!("/relative"),
            json!("https://op.example/x#fragment"),
            json!(""),
            json!(7),
            json!({}),
        ] {
            let patch = Fault::Merge(json!({ name: url }));
            assert_eq!(refused(&shop, patch).await, because(name), "{url}");
        }
    }
}

#[tokio::test]
async fn an_endpoint_that_is_missing_is_named() {
    let shop = open(|_| {}).await;
    for name in ["authorization_endpoint", "token_endpoint"] {
        let patch = Fault::Merge(json!({ name: null }));
        assert_eq!(refused(&shop, patch).await, because(name));
    }
}

#[tokio::test]
async fn members_that_are_not_needed_may_have_any_type() {
    let shop = open(|_| {}).await;
    let strange = json!({
        "scopes_supported": "openid",
        "token_endpoint_auth_methods_supported": { "x": 1 },
        "claims_parameter_supported": "true",
        "require_pushed_authorization_requests": 1,
        "authorization_response_iss_parameter_supported": "yes",
        "id_token_signing_alg_values_supported": 7,
        "new_in_2030": [null, 1e300],
    });
    shop.provider
        .fail_next(Endpoint::Discovery, Fault::Merge(strange));
    assert_signed_in(&login(&shop, []).await, "strange members");
}

#[tokio::test]
async fn what_is_no_document_is_an_outage_or_no_answer() {
    let shop = open(|_| {}).await;
    for (status, body, kind) in [
        (200, "", ProviderUnavailable),
        (200, "<!doctype html>", ProviderUnavailable),
        (200, "[]", ProviderUnavailable),
        (200, "{", InvalidAnswer),
        (404, "<!doctype html>", ProviderUnavailable),
        (404, "{}", InvalidAnswer),
        (500, "{}", ProviderUnavailable),
        (503, "{}", ProviderBusy),
    ] {
        let (_, found, _) = refused(&shop, answer(status, body)).await;
        assert_eq!(found, kind, "{status} {body}");
    }
    let (status, kind, _) = refused(&shop, Fault::Redirect("/elsewhere".to_owned())).await;
    assert_eq!((status, kind), (502, ProviderUnavailable));
    let (status, kind, _) = refused(&shop, Fault::Huge(2 << 20)).await;
    assert_eq!((status, kind), (502, ProviderUnavailable));
}

#[tokio::test]
async fn a_provider_that_hangs_is_given_up() {
    let limit = Duration::from_millis(200);
    let shop = open_with(
        |_| {},
        |oidc| oidc,
        |builder| builder.provider_timeout(limit),
    )
    .await;
    for fault in [Fault::Hang, Fault::Drip] {
        let (status, kind, _) = refused(&shop, fault).await;
        assert_eq!((status, kind), (504, ProviderTimeout));
    }
}

#[tokio::test]
async fn the_query_of_the_authorization_endpoint_is_kept() {
    let shop = open(|_| {}).await;
    let url = format!("{}/authorize?tenant=a%26b", shop.provider.oidc_issuer());
    let patch = Fault::Merge(json!({ "authorization_endpoint": url }));
    shop.provider.fail_next(Endpoint::Discovery, patch);
    let away = shop.browser().visit("/").await;
    assert_eq!(parameter(&away, "tenant").as_deref(), Some("a&b"));
    assert_eq!(parameter(&away, "response_type").as_deref(), Some("code"));
}

#[tokio::test]
async fn the_document_is_fetched_anew_each_day_and_the_old_one_serves_meanwhile() {
    let shop = open(|_| {}).await;
    let day = Duration::from_secs(24 * 60 * 60);
    let scope = |page: &_| parameter(page, "claims").is_some();
    assert!(!scope(&shop.browser().visit("/").await));
    shop.provider
        .configure(|settings| settings.oidc.claims_parameter = true);
    shop.time.pass(day - Duration::from_secs(1));
    assert!(!scope(&shop.browser().visit("/").await));

    shop.time.pass(Duration::from_secs(1));
    shop.provider
        .fail_next(Endpoint::Discovery, answer(503, "{}"));
    assert!(!scope(&shop.browser().visit("/").await), "the old one");
    assert!(scope(&shop.browser().visit("/").await), "the new one");
    assert_eq!(shop.provider.count(Endpoint::Discovery), 3);
}

#[tokio::test]
async fn an_issuer_must_be_safe_and_plain() {
    for issuer in [
        "http://id.example.com",
        "https://id.example.com/?tenant=x",
        "https://id.example.com/#x",
        "id.example.com",
        "",
        "ftp://id.example.com",
    ] {
        let builder = tower_phone_auth::OAuthLayer::builder()
            .public_url("https://shop.example.com")
            .session_key(tower_phone_auth::SessionKey::random())
            .provider(Oidc::new(issuer, "id", "secret"));
        let error = builder.build().unwrap_err();
        assert_eq!(error.setting(), "issuer", "{issuer}");
    }
}

#[tokio::test]
async fn an_issuer_that_ends_with_a_slash_is_asked_without_a_second_one() {
    let shop = open(|_| {}).await;
    let issuer = format!("{}/", shop.provider.oidc_issuer());
    shop.provider
        .configure(|settings| settings.oidc.discovery_issuer = Some(issuer.clone()));
    let oidc = Oidc::new(issuer.clone(), shop.provider.client_id(), "lpsecret-client");
    let shop = Shop::at(shop.provider, oidc, |builder| builder);
    shop.provider.forge_id_token(move |_, claims: &mut Value| {
        claims["iss"] = issuer.as_str().into();
    });
    assert_signed_in(&login(&shop, []).await, "as Auth0 writes it");
}
