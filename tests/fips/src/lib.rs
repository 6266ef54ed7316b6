//! A sign-in with the FIPS 140-3 module of aws-lc.
#![cfg(test)]
#![forbid(unsafe_code)]

#[allow(dead_code)]
#[path = "../../compose/src/browser.rs"]
mod browser;
#[allow(dead_code)]
#[path = "../../compose/src/shop.rs"]
mod shop;

use tower_phone_auth::{OAuthLayer, Oidc, SessionKey};
use tower_phone_auth_local_provider::LocalProvider;

use crate::{
    browser::signs_in,
    shop::{ORIGIN, Shop, routes},
};

#[test]
fn the_module_is_in_use_for_seals_signatures_and_tls() {
    assert_eq!(aws_lc_rs::try_fips_mode(), Ok(()));
    assert!(rustls::crypto::aws_lc_rs::default_provider().fips());
}

#[tokio::test]
async fn a_user_signs_in_at_kakao() {
    let shop = Shop::open().await;
    signs_in(&shop, routes().layer(shop.auth.clone())).await;
}

/// The ID token is signed, and verified by the module.
#[tokio::test]
async fn a_user_signs_in_at_an_openid_provider() {
    let provider = LocalProvider::start().await.unwrap();
    let secret = provider.client_secret().unwrap();
    let oidc = Oidc::new(provider.oidc_issuer(), provider.client_id(), secret);
    let auth = OAuthLayer::new(oidc, ORIGIN, SessionKey::random()).unwrap();
    let origin = ORIGIN.to_owned();
    let shop = Shop {
        provider,
        origin,
        auth,
    };
    signs_in(&shop, routes().layer(shop.auth.clone())).await;
}
