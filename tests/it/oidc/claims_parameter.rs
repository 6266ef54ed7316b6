//! The parameter `claims` (OpenID Connect Core section 5.5), which is sent only where it helps.

use serde_json::{Value, json};
use tower_phone_auth::{Oidc, error::LoginErrorKind::Misconfigured};
use tower_phone_auth_local_provider::{Endpoint, OidcSettings, PhoneIn, Userinfo, faults::Fault};

use super::{assert_signed_in, login, open_with, refusal};
use crate::support::{browser::parameter, log::Log};

async fn sent(
    change: impl FnOnce(&mut OidcSettings),
    client: impl FnOnce(Oidc) -> Oidc,
    metadata: Value,
) -> Option<Value> {
    let change = |oidc: &mut OidcSettings| {
        oidc.claims_parameter = true;
        change(oidc);
    };
    let shop = open_with(change, client, |builder| builder).await;
    shop.provider
        .fail(Endpoint::Discovery, Fault::Merge(metadata));
    let away = shop.browser().visit("/").await;
    let claims = parameter(&away, "claims")?;
    Some(serde_json::from_str(&claims).unwrap())
}

fn asking_in(place: &str) -> Value {
    let essential = json!({ "essential": true });
    json!({ place: { "phone_number": essential, "phone_number_verified": essential } })
}

#[tokio::test]
async fn the_claims_parameter_is_left_out_where_a_listed_scope_covers_the_number() {
    assert_eq!(sent(|_| {}, |oidc| oidc, json!({})).await, None);
    let other = json!({ "scopes_supported": ["openid", "mobile"] });
    let mobile = |oidc: Oidc| oidc.phone_scope("mobile");
    assert_eq!(sent(|_| {}, mobile, other).await, None);
}

#[tokio::test]
async fn the_claims_parameter_is_sent_where_no_listed_scope_covers_the_number() {
    let asked = Some(asking_in("userinfo"));
    for scopes in [json!(["openid"]), json!(null), json!([])] {
        let metadata = json!({ "scopes_supported": scopes });
        assert_eq!(sent(|_| {}, |oidc| oidc, metadata).await, asked);
    }
    for client in [
        |oidc: Oidc| oidc.scopes(["openid"]),
        |oidc: Oidc| oidc.phone_scope(""),
        |oidc: Oidc| oidc.phone_scope("mobile"),
    ] {
        assert_eq!(sent(|_| {}, client, json!({})).await, asked);
    }
}

#[tokio::test]
async fn the_claims_parameter_names_the_id_token_where_there_is_no_userinfo() {
    let no_userinfo = |oidc: &mut OidcSettings| oidc.userinfo = Userinfo::Absent;
    let only_openid = |oidc: Oidc| oidc.scopes(["openid"]);
    let claims = sent(no_userinfo, only_openid, json!({})).await;
    assert_eq!(claims, Some(asking_in("id_token")));

    let change = |oidc: &mut OidcSettings| {
        oidc.claims_parameter = true;
        oidc.userinfo = Userinfo::Absent;
        oidc.phone_in = PhoneIn::Userinfo;
    };
    let shop = open_with(change, only_openid, |builder| builder).await;
    assert_signed_in(&login(&shop, []).await, "the number is in the ID token");
}

#[tokio::test]
async fn the_claims_parameter_names_the_id_token_where_userinfo_is_not_called() {
    let client = |oidc: Oidc| oidc.scopes(["openid"]).without_userinfo();
    let claims = sent(|_| {}, client, json!({})).await;
    assert_eq!(claims, Some(asking_in("id_token")));
}

#[tokio::test]
async fn the_claims_parameter_names_the_claim_that_is_read() {
    let essential = json!({ "essential": true });
    for claim in ["mobile", "https://example.com/phone"] {
        let client = |oidc: Oidc| oidc.phone_claim(claim);
        let claims = sent(|_| {}, client, json!({})).await.unwrap();
        assert_eq!(claims["userinfo"][claim], essential);
        assert_eq!(claims["userinfo"].get("phone_number"), None);
    }
}

#[tokio::test]
async fn the_setting_overrides_the_metadata() {
    let on = |oidc: Oidc| oidc.claims_parameter(true);
    assert_eq!(
        sent(|_| {}, on, json!({})).await,
        Some(asking_in("userinfo"))
    );
    let off = |oidc: Oidc| oidc.claims_parameter(false).scopes(["openid"]);
    assert_eq!(sent(|_| {}, off, json!({})).await, None);
}

#[tokio::test]
async fn an_unannounced_claims_parameter_is_a_misconfiguration_that_names_it() {
    for announced in [json!(false), json!(null), json!("true")] {
        let on = |oidc: Oidc| oidc.claims_parameter(true);
        let shop = open_with(|_| {}, on, |builder| builder).await;
        let patch = json!({ "claims_parameter_supported": announced });
        shop.provider.fail(Endpoint::Discovery, Fault::Merge(patch));
        let log = Log::capture();
        let page = shop.browser().visit("/").await;
        let name = "claims_parameter_supported";
        assert_eq!(refusal(&page), (502, Misconfigured, Some(name)));
        assert!(log.text().contains(name) && log.text().contains("ERROR"));
    }
}
