//! Texts of a provider, or of a stranger at the callback, that must not be in a log.

use serde_json::json;
use tower_phone_auth::error::LoginError;
use tower_phone_auth_local_provider::Endpoint;

use super::row::{challenge, json as answer};
use crate::support::{
    browser::{JIWOO, Page, altered, parameter},
    events::{Events, Line},
    shop::Shop,
};

const NUMBER: &str = "010-9876-5432";

fn texts() -> Vec<String> {
    vec![
        format!("a\r\nERROR tower_phone_auth: forged {NUMBER}"),
        format!("\u{1b}[31mred\u{1b}[0m\u{7} +82 10 9876 5432"),
        format!("<script>alert('{NUMBER}')</script>"),
        format!("{} {NUMBER}", "x".repeat(10_000)),
        "\u{202e}\u{2066}مرحبا\u{200f} ٠١٠٩٨٧٦٥٤٣٢".to_owned(),
        "로그인\u{2028}실패\u{0}\u{85} 0 1 0 9 8 7 6 5 4 3 2".to_owned(),
        "jiwoo@example.com has eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2ln".to_owned(),
    ]
}

/// Asserts that the line has no control characters, phone numbers and tokens.
#[track_caller]
fn assert_harmless(line: &Line) {
    for (name, value) in &line.fields {
        let is_bad = |c: char| {
            c.is_control()
                || ('\u{200b}'..='\u{200f}').contains(&c)
                || ('\u{2028}'..='\u{202e}').contains(&c)
                || ('\u{2066}'..='\u{2069}').contains(&c)
        };
        assert!(!value.contains(is_bad), "{name}: {line:?}");
        assert!(value.chars().count() <= 400, "{name}: {line:?}");
        // Fewer digits also stand in references and ports, which are random.
        let digits: String = value.chars().filter(|c| c.is_numeric()).collect();
        for secret in ["98765432", "٩٨٧٦٥٤٣٢"] {
            assert!(!digits.contains(secret), "{name}: {line:?}");
        }
        for secret in ["jiwoo@", "eyJ"] {
            assert!(!value.contains(secret), "{name}: {line:?}");
        }
    }
}

#[track_caller]
fn assert_quoted(events: &Events, page: &Page, case: &str) {
    let lines = events.all();
    lines.iter().for_each(assert_harmless);
    let refusals = events.audit("refusal");
    let line = refusals.last().unwrap_or_else(|| panic!("{case}"));
    for field in ["error", "description"] {
        let value = line.field(field);
        assert!(
            (1..=200).contains(&value.chars().count()),
            "{case}: {line:?}"
        );
    }
    let error = page.extensions().get::<LoginError>().unwrap();
    let shown = format!("{error} {error:?} {:?}", page.body());
    for word in ["forged", "script>alert", "example.com", "실패"] {
        assert!(!shown.contains(word), "{case}: {shown}");
    }
}

#[tokio::test]
async fn a_text_of_the_provider_is_one_harmless_line_at_every_endpoint() {
    for (dialect, endpoint) in [
        ("oidc", Endpoint::Discovery),
        ("oidc", Endpoint::Pushed),
        ("oidc", Endpoint::Token),
        ("oidc", Endpoint::Keys),
        ("oidc", Endpoint::Profile),
        ("kakao", Endpoint::Token),
        ("kakao", Endpoint::Profile),
        ("naver", Endpoint::Token),
        ("naver", Endpoint::Profile),
        ("google", Endpoint::Token),
        ("google", Endpoint::Profile),
    ] {
        let shop = Shop::in_dialect(dialect).await;
        for text in texts() {
            let body = json!({
                "error": text, "error_description": text, "message": text, "msg": text,
                "resultcode": text, "errorCode": text, "errorMessage": text,
            });
            shop.provider.fail(endpoint, answer(400, &body));
            let events = Events::capture();
            let page = shop.browser().try_to_sign_in("/").await;
            assert_quoted(
                &events,
                &page,
                &format!("{dialect} {endpoint:?} {text:.20}"),
            );
            shop.provider.clear_faults(endpoint);
        }
    }
}

#[tokio::test]
async fn the_text_of_a_challenge_is_one_harmless_line() {
    for text in [
        "<b>forged</b> 010-9876-5432",
        "\\\"forged\\\" jiwoo@example.com",
    ] {
        let shop = Shop::in_dialect("oidc").await;
        let header = format!("Bearer error=\"{text}\", error_description=\"{text}\"");
        shop.provider
            .fail(Endpoint::Profile, challenge(401, &header));
        let events = Events::capture();
        assert_quoted(&events, &shop.browser().try_to_sign_in("/").await, text);
    }
}

#[tokio::test]
async fn the_text_of_a_stranger_at_the_callback_is_one_harmless_line() {
    let shop = Shop::in_dialect("kakao").await;
    for text in texts() {
        let text: String = text.chars().take(2_000).collect();
        let events = Events::capture();
        let mut browser = shop.browser();
        let away = browser.visit("/").await;
        let callback = browser.act(&away, JIWOO).await;
        let with_error = altered(
            &altered(&callback, "error", Some(&text)),
            "error_description",
            Some(&text),
        );
        assert_quoted(&events, &browser.visit(&with_error).await, &text);
        let events = Events::capture();
        let alone = altered(&with_error, "state", None);
        assert_quoted(&events, &shop.browser().visit(&alone).await, &text);
    }
}

#[tokio::test]
async fn a_callback_that_repeats_what_was_sent_is_quoted_without_it() {
    let events = Events::capture();
    let shop = Shop::in_dialect("oidc").await;
    let mut browser = shop.browser();
    let away = browser.visit("/").await;
    let callback = browser.act(&away, JIWOO).await;
    let part = |name: &str| {
        let (_, query) = callback.split_once('?').unwrap();
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs
            .find_map(|(key, value)| (key == name).then(|| value.into_owned()))
            .unwrap()
    };
    let (code, state) = (part("code"), part("state"));
    let request_uri = parameter(&away, "request_uri").unwrap();
    let text = format!("no {code} for {state} of {request_uri}");
    let with_error = altered(
        &altered(&callback, "error", Some("invalid_request")),
        "error_description",
        Some(&text),
    );
    browser.visit(&with_error).await;
    let line = &events.audit("refusal")[0];
    let description = line.field("description");
    assert_eq!(description, "no [code] for [state] of [request_uri]");
    for secret in [&code, &state, &request_uri] {
        assert!(!events.text().contains(secret.as_str()), "{description}");
    }
}
