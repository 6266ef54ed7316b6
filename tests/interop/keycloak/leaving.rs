//! Signing out goes on to Keycloak, and comes back.

use serde_json::json;

use super::Realm;
use crate::support::{
    browser::{location, parameter, text},
    person::Person,
    shop::{ORIGIN, shop},
};

#[tokio::test]
async fn signing_out_leads_through_keycloaks_logout_and_back() {
    let realm = Realm::shared().await;
    let attributes = json!({ "post.logout.redirect.uris": format!("{ORIGIN}/auth/logout/done") });
    let oidc = realm
        .client("leaving", json!({ "attributes": attributes }))
        .await;
    let mut browser = shop(oidc.logout_at_provider());
    browser.sign_in(Person::agrees("jane")).await;
    let away = browser.signs_out().await;
    let end = format!("{}/protocol/openid-connect/logout?", realm.issuer());
    assert!(location(&away).starts_with(&end), "{}", location(&away));
    assert!(parameter(&away, "id_token_hint").is_some());
    // With the ID token, Keycloak asks nothing.
    let back = browser.at_provider(&away, Person::agrees("nobody")).await;
    let done = browser.visit(&back).await;
    assert!(text(&done).contains("and of the sign-in service"));
    let told = browser.sign_in(Person::agrees("mia")).await;
    assert!(told.contains("Person mia"), "{told}");
}

#[tokio::test]
async fn a_sign_out_of_an_ended_session_leads_back_too() {
    let realm = Realm::shared().await;
    let attributes = json!({ "post.logout.redirect.uris": "+" });
    let settings = json!({
        "attributes": attributes,
        "redirectUris": [format!("{ORIGIN}/auth/callback/keycloak"), format!("{ORIGIN}/auth/logout/done")],
    });
    let oidc = realm.client("leaving-late", settings).await;
    let mut browser = shop(oidc.logout_at_provider());
    let user = realm
        .person(
            "late",
            json!({ "phoneNumber": ["+821012345678"], "phoneNumberVerified": ["true"] }),
        )
        .await;
    browser.sign_in(Person::agrees("late")).await;
    realm
        .post(&format!("/users/{user}/logout"), json!(null))
        .await;
    let away = browser.signs_out().await;
    let back = browser.at_provider(&away, Person::agrees("nobody")).await;
    assert!(text(&browser.visit(&back).await).contains("and of the sign-in service"));
}
