//! OpenID Connect Back-Channel Logout 1.0, sections 2.4 to 2.8.

use http::StatusCode;
use serde_json::json;
use tower_phone_auth_local_provider::{Algorithm, Endpoint, LocalProvider, Person};

use super::{FORM, assert_empty_answer, is_signed_in, post, sign_in};
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
    let mut browser = sign_in(&shop).await;
    assert_empty_answer(&send(&shop, &token(&shop)).await, StatusCode::OK);
    assert!(!is_signed_in(&mut browser).await);
    browser.sign_in("/", Act::Agree(Person::WITH_PHONE)).await;
    assert!(is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn a_session_id_ends_that_session_alone() {
    let shop = open().await;
    let mut first = sign_in(&shop).await;
    let mut second = sign_in(&shop).await;
    send(&shop, &token(&shop)).await;
    assert!(is_signed_in(&mut first).await);
    assert!(!is_signed_in(&mut second).await);
}

#[tokio::test]
async fn without_a_session_id_all_sessions_of_the_user_end() {
    let shop = open().await;
    let mut first = sign_in(&shop).await;
    let mut second = sign_in(&shop).await;
    shop.provider.forge_id_token(|_, claims| {
        claims.as_object_mut().unwrap().remove("sid");
    });
    send(&shop, &token(&shop)).await;
    assert!(!is_signed_in(&mut first).await && !is_signed_in(&mut second).await);
}

#[tokio::test]
async fn a_token_with_only_a_session_id_ends_the_session() {
    let shop = open().await;
    let mut browser = sign_in(&shop).await;
    shop.provider.forge_id_token(|_, claims| {
        claims.as_object_mut().unwrap().remove("sub");
    });
    assert_empty_answer(&send(&shop, &token(&shop)).await, StatusCode::OK);
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn at_a_provider_without_session_ids_the_subject_counts() {
    let shop = open().await;
    shop.provider
        .configure(|settings| settings.oidc.names_sessions = false);
    let mut browser = sign_in(&shop).await;
    shop.provider
        .forge_id_token(|_, claims| claims["sid"] = "of-another-kind".into());
    send(&shop, &token(&shop)).await;
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn sessions_of_other_users_stay() {
    let shop = open().await;
    let mut browser = sign_in(&shop).await;
    shop.provider.forge_id_token(|_, claims| {
        claims["sub"] = "77".into();
        claims.as_object_mut().unwrap().remove("sid");
    });
    assert_empty_answer(&send(&shop, &token(&shop)).await, StatusCode::OK);
    assert!(is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn a_replica_without_metadata_verifies_a_logout_token() {
    let shop = open().await;
    assert_empty_answer(&send(&shop, &token(&shop)).await, StatusCode::OK);
    assert_eq!(shop.provider.count(Endpoint::Discovery), 1);
    assert_eq!(shop.provider.count(Endpoint::Keys), 1);
}

#[tokio::test]
async fn the_type_of_a_logout_token_is_optional() {
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
        assert_empty_answer(&send(&shop, &token(&shop)).await, StatusCode::OK);
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
        let mut browser = sign_in(&shop).await;
        shop.provider
            .forge_id_token(move |_, claims| claims["aud"] = audience.clone());
        assert_empty_answer(&send(&shop, &token(&shop)).await, StatusCode::OK);
        assert!(!is_signed_in(&mut browser).await);
    }
}

#[tokio::test]
async fn each_secure_algorithm_is_accepted() {
    for algorithm in [Algorithm::Es256, Algorithm::EdDsa, Algorithm::Ps256] {
        let shop = open().await;
        shop.provider
            .configure(|settings| settings.oidc.algorithm = algorithm);
        assert_empty_answer(&send(&shop, &token(&shop)).await, StatusCode::OK);
    }
}
