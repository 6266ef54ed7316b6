//! The log says what was expected and what came, in the one line of the refusal.

use http::{HeaderMap, StatusCode, header::LOCATION};
use serde_json::{Value, json};
use tower_phone_auth::local_provider::{
    Algorithm, Endpoint, Fault, OidcSettings, Signing, Userinfo,
};
use tracing::Level;

use super::{claiming, forged, keys::published, login, ok, open};
use crate::support::{
    browser::{JIWOO, altered},
    events::{Events, Line},
    shop::Shop,
};

/// The one refusal, and what is never in a line.
fn refused(events: &Events, shop: &Shop) -> Line {
    let lines = events.audit("refusal");
    let [line] = lines.as_slice() else {
        panic!("one refusal: {}", events.text())
    };
    for secret in [
        "821012345678",
        "10-1234-5678",
        "1376016924429759228",
        &shop.provider.client_secret().unwrap(),
    ] {
        assert!(!events.text().contains(secret), "{}", events.text());
    }
    line.clone()
}

#[track_caller]
fn assert_differs(line: &Line, code: &str, expected: &str, found: &str) {
    assert_eq!(line.field("code"), code, "{line:?}");
    assert!(line.field("expected").contains(expected), "{line:?}");
    assert!(line.field("found").contains(found), "{line:?}");
    for field in ["expected", "found"] {
        assert!(line.field(field).chars().count() <= 200, "{line:?}");
        assert!(!line.field(field).contains(['\n', '\u{1b}']), "{line:?}");
    }
}

/// The line of a sign-in with one claim changed.
async fn claimed(name: &'static str, value: Option<Value>) -> Line {
    let shop = open(|_| {}).await;
    let events = Events::capture();
    claiming(&shop, name, value).await;
    refused(&events, &shop)
}

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
        ("aud", json!("someone-else"), "someone-else"),
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

