//! Pushed authorization requests (RFC 9126).

use http::{StatusCode, header::AUTHORIZATION};
use serde_json::json;
use tower_phone_auth::{
    LoginErrorKind::{InvalidAnswer, Misconfigured, ProviderBusy, ProviderUnavailable},
    Oidc,
    local_provider::{Endpoint, Fault, LocalProvider, Par},
};
use url::Url;

use super::{
    assert_signed_in, assert_silent, login, member, open, open_with, refusal, registered, sent,
};
use crate::support::{browser::location, shop::Shop};

#[tokio::test]
async fn where_it_is_required_the_browser_carries_a_reference_alone() {
    let shop = open(|oidc| oidc.par = Par::Required).await;
    let away = shop.browser().visit("/").await;
    let url: Url = location(&away).parse().unwrap();
    let names: Vec<_> = url.query_pairs().map(|(name, _)| name).collect();
    assert_eq!(names, ["client_id", "request_uri"]);

    let request = sent(&shop, Endpoint::Pushed);
    assert!(request.headers.contains_key(AUTHORIZATION));
    assert_eq!(request.query, None);
    for name in ["state", "nonce", "code_challenge"] {
        assert!(member(&request, name).is_some(), "{name}");
    }
    for (name, value) in [
        ("client_id", "local-demo-app"),
        ("response_type", "code"),
        ("scope", "openid phone"),
        ("redirect_uri", "http://127.0.0.1:3000/auth/callback/oidc"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(member(&request, name).as_deref(), Some(value), "{name}");
    }
    assert_eq!(member(&request, "client_secret"), None);
}

#[tokio::test]
async fn a_pushed_login_signs_in_with_each_kind_of_client() {
    for client in [Oidc::client_secret_basic, Oidc::client_secret_post] {
        let shop = open_with(|oidc| oidc.par = Par::Required, client, |builder| builder).await;
        assert_signed_in(&login(&shop, []).await, "with a secret");
    }
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| {
        settings.client_secret = None;
        settings.oidc.par = Par::Required;
    });
    let oidc = registered(&provider);
    let shop = Shop::at(provider, oidc, |builder| builder);
    assert_signed_in(&login(&shop, []).await, "a public client");
}

#[tokio::test]
async fn where_it_is_offered_it_is_not_needed() {
    let shop = open(|oidc| oidc.par = Par::Offered).await;
    assert_signed_in(&login(&shop, []).await, "offered");
    assert_eq!(shop.provider.count(Endpoint::Pushed), 0);
}

#[tokio::test]
async fn a_push_that_is_refused_ends_on_a_page() {
    let shop = open(|oidc| oidc.par = Par::Required).await;
    let error = |status: u16, name: &str| {
        let body = json!({ "error": name, "error_description": "lpsecret-echo" });
        Fault::json(StatusCode::from_u16(status).unwrap(), &body)
    };
    for (fault, expected) in [
        (error(400, "invalid_request"), (502, Misconfigured, None)),
        (error(400, "invalid_scope"), (502, Misconfigured, None)),
        (error(401, "invalid_client"), (502, Misconfigured, None)),
        (
            error(503, "temporarily_unavailable"),
            (503, ProviderBusy, None),
        ),
        (Fault::Cut, (502, ProviderUnavailable, None)),
        (
            Fault::Merge(json!({ "request_uri": null })),
            (502, InvalidAnswer, None),
        ),
        (
            Fault::Merge(json!({ "request_uri": 7 })),
            (502, InvalidAnswer, None),
        ),
    ] {
        shop.provider.fail_next(Endpoint::Pushed, fault);
        let mut browser = shop.browser();
        let page = browser.visit("/").await;
        assert_eq!(refusal(&page), expected);
        assert_silent(&page, "lpsecret-echo");
        assert!(browser.cookies.is_empty());
    }
}
