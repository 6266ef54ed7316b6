//! Log lines about metadata, key sets and the issuer of a callback.

use http::{HeaderMap, StatusCode, header::LOCATION};
use serde_json::json;
use tower_phone_auth_local_provider::{Algorithm, Endpoint, faults::Fault};
use tracing::Level;

use super::{super::open, assert_differs, refused};
use crate::support::{
    browser::{JIWOO, altered},
    events::{Events, Line},
};

/// The line of the refusal, and all lines, of a visit while discovery has this fault.
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
async fn invalid_metadata_are_logged_with_the_part_that_is_wrong() {
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
async fn a_failed_discovery_is_logged_at_error_with_status_host_and_path() {
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
async fn an_invalid_key_set_is_logged_like_invalid_metadata() {
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
async fn a_wrong_issuer_of_a_callback_is_named_below_the_level_error() {
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
