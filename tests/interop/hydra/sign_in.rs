//! Users sign in.

use serde_json::json;

use super::Hydra;
use crate::support::{person::Person, shop::shop};

#[tokio::test]
async fn a_user_with_a_verified_number_signs_in() {
    let hydra = Hydra::shared().await;
    let mut browser = shop(hydra.client("plain", json!({})).await);
    assert_eq!(
        browser.sign_in(Person::agrees("jane")).await,
        "+821012345678 Verified, jane, Person jane, jane@example.com true"
    );
}

#[tokio::test]
async fn a_user_with_a_session_at_hydra_gives_no_password_again() {
    let hydra = Hydra::shared().await;
    let mut browser = shop(hydra.client("single-sign-on", json!({})).await);
    let first = browser.sign_in(Person::agrees("mia")).await;
    assert!(first.starts_with("+821087654321 Verified, mia"), "{first}");
    browser.forgets_the_shop();
    assert_eq!(browser.sign_in(Person::mistypes("nobody")).await, first);
}

#[tokio::test]
async fn two_tabs_sign_in_whatever_their_order() {
    let hydra = Hydra::shared().await;
    let mut browser = shop(hydra.client("two-tabs", json!({})).await);
    let jane = Person::agrees("jane");
    let first = browser.visit("/cart?x=1").await;
    let second = browser.visit("/orders").await;
    for (away, page) in [(second, "/orders"), (first, "/cart?x=1")] {
        let callback = browser.at_provider(&away, jane).await;
        let back = browser.visit(&callback).await;
        assert_eq!(crate::support::browser::location(&back), page);
    }
}

/// Hydra's pairwise subjects depend on the client; a signed userinfo is a token of its own.
#[tokio::test]
async fn userinfo_may_be_a_signed_token() {
    let hydra = Hydra::shared().await;
    let settings = json!({ "userinfo_signed_response_alg": "RS256" });
    let mut browser = shop(hydra.client("signed-userinfo", settings).await);
    let told = browser.sign_in(Person::agrees("jane")).await;
    assert!(told.starts_with("+821012345678 Verified, jane"), "{told}");
}

#[tokio::test]
async fn a_page_behind_a_new_proof_asks_for_the_password_again() {
    let hydra = Hydra::shared().await;
    let mut browser = shop(hydra.client("step-up", json!({})).await);
    browser.sign_in(Person::agrees("jane")).await;
    browser.forgets_the_shop();
    let away = browser.visit("/pay").await;
    let page = browser.page_of_provider(&away).await;
    assert!(page.contains("name=\"password\""), "{page}");
    let callback = browser.at_provider(&away, Person::agrees("jane")).await;
    let back = browser.visit(&callback).await;
    assert_eq!(crate::support::browser::location(&back), "/pay");
    assert!(browser.visit("/pay").await.status().is_success());
}
