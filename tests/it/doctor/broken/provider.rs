//! Faults of keys, clocks and endpoints.

use std::time::{Duration, Instant};

use crate::support::clients::Clients as _;
use http::StatusCode;
use serde_json::json;
use tower_phone_auth::Kakao;
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, faults::Fault};

use super::{
    super::{check, openid, openid_with, shop},
    FAILED, WARNING, assert_wrong,
};
use crate::faults::tls;

#[tokio::test]
async fn keys_that_cannot_verify_tokens_fail_their_check() {
    let secret = json!({ "keys": [{ "kty": "oct", "k": "AAAA" }] });
    for (case, keys, part) in [
        ("empty", json!({ "keys": [] }), "RSA key of 2048 bits"),
        ("a shared secret", secret, "RSA key of 2048 bits"),
        ("no set", json!({ "error": "canary" }), "jwks_uri"),
    ] {
        let broken = |provider: &LocalProvider| {
            provider.fail(Endpoint::Keys, Fault::json(StatusCode::OK, &keys));
        };
        let shop = openid(broken, |_, oidc| oidc, |builder| builder).await;
        let report = shop.layer.doctor().await;
        assert_wrong(case, &report, ("oidc", "key_set", FAILED), part);
        assert!(!report.to_json().contains("canary"), "{report}");
    }
    let other = json!({ "id_token_signing_alg_values_supported": ["ES256"] });
    let broken = |provider: &LocalProvider| provider.fail(Endpoint::Discovery, Fault::Merge(other));
    let shop = openid(broken, |_, oidc| oidc, |builder| builder).await;
    let report = shop.layer.doctor().await;
    assert_wrong(
        "another kind",
        &report,
        ("oidc", "key_set", FAILED),
        "a key for ES256",
    );
}

#[tokio::test]
async fn a_clock_difference_is_reported_with_seconds_and_direction() {
    let minutes = Duration::from_secs(300);
    let shop = openid_with(|builder| builder).await;
    shop.time.set_back(minutes);
    let report = shop.layer.doctor().await;
    assert_wrong("clock behind", &report, ("oidc", "clock", FAILED), "chrony");
    let found = check(&report, "oidc", "clock").found();
    assert!(
        found.contains("30") && found.ends_with("s behind the provider"),
        "{found}"
    );
    shop.time.set_forward(minutes + minutes);
    let report = shop.layer.doctor().await;
    assert_wrong("clock ahead", &report, ("oidc", "clock", WARNING), "chrony");
    let found = check(&report, "oidc", "clock").found();
    assert!(found.ends_with("s ahead of the provider"), "{found}");
}

#[tokio::test]
async fn the_endpoints_of_presets_are_reached_or_reported() {
    let base = tls::server(true).await;
    let provider = LocalProvider::start().await.unwrap();
    let client = Kakao::new("id", "secret").endpoint_base(&base);
    let kakao = shop(provider, client, |builder| builder);
    let report = kakao.layer.doctor().await;
    println!("== Kakao behind an unknown authority ==\n{report}");
    for name in ["token_endpoint", "profile_endpoint"] {
        let check = check(&report, "kakao", name);
        assert_eq!(check.state(), FAILED);
        assert!(
            check.remedy().unwrap().contains("SSL_CERT_FILE"),
            "{check:?}"
        );
    }
    let provider = LocalProvider::start().await.unwrap();
    provider.fail(
        Endpoint::Profile,
        Fault::json(StatusCode::NOT_FOUND, &json!({})),
    );
    let client = provider.google();
    let shop = shop(provider, client, |builder| builder);
    let report = shop.layer.doctor().await;
    assert_wrong(
        "no such path",
        &report,
        ("google", "profile_endpoint", WARNING),
        "no such path",
    );
}

#[tokio::test]
async fn a_provider_that_hangs_is_reported_in_time() {
    let limit = Duration::from_secs(1);
    for endpoint in [Endpoint::Discovery, Endpoint::Keys] {
        let broken = |provider: &LocalProvider| provider.fail(endpoint, Fault::Hang);
        let shop = openid(
            broken,
            |_, oidc| oidc,
            |builder| builder.provider_timeout(limit),
        )
        .await;
        let began = Instant::now();
        let report = shop.layer.doctor().await;
        assert!(began.elapsed() < 3 * limit, "{:?}", began.elapsed());
        let name = match endpoint {
            Endpoint::Keys => "key_set",
            _ => "metadata",
        };
        assert_wrong("hangs", &report, ("oidc", name, FAILED), "firewall");
    }
}
