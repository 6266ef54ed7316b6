//! Client authentication.

use http::{StatusCode, header::AUTHORIZATION};
use serde_json::json;
use tower_phone_auth::{
    Oidc,
    error::LoginErrorKind::{CodeRejected, Misconfigured, ProviderBusy, RateLimited},
};
use tower_phone_auth_local_provider::{
    ClientAuthentication::{self, PrivateKeyJwt, SecretBasic, SecretPost},
    Endpoint, LocalProvider, Settings,
    faults::Fault,
};

use super::{
    assert_not_repeated, assert_signed_in, form_value, login, open, open_with, refusal, registered,
    sent,
};
use crate::support::{
    browser::{parameter, text},
    log::Log,
    shop::Shop,
};

async fn accepting(methods: &[ClientAuthentication], client: impl FnOnce(Oidc) -> Oidc) -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| {
        settings.client_secret = Some(Settings::AWKWARD_SECRET.to_owned());
        settings.client_id = "an id+with:awkward/characters%".to_owned();
        settings.oidc.client_authentication = methods.to_vec();
    });
    let oidc = client(registered(&provider));
    Shop::at(provider, oidc, |builder| builder)
}

/// Whether the secret was in the header, and whether it was in the body.
async fn secret_in(shop: &Shop) -> (bool, bool) {
    assert_signed_in(&login(shop, []).await, "client authentication");
    let request = sent(shop, Endpoint::Token);
    let posted = form_value(&request, "client_secret");
    assert!(posted.is_none_or(|secret| secret == Settings::AWKWARD_SECRET));
    assert_eq!(request.query, None);
    (
        request.headers.contains_key(AUTHORIZATION),
        form_value(&request, "client_secret").is_some(),
    )
}

#[tokio::test]
async fn basic_is_used_where_it_is_accepted() {
    for methods in [
        &[SecretBasic][..],
        &[SecretBasic, SecretPost],
        &[SecretPost, SecretBasic],
    ] {
        let shop = accepting(methods, |oidc| oidc).await;
        assert_eq!(secret_in(&shop).await, (true, false), "{methods:?}");
    }
}

#[tokio::test]
async fn the_body_is_used_where_basic_is_not_accepted() {
    for methods in [&[SecretPost][..], &[PrivateKeyJwt, SecretPost]] {
        let shop = accepting(methods, |oidc| oidc).await;
        assert_eq!(secret_in(&shop).await, (false, true), "{methods:?}");
    }
}

#[tokio::test]
async fn basic_is_used_where_nothing_is_announced() {
    let shop = accepting(&[SecretBasic], |oidc| oidc).await;
    let patch = json!({ "token_endpoint_auth_methods_supported": null });
    shop.provider.fail(Endpoint::Discovery, Fault::Merge(patch));
    assert_eq!(secret_in(&shop).await, (true, false));
}

#[tokio::test]
async fn a_setting_overrides_the_announced_methods() {
    let both = [SecretBasic, SecretPost];
    let shop = accepting(&both, Oidc::client_secret_post).await;
    assert_eq!(secret_in(&shop).await, (false, true));
    let shop = accepting(&both, Oidc::client_secret_basic).await;
    assert_eq!(secret_in(&shop).await, (true, false));
}

#[tokio::test]
async fn a_public_client_sends_only_its_client_id() {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| settings.client_secret = None);
    let oidc = registered(&provider);
    let shop = Shop::at(provider, oidc, |builder| builder);
    assert_signed_in(&login(&shop, []).await, "none");
    let request = sent(&shop, Endpoint::Token);
    assert!(!request.headers.contains_key(AUTHORIZATION));
    assert_eq!(form_value(&request, "client_secret"), None);
    let id = form_value(&request, "client_id");
    assert_eq!(id.as_deref(), Some("local-demo-app"));
    assert_eq!(form_value(&request, "code_verifier").unwrap().len(), 43);
}

#[tokio::test]
async fn a_wrong_secret_is_a_misconfiguration() {
    for way in [Oidc::client_secret_basic, Oidc::client_secret_post] {
        let provider = LocalProvider::start().await.unwrap();
        let wrong = Oidc::new(provider.oidc_issuer(), provider.client_id(), "lpsecret-no");
        let shop = Shop::at(provider, way(wrong), |builder| builder);
        let page = login(&shop, []).await;
        let because = (502, Misconfigured, Some("invalid_client"));
        assert_eq!(refusal(&page), because);
        assert_not_repeated(&page, "lpsecret-no");
    }
}

#[tokio::test]
async fn the_code_verifier_is_sent_with_the_code() {
    let shop = open(|oidc| oidc.requires_pkce = true).await;
    assert_signed_in(&login(&shop, []).await, "with PKCE");
    let request = sent(&shop, Endpoint::Token);
    assert_eq!(form_value(&request, "code_verifier").unwrap().len(), 43);
    let redirect = form_value(&request, "redirect_uri");
    let expected = "http://127.0.0.1:3000/auth/callback/oidc";
    assert_eq!(redirect.as_deref(), Some(expected));
}

