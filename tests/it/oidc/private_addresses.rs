//! Metadata may not name endpoints on this server or in private networks.

use std::time::Duration;

use serde_json::json;
use tower_phone_auth::error::LoginErrorKind::Misconfigured;
use tower_phone_auth_local_provider::{Endpoint, faults::Fault};

use super::{assert_signed_in, discovery::refused, login, open, open_with};

/// The metadata members that name endpoints for the server.
const CALLED: [&str; 4] = [
    "token_endpoint",
    "jwks_uri",
    "userinfo_endpoint",
    "pushed_authorization_request_endpoint",
];

/// Private addresses. The issuer of these tests is on loopback, which permits loopback alone.
const PRIVATE: [&str; 18] = [
    "https://0.0.0.0:8443/x",
    "https://0:8443/x",
    "https://0x0/x",
    "https://[::]/x",
    "https://[::ffff:0.0.0.0]/x",
    "https://169.254.169.254/x",
    "https://2852039166/x",
    "https://0xa9.0xfe.0xa9.0xfe/x",
    "https://0251.0376.0251.0376/x",
    "https://[::ffff:169.254.169.254]/x",
    "https://[64:ff9b::a9fe:a9fe]/x",
    "https://[fe80::1]/x",
    "https://10.0.0.1/x",
    "https://172.20.0.1/x",
    "https://192.168.1.1/x",
    "https://100.64.0.1/x",
    "https://[fd00::1]/x",
    "https://255.255.255.255/x",
];

#[tokio::test]
async fn an_endpoint_at_a_private_address_is_refused_in_every_notation() {
    let shop = open(|_| {}).await;
    for name in CALLED {
        for url in PRIVATE {
            let patch = Fault::Merge(json!({ name: url }));
            let because = (502, Misconfigured, Some(name.to_owned()));
            assert_eq!(refused(&shop, patch).await, because, "{url}");
            // Sign-ins without any metadata may fetch them once a second.
            shop.time.pass(Duration::from_secs(1));
        }
    }
}

#[tokio::test]
async fn an_endpoint_under_another_loopback_name_is_accepted_for_a_provider_on_loopback() {
    let shop = open(|_| {}).await;
    let issuer = shop.provider.oidc_issuer();
    let elsewhere = issuer.replace("127.0.0.1", "localhost");
    let patch = json!({ "userinfo_endpoint": format!("{elsewhere}/userinfo") });
    shop.provider
        .fail_next(Endpoint::Discovery, Fault::Merge(patch));
    assert_signed_in(&login(&shop, []).await, "localhost");
}

#[tokio::test]
async fn addresses_for_the_browser_are_not_called_and_may_be_anywhere() {
    let shop = open(|_| {}).await;
    let inner = "https://10.0.0.1/authorize";
    let patch = json!({ "authorization_endpoint": inner, "end_session_endpoint": inner });
    shop.provider
        .fail_next(Endpoint::Discovery, Fault::Merge(patch));
    assert_eq!(shop.browser().visit("/").await.status(), 303);
}

#[tokio::test]
async fn a_revocation_endpoint_at_a_private_address_counts_as_absent() {
    let shop = open(|_| {}).await;
    let patch = json!({ "revocation_endpoint": "https://169.254.169.254/revoke" });
    shop.provider
        .fail_next(Endpoint::Discovery, Fault::Merge(patch));
    assert_signed_in(
        &login(&shop, []).await,
        "a sign-in does not need the endpoint",
    );
    let error = shop
        .layer
        .provider("oidc")
        .unwrap()
        .revoke_token("token")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Misconfigured);
    assert_eq!(error.code(), Some("revocation_endpoint"));
}

#[tokio::test]
async fn allow_internal_endpoints_permits_private_addresses() {
    let shop = open_with(
        |_| {},
        tower_phone_auth::Oidc::allow_internal_endpoints,
        |builder| builder,
    )
    .await;
    let patch = json!({ "jwks_uri": "https://10.0.0.1/jwks" });
    shop.provider
        .fail_next(Endpoint::Discovery, Fault::Merge(patch));
    assert_eq!(shop.browser().visit("/").await.status(), 303);
}

#[tokio::test]
async fn calls_request_answers_without_compression() {
    let shop = open(|_| {}).await;
    login(&shop, []).await;
    let requests = shop.provider.requests();
    let ours = requests
        .iter()
        .filter(|one| one.endpoint != Some(Endpoint::Authorize));
    for request in ours {
        assert_eq!(
            request.headers["accept-encoding"], "identity",
            "{}",
            request.path
        );
    }
}
