//! Security events of any OpenID provider (RFC 8417, RFC 8935).

use http::StatusCode;
use serde_json::json;
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Person, faults::Fault};

use super::{OAUTH, RISC, SET, assert_empty_answer, is_signed_in, post, sign_in};
use crate::support::clients::Clients as _;
use crate::support::{browser::Page, shop::Shop};

const PATH: &str = "/auth/events/oidc";

async fn open() -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    let oidc = provider.oidc();
    Shop::at(provider, oidc, |builder| builder)
}

fn token(shop: &Shop, event: &str) -> String {
    let token = shop.provider.oidc_event(event, Person::WITH_PHONE);
    token.unwrap()
}

async fn deliver(shop: &Shop, event: &str) -> Page {
    post(shop, PATH, SET, token(shop, event)).await
}

#[tokio::test]
async fn events_of_both_profiles_end_sessions() {
    for event in [
        format!("{RISC}/sessions-revoked"),
        format!("{RISC}/credential-compromise"),
        "https://schemas.openid.net/secevent/caep/event-type/session-revoked".to_owned(),
        "https://schemas.openid.net/secevent/caep/event-type/credential-change".to_owned(),
        format!("{OAUTH}/user-unlinked"),
    ] {
        let shop = open().await;
        let mut browser = sign_in(&shop).await;
        assert_empty_answer(&deliver(&shop, &event).await, StatusCode::ACCEPTED);
        assert!(!is_signed_in(&mut browser).await, "{event}");
    }
}

#[tokio::test]
async fn the_subject_may_be_in_the_claim_sub_id() {
    let shop = open().await;
    let mut browser = sign_in(&shop).await;
    let event = format!("{RISC}/sessions-revoked");
    let (name, issuer) = (event.clone(), shop.provider.oidc_issuer());
    shop.provider.forge_id_token(move |_, claims| {
        let subject = Person::WITH_PHONE.to_string();
        claims["sub_id"] = json!({ "format": "iss_sub", "iss": issuer, "sub": subject });
        claims["events"] = json!({ name.clone(): {} });
    });
    deliver(&shop, &event).await;
    shop.provider.clear_id_token_faults();
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn an_event_that_is_delivered_twice_is_accepted_twice_and_handled_once() {
    let shop = open().await;
    let token = token(&shop, &format!("{RISC}/sessions-revoked"));
    assert_empty_answer(
        &post(&shop, PATH, SET, token.clone()).await,
        StatusCode::ACCEPTED,
    );
    shop.time.pass(std::time::Duration::from_secs(1));
    let mut browser = sign_in(&shop).await;
    assert_empty_answer(&post(&shop, PATH, SET, token).await, StatusCode::ACCEPTED);
    assert!(is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn an_event_that_cannot_be_verified_now_is_to_be_sent_again() {
    let shop = open().await;
    let mut browser = sign_in(&shop).await;
    // After a restart, the metadata of the provider are not known.
    let key = tower_phone_auth::SessionKey::random();
    let fresh = Shop::at(
        LocalProvider::start().await.unwrap(),
        shop.provider.oidc(),
        |builder| builder.session_key(key),
    );
    shop.provider.fail(Endpoint::Keys, Fault::Cut);
    let token = token(&shop, &format!("{RISC}/sessions-revoked"));
    let page = post(&fresh, PATH, SET, token.clone()).await;
    assert_empty_answer(&page, StatusCode::SERVICE_UNAVAILABLE);
    shop.provider.clear_faults(Endpoint::Keys);
    assert_empty_answer(&post(&fresh, PATH, SET, token).await, StatusCode::ACCEPTED);
    assert!(is_signed_in(&mut browser).await, "another shop's affair");
}

#[tokio::test]
async fn a_logout_token_is_no_security_event() {
    let shop = open().await;
    let mut browser = sign_in(&shop).await;
    let token = shop.provider.logout_token(Person::WITH_PHONE).unwrap();
    let page = post(&shop, PATH, SET, token).await;
    assert_eq!(page.status(), StatusCode::BAD_REQUEST);
    assert!(is_signed_in(&mut browser).await);
}
