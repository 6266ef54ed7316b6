//! Issuers that cannot be reached, that lead elsewhere, or that answer without metadata.

use http::StatusCode;
use serde_json::json;
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, faults::Fault};

use super::{
    super::{check, openid},
    FAILED, assert_wrong, at_issuer, closed,
};
use crate::faults::tls;

#[tokio::test]
async fn an_issuer_that_cannot_be_reached_has_the_cause_in_its_remedy() {
    let [unknown, plain] = [tls::server(true).await, tls::server(false).await];
    for (case, issuer, part) in [
        ("unknown authority", unknown, "SSL_CERT_FILE"),
        ("no TLS", plain, "does not speak TLS"),
        ("refused port", closed(), "that the server runs"),
        (
            "unknown host",
            "https://id.invalid".to_owned(),
            "the name in https://id.invalid",
        ),
    ] {
        let report = at_issuer(|_| issuer).await.layer.doctor().await;
        assert_wrong(case, &report, ("oidc", "metadata", FAILED), part);
    }
}

#[tokio::test]
async fn an_issuer_with_a_typing_error_has_the_right_one_in_its_remedy() {
    let shop = at_issuer(|provider| format!("{}/realms/Shop", provider.origin())).await;
    let report = shop.layer.doctor().await;
    assert_wrong("404 realm", &report, ("oidc", "metadata", FAILED), "realm");
    assert!(check(&report, "oidc", "metadata").found().contains("404"));

    let shop = at_issuer(|provider| format!("{}/", provider.oidc_issuer())).await;
    let report = shop.layer.doctor().await;
    let (issuer, slash) = (shop.provider.oidc_issuer(), "the slash at the end differs");
    assert_wrong("trailing slash", &report, ("oidc", "issuer", FAILED), slash);
    assert_eq!(check(&report, "oidc", "issuer").found(), issuer);
    assert!(
        check(&report, "oidc", "issuer")
            .remedy()
            .unwrap()
            .contains(&issuer)
    );

    let other = |provider: &LocalProvider| {
        provider.configure(|settings| {
            settings.oidc.discovery_issuer = Some("https://other.example".to_owned());
        });
    };
    let report = openid(other, |_, oidc| oidc, |builder| builder).await;
    let report = report.layer.doctor().await;
    assert_wrong(
        "wrong issuer",
        &report,
        ("oidc", "issuer", FAILED),
        "https://other.example",
    );
}

#[tokio::test]
async fn an_answer_without_metadata_is_described() {
    let page = |status| Fault::Answer {
        status,
        content_type: Some("text/html; charset=utf-8".to_owned()),
        body: b"<!doctype html>canary".to_vec(),
        headers: http::HeaderMap::new(),
    };
    let gzip = (
        http::header::CONTENT_ENCODING,
        http::HeaderValue::from_static("gzip"),
    );
    let compressed = Fault::Answer {
        status: StatusCode::OK,
        content_type: Some("application/json".to_owned()),
        body: b"\x1f\x8bcanary".to_vec(),
        headers: http::HeaderMap::from_iter([gzip]),
    };
    let elsewhere = Fault::Redirect("https://elsewhere.example/x?canary=1".to_owned());
    for (case, fault, found, part) in [
        (
            "a page",
            page(StatusCode::OK),
            "200 OK, text/html",
            "sign-in page",
        ),
        (
            "a wall",
            page(StatusCode::FORBIDDEN),
            "403 Forbidden",
            "without a password",
        ),
        (
            "an outage",
            page(StatusCode::BAD_GATEWAY),
            "502 Bad Gateway",
            "provider's own log",
        ),
        (
            "a redirect",
            elsewhere,
            "to https://elsewhere.example/x",
            "redirects are not followed",
        ),
        (
            "not JSON",
            Fault::json(StatusCode::OK, &json!("canary")),
            "200 OK",
            "sign-in page",
        ),
        (
            "gzip",
            compressed,
            "application/json in the content coding gzip",
            "Accept-Encoding: identity",
        ),
        (
            "cut",
            Fault::Cut,
            "no connection, or it broke",
            "the way from this machine",
        ),
        ("huge", Fault::Huge(1 << 20), "too large", "256 KiB"),
    ] {
        let broken = |provider: &LocalProvider| provider.fail(Endpoint::Discovery, fault);
        let shop = openid(broken, |_, oidc| oidc, |builder| builder).await;
        let report = shop.layer.doctor().await;
        assert_wrong(case, &report, ("oidc", "metadata", FAILED), part);
        let metadata = check(&report, "oidc", "metadata");
        assert!(metadata.found().contains(found), "{metadata:?}");
        assert!(!report.to_json().contains("canary"), "{report}");
    }
}
