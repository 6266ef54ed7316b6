//! Events of a key that is read late. A logout token is checked with the time of its arrival; a
//! security event is sent again.

use std::time::Duration;

use http::StatusCode;
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Person, faults::Fault};

use super::{
    RISC, SET, is_signed_in,
    logout_token::{open, send, token},
    post,
    rotation::{assert_kept_for_later, wait_until_signed_out},
    sign_in,
};
use crate::support::clients::Clients as _;
use crate::support::shop::Shop;

#[tokio::test]
async fn a_kept_token_that_expires_before_its_key_is_read_ends_its_session() {
    let shop = open().await;
    let mut browser = sign_in(&shop).await;
    shop.provider.rotate_keys();
    shop.provider.fail(Endpoint::Keys, Fault::Close);
    // The token expires in two minutes.
    assert_kept_for_later(&send(&shop, &token(&shop)).await);
    shop.time.pass(Duration::from_secs(240));
    shop.provider.clear_faults(Endpoint::Keys);
    wait_until_signed_out(&mut browser).await;
}

#[tokio::test]
async fn a_security_event_is_to_be_sent_again_while_the_keys_cannot_be_read() {
    let provider = LocalProvider::start().await.unwrap();
    let oidc = provider.oidc();
    let shop = Shop::at(provider, oidc, |builder| builder);
    let mut browser = sign_in(&shop).await;
    shop.provider.rotate_keys();
    shop.provider.fail(Endpoint::Keys, Fault::Close);
    let event = format!("{RISC}/sessions-revoked");
    let event = shop.provider.oidc_event(&event, Person::WITH_PHONE);
    let event = event.unwrap();
    assert_kept_for_later(&post(&shop, "/auth/events/oidc", SET, event.clone()).await);
    assert!(is_signed_in(&mut browser).await);
    shop.provider.clear_faults(Endpoint::Keys);
    shop.time.pass(Duration::from_secs(60));
    let page = post(&shop, "/auth/events/oidc", SET, event).await;
    assert_eq!(page.status(), StatusCode::ACCEPTED);
    assert!(!is_signed_in(&mut browser).await);
}
