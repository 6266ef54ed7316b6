//! Further parameters of authorization requests.

use serde_json::json;

use super::Realm;
use crate::support::{
    browser::{location, parameter},
    shop::shop,
    user::User,
};

#[tokio::test]
async fn a_login_hint_fills_in_the_user_name() {
    let realm = Realm::shared().await;
    let mut browser = shop(realm.client("hinted", json!({})).await);
    let away = browser
        .visit("/auth/login?login_hint=jane&return_to=%2Fcart")
        .await;
    let page = browser.page_of_provider(&away).await;
    assert!(page.contains("value=\"jane\""), "{page}");
    let callback = browser.at_provider(&away, User::agrees("jane")).await;
    assert_eq!(location(&browser.visit(&callback).await), "/cart");
}

#[tokio::test]
async fn fixed_parameters_reach_keycloak() {
    let realm = Realm::shared().await;
    let oidc = realm.client("korean", json!({})).await;
    let mut plain = shop(oidc.clone());
    let away = plain.visit("/cart").await;
    assert!(plain.page_of_provider(&away).await.contains("lang=\"en\""));
    let korean = oidc
        .authorize_with("ui_locales", "ko")
        .authorize_with("acr_values", "1");
    let mut browser = shop(korean);
    let away = browser.visit("/cart?x=1").await;
    assert_eq!(parameter(&away, "acr_values").as_deref(), Some("1"));
    assert!(
        browser
            .page_of_provider(&away)
            .await
            .contains("lang=\"ko\"")
    );
    let shown = browser.sign_in(User::agrees("jane")).await;
    assert!(shown.starts_with("+821012345678 Verified"), "{shown}");
}

#[tokio::test]
async fn a_scope_that_the_client_lacks_is_a_misconfiguration() {
    let realm = Realm::shared().await;
    let oidc = realm.client("unscoped", json!({})).await;
    for scope in ["unknown", "offline", "phone_number"] {
        let back = shop(oidc.clone().scope(scope))
            .come_back(User::agrees("jane"))
            .await;
        let why = tower_phone_auth::error::LoginErrorKind::Misconfigured;
        assert_eq!(
            crate::support::browser::refusal(&back),
            (502, Some(why)),
            "{scope}"
        );
    }
}
