//! Clients with the settings that an administrator may choose.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};
use tower_phone_auth::{Oidc, error::LoginErrorKind};

use super::Realm;
use crate::support::{
    browser::{parameter, refusal},
    shop::shop,
    user::User,
};

async fn signs_in(oidc: Oidc) {
    let shown = shop(oidc).sign_in(User::agrees("jane")).await;
    assert!(shown.starts_with("+821012345678 Verified"), "{shown}");
}

#[tokio::test]
async fn a_secret_is_accepted_as_basic_and_in_the_body_and_may_be_absent() {
    let realm = Realm::shared().await;
    let oidc = realm.client("secret", json!({})).await;
    for oidc in [
        oidc.clone(),
        oidc.clone().client_secret_basic(),
        oidc.client_secret_post(),
    ] {
        signs_in(oidc).await;
    }
    realm
        .client(
            "public",
            json!({ "publicClient": true, "attributes": { "pkce.code.challenge.method": "S256" } }),
        )
        .await;
    signs_in(Oidc::without_secret(realm.issuer(), "public").named("keycloak")).await;
}

#[tokio::test]
async fn a_wrong_secret_is_a_misconfiguration() {
    let realm = Realm::shared().await;
    realm.client("wrong", json!({})).await;
    let wrong = Oidc::keycloak(realm.issuer(), "wrong", "wrong");
    for oidc in [
        wrong.clone(),
        wrong.clone().client_secret_basic(),
        wrong.client_secret_post(),
    ] {
        let back = shop(oidc).come_back(User::agrees("jane")).await;
        assert_eq!(refusal(&back), (502, Some(LoginErrorKind::Misconfigured)));
    }
}

/// The metadata do not say that this client must use pushed requests.
#[tokio::test]
async fn a_client_that_requires_pushed_requests_gets_them() {
    let realm = Realm::shared().await;
    let attributes = json!({ "require.pushed.authorization.requests": "true" });
    let oidc = realm
        .client("pushed", json!({ "attributes": attributes }))
        .await;
    let back = shop(oidc.clone()).come_back(User::agrees("jane")).await;
    assert_eq!(refusal(&back), (502, Some(LoginErrorKind::Misconfigured)));
    for oidc in [
        oidc.clone().pushed_requests(true),
        oidc.clone().client_secret_post().pushed_requests(true),
    ] {
        let mut browser = shop(oidc);
        let away = browser.visit("/cart?x=1").await;
        assert!(parameter(&away, "request_uri").unwrap().starts_with("urn:"));
        assert_eq!(parameter(&away, "scope"), None);
        let shown = browser.sign_in(User::agrees("jane")).await;
        assert!(shown.starts_with("+821012345678 Verified"), "{shown}");
    }
    let wrong = Oidc::keycloak(realm.issuer(), "pushed", "wrong").pushed_requests(true);
    let refused = shop(wrong).visit("/").await;
    assert_eq!(
        refusal(&refused),
        (502, Some(LoginErrorKind::Misconfigured))
    );
}

fn key() -> (String, Value) {
    let random = SystemRandom::new();
    let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der.as_ref()).unwrap();
    let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
    let encode = |part: &[u8]| URL_SAFE_NO_PAD.encode(part);
    let body = STANDARD.encode(der.as_ref());
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
    let jwk = json!({ "kty": "EC", "crv": "P-256", "x": encode(x), "y": encode(y), "kid": "app", "use": "sig" });
    (pem, jwk)
}

#[tokio::test]
async fn a_client_authenticates_with_its_own_key() {
    let realm = Realm::shared().await;
    let (pem, jwk) = key();
    let settings = json!({
        "clientAuthenticatorType": "client-jwt",
        "attributes": {
            "use.jwks.string": "true",
            "jwks.string": json!({ "keys": [jwk] }).to_string(),
            "token.endpoint.auth.signing.alg": "ES256",
        },
    });
    realm.client("own-key", settings).await;
    let oidc = || Oidc::without_secret(realm.issuer(), "own-key").named("keycloak");
    signs_in(oidc().private_key_jwt("app", pem.clone())).await;
    signs_in(
        oidc()
            .private_key_jwt("app", pem)
            .assertion_for_token_endpoint(),
    )
    .await;
    let (another, _) = key();
    let wrong = oidc().private_key_jwt("app", another);
    let back = shop(wrong).come_back(User::agrees("jane")).await;
    assert_eq!(refusal(&back), (502, Some(LoginErrorKind::Misconfigured)));
}