#[tokio::test]
async fn pkce_is_left_out_only_by_a_setting() {
    let shop = open_with(|_| {}, Oidc::without_pkce, |builder| builder).await;
    let away = shop.browser().visit("/").await;
    assert_eq!(parameter(&away, "code_challenge"), None);
    assert_signed_in(&login(&shop, []).await, "without PKCE");
    let request = sent(&shop, Endpoint::Token);
    assert_eq!(form_value(&request, "code_verifier"), None);
}

#[tokio::test]
async fn errors_of_the_token_endpoint_are_known_by_their_standard_codes() {
    let shop = open_with(|_| {}, Oidc::client_secret_basic, |builder| builder).await;
    let ours = |name| (502, Misconfigured, Some(name));
    for (status, name, expected) in [
        (400, "invalid_grant", (400, CodeRejected, None)),
        (400, "invalid_client", ours("invalid_client")),
        (400, "unauthorized_client", ours("unauthorized_client")),
        (400, "temporarily_unavailable", (503, ProviderBusy, None)),
        (400, "of_its_own", ours("of_its_own")),
        (400, "invalid_request", ours("invalid_request")),
        (400, "invalid_dpop_proof", ours("invalid_dpop_proof")),
        (400, "use_dpop_nonce", ours("use_dpop_nonce")),
        (400, "invalid_target", ours("invalid_target")),
        (403, "access_denied", ours("access_denied")),
        (404, "", ours("404")),
        (408, "of_its_own", (503, ProviderBusy, None)),
        (425, "of_its_own", (503, ProviderBusy, None)),
        (429, "of_its_own", (503, RateLimited, None)),
    ] {
        let error = json!({ "error": name, "error_description": "lpsecret-echo" });
        let fault = Fault::json(StatusCode::from_u16(status).unwrap(), &error);
        let page = login(&shop, [(Endpoint::Token, fault)]).await;
        assert_eq!(refusal(&page), expected, "{status} {name}");
        assert_not_repeated(&page, "lpsecret-echo");
    }
}

#[tokio::test]
async fn an_error_code_is_cleaned_and_shortened_before_it_is_logged() {
    let shop = open(|_| {}).await;
    let long = "x".repeat(5_000);
    for (name, shown) in [
        ("invalid request\r\nsign_in", "invalidrequestsign_in"),
        ("<script>alert(1)</script>", "scriptalert1script"),
        ("\u{1b}[31mred", "31mred"),
        (long.as_str(), &long[..64]),
    ] {
        let error = json!({ "error": name });
        let fault = Fault::json(StatusCode::BAD_REQUEST, &error);
        let log = Log::capture();
        let page = login(&shop, [(Endpoint::Token, fault)]).await;
        assert_eq!(refusal(&page), (502, Misconfigured, Some(shown)));
        assert!(!text(&page).contains(shown), "{shown}");
        let line = log.text();
        let line = line.lines().find(|line| line.contains("refusal")).unwrap();
        assert!(line.contains("ERROR"), "{line}");
        assert!(line.contains(&format!("code=\"{shown}\"")), "{line}");
    }
}

#[tokio::test]
async fn an_error_code_that_repeats_the_secret_is_not_logged() {
    let shop = open(|_| {}).await;
    let secret = shop.provider.client_secret().unwrap();
    let spaced = secret.replace('-', " - ");
    for name in [secret.to_owned(), format!("bad_secret_{secret}"), spaced] {
        let error = json!({ "error": name });
        let fault = Fault::json(StatusCode::BAD_REQUEST, &error);
        let page = login(&shop, [(Endpoint::Token, fault)]).await;
        assert_eq!(refusal(&page), (502, Misconfigured, Some("400")), "{name}");
    }
}

#[tokio::test]
async fn a_page_in_place_of_an_error_is_a_misconfiguration_and_an_outage_is_not() {
    let shop = open(|_| {}).await;
    for (status, expected) in [
        (400, (502, Misconfigured, Some("400"))),
        (403, (502, Misconfigured, Some("403"))),
        (429, (503, RateLimited, None)),
        (503, (503, ProviderBusy, None)),
    ] {
        let fault = Fault::Answer {
            status: StatusCode::from_u16(status).unwrap(),
            content_type: Some("text/html".to_owned()),
            body: b"<!doctype html><title>no</title>".to_vec(),
            headers: http::HeaderMap::new(),
        };
        let page = login(&shop, [(Endpoint::Token, fault)]).await;
        assert_eq!(refusal(&page), expected, "{status}");
    }
}
