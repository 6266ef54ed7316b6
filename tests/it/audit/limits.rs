//! Strangers can cause no log line above a warning, and only a few of them.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;
use tower_phone_auth::error::{LoginError, LoginErrorKind};
use tower_phone_auth_local_provider::{
    Endpoint, Person,
    faults::{CallbackIss, Fault},
};
use tracing::Level;

use super::scenarios::{DIGITS, Shop};
use crate::support::{
    browser::{Act, altered, parameter, refusal},
    events::{Events, Line},
};

const USER: Act = Act::Agree(DIGITS);

fn of_cause(events: &Events, cause: &str) -> Vec<Line> {
    let mut lines = events.audit("refusal");
    lines.retain(|line| line.field("cause") == cause);
    lines
}

#[tokio::test]
async fn an_error_that_only_the_browser_sent_is_a_warning_at_most() {
    let events = Events::capture();
    let shop = Shop::open().await;
    for provider in ["kakao", "oidc"] {
        for error in [
            "invalid_scope",
            "invalid_request",
            "unauthorized_client",
            "unsupported_response_type",
            "misconfigured",
            "server_error",
            "access_denied",
            "anything-else",
        ] {
            let mut browser = shop.browser();
            let away = browser
                .visit(&format!("/auth/login?provider={provider}"))
                .await;
            let callback = browser.act(&away, Act::Cancel).await;
            let page = browser
                .visit(&altered(&callback, "error", Some(error)))
                .await;
            let refused = page.extensions().get::<LoginError>().unwrap();
            assert!(!refused.is_for_operator(), "{error}");
        }
        for iss in [None, Some("https://evil.example"), Some("")] {
            let mut browser = shop.browser();
            let away = browser
                .visit(&format!("/auth/login?provider={provider}"))
                .await;
            let callback = browser.act(&away, USER).await;
            browser.visit(&altered(&callback, "iss", iss)).await;
        }
    }
    let loud = |line: &Line| line.level == Level::ERROR;
    assert!(!events.all().iter().any(loud), "{}", events.text());
    assert!(of_cause(&events, "Misconfigured").len() > 5);
    assert!(!of_cause(&events, "IssuerMismatch").is_empty());
}

#[tokio::test]
async fn a_missing_issuer_that_was_announced_is_a_warning() {
    let events = Events::capture();
    let shop = Shop::open().await;
    shop.provider
        .configure(|settings| settings.oidc.callback_iss = CallbackIss::Missing);
    let mut browser = shop.browser();
    let away = browser.visit("/auth/login?provider=oidc").await;
    let callback = browser.act(&away, USER).await;
    let page = browser.visit(&altered(&callback, "iss", None)).await;
    assert_eq!(refusal(&page), Some(LoginErrorKind::IssuerMismatch));
    assert_eq!(of_cause(&events, "IssuerMismatch")[0].level, Level::WARN);
}

#[tokio::test]
async fn a_refusal_of_the_client_by_the_provider_is_an_error_for_the_operator() {
    let events = Events::capture();
    let shop = Shop::open().await;
    let refused = json!({ "error": "invalid_client", "error_code": "KOE010" });
    let fault = Fault::json(StatusCode::UNAUTHORIZED, &refused);
    shop.provider.fail_next(Endpoint::Token, fault);
    let page = shop
        .browser()
        .come_back("/auth/login?provider=kakao", USER)
        .await;
    assert_eq!(of_cause(&events, "Misconfigured")[0].level, Level::ERROR);
    assert!(
        page.extensions()
            .get::<LoginError>()
            .unwrap()
            .is_for_operator()
    );
}

#[tokio::test]
async fn a_flood_of_made_up_callbacks_writes_a_few_lines_and_their_count() {
    let events = Events::capture();
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for number in 0..500 {
        for path in [
            "/auth/callback/kakao".to_owned(),
            format!("/auth/callback/kakao?code=1&state={number}"),
            format!("/auth/callback/oidc?error=invalid_scope&state={number}"),
        ] {
            browser.visit(&path).await;
        }
    }
    assert_eq!(of_cause(&events, "MalformedCallback").len(), 20);
    assert_eq!(of_cause(&events, "NoCookies").len(), 20);
    assert!(events.audit("suppressed").is_empty());
    shop.time.pass(Duration::from_secs(60));
    // Any other line writes the counts too.
    super::scenarios::sign_in(&mut shop.browser(), "kakao").await;
    let mut counts: Vec<_> = events.audit("suppressed");
    counts.sort_by_key(|line| line.field("line").to_owned());
    let counts = counts
        .iter()
        .map(|line| (line.field("line"), line.field("count")));
    let expected = [
        ("Refusal(MalformedCallback)", "480"),
        ("Refusal(NoCookies)", "980"),
    ];
    assert_eq!(counts.collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn errors_that_a_browser_sends_with_its_own_state_are_limited_too() {
    let events = Events::capture();
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for _ in 0..60 {
        let away = browser.visit("/auth/login?provider=kakao").await;
        let state = parameter(&away, "state").unwrap();
        let callback = format!("/auth/callback/kakao?error=invalid_scope&state={state}");
        let page = browser.visit(&callback).await;
        assert_eq!(refusal(&page), Some(LoginErrorKind::Misconfigured));
    }
    assert_eq!(of_cause(&events, "Misconfigured").len(), 20);
}

#[tokio::test]
async fn invented_codes_are_limited_too() {
    let events = Events::capture();
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for _ in 0..30 {
        let away = browser.visit("/auth/login?provider=kakao").await;
        let state = parameter(&away, "state").unwrap();
        browser
            .visit(&format!("/auth/callback/kakao?code=invented&state={state}"))
            .await;
    }
    assert_eq!(of_cause(&events, "CodeRejected").len(), 20);
}

#[tokio::test]
async fn forged_notices_are_limited() {
    let events = Events::capture();
    let shop = Shop::open().await;
    let notice = shop
        .provider
        .kakao_unlink_notice(Person::WITH_PHONE)
        .unwrap();
    let form = ("content-type", "application/x-www-form-urlencoded");
    for _ in 0..200 {
        let headers = [form, ("authorization", "KakaoAK made-up")];
        shop.post("/auth/events/kakao", &headers, notice.clone())
            .await;
    }
    assert_eq!(events.audit("event_refused").len(), 20);
    shop.time.pass(Duration::from_secs(3));
    for _ in 0..200 {
        shop.post("/auth/events/kakao", &[form], notice.clone())
            .await;
    }
    assert_eq!(events.audit("event_refused").len(), 23);
}

#[tokio::test]
async fn a_browser_that_abandons_sign_ins_writes_one_line() {
    let events = Events::capture();
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for _ in 0..100 {
        browser.visit("/auth/login?provider=kakao").await;
    }
    let lines = events.all();
    let named = |line: &&Line| line.field("message").contains("did not come back");
    assert_eq!(lines.iter().filter(named).count(), 1);
}
