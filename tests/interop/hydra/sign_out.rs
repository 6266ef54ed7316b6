//! Sign-outs that lead to Hydra and back.

use serde_json::json;
use tower_phone_auth::Oidc;

use super::Hydra;
use crate::support::{
    browser::{location, parameter, text},
    shop::{ORIGIN, shop},
    user::User,
};

async fn with_sign_out(hydra: &Hydra, id: &str) -> Oidc {
    let done = format!("{ORIGIN}/auth/logout/done");
    let settings = json!({ "post_logout_redirect_uris": [done] });
    hydra.client(id, settings).await.logout_at_provider()
}

#[tokio::test]
async fn signing_out_leads_through_hydras_logout_and_back() {
    let hydra = Hydra::shared().await;
    let mut browser = shop(with_sign_out(&hydra, "sign-out").await);
    browser.sign_in(User::agrees("jane")).await;
    let away = browser.signs_out().await;
    let end = format!("{}/oauth2/sessions/logout?", hydra.issuer);
    assert!(location(&away).starts_with(&end), "{}", location(&away));
    assert!(parameter(&away, "id_token_hint").is_some());
    let back = browser.at_provider(&away, User::agrees("unknown")).await;
    let done = browser.visit(&back).await;
    assert!(text(&done).contains("out of this site and of"));
    // The session at Hydra has ended too, so another user can sign in.
    let shown = browser.sign_in(User::agrees("mia")).await;
    assert!(shown.contains("Person mia"), "{shown}");
}

#[tokio::test]
async fn a_sign_out_of_an_ended_session_leads_back_too() {
    let hydra = Hydra::shared().await;
    let mut browser = shop(with_sign_out(&hydra, "sign-out-late").await);
    browser.sign_in(User::agrees("jane")).await;
    let end = format!("{}/oauth2/sessions/logout", hydra.issuer);
    browser.goes(&end, User::agrees("unknown")).await;
    let away = browser.signs_out().await;
    let back = browser.at_provider(&away, User::agrees("unknown")).await;
    assert!(text(&browser.visit(&back).await).contains("out of this site and of"));
}
