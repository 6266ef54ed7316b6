//! How the client proves itself.

use http::{StatusCode, header::AUTHORIZATION};
use serde_json::json;
use tower_phone_auth::{
    LoginErrorKind::{CodeRejected, Misconfigured, ProviderBusy, ProviderRefused},
    Oidc,
    local_provider::{
        ClientAuthentication::{self, PrivateKeyJwt, SecretBasic, SecretPost},
        Endpoint, Fault, LocalProvider, Settings,
    },
};

use super::{
    assert_signed_in, assert_silent, login, member, open, open_with, refusal, registered, sent,
};
use crate::support::{browser::parameter, shop::Shop};

async fn taking(ways: &[ClientAuthentication], client: impl FnOnce(Oidc) -> Oidc) -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| {
        settings.client_secret = Some(Settings::AWKWARD_SECRET.to_owned());
        settings.client_id = "an id+with:awkward/characters%".to_owned();
        settings.oidc.client_authentication = ways.to_vec();
    });
    let oidc = client(registered(&provider));
    Shop::at(provider, oidc, |builder| builder)
}

/// Where the secret went: the header, the body.
async fn secret_in(shop: &Shop) -> (bool, bool) {
    assert_signed_in(&login(shop, []).await, "client authentication");
    let request = sent(shop, Endpoint::Token);
    let posted = member(&request, "client_secret");
    assert!(posted.is_none_or(|secret| secret == Settings::AWKWARD_SECRET));
    assert_eq!(request.query, None);
    (
        request.headers.contains_key(AUTHORIZATION),
        member(&request, "client_secret").is_some(),
    )
}

#[tokio::test]
async fn basic_is_used_where_it_is_taken() {
    for ways in [
        &[SecretBasic][..],
        &[SecretBasic, SecretPost],
        &[SecretPost, SecretBasic],
    ] {
        let shop = taking(ways, |oidc| oidc).await;
        assert_eq!(secret_in(&shop).await, (true, false), "{ways:?}");
    }
}

#[tokio::test]
async fn the_body_is_used_where_basic_is_not_taken() {
    for ways in [&[SecretPost][..], &[PrivateKeyJwt, SecretPost]] {
        let shop = taking(ways, |oidc| oidc).await;
        assert_eq!(secret_in(&shop).await, (false, true), "{ways:?}");
    }
}

#[tokio::test]
async fn basic_is_used_where_nothing_is_announced() {
    let shop = taking(&[SecretBasic], |oidc| oidc).await;
    let patch = json!({ "token_endpoint_auth_methods_supported": null });
    shop.provider.fail(Endpoint::Discovery, Fault::Merge(patch));
    assert_eq!(secret_in(&shop).await, (true, false));
}

#[tokio::test]
async fn a_setting_goes_before_what_is_announced() {
    let both = [SecretBasic, SecretPost];
    let shop = taking(&both, Oidc::client_secret_post).await;
    assert_eq!(secret_in(&shop).await, (false, true));
    let shop = taking(&both, Oidc::client_secret_basic).await;
    assert_eq!(secret_in(&shop).await, (true, false));
}

#[tokio::test]
async fn a_public_client_sends_its_name_alone() {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| settings.client_secret = None);
    let oidc = registered(&provider);
    let shop = Shop::at(provider, oidc, |builder| builder);
    assert_signed_in(&login(&shop, []).await, "none");
    let request = sent(&shop, Endpoint::Token);
    assert!(!request.headers.contains_key(AUTHORIZATION));
    assert_eq!(member(&request, "client_secret"), None);
    let id = member(&request, "client_id");
    assert_eq!(id.as_deref(), Some("local-demo-app"));
    assert_eq!(member(&request, "code_verifier").unwrap().len(), 43);
}

#[tokio::test]
async fn a_wrong_secret_is_for_the_operator() {
    for way in [Oidc::client_secret_basic, Oidc::client_secret_post] {
        let provider = LocalProvider::start().await.unwrap();
        let wrong = Oidc::new(provider.oidc_issuer(), provider.client_id(), "lpsecret-no");
        let shop = Shop::at(provider, way(wrong), |builder| builder);
        let page = login(&shop, []).await;
        assert_eq!(refusal(&page), (502, Misconfigured, None));
        assert_silent(&page, "lpsecret-no");
    }
}

#[tokio::test]
async fn the_verifier_of_the_challenge_is_sent_along() {
    let shop = open(|oidc| oidc.requires_pkce = true).await;
    assert_signed_in(&login(&shop, []).await, "with PKCE");
    let request = sent(&shop, Endpoint::Token);
    assert_eq!(member(&request, "code_verifier").unwrap().len(), 43);
    let redirect = member(&request, "redirect_uri");
    let expected = "http://127.0.0.1:3000/auth/callback/oidc";
    assert_eq!(redirect.as_deref(), Some(expected));
}

#[tokio::test]
async fn pkce_is_left_out_on_request_alone() {
    let shop = open_with(|_| {}, Oidc::without_pkce, |builder| builder).await;
    let away = shop.browser().visit("/").await;
    assert_eq!(parameter(&away, "code_challenge"), None);
    assert_signed_in(&login(&shop, []).await, "without PKCE");
    let request = sent(&shop, Endpoint::Token);
    assert_eq!(member(&request, "code_verifier"), None);
}

#[tokio::test]
async fn errors_of_the_token_endpoint_go_by_their_standard_names() {
    let shop = open(|_| {}).await;
    for (name, expected) in [
        ("invalid_grant", (400, CodeRejected, None)),
        ("invalid_client", (502, Misconfigured, None)),
        ("unauthorized_client", (502, Misconfigured, None)),
        ("temporarily_unavailable", (503, ProviderBusy, None)),
        ("of_its_own", (403, ProviderRefused, None)),
    ] {
        let error = json!({ "error": name, "error_description": "lpsecret-echo" });
        let fault = Fault::json(StatusCode::BAD_REQUEST, &error);
        let page = login(&shop, [(Endpoint::Token, fault)]).await;
        assert_eq!(refusal(&page), expected, "{name}");
        assert_silent(&page, "lpsecret-echo");
    }
}
