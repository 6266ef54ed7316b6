//! Pushed authorization requests (RFC 9126).

use http::{StatusCode, header::AUTHORIZATION};
use serde_json::json;
use tower_phone_auth::{
    Oidc,
    error::LoginErrorKind::{
        InvalidAnswer, Misconfigured, ProviderBusy, ProviderUnavailable, RateLimited,
    },
};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Par, faults::Fault};
use url::Url;

use super::{
    assert_not_repeated, assert_signed_in, form_value, login, open, open_with, refusal, registered,
    sent,
};
use crate::support::{
    browser::{location, parameter},
    log::Log,
    shop::Shop,
};

#[tokio::test]
async fn a_required_pushed_request_leaves_the_browser_a_reference_alone() {
    let shop = open(|oidc| oidc.par = Par::Required).await;
    let away = shop.browser().visit("/").await;
    let url: Url = location(&away).parse().unwrap();
    let names: Vec<_> = url.query_pairs().map(|(name, _)| name).collect();
    assert_eq!(names, ["client_id", "request_uri"]);

    let request = sent(&shop, Endpoint::Pushed);
    assert!(request.headers.contains_key(AUTHORIZATION));
    assert_eq!(request.query, None);
    for name in ["state", "nonce", "code_challenge"] {
        assert!(form_value(&request, name).is_some(), "{name}");
    }
    for (name, value) in [
        ("client_id", "local-demo-app"),
        ("response_type", "code"),
        ("scope", "openid phone"),
        ("redirect_uri", "http://127.0.0.1:3000/auth/callback/oidc"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(form_value(&request, name).as_deref(), Some(value), "{name}");
    }
    assert_eq!(form_value(&request, "client_secret"), None);
}

#[tokio::test]
async fn a_pushed_request_signs_in_with_each_kind_of_client() {
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
async fn a_pushed_request_that_is_only_offered_is_not_sent() {
    let shop = open(|oidc| oidc.par = Par::Offered).await;
    assert_signed_in(&login(&shop, []).await, "offered");
    assert_eq!(shop.provider.count(Endpoint::Pushed), 0);
}

#[tokio::test]
async fn a_client_set_to_push_pushes_whatever_the_metadata_require() {
    for par in [Par::Offered, Par::Required] {
        let pushed = |oidc: Oidc| oidc.pushed_requests(true);
        let shop = open_with(|oidc| oidc.par = par, pushed, |builder| builder).await;
        assert_signed_in(&login(&shop, []).await, "pushed");
        assert_eq!(shop.provider.count(Endpoint::Pushed), 1);
    }
}

#[tokio::test]
async fn a_client_set_not_to_push_pushes_nothing() {
    let plain = |oidc: Oidc| oidc.pushed_requests(false);
    let shop = open_with(|oidc| oidc.par = Par::Required, plain, |builder| builder).await;
    let away = shop.browser().visit("/").await;
    assert!(parameter(&away, "code_challenge").is_some());
    assert_eq!(shop.provider.count(Endpoint::Pushed), 0);
}

#[tokio::test]
async fn pushing_without_an_endpoint_is_a_misconfiguration_that_names_it() {
    let pushed = |oidc: Oidc| oidc.pushed_requests(true);
    let shop = open_with(|_| {}, pushed, |builder| builder).await;
    let name = "pushed_authorization_request_endpoint";
    let log = Log::capture();
    let page = shop.browser().visit("/").await;
    assert_eq!(refusal(&page), (502, Misconfigured, Some(name)));
    assert!(log.text().contains(name));
    assert!(log.text().contains("ERROR"));
}

#[tokio::test]
async fn a_refusal_that_demands_a_pushed_request_starts_no_new_sign_in() {
    let plain = |oidc: Oidc| oidc.pushed_requests(false);
    let shop = open_with(|oidc| oidc.par = Par::Offered, plain, |builder| builder).await;
    let mut browser = shop.browser();
    let away = browser.visit("/").await;
    let state = parameter(&away, "state").unwrap();
    let page = browser
        .visit(&format!(
            "/auth/callback/oidc?error=invalid_request&state={state}"
        ))
        .await;
    assert_eq!(
        refusal(&page),
        (502, Misconfigured, Some("invalid_request"))
    );
    assert_eq!(shop.provider.count(Endpoint::Pushed), 0);
}

#[tokio::test]
async fn a_refused_pushed_request_ends_on_a_page() {
    let shop = open_with(
        |oidc| oidc.par = Par::Required,
        Oidc::client_secret_basic,
        |builder| builder,
    )
    .await;
    let error = |status: u16, name: &str| {
        let body = json!({ "error": name, "error_description": "lpsecret-echo" });
        Fault::json(StatusCode::from_u16(status).unwrap(), &body)
    };
    let ours = |name| (502, Misconfigured, Some(name));
    for (fault, expected) in [
        (error(400, "invalid_request"), ours("invalid_request")),
        (error(400, "invalid_scope"), ours("invalid_scope")),
        (error(401, "invalid_client"), ours("invalid_client")),
        (
            error(400, "invalid_request_object"),
            ours("invalid_request_object"),
        ),
        (error(400, "use_dpop_nonce"), ours("use_dpop_nonce")),
        (error(400, "invalid_grant"), ours("invalid_grant")),
        (error(403, "of_its_own"), ours("of_its_own")),
        (error(413, ""), ours("413")),
        (error(429, "of_its_own"), (503, RateLimited, None)),
        (error(408, "of_its_own"), (503, ProviderBusy, None)),
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
        assert_not_repeated(&page, "lpsecret-echo");
        assert!(browser.cookies.is_empty());
    }
}
