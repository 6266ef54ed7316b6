//! Hydra tells the application that a session has ended: its logout token has a `sid`, and neither `sub` nor `exp`.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;
use tokio::time::interval;
use tower_phone_auth::Oidc;

use super::Hydra;
use crate::support::{
    browser::Browser,
    person::Person,
    shop::{SECRET, shop},
};

/// A shop that listens for logout tokens.
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

/// Signs out at Hydra, not at the shop.
async fn leaves(browser: &mut Browser, hydra: &Hydra) {
    let end = format!("{}/oauth2/sessions/logout", hydra.issuer);
    browser.goes(&end, Person::agrees("nobody")).await;
}

/// Hydra sends the token while it sends the browser on.
async fn is_signed_out(browser: &mut Browser) {
    let mut ticks = interval(Duration::from_millis(100));
    for _ in 0..300 {
        ticks.tick().await;
        if browser.visit("/cart").await.status() == StatusCode::SEE_OTHER {
            return;
        }
    }
    panic!("the session lives on");
}

#[tokio::test]
async fn a_sign_out_at_hydra_ends_that_session_and_no_other() {
    let hydra = Hydra::shared().await;
    let mut browser = listening(&hydra, "events").await;
    let (mut same, mut another) = (browser.another(), browser.another());
    browser.sign_in(Person::agrees("jane")).await;
    same.sign_in(Person::agrees("jane")).await;
    another.sign_in(Person::agrees("mia")).await;
    leaves(&mut browser, &hydra).await;
    is_signed_out(&mut browser).await;
    assert_eq!(same.visit("/cart").await.status(), StatusCode::OK);
    assert_eq!(another.visit("/cart").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_sign_out_at_hydra_ends_the_sessions_at_two_shops() {
    let hydra = Hydra::shared().await;
    let mut first = listening(&hydra, "events-first").await;
    let mut second = listening(&hydra, "events-second").await;
    first.sign_in(Person::agrees("jane")).await;
    second.goes_on_with(&first);
    // The session at Hydra is the same one: it asks for no password.
    second.sign_in(Person::mistypes("nobody")).await;
    first.goes_on_with(&second);
    leaves(&mut first, &hydra).await;
    is_signed_out(&mut first).await;
    is_signed_out(&mut second).await;
}

#[tokio::test]
async fn a_user_signs_in_again_right_after_a_sign_out() {
    let hydra = Hydra::shared().await;
    let mut browser = listening(&hydra, "events-again").await;
    browser.sign_in(Person::agrees("jane")).await;
    leaves(&mut browser, &hydra).await;
    is_signed_out(&mut browser).await;
    let told = browser.sign_in(Person::agrees("jane")).await;
    assert!(told.starts_with("+821012345678 Verified"), "{told}");
}

/// The token is signed with a key, and by an algorithm, that the application has never seen.
#[tokio::test]
async fn a_sign_out_right_after_a_rotation_ends_the_session() {
    let hydra = Hydra::start().await;
    for algorithm in ["ES256", "EdDSA"] {
        let mut browser = listening(&hydra, &format!("events-{algorithm}")).await;
        browser.sign_in(Person::agrees("jane")).await;
        hydra.signs_with(algorithm).await;
        leaves(&mut browser, &hydra).await;
        is_signed_out(&mut browser).await;
    }
}
