//! How the application proves who it is, and pushed requests (RFC 9126).

use tower_phone_auth::{LoginErrorKind, Oidc};

use super::{basic, client};
use crate::support::{
    browser::{location, parameter, refusal},
    person::Person,
    provider::Provider,
    shop::shop,
};

fn every_way(provider: &Provider) -> [Oidc; 4] {
    [
        basic(provider),
        basic(provider).client_secret_basic(),
        client(provider, "post").client_secret_post(),
        Oidc::without_secret(&provider.issuer, "none"),
    ]
}

#[tokio::test]
async fn a_secret_goes_as_basic_or_in_the_body_and_none_is_fine() {
    let provider = Provider::node(&[]).await;
    for oidc in every_way(&provider) {
        let told = shop(oidc.clone()).sign_in(Person::agrees("verified")).await;
        assert!(told.starts_with("+821012345678"), "{oidc:?}");
    }
}

#[tokio::test]
async fn a_wrong_secret_is_a_wrong_setting() {
    let provider = Provider::node(&[]).await;
    let wrong = |id| Oidc::new(&provider.issuer, id, "wrong");
    for oidc in [wrong("basic:client"), wrong("post").client_secret_post()] {
        let mut browser = shop(oidc);
        let back = browser.come_back(Person::agrees("verified")).await;
        assert_eq!(refusal(&back), (502, Some(LoginErrorKind::Misconfigured)));
    }
}

#[tokio::test]
async fn a_provider_that_requires_pushed_requests_gets_them() {
    let provider = Provider::node(&["--require-par"]).await;
    for oidc in every_way(&provider) {
        let mut browser = shop(oidc);
        let away = browser.visit("/cart").await;
        assert!(parameter(&away, "request_uri").unwrap().starts_with("urn:"));
        for name in ["state", "nonce", "code_challenge", "redirect_uri", "scope"] {
            assert_eq!(parameter(&away, name), None, "{name}");
        }
        let callback = browser.at_provider(&away, Person::agrees("verified")).await;
        assert_eq!(location(&browser.visit(&callback).await), "/cart");
    }
}

#[tokio::test]
async fn a_refused_push_is_told_before_anybody_is_sent_away() {
    let provider = Provider::node(&["--require-par"]).await;
    for wrong in [
        Oidc::new(&provider.issuer, "basic:client", "wrong"),
        Oidc::new(&provider.issuer, "nobody", "wrong"),
        Oidc::without_secret(&provider.issuer, "basic:client"),
    ] {
        let refused = shop(wrong).visit("/").await;
        let why = LoginErrorKind::Misconfigured;
        assert_eq!(refusal(&refused), (502, Some(why)));
    }
}

#[tokio::test]
async fn a_scope_that_the_provider_does_not_know_is_passed_over() {
    let provider = Provider::node(&[]).await;
    let mut browser = shop(basic(&provider).scope("unheard-of"));
    let told = browser.sign_in(Person::agrees("verified")).await;
    assert!(told.starts_with("+821012345678"));
}
