//! The issuer in the metadata and in the callback (RFC 9207).

use tower_phone_auth::{Oidc, error::LoginErrorKind};

use super::basic;
use crate::support::{
    browser::{altered, location, refusal},
    provider::Provider,
    shop::{SECRET, shop},
    user::{Says, User},
};

#[tokio::test]
async fn a_callback_with_the_issuer_is_accepted() {
    let provider = Provider::node(&[]).await;
    let mut browser = shop(basic(&provider));
    let away = browser.visit("/cart?x=1").await;
    let callback = browser.at_provider(&away, User::agrees("verified")).await;
    let named = altered(&callback, "iss", Some(&provider.issuer));
    assert_eq!(named.len(), callback.len());
    assert_eq!(location(&browser.visit(&callback).await), "/cart?x=1");
}

#[tokio::test]
async fn a_callback_of_another_issuer_or_of_none_is_refused() {
    let provider = Provider::node(&[]).await;
    let browser = shop(basic(&provider));
    let with_slash = format!("{}/", provider.issuer);
    for issuer in [Some("https://id.example.com"), Some(&with_slash), None] {
        let mut browser = browser.another();
        let away = browser.visit("/cart?x=1").await;
        let callback = browser.at_provider(&away, User::agrees("verified")).await;
        let back = browser.visit(&altered(&callback, "iss", issuer)).await;
        let why = LoginErrorKind::IssuerMismatch;
        assert_eq!(refusal(&back), (400, Some(why)), "{issuer:?}");
    }
}

#[tokio::test]
async fn an_error_of_another_issuer_is_refused() {
    let provider = Provider::node(&[]).await;
    let mut browser = shop(basic(&provider));
    let away = browser.visit("/cart?x=1").await;
    let user = User::agrees("verified").says(Says::No);
    let callback = browser.at_provider(&away, user).await;
    let other = altered(&callback, "iss", Some("https://id.example.com"));
    let back = browser.visit(&other).await;
    assert_eq!(refusal(&back), (400, Some(LoginErrorKind::IssuerMismatch)));
}

#[tokio::test]
async fn an_issuer_that_the_provider_writes_differently_is_a_misconfiguration() {
    let provider = Provider::node(&[]).await;
    let slash = format!("{}/", provider.issuer);
    let mut browser = shop(Oidc::new(slash, "basic:client", SECRET));
    let refused = browser.visit("/").await;
    assert_eq!(
        refusal(&refused),
        (502, Some(LoginErrorKind::Misconfigured))
    );
}

#[tokio::test]
async fn a_code_from_another_sign_in_is_refused() {
    let provider = Provider::node(&[]).await;
    let mut thief = shop(basic(&provider));
    let mut victim = thief.another();
    let away = victim.visit("/").await;
    let stolen = victim.at_provider(&away, User::agrees("verified")).await;
    let stolen = url::Url::parse("http://shop")
        .unwrap()
        .join(&stolen)
        .unwrap();
    let mut pairs = stolen.query_pairs();
    let code = pairs.find_map(|(name, value)| (name == "code").then_some(value));
    let away = thief.visit("/").await;
    let own = thief.at_provider(&away, User::agrees("spaced")).await;
    let back = thief.visit(&altered(&own, "code", code.as_deref())).await;
    assert_eq!(refusal(&back), (400, Some(LoginErrorKind::CodeRejected)));
}
