//! `logout_tokens_end_all_sessions`: a token that names one session ends all sessions of its user.

use http::StatusCode;
use tower_phone_auth_local_provider::LocalProvider;

use super::{
    assert_empty_answer, is_signed_in,
    logout_token::{send, token},
    sign_in,
};
use crate::support::clients::Clients as _;
use crate::support::shop::Shop;

async fn open(ends_all: bool) -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    let oidc = provider.oidc();
    let oidc = if ends_all {
        oidc.logout_tokens_end_all_sessions()
    } else {
        oidc
    };
    Shop::at(provider, oidc, |builder| builder)
}

#[tokio::test]
async fn with_the_setting_a_token_that_names_one_session_ends_all_of_its_user() {
    for ends_all in [true, false] {
        let shop = open(ends_all).await;
        let mut browsers = Vec::new();
        for _ in 0..12 {
            browsers.push(sign_in(&shop).await);
        }
        assert_empty_answer(&send(&shop, &token(&shop)).await, StatusCode::OK);
        let mut live = 0;
        for browser in &mut browsers {
            live += usize::from(is_signed_in(browser).await);
        }
        assert_eq!(live, if ends_all { 0 } else { 11 });
        assert!(is_signed_in(&mut sign_in(&shop).await).await);
    }
}

#[tokio::test]
async fn a_token_without_a_user_ends_the_session_that_it_names() {
    let shop = open(true).await;
    let (mut first, mut second) = (sign_in(&shop).await, sign_in(&shop).await);
    shop.provider.forge_id_token(|_, claims| {
        claims.as_object_mut().unwrap().remove("sub");
    });
    assert_empty_answer(&send(&shop, &token(&shop)).await, StatusCode::OK);
    assert!(is_signed_in(&mut first).await && !is_signed_in(&mut second).await);
}

#[tokio::test]
async fn sessions_of_other_users_stay() {
    let shop = open(true).await;
    let mut browser = sign_in(&shop).await;
    shop.provider.forge_id_token(|_, claims| {
        claims["sub"] = "77".into();
        claims["sid"] = "another".into();
    });
    assert_empty_answer(&send(&shop, &token(&shop)).await, StatusCode::OK);
    assert!(is_signed_in(&mut browser).await);
}
