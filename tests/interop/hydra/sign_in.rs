//! Sign-ins that succeed.

use serde_json::json;

use super::Hydra;
use crate::support::{browser::location, shop::shop, user::User};

#[tokio::test]
async fn a_user_with_a_verified_number_signs_in() {
    let hydra = Hydra::shared().await;
    let mut browser = shop(hydra.client("plain", json!({})).await);
    assert_eq!(
        browser.sign_in(User::agrees("jane")).await,
        "+821012345678 Verified, jane, Person jane, jane@example.com true"
    );
}

#[tokio::test]
async fn a_user_with_a_session_at_hydra_gives_no_password_again() {
    let hydra = Hydra::shared().await;
    let mut browser = shop(hydra.client("single-sign-on", json!({})).await);
    let first = browser.sign_in(User::agrees("mia")).await;
    assert!(first.starts_with("+821087654321 Verified, mia"), "{first}");
    browser.forgets_the_shop();
    assert_eq!(browser.sign_in(User::mistypes("unknown")).await, first);
}

#[tokio::test]
async fn two_tabs_sign_in_whatever_their_order() {
    let hydra = Hydra::shared().await;
    let mut browser = shop(hydra.client("two-tabs", json!({})).await);
    let jane = User::agrees("jane");
    let first = browser.visit("/cart?x=1").await;
    let second = browser.visit("/orders").await;
    for (away, page) in [(second, "/orders"), (first, "/cart?x=1")] {
        let callback = browser.at_provider(&away, jane).await;
        let back = browser.visit(&callback).await;
        assert_eq!(location(&back), page);
    }
}

#[tokio::test]
async fn userinfo_may_be_a_signed_token() {
    let hydra = Hydra::shared().await;
    let settings = json!({ "userinfo_signed_response_alg": "RS256" });
    let mut browser = shop(hydra.client("signed-userinfo", settings).await);
    let shown = browser.sign_in(User::agrees("jane")).await;
    assert!(shown.starts_with("+821012345678 Verified, jane"), "{shown}");
}
