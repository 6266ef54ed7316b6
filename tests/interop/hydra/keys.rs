//! Key rotation at Hydra, whose metadata announce only the algorithm of the newest key.

use serde_json::json;
use tower_phone_auth::error::LoginErrorKind;

use super::Hydra;
use crate::support::{
    browser::{location, refusal},
    shop::shop,
    user::User,
};

const JANE: &str = "jane";

#[tokio::test]
async fn a_new_key_of_the_same_algorithm_is_fetched_at_the_next_sign_in() {
    let hydra = Hydra::start().await;
    let shop = shop(hydra.client("rotated", json!({})).await);
    for _ in 0..3 {
        hydra.signs_with("ES256").await;
        shop.another().sign_in(User::agrees(JANE)).await;
    }
}

/// Hydra computes `at_hash` with SHA-256 for every algorithm.
#[tokio::test]
async fn a_new_key_of_another_algorithm_is_fetched_at_the_next_sign_in() {
    let hydra = Hydra::start().await;
    let oidc = hydra.client("algorithms", json!({})).await;
    for algorithm in ["ES256", "ES384", "EdDSA", "ES512"] {
        // This signs in with the first key, or with the key of the last turn.
        let shop = shop(oidc.clone());
        shop.another().sign_in(User::agrees(JANE)).await;
        hydra.signs_with(algorithm).await;
        let back = shop.another().come_back(User::agrees(JANE)).await;
        assert_eq!(location(&back), "/cart?x=1", "{algorithm}");
    }
}

/// Hydra signs the ID token with the new key and names the old one, so the signature is invalid.
#[tokio::test]
async fn a_key_that_changes_while_the_user_is_at_hydra_costs_one_more_sign_in() {
    let hydra = Hydra::start().await;
    let mut browser = shop(hydra.client("meanwhile", json!({})).await);
    browser.another().sign_in(User::agrees(JANE)).await;
    let away = browser.visit("/cart").await;
    let callback = browser.at_provider(&away, User::agrees(JANE)).await;
    hydra.signs_with("ES256").await;
    let back = browser.visit(&callback).await;
    let why = LoginErrorKind::IdTokenRejected;
    assert_eq!(refusal(&back), (502, Some(why)));
    browser.another().sign_in(User::agrees(JANE)).await;
}
