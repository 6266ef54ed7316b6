//! Checks of the provider's metadata.

use serde_json::{Value, json};
use tower_phone_auth::{
    OAuthLayer, Oidc, SessionKey,
    error::LoginErrorKind::{self, Misconfigured},
};
use tower_phone_auth_local_provider::{Endpoint, PhoneIn, faults::Fault};

use super::{assert_signed_in, discovery::refused, login, open, refusal};
use crate::support::{browser::parameter, log::Log, shop::Shop};

fn because(part: &str) -> (u16, LoginErrorKind, Option<String>) {
    (502, Misconfigured, Some(part.to_owned()))
}

#[tokio::test]
async fn an_issuer_that_is_not_the_configured_one_is_refused() {
    let shop = open(|_| {}).await;
    let right = shop.provider.oidc_issuer();
    for issuer in [
        json!("https://id.example.com"),
        json!(format!("{right}/")),
        json!(right.to_uppercase()),
        json!(null),
        json!([right]),
    ] {
        let patch = Fault::Merge(json!({ "issuer": issuer }));
        assert_eq!(refused(&shop, patch).await, because("issuer"), "{issuer}");
    }
}

#[tokio::test]
async fn the_log_names_both_issuers_and_their_difference() {
    let shop = open(|_| {}).await;
    let right = shop.provider.oidc_issuer();
    for (found, difference) in [
        (format!("{right}/"), "the slash at the end"),
        (right.to_uppercase(), "upper and lower case"),
        (format!("{right}/realms/shop"), "the path"),
        (
            right.replace("http:", "https:"),
            "the same host, and another scheme, port or path",
        ),
        ("https://id.example.com".to_owned(), "another host"),
        ("x\n\u{1b}[31m\u{202e}".to_owned(), "another host"),
    ] {
        let log = Log::capture();
        let patch = Fault::Merge(json!({ "issuer": found }));
        shop.provider.fail_next(Endpoint::Discovery, patch);
        let page = shop.browser().visit("/").await;
        assert_eq!(refusal(&page), (502, Misconfigured, Some("issuer")));
        assert!(
            !String::from_utf8_lossy(page.body()).contains(&found),
            "{page:?}"
        );
        let text = log.text();
        let mut lines = text.lines().filter(|line| line.contains("another issuer"));
        let line = lines.next().unwrap();
        assert!(line.contains("ERROR") && lines.next().is_none(), "{text}");
        assert!(line.contains(&format!("expected={right:?}")), "{line}");
        let shown: String = found.chars().flat_map(char::escape_debug).collect();
        assert!(line.contains(&format!("found={shown:?}")), "{line}");
        assert!(
            line.contains(&format!("difference={difference:?}")),
            "{line}"
        );
    }
}

#[tokio::test]
async fn an_endpoint_that_is_not_safe_is_refused() {
    let shop = open(|_| {}).await;
    for name in [
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "userinfo_endpoint",
        "pushed_authorization_request_endpoint",
    ] {
        for url in [
            json!("http://op.example/x"),
            json!("http://127.0.0.1.op.example/x"),
            json!("javascript:alert(1)"),
            json!("/relative"),
            json!("https://op.example/x#fragment"),
        ] {
            let patch = Fault::Merge(json!({ name: url }));
            assert_eq!(refused(&shop, patch).await, because(name), "{url}");
        }
    }
}

/// Values that name no endpoint.
fn no_endpoints() -> [Value; 6] {
    [
        json!(null),
        json!(""),
        json!(" "),
        json!(7),
        json!({}),
        json!([]),
    ]
}

#[tokio::test]
async fn an_endpoint_that_is_missing_is_named() {
    let shop = open(|_| {}).await;
    for name in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
        for value in no_endpoints() {
            let patch = Fault::Merge(json!({ name: value }));
            assert_eq!(refused(&shop, patch).await, because(name), "{value}");
        }
    }
}

#[tokio::test]
async fn an_optional_endpoint_that_is_empty_counts_as_absent() {
    for name in [
        "userinfo_endpoint",
        "pushed_authorization_request_endpoint",
        "end_session_endpoint",
        "revocation_endpoint",
    ] {
        for value in no_endpoints() {
            let shop = open(|oidc| oidc.phone_in = PhoneIn::Both).await;
            let patch = Fault::Merge(json!({ name: value }));
            shop.provider.fail(Endpoint::Discovery, patch);
            let case = format!("{name} {value}");
            assert_signed_in(&login(&shop, []).await, &case);
        }
    }
}

#[tokio::test]
async fn members_that_are_not_needed_may_have_any_type() {
    let shop = open(|_| {}).await;
    let strange = json!({
        "scopes_supported": "openid",
        "token_endpoint_auth_methods_supported": { "x": 1 },
        "claims_parameter_supported": "true",
        "require_pushed_authorization_requests": 1,
        "authorization_response_iss_parameter_supported": "yes",
        "id_token_signing_alg_values_supported": 7,
        "new_in_2030": [null, 1e300],
    });
    shop.provider
        .fail_next(Endpoint::Discovery, Fault::Merge(strange));
    assert_signed_in(&login(&shop, []).await, "strange members");
}

#[tokio::test]
async fn the_query_of_the_authorization_endpoint_is_kept() {
    let shop = open(|_| {}).await;
    let url = format!("{}/authorize?tenant=a%26b", shop.provider.oidc_issuer());
    let patch = Fault::Merge(json!({ "authorization_endpoint": url }));
    shop.provider.fail_next(Endpoint::Discovery, patch);
    let away = shop.browser().visit("/").await;
    assert_eq!(parameter(&away, "tenant").as_deref(), Some("a&b"));
    assert_eq!(parameter(&away, "response_type").as_deref(), Some("code"));
}

#[tokio::test]
async fn an_issuer_must_be_safe_and_plain() {
    for issuer in [
        "http://id.example.com",
        "https://id.example.com/?tenant=x",
        "https://id.example.com/#x",
        "id.example.com",
        "",
        "ftp://id.example.com",
    ] {
        let builder = OAuthLayer::builder()
            .public_url("https://shop.example.com")
            .session_key(SessionKey::random())
            .provider(Oidc::new(issuer, "id", "secret"));
        let error = builder.build().unwrap_err();
        assert_eq!(error.setting(), "issuer", "{issuer}");
    }
}

#[tokio::test]
async fn an_issuer_that_ends_with_a_slash_is_asked_without_a_second_one() {
    let shop = open(|_| {}).await;
    let issuer = format!("{}/", shop.provider.oidc_issuer());
    shop.provider
        .configure(|settings| settings.oidc.discovery_issuer = Some(issuer.clone()));
    let oidc = Oidc::new(issuer.clone(), shop.provider.client_id(), "lpsecret-client");
    let shop = Shop::at(shop.provider, oidc, |builder| builder);
    shop.provider.forge_id_token(move |_, claims: &mut Value| {
        claims["iss"] = issuer.as_str().into();
    });
    assert_signed_in(&login(&shop, []).await, "as Auth0 writes it");
}
