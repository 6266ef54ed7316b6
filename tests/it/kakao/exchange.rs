//! The requests of the layer: the authorization request and the code exchange.

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{
    Method,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use tower_phone_auth::Kakao;
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Recorded, Settings};

use super::{form_value, sent};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{JIWOO, Page, location, parameter},
    shop::Shop,
};

/// Signs in. Returns the redirect to the provider and the request of the exchange.
async fn sign_in(shop: &Shop) -> (Page, Recorded) {
    let mut browser = shop.browser();
    let away = browser.visit("/").await;
    let callback = browser.act(&away, JIWOO).await;
    let back = browser.visit(&callback).await;
    assert_eq!(location(&back), "/");
    (away, sent(shop, Endpoint::Token))
}

/// A shop whose app is registered with this secret.
async fn with_secret(secret: Option<&str>) -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| settings.client_secret = secret.map(str::to_owned));
    let kakao = provider.kakao();
    Shop::at(provider, kakao, |builder| builder)
}

#[tokio::test]
async fn quirk_10_the_secret_is_sent_only_in_the_form() {
    let shop = Shop::open().await;
    let (away, exchange) = sign_in(&shop).await;
    assert_eq!(exchange.method, Method::POST);
    assert_eq!(exchange.query, None);
    assert!(!exchange.headers.contains_key(AUTHORIZATION));
    let content_type = exchange.headers[CONTENT_TYPE].to_str().unwrap();
    assert!(content_type.starts_with("application/x-www-form-urlencoded"));
    let secret = form_value(&exchange, "client_secret");
    assert_eq!(secret, shop.provider.client_secret());
    assert!(!location(&away).contains(&secret.unwrap()));
}

#[tokio::test]
async fn quirk_10_a_secret_with_special_characters_is_sent_unchanged() {
    let shop = with_secret(Some(Settings::AWKWARD_SECRET)).await;
    let (_, exchange) = sign_in(&shop).await;
    let secret = form_value(&exchange, "client_secret");
    assert_eq!(secret.as_deref(), Some(Settings::AWKWARD_SECRET));
}

#[tokio::test]
async fn quirk_11_an_app_without_a_secret_sends_no_client_secret() {
    let shop = with_secret(None).await;
    let (_, exchange) = sign_in(&shop).await;
    assert_eq!(form_value(&exchange, "client_secret"), None);
    assert_eq!(
        form_value(&exchange, "client_id"),
        Some(shop.provider.client_id())
    );
    assert!(!exchange.headers.contains_key(AUTHORIZATION));
}

#[tokio::test]
async fn no_parameter_of_the_exchange_is_sent_twice() {
    let shop = Shop::open().await;
    let (_, exchange) = sign_in(&shop).await;
    let mut names: Vec<_> = exchange.form().into_iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    let expected = ["client_id", "client_secret", "code", "code_verifier"];
    let expected = [&expected[..], &["grant_type", "redirect_uri"]].concat();
    assert_eq!(names, expected);
}

#[tokio::test]
async fn the_exchange_repeats_the_redirect_uri() {
    let shop = Shop::open().await;
    let (away, exchange) = sign_in(&shop).await;
    let registered = "http://127.0.0.1:3000/auth/callback/kakao";
    assert_eq!(
        parameter(&away, "redirect_uri").as_deref(),
        Some(registered)
    );
    assert_eq!(
        form_value(&exchange, "redirect_uri").as_deref(),
        Some(registered)
    );
}

#[tokio::test]
async fn the_code_is_bound_to_its_sign_in_by_pkce() {
    let shop = Shop::open().await;
    let (away, exchange) = sign_in(&shop).await;
    let verifier = form_value(&exchange, "code_verifier").unwrap();
    let hash = digest::digest(&digest::SHA256, verifier.as_bytes());
    let challenge = URL_SAFE_NO_PAD.encode(hash);
    assert_eq!(parameter(&away, "code_challenge"), Some(challenge));
    assert_eq!(
        parameter(&away, "code_challenge_method").as_deref(),
        Some("S256")
    );
    assert!((43..=128).contains(&verifier.len()));
}

#[tokio::test]
async fn every_sign_in_has_its_own_verifier() {
    let shop = Shop::open().await;
    let (first, _) = sign_in(&shop).await;
    let second = shop.browser().visit("/").await;
    for name in ["state", "nonce", "code_challenge"] {
        let values = (parameter(&first, name), parameter(&second, name));
        assert!(values.0.is_some() && values.0 != values.1, "{name}");
    }
}

#[tokio::test]
async fn without_pkce_no_parameter_of_pkce_is_sent() {
    let shop = Shop::with(Kakao::without_pkce, |builder| builder).await;
    let (away, exchange) = sign_in(&shop).await;
    assert!(!location(&away).contains("code_challenge"));
    assert_eq!(form_value(&exchange, "code_verifier"), None);
}

#[tokio::test]
async fn the_first_request_asks_for_the_scopes_of_the_console() {
    let shop = Shop::open().await;
    let away = shop.browser().visit("/").await;
    assert_eq!(parameter(&away, "scope"), None);
    assert_eq!(parameter(&away, "prompt"), None);
    assert_eq!(parameter(&away, "response_type").as_deref(), Some("code"));
}
