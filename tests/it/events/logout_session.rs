//! A logout token with `sub` and `sid`, at sessions that know no `sid`.

use http::{Method, StatusCode};
use serde_json::Value;

use super::{
    FORM, assert_quiet, is_in,
    logout_token::{PATH, open, send, token},
    member,
};
use crate::support::{
    browser::{Browser, JIWOO},
    replicas::{Replica, Replicas},
    shop::Shop,
};

fn without_sid(claims: &mut Value) {
    claims.as_object_mut().unwrap().remove("sid");
}

/// Signed in by an ID token that names no session, although the provider announces that it may.
async fn member_without_sid(shop: &Shop) -> Browser {
    shop.provider
        .forge_id_token(|_, claims| without_sid(claims));
    let browser = member(shop).await;
    shop.provider.forge_id_token(|_, _| {});
    browser
}

#[tokio::test]
async fn a_session_that_knows_no_sid_ends_with_the_sessions_of_its_person() {
    let shop = open().await;
    let mut browser = member_without_sid(&shop).await;
    assert_quiet(&send(&shop, &token(&shop)).await, StatusCode::OK);
    assert!(!is_in(&mut browser).await);
    // The next sign-in is a new session, with and without a name.
    let mut again = member_without_sid(&shop).await;
    assert!(is_in(&mut again).await && is_in(&mut member(&shop).await).await);
}

#[tokio::test]
async fn sessions_of_the_same_person_with_another_sid_live_on() {
    let shop = open().await;
    let mut other = member(&shop).await;
    let mut unnamed = member_without_sid(&shop).await;
    let mut named = member(&shop).await;
    send(&shop, &token(&shop)).await;
    assert!(!is_in(&mut named).await);
    assert!(!is_in(&mut unnamed).await);
    assert!(is_in(&mut other).await);
}

#[tokio::test]
async fn a_token_with_a_sid_alone_leaves_sessions_without_one() {
    let shop = open().await;
    let mut unnamed = member_without_sid(&shop).await;
    let mut named = member(&shop).await;
    shop.provider.forge_id_token(|_, claims| {
        claims.as_object_mut().unwrap().remove("sub");
    });
    assert_quiet(&send(&shop, &token(&shop)).await, StatusCode::OK);
    assert!(!is_in(&mut named).await);
    assert!(is_in(&mut unnamed).await);
}

#[tokio::test]
async fn another_person_without_a_sid_stays() {
    let shop = open().await;
    let mut browser = member_without_sid(&shop).await;
    shop.provider
        .forge_id_token(|_, claims| claims["sub"] = "77".into());
    assert_quiet(&send(&shop, &token(&shop)).await, StatusCode::OK);
    assert!(is_in(&mut browser).await);
}

/// A `sid` that no session here can have says nothing; the person does.
#[tokio::test]
async fn a_sid_of_a_strange_form_ends_what_knows_no_sid() {
    for sid in ["", "with space", &"s".repeat(500)] {
        let shop = open().await;
        let mut unnamed = member_without_sid(&shop).await;
        let sid = sid.to_owned();
        shop.provider
            .forge_id_token(move |_, claims| claims["sid"] = sid.as_str().into());
        send(&shop, &token(&shop)).await;
        assert!(!is_in(&mut unnamed).await);
    }
}

async fn signed_in(replica: &Replica) -> Browser {
    let mut browser = replica.browser();
    let away = browser.visit("/auth/login?provider=oidc").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    browser
}

#[tokio::test]
async fn every_replica_ends_it_also_after_the_log_lost_everything() {
    let shop = Replicas::new().await;
    let (one, other) = (shop.ready().await, shop.ready().await);
    let named = signed_in(&one).await;
    shop.provider
        .forge_id_token(|_, claims| without_sid(claims));
    let unnamed = signed_in(&one).await;
    shop.provider.forge_id_token(|_, _| {});
    // Its own session, so that the token names neither of the two.
    signed_in(&other).await;
    let token = shop.provider.logout_token(1376016924429759228).unwrap();
    let headers = [("content-type", FORM)];
    let body = format!("logout_token={token}");
    let told = one.browser().submit_as(&headers, PATH, body).await;
    assert_eq!(told.status(), StatusCode::OK);
    other.eventually_answers(&unnamed, (401, "ended")).await;
    assert!(other.lets_in(&named).await);

    shop.log.lose_everything();
    let begins = shop.start();
    begins.eventually_answers(&unnamed, (401, "ended")).await;
    assert!(begins.lets_in(&named).await);
    let mut browser = begins.browser();
    assert_eq!(browser.fetch(Method::GET, "/").await.status(), 401);
}
