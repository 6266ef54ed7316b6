//! Keycloak behind a name that browsers see, and another one for servers.

use serde_json::json;
use tower_phone_auth::{LoginErrorKind, Oidc};

use super::{Realm, server::origin};
use crate::support::{
    browser::{FRONT, location, refusal},
    person::Person,
    shop::{SECRET, shop},
};

/// A realm whose address for browsers no server can look up; that address.
async fn behind(name: &str) -> (Realm, String) {
    let (_, port) = origin().rsplit_once(':').unwrap();
    let front = format!("http://{FRONT}:{port}");
    let realm = Realm::with(name, json!({ "frontendUrl": front })).await;
    realm.client("shop", json!({})).await;
    let issuer = realm.issuer().replace(origin(), &front);
    (realm, issuer)
}

fn at(issuer: &str) -> Oidc {
    Oidc::keycloak(issuer, "shop", SECRET).allow_insecure_http()
}

#[tokio::test]
async fn the_server_calls_its_own_address_and_browsers_see_theirs() {
    let (realm, issuer) = behind("behind").await;
    let document = format!("{}/.well-known/openid-configuration", realm.issuer());
    for back in [realm.issuer(), document] {
        let mut browser = shop(at(&issuer).discovery_url(back).logout_at_provider());
        let away = browser.visit("/cart?x=1").await;
        assert!(location(&away).starts_with(&issuer), "{}", location(&away));
        let told = browser.sign_in(Person::agrees("jane")).await;
        assert!(told.starts_with("+821012345678 Verified"), "{told}");
        let away = browser.signs_out().await;
        assert!(location(&away).starts_with(&issuer), "{}", location(&away));
    }
}

#[tokio::test]
async fn without_that_setting_neither_address_works() {
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
