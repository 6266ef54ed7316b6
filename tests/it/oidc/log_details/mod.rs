//! The line of a refusal has the fields `expected` and `found`.

mod claims;
mod discovery;
mod profile;
mod signature;

use serde_json::Value;

use super::{claiming, open};
use crate::support::{
    events::{Events, Line},
    shop::Shop,
};

/// The line of the only refusal, after a check that no line has a secret.
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

/// The line of a sign-in with one claim replaced or removed.
async fn claimed(name: &'static str, value: Option<Value>) -> Line {
    let shop = open(|_| {}).await;
    let events = Events::capture();
    claiming(&shop, name, value).await;
    refused(&events, &shop)
}
