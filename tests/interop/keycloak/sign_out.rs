//! Sign-outs that lead to Keycloak and back.

use serde_json::json;

use super::Realm;
use crate::support::{
    browser::{location, parameter, text},
    shop::{ORIGIN, shop},
    user::User,
};

#[tokio::test]
async fn signing_out_leads_through_keycloaks_logout_and_back() {
    let realm = Realm::shared().await;
    let attributes = json!({ "post.logout.redirect.uris": format!("{ORIGIN}/auth/logout/done") });
    let oidc = realm
        .client("sign-out", json!({ "attributes": attributes }))
        .await;
    let mut browser = shop(oidc.logout_at_provider());
    browser.sign_in(User::agrees("jane")).await;
    let away = browser.signs_out().await;
    let end = format!("{}/protocol/openid-connect/logout?", realm.issuer());
    assert!(location(&away).starts_with(&end), "{}", location(&away));
    assert!(parameter(&away, "id_token_hint").is_some());
    // Keycloak gets the ID token, so it asks no question.
    let back = browser.at_provider(&away, User::agrees("unknown")).await;
    let done = browser.visit(&back).await;
    assert!(text(&done).contains("out of this site and of"));
    let shown = browser.sign_in(User::agrees("mia")).await;
    assert!(shown.contains("Person mia"), "{shown}");
}

#[tokio::test]
async fn a_sign_out_of_an_ended_session_leads_back_too() {
    let realm = Realm::shared().await;
    let attributes = json!({ "post.logout.redirect.uris": "+" });
    let settings = json!({
        "attributes": attributes,
        "redirectUris": [format!("{ORIGIN}/auth/callback/keycloak"), format!("{ORIGIN}/auth/logout/done")],
    });
    let oidc = realm.client("sign-out-late", settings).await;
    let mut browser = shop(oidc.logout_at_provider());
    let user = realm
        .add_user(
            "late",
            json!({ "phoneNumber": ["+821012345678"], "phoneNumberVerified": ["true"] }),
        )
        .await;
    browser.sign_in(User::agrees("late")).await;
    realm
        .post(&format!("/users/{user}/logout"), json!(null))
        .await;
    let away = browser.signs_out().await;
    let back = browser.at_provider(&away, User::agrees("unknown")).await;
    assert!(text(&browser.visit(&back).await).contains("out of this site and of"));
}
