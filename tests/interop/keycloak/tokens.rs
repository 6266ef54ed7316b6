//! ID tokens and userinfo in the forms that Keycloak can write, and key rotation.

use std::time::Duration;

use serde_json::{Value, json};
use tower_phone_auth::{Oidc, error::LoginErrorKind};

use super::Realm;
use crate::support::{
    browser::{Browser, location, refusal},
    shop::shop_with,
    user::User,
};

/// A shop with a long timeout. Keycloak makes a key when an algorithm is first used, which may take
/// seconds.
fn shop_with_long_timeout(oidc: Oidc) -> Browser {
    shop_with(oidc, |builder| {
        builder.provider_timeout(Duration::from_secs(60))
    })
}

async fn with(realm: &Realm, id: &str, attributes: Value) -> Browser {
    shop_with_long_timeout(realm.client(id, json!({ "attributes": attributes })).await)
}

#[tokio::test]
async fn ten_algorithms_are_verified() {
    let realm = Realm::shared().await;
    for algorithm in [
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
    ] {
        let attributes = json!({ "id.token.signed.response.alg": algorithm });
        let mut browser = with(realm, &format!("signs-{algorithm}"), attributes).await;
        let back = browser.come_back(User::agrees("jane")).await;
        assert_eq!(refusal(&back), (303, None), "{algorithm}");
        assert_eq!(location(&back), "/cart?x=1", "{algorithm}");
    }
}

#[tokio::test]
async fn symmetric_algorithms_are_refused() {
    let realm = Realm::shared().await;
    for algorithm in ["HS256", "HS384", "HS512"] {
        let attributes = json!({ "id.token.signed.response.alg": algorithm });
        let mut browser = with(realm, &format!("signs-{algorithm}"), attributes).await;
        let back = browser.come_back(User::agrees("jane")).await;
        let why = LoginErrorKind::IdTokenRejected;
        assert_eq!(refusal(&back), (502, Some(why)), "{algorithm}");
    }
}

#[tokio::test]
async fn userinfo_may_be_signed() {
    let realm = Realm::shared().await;
    for algorithm in ["RS256", "PS256", "PS512", "ES256", "ES512", "EdDSA"] {
        let attributes = json!({ "user.info.response.signature.alg": algorithm });
        let mut browser = with(realm, &format!("userinfo-{algorithm}"), attributes).await;
        let back = browser.come_back(User::agrees("jane")).await;
        assert_eq!(refusal(&back), (303, None), "{algorithm}");
    }
}

pub(super) fn mapper(kind: &str, config: &Value) -> Value {
    let name = format!("{kind} {config}");
    json!({ "name": name, "protocol": "openid-connect", "protocolMapper": kind, "config": config })
}

fn audience(name: &str, value: &str) -> Value {
    let config = json!({ name: value, "id.token.claim": "true", "access.token.claim": "true" });
    mapper("oidc-audience-mapper", &config)
}

#[tokio::test]
async fn further_audiences_beside_our_own_are_accepted() {
    let realm = Realm::shared().await;
    realm.client("another-client", json!({})).await;
    let api = audience("included.custom.audience", "https://api.example.com");
    let other = audience("included.client.audience", "another-client");
    for (id, mappers) in [
        ("audience-custom", vec![api.clone()]),
        ("audience-client", vec![other.clone()]),
        ("audience-both", vec![api, other]),
    ] {
        let oidc = realm
            .client(id, json!({ "protocolMappers": mappers }))
            .await;
        let mut browser = shop_with_long_timeout(oidc);
        let back = browser.come_back(User::agrees("jane")).await;
        assert_eq!(refusal(&back), (303, None), "{id}");
    }
}

pub(super) async fn rotate(realm: &Realm, priority: usize, provider: &str) {
    let key = json!({
        "name": format!("new-{priority}"),
        "providerId": provider,
        "providerType": "org.keycloak.keys.KeyProvider",
        "config": { "priority": [priority.to_string()] },
    });
    realm.post("/components", key).await;
}

#[tokio::test]
async fn a_new_active_key_is_fetched_at_the_next_sign_in() {
    let realm = Realm::new("rotated").await;
    let shop = shop_with_long_timeout(realm.client("rotated", json!({})).await);
    let jane = User::agrees("jane");
    shop.another().sign_in(jane).await;
    rotate(&realm, 200, "rsa-generated").await;
    shop.another().sign_in(jane).await;
    // The key changes while the user is at the provider, and is of another type.
    let mut browser = shop.another();
    let away = browser.visit("/cart").await;
    let callback = browser.at_provider(&away, jane).await;
    rotate(&realm, 300, "rsa-generated").await;
    assert_eq!(location(&browser.visit(&callback).await), "/cart");
}
