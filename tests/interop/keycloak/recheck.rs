//! Rechecks of sessions at Keycloak, which sends no event for a user who is disabled or deleted.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Realm;
use crate::support::{
    browser::{Browser, location, parameter, text},
    shop::shop_with,
    time::Ahead,
    user::User,
};

const INTERVAL: u16 = 120;

/// A browser whose session is due for a recheck, and the id of its user.
async fn due(realm: &Realm, login: &'static str) -> (Browser, String) {
    let number = json!({ "phoneNumber": ["+821012345678"], "phoneNumberVerified": ["true"] });
    let user = realm.add_user(login, number).await;
    let oidc = realm.client(&format!("recheck-{login}"), json!({})).await;
    let time = Ahead::of(0);
    let mut browser = shop_with(oidc, |builder| {
        let after = Duration::from_secs(INTERVAL.into());
        builder.recheck_after(after).clock(time.clock())
    });
    browser.sign_in(User::agrees(login)).await;
    assert_eq!(browser.visit("/cart?x=1").await.status(), StatusCode::OK);
    time.pass(i64::from(INTERVAL) + 10);
    (browser, user)
}

#[tokio::test]
async fn a_user_with_a_live_session_at_keycloak_stays_signed_in() {
    let realm = Realm::shared().await;
    let (mut browser, _) = due(realm, "checked").await;
    let away = browser.visit("/cart?x=1").await;
    assert_eq!(parameter(&away, "prompt").as_deref(), Some("none"));
    let callback = browser.at_provider(&away, User::agrees("unknown")).await;
    assert_eq!(location(&browser.visit(&callback).await), "/cart?x=1");
    assert!(text(&browser.visit("/cart?x=1").await).starts_with("+821012345678"));
}

#[tokio::test]
async fn a_user_without_a_session_at_keycloak_is_signed_out() {
    let realm = Realm::new("recheck").await;
    for (login, method, path, body) in [
        (
            "disabled",
            Method::PUT,
            "/users/ID",
            json!({ "enabled": false }),
        ),
        ("deleted", Method::DELETE, "/users/ID", Value::Null),
        ("ended", Method::POST, "/users/ID/logout", Value::Null),
        ("all-ended", Method::POST, "/logout-all", Value::Null),
    ] {
        let (mut browser, user) = due(&realm, login).await;
        realm
            .ask(method, &path.replace("ID", &user), Some(body))
            .await;
        let away = browser.visit("/cart?x=1").await;
        assert_eq!(
            parameter(&away, "prompt").as_deref(),
            Some("none"),
            "{login}"
        );
        let callback = browser.at_provider(&away, User::agrees(login)).await;
        let back = browser.visit(&callback).await;
        assert!(location(&back).starts_with(&realm.issuer()), "{login}");
        assert_ne!(
            parameter(&back, "prompt").as_deref(),
            Some("none"),
            "{login}"
        );
        let status = browser.visit("/cart?x=1").await.status();
        assert_eq!(status, StatusCode::SEE_OTHER, "{login}");
    }
}
