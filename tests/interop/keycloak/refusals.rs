//! Sign-ins that are refused.

use super::Realm;
use crate::support::{
    browser::refusal,
    shop::shop,
    user::{Says, User},
};
use serde_json::json;
use tower_phone_auth::error::LoginErrorKind;

#[tokio::test]
async fn a_user_with_a_wrong_password_stays_at_keycloaks_page() {
    let realm = Realm::shared().await;
    let mut browser = shop(realm.client("wrong-password", json!({})).await);
    let away = browser.visit("/cart?x=1").await;
    for user in [User::mistypes("jane"), User::agrees("unknown")] {
        let page = browser.stays_at_provider(&away, user).await;
        assert!(page.contains("Invalid username or password"), "{page}");
    }
    assert!(
        browser
            .sign_in(User::agrees("jane"))
            .await
            .starts_with("+821012345678")
    );
}

#[tokio::test]
async fn refused_consent_is_a_cancelled_sign_in() {
    let realm = Realm::shared().await;
    let oidc = realm
        .client("refused-consent", json!({ "consentRequired": true }))
        .await;
    let mut browser = shop(oidc);
    let jane = User::agrees("jane");
    let back = browser.come_back(jane.says(Says::No)).await;
    assert_eq!(refusal(&back), (403, Some(LoginErrorKind::Cancelled)));
    assert!(browser.sign_in(jane).await.starts_with("+821012345678"));
}

#[tokio::test]
async fn a_number_without_the_flag_verified_is_refused() {
    let realm = Realm::shared().await;
    let browser = shop(realm.client("unverified", json!({})).await);
    let number = "+821012345678";
    for (login, attributes) in [
        (
            "unverified-false",
            json!({ "phoneNumber": [number], "phoneNumberVerified": ["false"] }),
        ),
        (
            "unverified-yes",
            json!({ "phoneNumber": [number], "phoneNumberVerified": ["yes"] }),
        ),
        ("unverified-unsaid", json!({ "phoneNumber": [number] })),
    ] {
        realm.add_user(login, attributes).await;
        let back = browser.another().come_back(User::agrees(login)).await;
        let why = LoginErrorKind::PhoneNotVerified;
        assert_eq!(refusal(&back), (403, Some(why)), "{login}");
    }
}

#[tokio::test]
async fn a_number_that_cannot_be_dialled_is_refused() {
    let realm = Realm::shared().await;
    let browser = shop(realm.client("invalid", json!({})).await);
    for (login, number) in [
        ("invalid-national", "010-1234-5678"),
        ("invalid-short", "+8210"),
        ("invalid-text", "none"),
    ] {
        let attributes = json!({ "phoneNumber": [number], "phoneNumberVerified": ["true"] });
        realm.add_user(login, attributes).await;
        let back = browser.another().come_back(User::agrees(login)).await;
        let why = LoginErrorKind::PhoneInvalid;
        assert_eq!(refusal(&back), (403, Some(why)), "{login}");
    }
}

/// Keycloak has granted the scope, so a second request would change nothing.
#[tokio::test]
async fn an_account_without_a_number_is_refused_at_once() {
    let realm = Realm::shared().await;
    let browser = shop(realm.client("no-number", json!({})).await);
    for (login, attributes) in [
        ("no-number-none", json!({})),
        ("no-number-empty", json!({ "phoneNumber": [""] })),
        ("no-number-flag", json!({ "phoneNumberVerified": ["true"] })),
    ] {
        realm.add_user(login, attributes).await;
        let back = browser.another().come_back(User::agrees(login)).await;
        let why = LoginErrorKind::PhoneNotOnAccount;
        assert_eq!(refusal(&back), (403, Some(why)), "{login}");
    }
}
