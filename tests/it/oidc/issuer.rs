//! The parameter `iss` of a callback (RFC 9207).

use std::time::Duration;

use tower_phone_auth::error::LoginErrorKind::IssuerMismatch;
use tower_phone_auth_local_provider::{Endpoint, faults::CallbackIss};

use super::{assert_signed_in, login, open, refusal};
use crate::support::browser::{JIWOO, altered};

#[tokio::test]
async fn the_right_issuer_passes_announced_or_not() {
    for sent in [CallbackIss::On, CallbackIss::Unannounced, CallbackIss::Off] {
        let shop = open(|oidc| oidc.callback_iss = sent.clone()).await;
        assert_signed_in(&login(&shop, []).await, &format!("{sent:?}"));
    }
}

#[tokio::test]
async fn quirk_32_a_wrong_issuer_is_refused_before_the_code_is_used() {
    let other = CallbackIss::Other("https://id.example.com".to_owned());
    let shop = open(|oidc| oidc.callback_iss = other).await;
    let page = login(&shop, []).await;
    assert_eq!(refusal(&page), (400, IssuerMismatch, None));
    assert_eq!(shop.provider.count(Endpoint::Token), 0);
}

#[tokio::test]
async fn quirk_32_a_wrong_issuer_is_refused_where_none_is_announced() {
    let shop = open(|_| {}).await;
    let right = shop.provider.oidc_issuer();
    for issuer in [
        "https://id.example.com".to_owned(),
        format!("{right}/"),
        right.to_uppercase(),
        String::new(),
    ] {
        let mut browser = shop.browser();
        let away = browser.visit("/").await;
        let callback = browser.act(&away, JIWOO).await;
        let page = browser
            .visit(&altered(&callback, "iss", Some(&issuer)))
            .await;
        assert_eq!(refusal(&page), (400, IssuerMismatch, None), "{issuer}");
    }
    assert_eq!(shop.provider.count(Endpoint::Token), 0);
}

#[tokio::test]
async fn an_issuer_that_is_announced_and_missing_is_refused() {
    let shop = open(|oidc| oidc.callback_iss = CallbackIss::Missing).await;
    let page = login(&shop, []).await;
    assert_eq!(refusal(&page), (400, IssuerMismatch, Some("iss_missing")));
    assert_eq!(shop.provider.count(Endpoint::Token), 0);
}

#[tokio::test]
async fn an_announced_issuer_that_is_missing_is_refused_without_any_call() {
    let shop = open(|oidc| oidc.callback_iss = CallbackIss::Missing).await;
    let mut browser = shop.browser();
    browser.visit("/").await;
    // The metadata become outdated shortly after the sign-in begins.
    shop.time.pass(Duration::from_secs((23 * 60 + 50) * 60));
    let away = browser.visit("/").await;
    let callback = browser.act(&away, JIWOO).await;
    shop.time.pass(Duration::from_secs(20 * 60));
    let before = shop.provider.requests().len();
    let page = browser.visit(&callback).await;
    assert_eq!(refusal(&page), (400, IssuerMismatch, Some("iss_missing")));
    assert_eq!(shop.provider.requests().len(), before);
}
