//! A page that requires a fresh sign-in.

use http::StatusCode;
use serde_json::json;
use tokio::time::{Instant, interval};

use super::Realm;
use crate::support::{
    browser::{Browser, Page, location, parameter, text},
    shop::{PAY_WITHIN, shop},
    user::User,
};
use url::Url;

/// Visits the page with a sign-in that is too old. Keycloak's clock cannot be set by a test, so
/// this waits.
async fn visit_with_old_sign_in(browser: &mut Browser) -> Page {
    let jane = User::agrees("jane");
    browser.sign_in(jane).await;
    let typed = Instant::now();
    let mut ticks = interval(PAY_WITHIN / 20);
    while typed.elapsed() < PAY_WITHIN + PAY_WITHIN / 10 {
        ticks.tick().await;
    }
    let away = browser.visit("/pay").await;
    assert_eq!(away.status(), StatusCode::SEE_OTHER);
    away
}

#[tokio::test]
async fn a_password_typed_at_the_step_up_opens_the_page() {
    let realm = Realm::shared().await;
    let mut browser = shop(realm.client("step-up", json!({})).await);
    let away = visit_with_old_sign_in(&mut browser).await;
    assert_eq!(parameter(&away, "prompt").as_deref(), Some("login"));
    let callback = browser.at_provider(&away, User::agrees("jane")).await;
    let back = browser.visit(&callback).await;
    assert_eq!(location(&back), "/pay");
    assert!(text(&browser.visit("/pay").await).starts_with("+821012345678"));
}

#[tokio::test]
async fn a_step_up_whose_user_was_not_asked_opens_nothing() {
    let realm = Realm::shared().await;
    let first = shop(realm.client("step-up-altered", json!({})).await);
    for left_out in [&["prompt", "max_age"][..], &["prompt"], &["max_age"]] {
        let mut browser = first.another();
        let away = visit_with_old_sign_in(&mut browser).await;
        let mut altered = Url::parse(location(&away)).unwrap();
        let kept: Vec<(String, String)> = altered
            .query_pairs()
            .filter(|(name, _)| !left_out.contains(&&**name))
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        altered.query_pairs_mut().clear().extend_pairs(&kept);
        let callback = browser.goes(altered.as_str(), User::agrees("jane")).await;
        let back = browser.visit(&callback).await;
        if left_out.len() == 2 {
            // The request is recent, but the password was typed too long ago.
            assert_ne!(back.status(), StatusCode::OK);
            assert_ne!(browser.visit("/pay").await.status(), StatusCode::OK);
        } else {
            // Each of the two parameters alone makes Keycloak ask for the password.
            assert_eq!(location(&back), "/pay", "{left_out:?}");
        }
    }
}

#[tokio::test]
async fn a_refused_step_up_leaves_the_session_alone() {
    let realm = Realm::shared().await;
    let mut browser = shop(realm.client("step-up-wrong", json!({})).await);
    let away = visit_with_old_sign_in(&mut browser).await;
    let page = browser
        .stays_at_provider(&away, User::mistypes("jane"))
        .await;
    assert!(
        page.contains("Invalid password") || page.contains("Invalid username or password"),
        "{page}"
    );
    assert_eq!(browser.visit("/cart").await.status(), StatusCode::OK);
    assert_eq!(browser.visit("/pay").await.status(), StatusCode::SEE_OTHER);
}
