//! Events whose key is known late: a logout token is judged by the time when it came, and a security event is sent again.

use std::time::Duration;

use http::StatusCode;
use tower_phone_auth_local_provider::{Endpoint, Fault, LocalProvider, Person};

use super::{
    RISC, SET, is_in,
    logout_token::{open, send, token},
    member, post,
    rotation::{assert_later, ends},
};
use crate::support::clients::Clients as _;
use crate::support::shop::Shop;

#[tokio::test]
async fn a_kept_token_whose_exp_passes_before_the_keys_can_be_read_ends_its_session() {
    let shop = open().await;
    let mut browser = member(&shop).await;
    shop.provider.rotate_keys();
    shop.provider.fail(Endpoint::Keys, Fault::Close);
    // Its `exp` is two minutes away.
    assert_later(&send(&shop, &token(&shop)).await);
    shop.time.pass(Duration::from_secs(240));
    shop.provider.heal(Endpoint::Keys);
    ends(&mut browser).await;
}

#[tokio::test]
async fn a_security_event_of_an_openid_provider_whose_keys_cannot_be_read_is_to_be_sent_again() {
    let provider = LocalProvider::start().await.unwrap();
    let oidc = provider.oidc();
    let shop = Shop::at(provider, oidc, |builder| builder);
    let mut browser = member(&shop).await;
    shop.provider.rotate_keys();
    shop.provider.fail(Endpoint::Keys, Fault::Close);
    let event = format!("{RISC}/sessions-revoked");
    let event = shop.provider.oidc_event(&event, Person::WITH_PHONE);
    let event = event.unwrap();
    assert_later(&post(&shop, "/auth/events/oidc", SET, event.clone()).await);
    assert!(is_in(&mut browser).await);
    shop.provider.heal(Endpoint::Keys);
    shop.time.pass(Duration::from_secs(60));
    let page = post(&shop, "/auth/events/oidc", SET, event).await;
    assert_eq!(page.status(), StatusCode::ACCEPTED);
    assert!(!is_in(&mut browser).await);
}
