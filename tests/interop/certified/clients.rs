//! Client authentication and pushed authorization requests (RFC 9126).

use tower_phone_auth::{Oidc, error::LoginErrorKind};

use super::{basic, client};
use crate::support::{
    browser::{location, parameter, refusal},
    provider::Provider,
    shop::shop,
    user::User,
};

fn every_method(provider: &Provider) -> [Oidc; 4] {
    [
        basic(provider),
        basic(provider).client_secret_basic(),
        client(provider, "post").client_secret_post(),
        Oidc::without_secret(&provider.issuer, "none"),
    ]
}

#[tokio::test]
async fn a_secret_is_accepted_as_basic_and_in_the_body_and_may_be_absent() {
    let provider = Provider::node(&[]).await;
    for oidc in every_method(&provider) {
        let shown = shop(oidc.clone()).sign_in(User::agrees("verified")).await;
        assert!(shown.starts_with("+821012345678"), "{oidc:?}");
    }
}

#[tokio::test]
async fn a_wrong_secret_is_a_misconfiguration() {
    let provider = Provider::node(&[]).await;
    let wrong = |id| Oidc::new(&provider.issuer, id, "wrong");
    for oidc in [wrong("basic:client"), wrong("post").client_secret_post()] {
        let mut browser = shop(oidc);
        let back = browser.come_back(User::agrees("verified")).await;
        assert_eq!(refusal(&back), (502, Some(LoginErrorKind::Misconfigured)));
    }
}

#[tokio::test]
async fn a_provider_that_requires_pushed_requests_gets_them() {
    let provider = Provider::node(&["--require-par"]).await;
    for oidc in every_method(&provider) {
        let mut browser = shop(oidc);
        let away = browser.visit("/cart").await;
        assert!(parameter(&away, "request_uri").unwrap().starts_with("urn:"));
        for name in ["state", "nonce", "code_challenge", "redirect_uri", "scope"] {
            assert_eq!(parameter(&away, name), None, "{name}");
        }
        let callback = browser.at_provider(&away, User::agrees("verified")).await;
        assert_eq!(location(&browser.visit(&callback).await), "/cart");
    }
}

#[tokio::test]
async fn a_refused_pushed_request_is_reported_before_the_redirect() {
    let provider = Provider::node(&["--require-par"]).await;
    for wrong in [
        Oidc::new(&provider.issuer, "basic:client", "wrong"),
        Oidc::new(&provider.issuer, "unknown", "wrong"),
        Oidc::without_secret(&provider.issuer, "basic:client"),
    ] {
        let refused = shop(wrong).visit("/").await;
        let why = LoginErrorKind::Misconfigured;
        assert_eq!(refusal(&refused), (502, Some(why)));
    }
}

#[tokio::test]
async fn an_unknown_scope_is_ignored_by_the_provider() {
    let provider = Provider::node(&[]).await;
    let mut browser = shop(basic(&provider).scope("unknown"));
    let shown = browser.sign_in(User::agrees("verified")).await;
    assert!(shown.starts_with("+821012345678"));
}
