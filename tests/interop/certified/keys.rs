//! Signatures and key rotation.

use super::{basic, client};
use crate::support::{browser::location, provider::Provider, shop::shop, user::User};

#[tokio::test]
async fn every_signing_algorithm_is_verified() {
    let provider = Provider::node(&[]).await;
    for algorithm in ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"] {
        let mut browser = shop(client(&provider, algorithm));
        let shown = browser.sign_in(User::agrees("verified")).await;
        assert!(shown.starts_with("+821012345678 Verified"), "{algorithm}");
    }
}

#[tokio::test]
async fn userinfo_may_be_a_signed_token() {
    let provider = Provider::node(&[]).await;
    let mut browser = shop(client(&provider, "signed-userinfo"));
    assert_eq!(
        browser.sign_in(User::agrees("verified")).await,
        "+821012345678 Verified, verified, Person verified, verified@example.com true"
    );
}

#[tokio::test]
async fn keys_rotated_between_two_sign_ins_are_fetched_at_once() {
    let provider = Provider::node(&[]).await;
    for id in ["basic:client", "signed-userinfo"] {
        let browser = shop(client(&provider, id));
        browser.another().sign_in(User::agrees("verified")).await;
        provider.rotates_its_keys().await;
        browser.another().sign_in(User::agrees("verified")).await;
    }
}

#[tokio::test]
async fn keys_rotated_just_before_signing_are_fetched_at_once() {
    let provider = Provider::node(&[]).await;
    let browser = shop(basic(&provider));
    browser.another().sign_in(User::agrees("verified")).await;
    let mut browser = browser.another();
    let away = browser.visit("/cart").await;
    let callback = browser.at_provider(&away, User::agrees("verified")).await;
    provider.rotates_its_keys().await;
    assert_eq!(location(&browser.visit(&callback).await), "/cart");
}
