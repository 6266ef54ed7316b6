//! Further audiences of an ID token (OpenID Connect Core section 3.1.3.7, steps 3 to 5).

use serde_json::{Value, json};

use super::{Page, assert_signed_in, forged, open, open_with, refusal, rejected, set};
use crate::support::shop::Shop;

const APP: &str = "local-demo-app";

/// Signs in with an ID token with this `aud` and this `azp`.
async fn login_with(shop: &Shop, audience: &Value, party: Option<Value>) -> Page {
    let audience = audience.clone();
    forged(shop, move |_, claims| {
        claims["aud"] = audience.clone();
        set(claims, "azp", party.clone());
    })
    .await
}

#[tokio::test]
async fn an_id_token_for_several_audiences_is_accepted_if_azp_is_this_client() {
    let shop = open(|_| {}).await;
    for audience in [
        json!([APP, "281234567890123456"]),
        json!(["281234567890123456", "sibling@project", APP]),
        json!([APP, "account"]),
        json!([APP, APP, "account", "account"]),
        json!([APP, ""]),
    ] {
        let page = login_with(&shop, &audience, Some(APP.into())).await;
        assert_signed_in(&page, &audience.to_string());
    }
}

#[tokio::test]
async fn an_id_token_for_several_audiences_without_azp_is_refused() {
    let shop = open(|_| {}).await;
    for audience in [
        json!([APP, "another-app"]),
        json!(["another-app", APP]),
        json!([APP, ""]),
        json!([APP, APP, "account"]),
    ] {
        for party in [None, Some(Value::Null)] {
            let page = login_with(&shop, &audience, party).await;
            assert_eq!(refusal(&page), rejected("aud"), "{audience}");
        }
    }
}

#[tokio::test]
async fn a_trusted_audience_needs_no_azp() {
    let client = |oidc: tower_phone_auth::Oidc| oidc.trust_audience("api").trust_audience("shop");
    let shop = open_with(|_| {}, client, |builder| builder).await;
    for audience in [json!([APP, "api"]), json!(["shop", "api", APP]), json!(APP)] {
        let page = login_with(&shop, &audience, None).await;
        assert_signed_in(&page, &audience.to_string());
    }
    for audience in [
        json!([APP, "api", "another-app"]),
        json!([APP, "API"]),
        // A trusted audience is accepted beside this client, and never in place of it.
        json!(["api"]),
        json!("api"),
    ] {
        let page = login_with(&shop, &audience, None).await;
        assert_eq!(refusal(&page), rejected("aud"), "{audience}");
    }
    let page = login_with(&shop, &json!([APP, "api"]), Some("api".into())).await;
    assert_eq!(
        refusal(&page),
        rejected("azp"),
        "a trusted audience is not accepted as azp"
    );
}

#[tokio::test]
async fn an_id_token_with_another_azp_is_refused_for_any_audience() {
    let shop = open(|_| {}).await;
    for audience in [json!(APP), json!([APP]), json!([APP, "another-app"])] {
        for party in [
            json!("another-app"),
            json!(""),
            json!("LOCAL-DEMO-APP"),
            json!("local-demo-app "),
            json!(7),
            json!([APP]),
        ] {
            let page = login_with(&shop, &audience, Some(party.clone())).await;
            assert_eq!(refusal(&page), rejected("azp"), "{audience} {party}");
        }
    }
    for audience in [json!(APP), json!([APP])] {
        let page = login_with(&shop, &audience, Some(APP.into())).await;
        assert_signed_in(&page, &audience.to_string());
    }
}

#[tokio::test]
async fn an_id_token_with_our_azp_and_another_audience_is_refused() {
    let shop = open(|_| {}).await;
    for (audience, part) in [
        (json!("another-app"), "aud"),
        (json!(["another-app", "account"]), "aud"),
        (json!([]), "aud"),
        (json!([APP, 7]), "aud"),
        (json!([APP, null]), "aud"),
        (json!([[APP]]), "aud"),
        (json!({ "0": APP }), "aud"),
    ] {
        let page = login_with(&shop, &audience, Some(APP.into())).await;
        assert_eq!(refusal(&page), rejected(part), "{audience}");
    }
}
