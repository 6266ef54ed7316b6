//! OpenID Connect Back-Channel Logout 1.0, sections 2.4 to 2.8.

use http::StatusCode;
use serde_json::json;
use tower_phone_auth_local_provider::{Algorithm, Endpoint, LocalProvider, Person};

use super::{FORM, assert_quiet, is_in, member, post};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Act, Page},
    shop::Shop,
};

pub(super) const PATH: &str = "/auth/events/oidc";

pub(super) async fn open() -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    let oidc = provider.oidc();
    Shop::at(provider, oidc, |builder| builder)
}

pub(super) fn token(shop: &Shop) -> String {
    shop.provider.logout_token(Person::WITH_PHONE).unwrap()
}

pub(super) async fn send(shop: &Shop, token: &str) -> Page {
    post(shop, PATH, FORM, format!("logout_token={token}")).await
}

#[tokio::test]
async fn a_logout_token_ends_the_session() {
    let shop = open().await;
    let mut browser = member(&shop).await;
    assert_quiet(&send(&shop, &token(&shop)).await, StatusCode::OK);
    assert!(!is_in(&mut browser).await);
    browser.sign_in("/", Act::Agree(Person::WITH_PHONE)).await;
    assert!(is_in(&mut browser).await);
}

#[tokio::test]
async fn a_session_id_ends_that_session_alone() {
    let shop = open().await;
    let mut first = member(&shop).await;
    let mut second = member(&shop).await;
    send(&shop, &token(&shop)).await;
    assert!(is_in(&mut first).await);
    assert!(!is_in(&mut second).await);
}

#[tokio::test]
async fn without_a_session_id_all_sessions_of_the_person_end() {
    let shop = open().await;
    let mut first = member(&shop).await;
    let mut second = member(&shop).await;
    shop.provider.forge_id_token(|_, claims| {
        claims.as_object_mut().unwrap().remove("sid");
    });
    send(&shop, &token(&shop)).await;
    assert!(!is_in(&mut first).await && !is_in(&mut second).await);
}

#[tokio::test]
async fn a_session_id_alone_is_enough() {
    let shop = open().await;
    let mut browser = member(&shop).await;
    shop.provider.forge_id_token(|_, claims| {
        claims.as_object_mut().unwrap().remove("sub");
    });
    assert_quiet(&send(&shop, &token(&shop)).await, StatusCode::OK);
    assert!(!is_in(&mut browser).await);
}

#[tokio::test]
async fn at_a_provider_whose_id_tokens_name_no_session_the_subject_counts() {
    let shop = open().await;
    shop.provider
        .configure(|settings| settings.oidc.names_sessions = false);
    let mut browser = member(&shop).await;
    shop.provider
        .forge_id_token(|_, claims| claims["sid"] = "of-another-kind".into());
    send(&shop, &token(&shop)).await;
    assert!(!is_in(&mut browser).await);
}

#[tokio::test]
async fn nobody_elses_session_ends() {
    let shop = open().await;
    let mut browser = member(&shop).await;
    shop.provider.forge_id_token(|_, claims| {
        claims["sub"] = "77".into();
        claims.as_object_mut().unwrap().remove("sid");
    });
    assert_quiet(&send(&shop, &token(&shop)).await, StatusCode::OK);
    assert!(is_in(&mut browser).await);
}

#[tokio::test]
async fn a_replica_that_never_asked_the_provider_verifies_one() {
    let shop = open().await;
    assert_quiet(&send(&shop, &token(&shop)).await, StatusCode::OK);
    assert_eq!(shop.provider.count(Endpoint::Discovery), 1);
    assert_eq!(shop.provider.count(Endpoint::Keys), 1);
}

#[tokio::test]
async fn the_type_of_a_logout_token_may_be_said_or_not() {
    for kind in [
        json!("logout+jwt"),
        json!("LOGOUT+JWT"),
        json!("application/logout+jwt"),
        json!("Application/JWT"),
        json!("JWT"),
        json!(null),
    ] {
        let shop = open().await;
        shop.provider
            .forge_id_token(move |header, _| header["typ"] = kind.clone());
        assert_quiet(&send(&shop, &token(&shop)).await, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_logout_token_for_several_audiences_ends_the_session_here() {
    for audience in [
        json!(["local-demo-app", "another-app"]),
        json!(["281234567890123456", "sibling@project", "local-demo-app"]),
        json!(["account", "local-demo-app", "local-demo-app"]),
    ] {
        let shop = open().await;
        let mut browser = member(&shop).await;
        shop.provider
            .forge_id_token(move |_, claims| claims["aud"] = audience.clone());
        assert_quiet(&send(&shop, &token(&shop)).await, StatusCode::OK);
        assert!(!is_in(&mut browser).await);
    }
}

#[tokio::test]
async fn each_safe_algorithm_is_accepted() {
    for algorithm in [Algorithm::Es256, Algorithm::EdDsa, Algorithm::Ps256] {
        let shop = open().await;
        shop.provider
            .configure(|settings| settings.oidc.algorithm = algorithm);
        assert_quiet(&send(&shop, &token(&shop)).await, StatusCode::OK);
    }
}
