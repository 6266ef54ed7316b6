//! The scopes of a request are exactly those of the settings.

use serde_json::json;
use tower_phone_auth::{OAuthLayer, Oidc, SessionKey};
use tower_phone_auth_local_provider::{Endpoint, faults::Fault};

use super::open_with;
use crate::support::{browser::parameter, log::Log, shop::Shop};

async fn asked(client: impl FnOnce(Oidc) -> Oidc) -> String {
    let shop = open_with(|_| {}, client, |builder| builder).await;
    let away = shop.browser().visit("/").await;
    parameter(&away, "scope").unwrap()
}

#[tokio::test]
async fn the_scopes_of_a_request_are_exactly_those_that_are_set() {
    assert_eq!(asked(|oidc| oidc).await, "openid phone");
    for scopes in [
        &["openid"][..],
        &["openid", "profile"],
        &["profile", "openid", "phone"],
        &["openid", "urn:zitadel:iam:org:project:id:1:aud"],
    ] {
        assert_eq!(
            asked(|oidc| oidc.scopes(scopes.iter().copied())).await,
            scopes.join(" ")
        );
    }
}

#[tokio::test]
async fn a_further_scope_and_the_phone_scope_are_added_to_a_list() {
    let more = asked(|oidc| oidc.scope("email").scope("openid")).await;
    assert_eq!(more, "openid email phone");
    let listed = asked(|oidc| oidc.scopes(["openid"]).scope("email")).await;
    assert_eq!(listed, "openid email");
    let other = asked(|oidc| oidc.phone_scope("phone_number")).await;
    assert_eq!(other, "openid phone_number");
    let both = asked(|oidc| oidc.phone_scope("mobile").scopes(["openid", "phone"])).await;
    assert_eq!(both, "openid phone");
    assert_eq!(asked(|oidc| oidc.phone_scope("")).await, "openid");
}

#[test]
fn a_malformed_scope_list_is_refused_when_the_layer_is_built() {
    for scopes in [
        &[][..],
        &["phone"],
        &["OpenID"],
        &["openid phone"],
        &["openid", ""],
        &["openid", "a\"b"],
        &["openid", "a\\b"],
        &["openid", "전화"],
    ] {
        let oidc =
            Oidc::new("https://id.example.com", "id", "secret").scopes(scopes.iter().copied());
        let error = OAuthLayer::new(oidc, "https://shop.example.com", SessionKey::random());
        assert_eq!(error.unwrap_err().setting(), "scopes", "{scopes:?}");
    }
}

/// The warnings about a scope in the log of three visits.
async fn warned(shop: &Shop) -> Vec<String> {
    let log = Log::capture();
    for _ in 0..3 {
        shop.browser().visit("/").await;
        // The next visit reads the metadata again.
        shop.time.pass(std::time::Duration::from_secs(25 * 60 * 60));
    }
    let text = log.text();
    let lines = text
        .lines()
        .filter(|line| line.contains("list no such scope"));
    lines.map(str::to_owned).collect()
}

#[tokio::test]
async fn a_scope_that_the_provider_does_not_list_is_named_once_and_asked_for() {
    let supported = |scopes| Fault::Merge(json!({ "scopes_supported": scopes }));
    for (listed, client, missing) in [
        (
            &["openid", "email"][..],
            &["openid", "phone"][..],
            &["phone"][..],
        ),
        (&["openid", "phone"], &["openid", "phone"], &[]),
        (
            &["openid"],
            &["openid", "phone", "groups"],
            &["phone", "groups"],
        ),
        (&[], &["openid", "phone"], &["openid", "phone"]),
    ] {
        let shop = open_with(
            |_| {},
            |oidc| oidc.scopes(client.iter().copied()),
            |builder| builder,
        )
        .await;
        shop.provider.fail(Endpoint::Discovery, supported(listed));
        let lines = warned(&shop).await;
        assert_eq!(lines.len(), missing.len(), "{lines:?}");
        for (line, scope) in lines.iter().zip(missing) {
            assert!(line.contains("WARN"), "{line}");
            assert!(line.contains(&format!("scope=\"{scope}\"")), "{line}");
        }
        let away = shop.browser().visit("/").await;
        assert_eq!(parameter(&away, "scope").unwrap(), client.join(" "));
    }
}

#[tokio::test]
async fn without_a_list_every_scope_is_requested_without_a_warning() {
    for absent in [json!(null), json!("openid"), json!(7)] {
        let shop = open_with(|_| {}, |oidc| oidc.scope("groups"), |builder| builder).await;
        let patch = Fault::Merge(json!({ "scopes_supported": absent }));
        shop.provider.fail(Endpoint::Discovery, patch);
        assert!(warned(&shop).await.is_empty(), "{absent}");
        let away = shop.browser().visit("/").await;
        assert_eq!(parameter(&away, "scope").unwrap(), "openid groups phone");
    }
}
