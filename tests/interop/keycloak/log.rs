//! Each failure at a real server is one line in the log, which names the cause.

use http::StatusCode;
use serde_json::{Value, json};
use tower_phone_auth::{Oidc, error::LoginErrorKind};
use tracing::Level;

use super::{Realm, server::origin};
use crate::support::{
    browser::{Browser, Page, location, refusal, text},
    events::{Events, Line},
    shop::{SECRET, shop, shop_with},
    time::Ahead,
    user::User,
};

fn one(events: &Events, name: &str) -> Line {
    let lines = events.audit(name);
    let [line] = lines.as_slice() else {
        panic!("one {name}: {}", events.text())
    };
    assert!(!events.text().contains(SECRET));
    line.clone()
}

async fn with(id: &str, attributes: Value) -> Browser {
    let settings = json!({ "attributes": attributes });
    shop(Realm::shared().await.client(id, settings).await)
}

fn assert_misconfigured(page: &Page) {
    assert_eq!(refusal(page), (502, Some(LoginErrorKind::Misconfigured)));
}

#[tokio::test]
async fn a_wrong_realm_or_path_is_named_with_its_status_and_address() {
    let realm = Realm::shared().await;
    let prefix = "/.well-known/openid-configuration";
    for (issuer, path) in [
        (format!("{}-of-another", realm.issuer()), "-of-another"),
        (origin().to_owned(), ""),
        (realm.issuer().replace("/realms/", "/auth/realms/"), ""),
    ] {
        let events = Events::capture();
        let page = shop(Oidc::keycloak(issuer, "any", SECRET)).visit("/").await;
        assert_misconfigured(&page);
        let line = one(&events, "refusal");
        assert_eq!(line.level, Level::ERROR);
        assert_eq!(line.field("call"), "metadata");
        assert_eq!(line.field("status"), "404");
        assert_eq!(line.field("host"), "127.0.0.1");
        assert!(line.field("path").ends_with(&format!("{path}{prefix}")));
        assert!(text(&page).contains(line.field("reference")));
    }
}

#[tokio::test]
async fn bound_tokens_that_a_client_must_ask_for_are_named_by_keycloak() {
    for (id, attribute, cause) in [
        ("bound-dpop", "dpop.bound.access.tokens", "DPoP"),
        (
            "bound-tls",
            "tls.client.certificate.bound.access.tokens",
            "MTLS",
        ),
    ] {
        let mut browser = with(id, json!({ attribute: "true" })).await;
        let events = Events::capture();
        let page = browser.come_back(User::agrees("jane")).await;
        let line = one(&events, "refusal");
        assert_misconfigured(&page);
        assert_eq!(line.level, Level::ERROR, "{line:?}");
        assert_eq!(line.field("call"), "token");
        assert_eq!(line.field("status"), "400");
        assert_eq!(line.field("error"), "invalid_request");
        assert!(line.field("description").contains(cause), "{line:?}");
        assert!(!text(&page).contains(cause));
    }
}

#[tokio::test]
async fn an_issuer_that_is_left_out_of_the_callback_is_named_as_missing() {
    let attributes = json!({ "exclude.issuer.from.auth.response": "true" });
    let mut browser = with("no-issuer", attributes).await;
    let events = Events::capture();
    let page = browser.come_back(User::agrees("jane")).await;
    let why = LoginErrorKind::IssuerMismatch;
    assert_eq!(refusal(&page), (400, Some(why)));
    let line = one(&events, "refusal");
    assert_eq!(line.level, Level::WARN);
    assert_eq!(line.field("code"), "iss_missing");
    assert_eq!(line.field("expected"), Realm::shared().await.issuer());
    assert_eq!(line.field("found"), "missing");
}

#[tokio::test]
async fn a_step_up_without_the_scope_basic_says_that_auth_time_is_missing() {
    let settings = json!({
        "defaultClientScopes": ["acr", "profile", "email", "roles", "web-origins"],
        "optionalClientScopes": ["phone"],
    });
    let oidc = Realm::shared().await.client("no-basic", settings).await;
    let mut browser = shop(oidc);
    let jane = User::agrees("jane");
    browser.sign_in(jane).await;
    let events = Events::capture();
    let away = browser.visit("/pay").await;
    assert_eq!(one(&events, "departure").field("cause"), "fresh");
    let callback = browser.at_provider(&away, jane).await;
    assert_eq!(location(&browser.visit(&callback).await), "/pay");
    let page = browser.visit("/pay").await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    let lines = events.all();
    let named = |line: &&Line| line.field("message").contains("auth_time");
    let line = lines.iter().find(named);
    let line = line.unwrap_or_else(|| panic!("{}", events.text()));
    assert_eq!(line.level, Level::WARN);
    // The session is still valid.
    assert_eq!(browser.visit("/cart").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn clocks_that_differ_are_named_in_seconds() {
    let oidc = Realm::shared().await.client("clocks", json!({})).await;
    for (ahead, code) in [(-90, "iat"), (400, "exp"), (3600, "exp")] {
        let clock = Ahead::of(ahead).clock();
        let mut browser = shop_with(oidc.clone(), |builder| builder.clock(clock));
        let events = Events::capture();
        let page = browser.come_back(User::agrees("jane")).await;
        let why = LoginErrorKind::IdTokenRejected;
        assert_eq!(refusal(&page), (502, Some(why)));
        let line = one(&events, "refusal");
        assert_eq!(line.level, Level::ERROR);
        assert_eq!(line.field("code"), code);
        let seconds: i64 = line.field("difference_s").parse().unwrap();
        assert!(seconds.abs_diff(-ahead) <= 20, "{line:?}");
    }
    for ahead in [90, 200, -40] {
        let clock = Ahead::of(ahead).clock();
        let mut browser = shop_with(oidc.clone(), |builder| builder.clock(clock));
        let events = Events::capture();
        for _ in 0..2 {
            browser = browser.another();
            browser.sign_in(User::agrees("jane")).await;
        }
        if ahead < 0 {
            assert!(events.audit("clock_difference").is_empty());
            continue;
        }
        let line = one(&events, "clock_difference");
        let seconds: i64 = line.field("difference_s").parse().unwrap();
        assert!(seconds.abs_diff(-ahead) <= 20, "{line:?}");
    }
}

#[tokio::test]
async fn a_sign_out_that_ends_at_keycloaks_page_is_logged_before() {
    let oidc = Realm::shared()
        .await
        .client("unregistered", json!({}))
        .await;
    let mut browser = shop(oidc.logout_at_provider());
    browser.sign_in(User::agrees("jane")).await;
    let events = Events::capture();
    let away = browser.signs_out().await;
    let page = browser.page_of_provider(&away).await;
    assert!(page.contains("redirect uri"), "{page}");
    let line = one(&events, "departure");
    assert_eq!(line.level, Level::INFO);
    assert_eq!(line.field("cause"), "sign_out");
    let url = one(&events, "departure_url");
    let expected = location(&away).split('?').next().unwrap();
    assert_eq!(url.field("url"), expected);
}
