//! Signing out goes on to Hydra, and comes back.

use serde_json::json;
use tower_phone_auth::Oidc;

use super::Hydra;
use crate::support::{
    browser::{location, parameter, text},
    person::Person,
    shop::{ORIGIN, shop},
};

async fn leaving(hydra: &Hydra, id: &str) -> Oidc {
    let done = format!("{ORIGIN}/auth/logout/done");
    let settings = json!({ "post_logout_redirect_uris": [done] });
    hydra.client(id, settings).await.logout_at_provider()
}

#[tokio::test]
async fn signing_out_leads_through_hydras_logout_and_back() {
    let hydra = Hydra::shared().await;
    let mut browser = shop(leaving(&hydra, "leaving").await);
    browser.sign_in(Person::agrees("jane")).await;
    let away = browser.signs_out().await;
    let end = format!("{}/oauth2/sessions/logout?", hydra.issuer);
    assert!(location(&away).starts_with(&end), "{}", location(&away));
    assert!(parameter(&away, "id_token_hint").is_some());
    let back = browser.at_provider(&away, Person::agrees("nobody")).await;
    let done = browser.visit(&back).await;
    assert!(text(&done).contains("and of the sign-in service"));
    // There, too: the next sign-in asks for a login.
    let told = browser.sign_in(Person::agrees("mia")).await;
    assert!(told.contains("Person mia"), "{told}");
}

#[tokio::test]
async fn a_sign_out_of_an_ended_session_leads_back_too() {
    let hydra = Hydra::shared().await;
    let mut browser = shop(leaving(&hydra, "leaving-late").await);
    browser.sign_in(Person::agrees("jane")).await;
    let end = format!("{}/oauth2/sessions/logout", hydra.issuer);
    browser.goes(&end, Person::agrees("nobody")).await;
    let away = browser.signs_out().await;
    let back = browser.at_provider(&away, Person::agrees("nobody")).await;
    assert!(text(&browser.visit(&back).await).contains("and of the sign-in service"));
}
