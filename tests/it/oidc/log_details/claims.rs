//! Log lines about claims of ID tokens, and about clock differences.

use serde_json::json;
use tracing::Level;

use super::{
    super::{forged, open},
    assert_differs, claimed, refused,
};
use crate::support::events::{Events, Line};

#[tokio::test]
async fn a_claim_of_another_value_is_named_with_both_values() {
    let long = "x".repeat(10_000);
    for (name, value, found) in [
        (
            "iss",
            json!("https://other.example/"),
            "https://other.example/",
        ),
        ("iss", json!("\u{1b}[31m\nfake"), "\\u{1b}[31m\\nfake"),
        ("iss", json!(long), "xxx"),
        ("iss", json!(821_012_345_678_u64), "a number"),
        ("aud", json!("another-client"), "another-client"),
        ("aud", json!(["one", "two"]), "one, two"),
        ("aud", json!({}), "an object"),
        ("azp", json!("another-client"), "another-client"),
        ("nonce", json!("n-0S6_WzA2Mj"), "another"),
        ("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA"), "another"),
        ("sub", json!(1_376_016_924_429_759_228_u64), "a number"),
        ("sub", json!(""), "an empty text"),
    ] {
        let line = claimed(name, Some(value)).await;
        let code = match name {
            "sub" if found == "a number" => "sub_type",
            "sub" => "sub_empty",
            name => name,
        };
        assert_differs(&line, code, "", found);
        assert!(!format!("{line:?}").contains("n-0S6_WzA2Mj"), "{line:?}");
    }
}

#[tokio::test]
async fn a_claim_that_is_missing_is_named() {
    for name in ["iss", "aud", "exp", "iat", "nonce", "sub"] {
        let line = claimed(name, None).await;
        let code = if name == "sub" { "sub_missing" } else { name };
        assert_differs(&line, code, "", "missing");
    }
    for (name, value) in [
        ("iss", json!(null)),
        ("aud", json!(null)),
        ("exp", json!("soon")),
    ] {
        let line = claimed(name, Some(value.clone())).await;
        let found = if value.is_null() { "null" } else { "a text" };
        assert_differs(&line, name, "", found);
    }
}

#[tokio::test]
async fn the_expected_issuer_and_client_are_named() {
    let shop = open(|_| {}).await;
    let line = claimed("iss", Some(json!("https://other.example"))).await;
    assert!(line.field("expected").ends_with("/oidc"), "{line:?}");
    for name in ["aud", "azp"] {
        let line = claimed(name, Some(json!("other"))).await;
        assert_eq!(line.field("expected"), shop.provider.client_id());
    }
}

/// The line of a sign-in at a provider whose clock is ahead by `ahead` seconds.
async fn with_clock_difference(ahead: i64) -> Line {
    let shop = open(|_| {}).await;
    let events = Events::capture();
    let now = i64::try_from(shop.time.now()).unwrap();
    forged(&shop, move |_, claims| {
        claims["iat"] = (now + ahead).into();
        claims["exp"] = (now + ahead + 300).into();
        claims["auth_time"] = (now + ahead).into();
    })
    .await;
    refused(&events, &shop)
}

#[tokio::test]
async fn a_clock_difference_is_logged_at_error_in_seconds() {
    for (ahead, code, found) in [
        (90, "iat", "90 s ahead"),
        (3600, "iat", "3600 s ahead"),
        (9 * 3600, "iat", "32400 s ahead"),
        (-400, "exp", "100 s ago"),
        (-3600, "exp", "3300 s ago"),
        (-9 * 3600, "exp", "32100 s ago"),
    ] {
        let line = with_clock_difference(ahead).await;
        assert_differs(&line, code, "60 s", found);
        assert_eq!(line.field("difference_s"), ahead.to_string());
        assert_eq!(line.level, Level::ERROR, "{line:?}");
        assert!(line.field("message").contains("clock"), "{line:?}");
    }
}

#[tokio::test]
async fn a_time_that_no_clock_difference_explains_is_logged_without_clocks() {
    let now = i64::try_from(open(|_| {}).await.time.now()).unwrap();
    for (name, time) in [
        ("exp", now - 600),
        ("nbf", now + 600),
        ("iat", now + 10_000_000),
    ] {
        let line = claimed(name, Some(json!(time))).await;
        assert_eq!(line.level, Level::ERROR, "{line:?}");
        assert!(!line.field("message").contains("clock"), "{line:?}");
        assert!(line.field("found").contains(" s a"), "{line:?}");
    }
}
