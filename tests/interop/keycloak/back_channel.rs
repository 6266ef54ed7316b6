//! Back-channel logout by Keycloak.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::interval;
use tower_phone_auth::{Builder, Oidc};

use super::{Realm, tokens::rotate};
use crate::support::{browser::Browser, shop::shop_with, time::Ahead, user::User};

/// A client whose shop receives logout tokens. They have a `sid` if `session_required`.
pub(super) async fn listening(
    realm: &Realm,
    id: &str,
    session_required: bool,
    settings: impl FnOnce(Builder) -> Builder,
    oidc: impl FnOnce(Oidc) -> Oidc,
) -> Browser {
    let known = Oidc::keycloak(realm.issuer(), id, crate::support::shop::SECRET);
    let browser = shop_with(oidc(known), settings);
    let events = format!("{}/auth/events/keycloak", browser.listens().await);
    let attributes = json!({
        "backchannel.logout.url": events,
        "backchannel.logout.session.required": session_required.to_string(),
    });
    realm.client(id, json!({ "attributes": attributes })).await;
    browser
}

async fn plain(realm: &Realm, id: &str, session_required: bool) -> Browser {
    listening(realm, id, session_required, |builder| builder, |oidc| oidc).await
}

/// Adds a user and signs it in in `count` browsers; the user's id and the browsers.
pub(super) async fn signed_in(
    realm: &Realm,
    at: &Browser,
    login: &'static str,
    count: usize,
) -> (String, Vec<Browser>) {
    let number = json!({ "phoneNumber": ["+821012345678"], "phoneNumberVerified": ["true"] });
    let user = realm.add_user(login, number).await;
    let mut browsers = Vec::new();
    for _ in 0..count {
        let mut browser = at.another();
        browser.sign_in(User::agrees(login)).await;
        browsers.push(browser);
    }
    (user, browsers)
}

pub(super) async fn admin_signs_out(realm: &Realm, user: &str) {
    realm
        .post(&format!("/users/{user}/logout"), Value::Null)
        .await;
}

pub(super) async fn count_signed_in(browsers: &mut [Browser]) -> usize {
    let mut count = 0;
    for browser in browsers {
        let status = browser.visit("/cart").await.status();
        assert!(
            matches!(status, StatusCode::OK | StatusCode::SEE_OTHER),
            "{status}"
        );
        count += usize::from(status == StatusCode::OK);
    }
    count
}

#[tokio::test]
async fn an_admins_sign_out_without_session_ids_ends_every_session_of_the_user() {
    let realm = Realm::shared().await;
    let shop = plain(realm, "events-sub", false).await;
    let (user, mut browsers) = signed_in(realm, &shop, "out-sub", 4).await;
    let (_, mut others) = signed_in(realm, &shop, "stays-sub", 1).await;
    admin_signs_out(realm, &user).await;
    assert_eq!(count_signed_in(&mut browsers).await, 0);
    assert_eq!(count_signed_in(&mut others).await, 1);
}

/// Keycloak sends one logout token, which names one of the four sessions.
#[tokio::test]
async fn an_admins_sign_out_with_session_ids_ends_the_named_session() {
    let realm = Realm::shared().await;
    let shop = plain(realm, "events-sid", true).await;
    let (user, mut browsers) = signed_in(realm, &shop, "out-sid", 4).await;
    admin_signs_out(realm, &user).await;
    assert_eq!(count_signed_in(&mut browsers).await, 3);
}

#[tokio::test]
async fn an_admins_sign_out_with_a_session_id_ends_all_sessions_by_a_setting() {
    let realm = Realm::shared().await;
    let shop = listening(
        realm,
        "events-all",
        true,
        |builder| builder,
        Oidc::logout_tokens_end_all_sessions,
    )
    .await;
    let (user, mut browsers) = signed_in(realm, &shop, "out-all", 4).await;
    let (_, mut others) = signed_in(realm, &shop, "stays-all", 1).await;
    admin_signs_out(realm, &user).await;
    assert_eq!(count_signed_in(&mut browsers).await, 0);
    assert_eq!(count_signed_in(&mut others).await, 1);
}

#[tokio::test]
async fn a_deleted_session_ends_no_other_session() {
    let realm = Realm::shared().await;
    let shop = plain(realm, "events-deleted", true).await;
    let (user, mut browsers) = signed_in(realm, &shop, "deleted", 1).await;
    let sessions = realm.read(&format!("/users/{user}/sessions")).await;
    let first = sessions[0]["id"].as_str().unwrap().to_owned();
    let mut second = shop.another();
    second.sign_in(User::agrees("deleted")).await;
    realm
        .ask(Method::DELETE, &format!("/sessions/{first}"), None)
        .await;
    assert_eq!(count_signed_in(&mut browsers).await, 0);
    assert_eq!(count_signed_in(&mut [second]).await, 1);
}

#[tokio::test]
async fn a_user_signs_in_again_right_after_a_sign_out() {
    let realm = Realm::shared().await;
    let shop = plain(realm, "events-again", false).await;
    let (user, mut browsers) = signed_in(realm, &shop, "again", 2).await;
    admin_signs_out(realm, &user).await;
    assert_eq!(count_signed_in(&mut browsers).await, 0);
    // Keycloak dates in whole seconds, so both may have the same date.
    let mut browser = shop.another();
    browser.sign_in(User::agrees("again")).await;
}

#[tokio::test]
async fn a_sign_out_works_with_any_clock_difference() {
    let realm = Realm::shared().await;
    for (id, login, apart, session_required) in [
        ("events-50", "clock-50", 50, false),
        ("events-90", "clock-90", 90, false),
        ("events-90-sid", "clock-90-sid", 90, true),
        ("events-240", "clock-240", 240, false),
        ("events-minus-50", "clock-minus-50", -50, false),
    ] {
        let time = Ahead::of(apart);
        let shop = listening(
            realm,
            id,
            session_required,
            |builder| builder.clock(time.clock()),
            |oidc| oidc,
        )
        .await;
        let (user, mut browsers) = signed_in(realm, &shop, login, 1).await;
        assert_eq!(count_signed_in(&mut browsers).await, 1, "{id}");
        admin_signs_out(realm, &user).await;
        assert_eq!(count_signed_in(&mut browsers).await, 0, "{id}");
    }
}

/// Keycloak sends a logout token only once. Its key is new to the application.
#[tokio::test]
async fn a_sign_out_right_after_each_of_many_rotations_ends_the_session() {
    let realm = Realm::new("rotations").await;
    let time = Ahead::of(0);
    let shop = listening(
        &realm,
        "events-rotated",
        false,
        |builder| builder.clock(time.clock()),
        |oidc| oidc,
    )
    .await;
    let (user, mut browsers) = signed_in(&realm, &shop, "rotated", 1).await;
    for rotation in 0..7 {
        rotate(&realm, 200 + rotation, "rsa-generated").await;
        admin_signs_out(&realm, &user).await;
        let mut ticks = interval(Duration::from_millis(100));
        let mut waited = 0;
        while count_signed_in(&mut browsers).await > 0 {
            assert!(waited < 300, "rotation {rotation}");
            waited += 1;
            ticks.tick().await;
            // The number of key fetches that events may cause grows with the time.
            time.pass(1);
        }
        // Repeated sign-ins in one browser would count as a loop, so this is another browser.
        browsers = vec![shop.another()];
        browsers[0].sign_in(User::agrees("rotated")).await;
    }
}
