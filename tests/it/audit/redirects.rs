//! Each redirect of a browser to a provider is logged, without the secrets of the attempt.

use std::time::Duration;

use http::Method;
use serde_json::json;
use tower_phone_auth::{Builder, Oidc};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, faults::Fault};
use tracing::Level;

use crate::support::{
    browser::{JIWOO, location, parameter},
    events::Events,
    shop::Shop,
};

/// The headers of a form that a page of the application sends.
const FORM: [(&str, &str); 2] = [
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-site", "same-origin"),
];

async fn open(settings: impl FnOnce(Builder) -> Builder) -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    let (id, secret) = (provider.client_id(), provider.client_secret().unwrap());
    let oidc = Oidc::new(provider.oidc_issuer(), id, secret).logout_at_provider();
    Shop::at(provider, oidc, settings)
}

fn causes(events: &Events) -> Vec<String> {
    let lines = events.audit("departure");
    assert!(lines.iter().all(|line| line.level == Level::INFO));
    let causes = lines.iter().map(|line| line.field("cause").to_owned());
    causes.collect()
}

#[tokio::test]
async fn every_redirect_to_a_provider_has_a_line_with_its_cause() {
    let shop = open(|builder| builder.recheck_after(Duration::from_secs(600))).await;
    let events = Events::capture();
    let mut browser = shop.browser();
    browser.visit("/").await;
    browser.visit("/auth/login?fresh=1").await;
    browser.visit("/auth/login?another_account=1").await;
    browser.sign_in("/", JIWOO).await;
    shop.time.pass(Duration::from_secs(700));
    browser.visit("/").await;
    browser.send(Method::POST, "/auth/logout", &FORM).await;
    let expected = [
        "sign_in",
        "fresh",
        "another_account",
        "sign_in",
        "recheck",
        "sign_out",
    ];
    assert_eq!(causes(&events), expected, "{}", events.text());
    let withheld = Fault::Merge(json!({ "scope": "openid" }));
    shop.provider.fail(Endpoint::Token, withheld);
    let without = tower_phone_auth_local_provider::Person::new(7, "none").without_phone();
    shop.provider.add_person(without);
    let events = Events::capture();
    let act = crate::support::browser::Act::Agree(7);
    shop.browser().come_back("/", act).await;
    assert_eq!(causes(&events), ["sign_in", "consent"]);
}

#[tokio::test]
async fn the_address_is_logged_at_debug_without_its_query() {
    let shop = open(|builder| builder).await;
    let events = Events::capture();
    let mut browser = shop.browser();
    let away = browser.visit("/").await;
    let lines = events.audit("departure_url");
    let [line] = lines.as_slice() else {
        panic!("expected one line: {}", events.text())
    };
    assert_eq!(line.level, Level::DEBUG);
    let url = location(&away).split('?').next().unwrap();
    assert_eq!(line.field("url"), url);
    for name in ["state", "nonce", "code_challenge"] {
        let secret = parameter(&away, name).unwrap();
        assert!(!events.text().contains(&secret), "{name}");
    }
    browser.sign_in("/", JIWOO).await;
    let events = Events::capture();
    let out = browser.send(Method::POST, "/auth/logout", &FORM).await;
    let lines = events.audit("departure_url");
    let url = location(&out).split('?').next().unwrap();
    assert_eq!(lines[0].field("url"), url);
    for name in ["state", "id_token_hint"] {
        let secret = parameter(&out, name).unwrap();
        assert!(!events.text().contains(&secret), "{name}");
    }
}

#[tokio::test]
async fn a_flood_of_visits_writes_a_few_lines_and_the_count_of_the_others() {
    let shop = open(|builder| builder).await;
    let events = Events::capture();
    let long = format!("/{}", "x".repeat(3000));
    shop.browser().visit(&long).await;
    assert_eq!(causes(&events), ["sign_in"]);
    for _ in 0..100 {
        shop.browser().visit("/").await;
    }
    assert_eq!(causes(&events).len(), 20);
    assert_eq!(events.audit("departure_url").len(), 20);
    // Another cause has its own limit.
    shop.browser().visit("/auth/login?fresh=1").await;
    assert_eq!(causes(&events).len(), 21);
    shop.time.pass(Duration::from_secs(60));
    shop.browser().visit("/").await;
    let counts = events.audit("suppressed");
    assert!(counts[0].field("line").contains("Departure"), "{counts:?}");
    assert_eq!(counts[0].field("count"), "81");
}

#[tokio::test]
async fn a_redirect_that_fails_is_logged_as_a_refusal_only() {
    let shop = open(|builder| builder).await;
    let gone = Fault::json(http::StatusCode::NOT_FOUND, &json!({}));
    shop.provider.fail(Endpoint::Discovery, gone);
    let events = Events::capture();
    shop.browser().visit("/").await;
    assert!(causes(&events).is_empty());
    assert_eq!(events.audit("refusal").len(), 1);
}
