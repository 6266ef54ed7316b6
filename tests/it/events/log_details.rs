//! The log has the expected and the found value of a refused event.

use serde_json::{Value, json};
use tower_phone_auth_local_provider::Person;

use super::{
    OAUTH, SET,
    logout_token::{PATH, open, send, token},
    post,
};
use crate::support::{
    events::{Events, Line},
    shop::Shop,
};

fn refused(events: &Events) -> Line {
    let lines = events.audit("event_refused");
    let [line] = lines.as_slice() else {
        panic!("one: {}", events.text())
    };
    assert!(!events.text().contains("1376016924429759228"), "{line:?}");
    line.clone()
}

fn forge(shop: &Shop, name: &'static str, value: Option<Value>) {
    shop.provider.forge_id_token(move |_, claims| {
        let claims = claims.as_object_mut().unwrap();
        match value.clone() {
            Some(value) => claims.insert(name.to_owned(), value),
            None => claims.remove(name),
        };
    });
}

#[tokio::test]
async fn a_refused_logout_token_is_logged_with_the_found_value() {
    let long = format!("\u{1b}[2J\n{}", "로".repeat(10_000));
    for (name, value, found) in [
        (
            "iss",
            Some(json!("https://evil.example")),
            "https://evil.example",
        ),
        ("iss", Some(json!(long)), "\\u{1b}[2J\\n로"),
        ("aud", Some(json!(["one", "two"])), "one, two"),
        ("aud", None, "missing"),
        ("jti", Some(json!(7)), "a number"),
        ("events", Some(json!({})), "an object"),
        ("nonce", Some(json!("n-0S6")), "a nonce"),
        ("azp", Some(json!("another")), "another"),
        ("iat", Some(json!("now")), "a text"),
    ] {
        let shop = open().await;
        forge(&shop, name, value);
        let events = Events::capture();
        send(&shop, &token(&shop)).await;
        let line = refused(&events);
        assert_eq!(line.field("cause"), name);
        assert!(line.field("found").contains(found), "{line:?}");
        assert!(line.field("found").chars().count() <= 200, "{line:?}");
        assert!(!line.field("expected").is_empty());
        assert!(!format!("{line:?}").contains("n-0S6"));
    }
}

#[tokio::test]
async fn an_event_of_another_time_is_logged_with_the_difference_in_seconds() {
    for (ahead, cause) in [
        (-7200_i64, "iat"),
        (-3600, "iat"),
        (900, "iat"),
        (7200, "iat"),
    ] {
        let shop = open().await;
        let now = i64::try_from(shop.time.now()).unwrap();
        shop.provider.forge_id_token(move |_, claims| {
            claims["iat"] = (now + ahead).into();
            claims["exp"] = (now + ahead + 120).into();
        });
        let events = Events::capture();
        send(&shop, &token(&shop)).await;
        let line = refused(&events);
        assert_eq!(line.field("cause"), cause);
        assert_eq!(line.field("difference_s"), ahead.to_string());
        assert!(
            line.field("found").contains(&ahead.abs().to_string()),
            "{line:?}"
        );
    }
}

#[tokio::test]
async fn a_token_of_an_unknown_key_is_logged_with_the_known_keys() {
    for kid in ["gone", "another\n", ""] {
        let shop = open().await;
        shop.layer.warm_up().await.unwrap();
        shop.provider
            .sign_id_tokens(tower_phone_auth_local_provider::faults::Signing::WrongKey);
        shop.provider
            .forge_id_token(move |header, _| header["kid"] = kid.into());
        let events = Events::capture();
        for _ in 0..8 {
            send(&shop, &token(&shop)).await;
        }
        let mut lines = events.audit("event_refused");
        lines.retain(|line| line.field("cause") == "signature");
        let line = lines.first().unwrap_or_else(|| panic!("{}", events.text()));
        let found = line.field("found");
        assert!(
            found.starts_with(&format!("kid {}", kid.trim())),
            "{line:?}"
        );
        assert!(line.field("expected").contains("keys"), "{line:?}");
    }
}

#[tokio::test]
async fn a_refused_security_event_is_logged_with_the_found_value() {
    for (name, value, found) in [
        ("iss", json!("https://evil.example"), "https://evil.example"),
        ("aud", json!("another-client"), "another-client"),
        ("iat", json!(1_000_000_000), "s ago"),
    ] {
        let shop = open().await;
        forge(&shop, name, Some(value));
        let event = format!("{OAUTH}/tokens-revoked");
        let event = shop
            .provider
            .oidc_event(&event, Person::WITH_PHONE)
            .unwrap();
        let events = Events::capture();
        post(&shop, PATH, SET, event).await;
        let line = refused(&events);
        assert_eq!(line.field("cause"), name);
        assert!(line.field("found").contains(found), "{line:?}");
    }
}
