//! Failures of the provider lead to a page with a link to try again, and change no session.

use std::time::{Duration, Instant};

use http::{HeaderMap, StatusCode, header::CACHE_CONTROL};
use serde_json::json;
use tower_phone_auth::error::LoginErrorKind as Kind;
use tower_phone_auth_local_provider::{Endpoint, faults::Fault};

use super::begun::begin;
use crate::support::{
    browser::{JIWOO, Page, location, refusal, text},
    shop::Shop,
};

const STEPS: [Endpoint; 2] = [Endpoint::Token, Endpoint::Profile];

fn answer(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Fault {
    Fault::Answer {
        status: StatusCode::from_u16(status).unwrap(),
        content_type: Some(content_type.to_owned()),
        body: body.into(),
        headers: HeaderMap::new(),
    }
}

/// The page of a refusal has this cause and status, and a link to try again.
fn assert_refused(page: &Page, kind: Kind, status: u16) {
    assert_eq!(refusal(page), Some(kind));
    assert_eq!(page.status(), status);
    assert_eq!(page.headers()[CACHE_CONTROL], "no-store");
    let retry = "href=\"/auth/login?provider=kakao&amp;return_to=%2Fcart\"";
    assert!(text(page).contains(retry));
}

/// Lets a sign-in fail at each step, and the next one succeed.
async fn fails(fault: impl Fn() -> Fault, kind: Kind, status: u16) {
    for step in STEPS {
        fails_at(step, &fault, kind, status).await;
    }
}

async fn fails_at(step: Endpoint, fault: impl Fn() -> Fault, kind: Kind, status: u16) {
    let shop = Shop::open().await;
    let (mut browser, callback) = begin(&shop).await;
    shop.provider.fail_next(step, fault());
    assert_refused(&browser.visit(&callback).await, kind, status);
    assert!(
        browser.has_no_sign_in_cookies(),
        "the pending sign-in has ended"
    );
    browser.sign_in("/cart", JIWOO).await;
    assert!(browser.session().is_some());
}

#[tokio::test]
async fn an_error_status_is_a_bad_gateway() {
    fails(
        || answer(500, "text/plain", "oops"),
        Kind::ProviderUnavailable,
        502,
    )
    .await;
    fails(
        || answer(502, "text/html", "<p>"),
        Kind::ProviderUnavailable,
        502,
    )
    .await;
}

#[tokio::test]
async fn maintenance_is_reported_as_maintenance() {
    fails(
        || answer(503, "text/html", "<p>점검 중"),
        Kind::ProviderBusy,
        503,
    )
    .await;
}

#[tokio::test]
async fn too_many_requests_are_reported_as_a_rate_limit() {
    fails(|| answer(429, "text/html", "slow"), Kind::RateLimited, 503).await;
}

#[tokio::test]
async fn a_page_in_place_of_json_is_refused() {
    let page = "<html><script>alert(1)</script>";
    fails(
        || answer(200, "text/html", page),
        Kind::ProviderUnavailable,
        502,
    )
    .await;
    fails(
        || answer(200, "application/json", page),
        Kind::ProviderUnavailable,
        502,
    )
    .await;
}

#[tokio::test]
async fn an_empty_answer_is_refused() {
    fails(
        || answer(200, "application/json", ""),
        Kind::ProviderUnavailable,
        502,
    )
    .await;
    fails(
        || answer(204, "application/json", ""),
        Kind::ProviderUnavailable,
        502,
    )
    .await;
}

#[tokio::test]
async fn broken_json_is_refused() {
    for body in [
        &b"{"[..],
        b"{\"access_token\":\xff}",
        b"{\"id\":1,}",
        b"{}{}",
    ] {
        fails(
            || answer(200, "application/json", body),
            Kind::InvalidAnswer,
            502,
        )
        .await;
    }
    let deep = format!("{{\"access_token\":{}", "[".repeat(100_000));
    let deep = || answer(200, "application/json", deep.clone());
    fails(deep, Kind::InvalidAnswer, 502).await;
}

#[tokio::test]
async fn an_answer_cut_off_is_refused() {
    fails(|| Fault::Cut, Kind::ProviderUnavailable, 502).await;
}

#[tokio::test]
async fn a_huge_answer_is_refused() {
    fails(|| Fault::Huge(100_000_000), Kind::InvalidAnswer, 502).await;
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    for step in STEPS {
        let (shop, elsewhere) = (Shop::open().await, Shop::open().await);
        let (mut browser, callback) = begin(&shop).await;
        let target = format!("{}/oauth/token", elsewhere.provider.origin());
        shop.provider.fail_next(step, Fault::Redirect(target));
        let page = browser.visit(&callback).await;
        assert_eq!(page.status(), StatusCode::BAD_GATEWAY);
        assert!(elsewhere.provider.requests().is_empty());
    }
}

#[tokio::test]
async fn a_404_or_a_redirect_counts_as_a_wrong_address_or_an_outage() {
    fails_at(
        Endpoint::Profile,
        || answer(404, "text/html", "<p>"),
        Kind::ProviderUnavailable,
        502,
    )
    .await;
    fails_at(
        Endpoint::Token,
        || answer(404, "text/html", "<p>"),
        Kind::Misconfigured,
        502,
    )
    .await;
    fails(
        || Fault::Redirect("/elsewhere".to_owned()),
        Kind::ProviderUnavailable,
        502,
    )
    .await;
}

#[tokio::test]
async fn an_answer_that_never_comes_is_a_timeout() {
    for (step, fault) in STEPS
        .into_iter()
        .flat_map(|step| [(step, Fault::Hang), (step, Fault::Drip)])
    {
        let limit = Duration::from_millis(400);
        let shop = Shop::with(|kakao| kakao, |builder| builder.provider_timeout(limit)).await;
        let (mut browser, callback) = begin(&shop).await;
        shop.provider.fail_next(step, fault);
        let before = Instant::now();
        let page = browser.visit(&callback).await;
        assert_refused(&page, Kind::ProviderTimeout, 504);
        assert!(before.elapsed() < Duration::from_secs(5));
        assert!(browser.has_no_sign_in_cookies());
    }
}

#[tokio::test]
async fn a_provider_that_is_down_is_a_bad_gateway() {
    let shop = Shop::open().await;
    let (mut browser, callback) = begin(&shop).await;
    drop(shop);
    let page = browser.visit(&callback).await;
    assert_refused(&page, Kind::ProviderUnavailable, 502);
    assert!(browser.has_no_sign_in_cookies());
}

#[tokio::test]
async fn sessions_stay_valid_while_the_provider_is_down() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let mut visitor = shop.browser();
    drop(shop);
    assert_eq!(text(&browser.visit("/").await), "+821012345678");
    assert_eq!(visitor.visit("/healthz").await.status(), StatusCode::OK);
    assert_eq!(visitor.visit("/").await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_failing_sign_in_keeps_the_present_session() {
    for step in STEPS {
        let shop = Shop::open().await;
        let mut browser = shop.browser();
        browser.sign_in("/", JIWOO).await;
        let session = browser.session().map(str::to_owned);
        let away = browser.visit("/auth/login?return_to=/cart").await;
        let callback = browser.act(&away, JIWOO).await;
        shop.provider.fail_next(step, Fault::Cut);
        let page = browser.visit(&callback).await;
        assert_refused(&page, Kind::ProviderUnavailable, 502);
        assert_eq!(browser.session(), session.as_deref());
        assert!(browser.pending().is_empty());
    }
}

#[tokio::test]
async fn a_second_attempt_is_not_affected_by_the_fault_of_the_first() {
    let shop = Shop::open().await;
    shop.provider
        .fail(Endpoint::Token, Fault::json(StatusCode::OK, &json!({})));
    let mut browser = shop.browser();
    let page = browser.come_back("/cart", JIWOO).await;
    assert_refused(&page, Kind::InvalidAnswer, 502);
    shop.provider.clear_faults(Endpoint::Token);
    let retry = browser
        .come_back("/auth/login?provider=kakao&return_to=%2Fcart", JIWOO)
        .await;
    assert_eq!(location(&retry), "/cart");
}