/// The provider's clock differs from ours by so many seconds.
async fn by_clocks(ahead: i64) -> Line {
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
async fn clocks_that_differ_are_for_the_operator_with_the_seconds() {
    for (ahead, code, found) in [
        (90, "iat", "90 s ahead"),
        (3600, "iat", "3600 s ahead"),
        (9 * 3600, "iat", "32400 s ahead"),
        (-400, "exp", "100 s ago"),
        (-3600, "exp", "3300 s ago"),
        (-9 * 3600, "exp", "32100 s ago"),
    ] {
        let line = by_clocks(ahead).await;
        assert_differs(&line, code, "60 s", found);
        assert_eq!(line.field("difference_s"), ahead.to_string());
        assert_eq!(line.level, Level::ERROR, "{line:?}");
        assert!(line.field("message").contains("clock"), "{line:?}");
    }
}

#[tokio::test]
async fn a_time_that_no_clock_explains_is_told_without_clocks() {
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

async fn signed(change: impl FnOnce(&mut OidcSettings), signing: Option<Signing>) -> Line {
    let shop = open(change).await;
    let events = Events::capture();
    if let Some(signing) = signing {
        shop.provider.sign_id_tokens(signing);
    }
    login(&shop, []).await;
    refused(&events, &shop)
}

#[tokio::test]
async fn the_refused_algorithm_and_the_accepted_ones_are_named() {
    let none = signed(|_| {}, Some(Signing::None)).await;
    assert_differs(&none, "alg", "RS256", "none");
    let hmac = signed(|_| {}, Some(Signing::HmacWithPublicKey)).await;
    assert_differs(&hmac, "alg", "RS256", "HS256");
    for (name, found) in [
        ("ES256K", "ES256K"),
        ("RS1", "RS1"),
        ("XYZ-9", "unknown"),
        ("a b\nc", "unknown"),
        ("", "unknown"),
        ("PS512", "PS512"),
    ] {
        let shop = open(|_| {}).await;
        let announced = json!({ "id_token_signing_alg_values_supported": ["RS256", "ES256"] });
        shop.provider
            .fail(Endpoint::Discovery, Fault::Merge(announced));
        let events = Events::capture();
        forged(&shop, move |header, _| header["alg"] = name.into()).await;
        let line = refused(&events, &shop);
        assert_differs(&line, "alg", "RS256, ES256", found);
    }
}

#[tokio::test]
async fn a_token_that_is_no_signed_one_is_named_by_its_form() {
    let shop = open(|_| {}).await;
    for (token, code, found) in [
        (
            "eyJhbGciOiJSU0EtT0FFUCJ9.a.b.c.d",
            "encrypted",
            "encrypted token of five parts",
        ),
        ("opaque", "form", "1 parts"),
        ("a.b", "form", "2 parts"),
        ("!.b.c", "form", "another"),
    ] {
        let events = Events::capture();
        let patch = Fault::Merge(json!({ "id_token": token }));
        login(&shop, [(Endpoint::Token, patch)]).await;
        assert_differs(&refused(&events, &shop), code, "", found);
    }
    let events = Events::capture();
    login(
        &shop,
        [(Endpoint::Token, Fault::Merge(json!({ "id_token": null })))],
    )
    .await;
    assert_differs(&refused(&events, &shop), "missing", "id_token", "missing");
}

#[tokio::test]
async fn the_key_that_is_lacking_or_does_not_fit_is_named() {
    for (kid, algorithm, found) in [
        (Some("gone"), "RS256", "kid gone"),
        (None, "RS256", "no kid"),
        (Some("\u{1b}[2Jx"), "RS256", "\\u{1b}[2Jx"),
    ] {
        let shop = open(|oidc| oidc.strange_keys = false).await;
        let events = Events::capture();
        shop.provider.sign_id_tokens(Signing::WrongKey);
        forged(&shop, move |header, _| {
            header["alg"] = algorithm.into();
            super::set(header, "kid", kid.map(Into::into));
        })
        .await;
        let line = refused(&events, &shop);
        assert_differs(&line, "signature", "", found);
    }
    // The key is there, and is of another kind.
    let shop = open(|oidc| oidc.strange_keys = false).await;
    let announced = json!({ "id_token_signing_alg_values_supported": ["RS256", "ES256"] });
    shop.provider
        .fail(Endpoint::Discovery, Fault::Merge(announced));
    let events = Events::capture();
    forged(&shop, |header, _| header["alg"] = "ES256".into()).await;
    let line = refused(&events, &shop);
    assert_differs(&line, "signature", "ES256", "is of R");
    // The key is there, and may not be used.
    let shop = open(|oidc| oidc.strange_keys = false).await;
    let mut keys = published(&shop).await;
    let mut other = keys[0].clone();
    other["kid"] = "other".into();
    keys[0]["use"] = "enc".into();
    keys.push(other);
    shop.provider
        .fail(Endpoint::Keys, ok(&json!({ "keys": keys })));
    let events = Events::capture();
    shop.provider.sign_id_tokens(Signing::WrongKey);
    login(&shop, []).await;
    assert_differs(
        &refused(&events, &shop),
        "signature",
        "RS256",
        "not accepted",
    );
    // No key can be used at all.
    keys.pop();
    let shop = open(|_| {}).await;
    shop.provider
        .fail(Endpoint::Keys, ok(&json!({ "keys": keys })));
    let events = Events::capture();
    login(&shop, []).await;
    assert_differs(&refused(&events, &shop), "no_keys", "a key", "1 keys");
}

#[tokio::test]
async fn userinfo_is_told_as_userinfo() {
    for (signing, code, found) in [
        (Signing::WrongKey, "userinfo_signature", "did not make it"),
        (Signing::None, "userinfo_alg", "none"),
        (Signing::HmacWithPublicKey, "userinfo_alg", "HS256"),
    ] {
        let shop = open(|oidc| {
            oidc.userinfo = Userinfo::Jwt;
            oidc.userinfo_signing = signing;
        })
        .await;
        let events = Events::capture();
        login(&shop, []).await;
        assert_differs(&refused(&events, &shop), code, "", found);
    }
    for (sub, code, found) in [
        (json!("another"), "userinfo_sub", "another"),
        (json!(null), "userinfo_sub_missing", "missing"),
        (
            json!(1_376_016_924_429_759_228_u64),
            "userinfo_sub_missing",
            "a number",
        ),
    ] {
        let shop = open(|_| {}).await;
        let events = Events::capture();
        let patch = Fault::Merge(json!({ "sub": sub }));
        login(&shop, [(Endpoint::Profile, patch)]).await;
        let line = refused(&events, &shop);
        assert_differs(&line, code, "the sub of the ID token", found);
        assert_eq!(line.field("call"), "profile");
    }
}

#[tokio::test]
async fn a_number_of_another_type_or_without_a_plus_is_told_without_the_number() {
    for (number, code, found) in [
        (
            json!(821_012_345_678_u64),
            Some("phone_number_type"),
            "a number",
        ),
        (
            json!(["+821012345678"]),
            Some("phone_number_type"),
            "a list",
        ),
        (
            json!({ "number": "+821012345678" }),
            Some("phone_number_type"),
            "an object",
        ),
        (json!("821012345678"), None, "a number without a plus"),
        (
            json!("01012345678"),
            None,
            "a number without a plus, with a leading zero",
        ),
        (
            json!("+82-10-****-5678"),
            None,
            "a text with letters or masks",
        ),
    ] {
        let shop = open(|_| {}).await;
        let events = Events::capture();
        let patch = Fault::Merge(json!({ "phone_number": number }));
        login(&shop, [(Endpoint::Profile, patch)]).await;
        let line = refused(&events, &shop);
        assert_eq!(line.field("found"), found, "{number}");
        if let Some(code) = code {
            assert!(line.field("code").ends_with(code), "{line:?}");
        }
        assert!(!events.text().contains("5678"), "{}", events.text());
    }
}

/// The refusal at a provider whose metadata are changed so.
async fn at_discovery(fault: Fault) -> (Line, Vec<Line>) {
    let shop = open(|_| {}).await;
    shop.provider.fail(Endpoint::Discovery, fault);
    let events = Events::capture();
    shop.browser().visit("/").await;
    let mut others = events.all();
    others.retain(|line| line.name != "refusal");
    (refused(&events, &shop), others)
}

#[tokio::test]
async fn metadata_are_told_by_the_part_that_is_wrong() {
    for (patch, code, found) in [
        (
            json!({ "issuer": "https://other.example" }),
            "issuer",
            "https://other.example",
        ),
        (json!({ "issuer": null }), "issuer", "missing"),
        (
            json!({ "token_endpoint": null }),
            "token_endpoint",
            "missing",
        ),
        (json!({ "token_endpoint": 7 }), "token_endpoint", "a number"),
        (
            json!({ "token_endpoint": ["x"] }),
            "token_endpoint",
            "a list",
        ),
        (json!({ "jwks_uri": null }), "jwks_uri", "missing"),
        (
            json!({ "jwks_uri": "http://id.example/k?secret=1" }),
            "jwks_uri",
            "http://id.example/k",
        ),
        (
            json!({ "authorization_endpoint": "nowhere" }),
            "authorization_endpoint",
            "nowhere",
        ),
    ] {
        let (line, _) = at_discovery(Fault::Merge(patch)).await;
        assert_differs(&line, code, "", found);
        assert_eq!(line.field("call"), "metadata");
        assert_eq!(line.level, Level::ERROR);
        assert!(!line.field("found").contains("secret"));
    }
}

fn page(status: u16, body: &str) -> Fault {
    let moved = "https://elsewhere.example/realms/x?token=secret";
    Fault::Answer {
        status: StatusCode::from_u16(status).unwrap(),
        content_type: None,
        body: body.into(),
        headers: HeaderMap::from_iter([(LOCATION, moved.parse().unwrap())]),
    }
}

#[tokio::test]
async fn a_failed_discovery_is_told_by_its_status_host_and_path_at_error() {
    for (status, body, found) in [
        (404, "<!doctype html>", "404 with no JSON object"),
        (
            404,
            "{\"error\":\"Realm does not exist\"}",
            "404 with a JSON object",
        ),
        (403, "", "403 with no body"),
        (200, "<!doctype html>", "200 with no JSON object"),
        (200, "{\"issuer\":", "200 with broken JSON"),
        (302, "", "302 to https://elsewhere.example/realms/x"),
    ] {
        let (line, others) = at_discovery(page(status, body)).await;
        assert_eq!(line.field("cause"), "Misconfigured");
        let document = others
            .iter()
            .find(|line| line.fields.contains_key("document"));
        for line in [&line, document.unwrap()] {
            assert_eq!(line.level, Level::ERROR);
            assert_eq!(line.field("status"), status.to_string());
            assert_eq!(line.field("host"), "127.0.0.1");
            assert!(
                line.field("path")
                    .ends_with("/.well-known/openid-configuration")
            );
            assert_eq!(line.field("found"), found);
            assert!(!format!("{line:?}").contains("secret"));
        }
    }
}

#[tokio::test]
async fn a_key_set_that_is_none_is_told_like_the_metadata() {
    for (status, body, found) in [
        (404, "gone", "404 with no JSON object"),
        (307, "", "307 to https://elsewhere.example/realms/x"),
        (200, "<!doctype html>", "200 with no JSON object"),
        (200, "{}", "missing"),
    ] {
        let shop = open(|_| {}).await;
        shop.provider.fail(Endpoint::Keys, page(status, body));
        let events = Events::capture();
        shop.browser().come_back("/", JIWOO).await;
        let line = refused(&events, &shop);
        assert_eq!(line.field("cause"), "Misconfigured", "{line:?}");
        assert_eq!(line.level, Level::ERROR);
        assert_eq!(line.field("call"), "keys");
        assert_eq!(line.field("status"), status.to_string());
        assert_eq!(line.field("path"), "/oidc/jwks");
        assert_eq!(line.field("found"), found);
    }
}

#[tokio::test]
async fn the_issuer_of_a_callback_is_named_and_is_no_error() {
    for (sent, found) in [
        (Some("https://evil.example"), "https://evil.example"),
        (Some("\u{202e}\n"), "\\u{202e}\\n"),
        (None, "missing"),
    ] {
        let shop = open(|oidc| oidc.algorithm = Algorithm::Rs256).await;
        let announced = json!({ "authorization_response_iss_parameter_supported": true });
        shop.provider
            .fail(Endpoint::Discovery, Fault::Merge(announced));
        let mut browser = shop.browser();
        let away = browser.visit("/").await;
        let callback = browser.act(&away, JIWOO).await;
        let events = Events::capture();
        browser.visit(&altered(&callback, "iss", sent)).await;
        let line = refused(&events, &shop);
        assert_eq!(line.field("expected"), shop.provider.oidc_issuer());
        assert_eq!(line.field("found"), found);
        assert_eq!(line.level, Level::WARN);
    }
}
