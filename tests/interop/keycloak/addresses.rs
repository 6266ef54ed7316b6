//! Keycloak with one address for browsers and another one for servers.

use serde_json::json;
use tower_phone_auth::{Oidc, error::LoginErrorKind};

use super::{Realm, server::origin};
use crate::support::{
    browser::{PUBLIC_HOST, location, refusal},
    shop::{SECRET, shop},
    user::User,
};

/// A realm, and its address for browsers, which servers cannot resolve.
async fn behind(name: &str) -> (Realm, String) {
    let (_, port) = origin().rsplit_once(':').unwrap();
    let front = format!("http://{PUBLIC_HOST}:{port}");
    let realm = Realm::with(name, json!({ "frontendUrl": front })).await;
    realm.client("shop", json!({})).await;
    let issuer = realm.issuer().replace(origin(), &front);
    (realm, issuer)
}

fn at(issuer: &str) -> Oidc {
    Oidc::keycloak(issuer, "shop", SECRET).allow_insecure_http()
}

#[tokio::test]
async fn the_server_calls_the_inner_address_and_browsers_see_the_public_one() {
    let (realm, issuer) = behind("behind").await;
    let document = format!("{}/.well-known/openid-configuration", realm.issuer());
    for back in [realm.issuer(), document] {
        let mut browser = shop(at(&issuer).discovery_url(back).logout_at_provider());
        let away = browser.visit("/cart?x=1").await;
        assert!(location(&away).starts_with(&issuer), "{}", location(&away));
        let shown = browser.sign_in(User::agrees("jane")).await;
        assert!(shown.starts_with("+821012345678 Verified"), "{shown}");
        let away = browser.signs_out().await;
        assert!(location(&away).starts_with(&issuer), "{}", location(&away));
    }
}

#[tokio::test]
async fn without_the_discovery_url_neither_address_works() {
    let (realm, issuer) = behind("behind-one").await;
    let unreachable = shop(at(&issuer)).visit("/").await;
    let why = LoginErrorKind::ProviderUnavailable;
    assert_eq!(refusal(&unreachable), (502, Some(why)));
    let another = shop(at(&realm.issuer())).visit("/").await;
    assert_eq!(
        refusal(&another),
        (502, Some(LoginErrorKind::Misconfigured))
    );
}
