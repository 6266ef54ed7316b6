//! Sign-ins that succeed.

use super::Realm;
use crate::support::{
    browser::{location, text},
    shop::shop,
    user::User,
};
use serde_json::json;

#[tokio::test]
async fn a_user_with_a_verified_number_signs_in() {
    let realm = Realm::shared().await;
    let mut browser = shop(realm.client("plain", json!({})).await);
    let shown = browser.sign_in(User::agrees("jane")).await;
    assert!(shown.starts_with("+821012345678 Verified, "), "{shown}");
    assert!(
        shown.ends_with(", Person jane, jane@example.com true"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_user_with_a_session_at_keycloak_signs_in_without_a_page() {
    let realm = Realm::shared().await;
    let mut browser = shop(realm.client("single-sign-on", json!({})).await);
    let first = browser.sign_in(User::agrees("jane")).await;
    browser.forgets_the_shop();
    assert_eq!(browser.sign_in(User::agrees("unknown")).await, first);
}

#[tokio::test]
async fn consent_is_asked_for_once() {
    let realm = Realm::shared().await;
    let oidc = realm
        .client("with-consent", json!({ "consentRequired": true }))
        .await;
    let mut browser = shop(oidc);
    let jane = User::agrees("jane");
    assert!(browser.sign_in(jane).await.starts_with("+821012345678"));
    browser.forgets_the_shop();
    let away = browser.visit("/cart?x=1").await;
    let callback = browser.at_provider(&away, User::agrees("unknown")).await;
    let back = browser.visit(&callback).await;
    assert_eq!(location(&back), "/cart?x=1");
    assert!(text(&browser.visit("/cart?x=1").await).starts_with("+821012345678"));
}
