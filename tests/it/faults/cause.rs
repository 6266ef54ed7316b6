//! The log names the call that failed, its host and the source of the error.

use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;
use tower_phone_auth_local_provider::{Endpoint, faults::Fault};

use super::{
    tls,
    world::{Dialect, ENDPOINTS, World},
};
use crate::support::events::{Events, Line};

/// The line of the audit log about one refused sign-in.
async fn refused(world: &World) -> Line {
    let events = Events::capture();
    let (_page, _) = world.sign_in().await;
    let lines = events.audit("refusal");
    let [line] = lines.as_slice() else {
        panic!("one refusal: {lines:?}")
    };
    line.clone()
}

fn call(endpoint: Endpoint) -> &'static str {
    match endpoint {
        Endpoint::Discovery => "metadata",
        Endpoint::Pushed => "pushed_request",
        Endpoint::Token => "token",
        Endpoint::Keys => "keys",
        Endpoint::Profile => "profile",
        other => panic!("no call of a sign-in: {other:?}"),
    }
}

#[tokio::test]
async fn every_call_of_a_sign_in_is_named_with_its_host() {
    for (dialect, endpoint) in ENDPOINTS {
        let world = World::with_long_timeout(dialect).await;
        world.shop.provider.fail(endpoint, Fault::Close);
        let line = refused(&world).await;
        assert_eq!(line.field("call"), call(endpoint), "{dialect:?}");
        assert_eq!(line.field("host"), "127.0.0.1", "{dialect:?}");
        assert!(line.field("source").contains("connection"), "{line:?}");
        assert!(!line.fields.contains_key("status"), "{line:?}");
    }
}

#[tokio::test]
async fn an_answer_that_is_no_json_is_logged_with_its_status() {
    for (dialect, endpoint) in ENDPOINTS {
        for status in [200, 404, 500] {
            let world = World::with_long_timeout(dialect).await;
            let page = Fault::Answer {
                status: StatusCode::from_u16(status).unwrap(),
                content_type: Some("text/html".to_owned()),
                body: b"<!doctype html><title>oops</title>".to_vec(),
                headers: HeaderMap::new(),
            };
            world.shop.provider.fail(endpoint, page);
            let line = refused(&world).await;
            let case = format!("{dialect:?} {status}: {line:?}");
            assert_eq!(line.field("call"), call(endpoint), "{case}");
            assert_eq!(line.field("host"), "127.0.0.1", "{case}");
            assert_eq!(line.field("status"), status.to_string(), "{case}");
        }
    }
}

/// The origin of a port where nothing listens.
pub(crate) fn closed() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("https://{}", listener.local_addr().unwrap())
}

#[tokio::test]
async fn different_outages_have_different_causes() {
    for (origin, cause) in [
        (tls::server(true).await, "invalid peer certificate"),
        (tls::server(false).await, "corrupt message"),
        (closed(), "Connection refused"),
        ("https://id.invalid".to_owned(), "dns error"),
    ] {
        for (name, call) in [
            ("token_endpoint", "token"),
            ("jwks_uri", "keys"),
            ("userinfo_endpoint", "profile"),
        ] {
            let world = World::with_long_timeout(Dialect::OpenId).await;
            let patch = Fault::Merge(json!({ name: format!("{origin}/x?secret=1") }));
            world.shop.provider.fail(Endpoint::Discovery, patch);
            let line = refused(&world).await;
            assert_eq!(line.field("call"), call, "{origin}");
            assert!(line.field("source").contains(cause), "{origin}: {line:?}");
            assert!(!line.field("source").contains("secret"), "{line:?}");
        }
    }
}

#[tokio::test]
async fn an_answer_with_a_coding_or_too_large_is_logged_with_its_status() {
    for (fault, code) in [
        (Fault::Huge(2 << 20), "too_large"),
        (
            Fault::Answer {
                status: StatusCode::OK,
                content_type: Some("application/json".to_owned()),
                body: b"\x1f\x8b".to_vec(),
                headers: HeaderMap::from_iter([(
                    http::header::CONTENT_ENCODING,
                    HeaderValue::from_static("gzip"),
                )]),
            },
            "content_encoding_gzip",
        ),
    ] {
        for (dialect, endpoint) in ENDPOINTS {
            let world = World::with_long_timeout(dialect).await;
            world.shop.provider.fail(endpoint, fault.clone());
            let line = refused(&world).await;
            assert_eq!(line.field("call"), call(endpoint), "{dialect:?}");
            assert!(line.field("code").ends_with(code), "{dialect:?}: {line:?}");
        }
    }
}
