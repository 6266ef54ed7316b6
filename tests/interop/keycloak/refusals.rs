//! Users who do not get in.

use super::Realm;
use crate::support::{
    browser::refusal,
    person::{Person, Says},
    shop::shop,
};
use serde_json::json;
use tower_phone_auth::LoginErrorKind;

#[tokio::test]
async fn a_wrong_password_stays_at_keycloaks_page() {
    let realm = Realm::shared().await;
    let mut browser = shop(realm.client("wrong-password", json!({})).await);
    let away = browser.visit("/cart?x=1").await;
    for person in [Person::mistypes("jane"), Person::agrees("nobody")] {
        let page = browser.stays_at_provider(&away, person).await;
        assert!(page.contains("Invalid username or password"), "{page}");
    }
    assert!(
        browser
            .sign_in(Person::agrees("jane"))
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
    let jane = Person::agrees("jane");
    let back = browser.come_back(jane.says(Says::No)).await;
    assert_eq!(refusal(&back), (403, Some(LoginErrorKind::Cancelled)));
    assert!(browser.sign_in(jane).await.starts_with("+821012345678"));
}

#[tokio::test]
async fn a_number_that_is_not_said_to_be_verified_is_refused() {
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
        realm.person(login, attributes).await;
        let back = browser.another().come_back(Person::agrees(login)).await;
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
        realm.person(login, attributes).await;
        let back = browser.another().come_back(Person::agrees(login)).await;
        let why = LoginErrorKind::PhoneInvalid;
        assert_eq!(refusal(&back), (403, Some(why)), "{login}");
    }
}

/// Keycloak grants the scope, so there is nothing to agree to at a second attempt.
#[tokio::test]
async fn an_account_without_a_number_is_refused_at_once() {
    let realm = Realm::shared().await;
    let browser = shop(realm.client("no-number", json!({})).await);
    for (login, attributes) in [
        ("no-number-none", json!({})),
        ("no-number-empty", json!({ "phoneNumber": [""] })),
        ("no-number-flag", json!({ "phoneNumberVerified": ["true"] })),
    ] {
        realm.person(login, attributes).await;
        let back = browser.another().come_back(Person::agrees(login)).await;
        let why = LoginErrorKind::PhoneNotOnAccount;
        assert_eq!(refusal(&back), (403, Some(why)), "{login}");
    }
}
