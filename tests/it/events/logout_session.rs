//! Logout tokens with `sub` and `sid`, and sessions without a `sid`.

use http::{Method, StatusCode};
use serde_json::Value;

use super::{
    FORM, assert_empty_answer, is_signed_in,
    logout_token::{PATH, open, send, token},
    sign_in,
};
use crate::support::{
    browser::{Browser, JIWOO},
    replicas::{Replica, Replicas},
    shop::Shop,
};

fn without_sid(claims: &mut Value) {
    claims.as_object_mut().unwrap().remove("sid");
}

/// Signs in with an ID token without `sid`, although the provider announces session ids.
async fn sign_in_without_sid(shop: &Shop) -> Browser {
    shop.provider
        .forge_id_token(|_, claims| without_sid(claims));
    let browser = sign_in(shop).await;
    shop.provider.forge_id_token(|_, _| {});
    browser
}

#[tokio::test]
async fn a_session_without_a_sid_ends_by_the_sub_of_the_token() {
    let shop = open().await;
    let mut browser = sign_in_without_sid(&shop).await;
    assert_empty_answer(&send(&shop, &token(&shop)).await, StatusCode::OK);
    assert!(!is_signed_in(&mut browser).await);
    // The next sign-ins give new sessions, without and with a `sid`.
    let mut again = sign_in_without_sid(&shop).await;
    assert!(is_signed_in(&mut again).await && is_signed_in(&mut sign_in(&shop).await).await);
}

#[tokio::test]
async fn sessions_of_the_same_user_with_another_sid_stay() {
    let shop = open().await;
    let mut other = sign_in(&shop).await;
    let mut unnamed = sign_in_without_sid(&shop).await;
    let mut named = sign_in(&shop).await;
    send(&shop, &token(&shop)).await;
    assert!(!is_signed_in(&mut named).await);
    assert!(!is_signed_in(&mut unnamed).await);
    assert!(is_signed_in(&mut other).await);
}

#[tokio::test]
async fn a_token_with_a_sid_alone_leaves_sessions_without_one() {
    let shop = open().await;
    let mut unnamed = sign_in_without_sid(&shop).await;
    let mut named = sign_in(&shop).await;
    shop.provider.forge_id_token(|_, claims| {
        claims.as_object_mut().unwrap().remove("sub");
    });
    assert_empty_answer(&send(&shop, &token(&shop)).await, StatusCode::OK);
    assert!(!is_signed_in(&mut named).await);
    assert!(is_signed_in(&mut unnamed).await);
}

#[tokio::test]
async fn a_session_of_another_user_without_a_sid_stays() {
    let shop = open().await;
    let mut browser = sign_in_without_sid(&shop).await;
    shop.provider
        .forge_id_token(|_, claims| claims["sub"] = "77".into());
    assert_empty_answer(&send(&shop, &token(&shop)).await, StatusCode::OK);
    assert!(is_signed_in(&mut browser).await);
}

/// An invalid `sid` is ignored; `sub` names the user.
#[tokio::test]
async fn a_token_with_an_invalid_sid_ends_sessions_without_a_sid() {
    for sid in ["", "with space", &"s".repeat(500)] {
        let shop = open().await;
        let mut unnamed = sign_in_without_sid(&shop).await;
        let sid = sid.to_owned();
        shop.provider
            .forge_id_token(move |_, claims| claims["sid"] = sid.as_str().into());
        send(&shop, &token(&shop)).await;
        assert!(!is_signed_in(&mut unnamed).await);
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
async fn every_replica_ends_the_session_even_if_the_log_lost_everything() {
    let shop = Replicas::new().await;
    let (one, other) = (shop.ready().await, shop.ready().await);
    let named = signed_in(&one).await;
    shop.provider
        .forge_id_token(|_, claims| without_sid(claims));
    let unnamed = signed_in(&one).await;
    shop.provider.forge_id_token(|_, _| {});
    // Another session, so that the token names neither of the two.
    signed_in(&other).await;
    let token = shop.provider.logout_token(1376016924429759228).unwrap();
    let headers = [("content-type", FORM)];
    let body = format!("logout_token={token}");
    let page = one.browser().submit_as(&headers, PATH, body).await;
    assert_eq!(page.status(), StatusCode::OK);
    other.eventually_answers(&unnamed, (401, "ended")).await;
    assert!(other.lets_in(&named).await);

    shop.log.lose_everything();
    let begins = shop.start();
    begins.eventually_answers(&unnamed, (401, "ended")).await;
    assert!(begins.lets_in(&named).await);
    let mut browser = begins.browser();
    assert_eq!(browser.fetch(Method::GET, "/").await.status(), 401);
}
