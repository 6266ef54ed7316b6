//! Back-channel logout by Hydra, whose logout tokens have a `sid` and neither `sub` nor `exp`.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;
use tokio::time::interval;
use tower_phone_auth::Oidc;

use super::Hydra;
use crate::support::{
    browser::Browser,
    shop::{SECRET, shop},
    user::User,
};

/// A shop that receives logout tokens of Hydra.
async fn listening(hydra: &Hydra, id: &str) -> Browser {
    let browser = shop(Oidc::new(&hydra.issuer, id, SECRET));
    let events = format!("{}/auth/events/oidc", browser.listens().await);
    let settings = json!({
        "backchannel_logout_uri": events,
        "backchannel_logout_session_required": true,
    });
    hydra.client(id, settings).await;
    browser
}

/// Signs out at Hydra, and not at the shop.
async fn sign_out_at_hydra(browser: &mut Browser, hydra: &Hydra) {
    let end = format!("{}/oauth2/sessions/logout", hydra.issuer);
    browser.goes(&end, User::agrees("unknown")).await;
}

/// Waits until the session has ended. Hydra sends the token while it redirects the browser.
async fn wait_until_signed_out(browser: &mut Browser) {
    let mut ticks = interval(Duration::from_millis(100));
    for _ in 0..300 {
        ticks.tick().await;
        if browser.visit("/cart").await.status() == StatusCode::SEE_OTHER {
            return;
        }
    }
    panic!("the session has not ended");
}

#[tokio::test]
async fn a_sign_out_at_hydra_ends_that_session_and_no_other() {
    let hydra = Hydra::shared().await;
    let mut browser = listening(&hydra, "events").await;
    let (mut same, mut another) = (browser.another(), browser.another());
    browser.sign_in(User::agrees("jane")).await;
    same.sign_in(User::agrees("jane")).await;
    another.sign_in(User::agrees("mia")).await;
    sign_out_at_hydra(&mut browser, &hydra).await;
    wait_until_signed_out(&mut browser).await;
    assert_eq!(same.visit("/cart").await.status(), StatusCode::OK);
    assert_eq!(another.visit("/cart").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_sign_out_at_hydra_ends_the_sessions_at_two_shops() {
    let hydra = Hydra::shared().await;
    let mut first = listening(&hydra, "events-first").await;
    let mut second = listening(&hydra, "events-second").await;
    first.sign_in(User::agrees("jane")).await;
    second.shares_provider_cookies_of(&first);
    // Hydra asks for no password, because both shops share one session at Hydra.
    second.sign_in(User::mistypes("unknown")).await;
    first.shares_provider_cookies_of(&second);
    sign_out_at_hydra(&mut first, &hydra).await;
    wait_until_signed_out(&mut first).await;
    wait_until_signed_out(&mut second).await;
}

#[tokio::test]
async fn a_user_signs_in_again_right_after_a_sign_out() {
    let hydra = Hydra::shared().await;
    let mut browser = listening(&hydra, "events-again").await;
    browser.sign_in(User::agrees("jane")).await;
    sign_out_at_hydra(&mut browser, &hydra).await;
    wait_until_signed_out(&mut browser).await;
    let shown = browser.sign_in(User::agrees("jane")).await;
    assert!(shown.starts_with("+821012345678 Verified"), "{shown}");
}

/// The key and the algorithm of the logout token are new to the application.
#[tokio::test]
async fn a_sign_out_right_after_a_rotation_ends_the_session() {
    let hydra = Hydra::start().await;
    for algorithm in ["ES256", "EdDSA"] {
        let mut browser = listening(&hydra, &format!("events-{algorithm}")).await;
        browser.sign_in(User::agrees("jane")).await;
        hydra.signs_with(algorithm).await;
        sign_out_at_hydra(&mut browser, &hydra).await;
        wait_until_signed_out(&mut browser).await;
    }
}
