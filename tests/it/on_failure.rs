//! The application answers refusals itself.

use std::{sync::atomic::AtomicBool, time::Duration};

use axum::{Router, body::Bytes, routing::get};
use http::{Method, Response, StatusCode, header::CACHE_CONTROL};
use tower_phone_auth::{
    error::LoginErrorKind,
    hooks::{Cause, Failure, Reason},
    phone::PhoneAssurance,
};

use crate::support::{
    browser::{Act, Browser, JIWOO, Page, grpc_call, refusal, text},
    shop::{ORIGIN, Shop},
};

/// Answers with the fields of the failure, and with a status of the test.
fn answer_with(failure: &Failure<'_>) -> Response<Bytes> {
    let cause = match failure.cause {
        Cause::Login(error) => error.kind().to_string(),
        Cause::Request(reason) => reason.as_str().to_owned(),
        _ => unreachable!(),
    };
    let (status, retry) = (failure.status.as_u16(), failure.retry);
    Response::new(format!("{cause}, {status}, {retry}").into())
}

async fn shop() -> Shop {
    let settings = |builder: tower_phone_auth::Builder| {
        builder
            .on_failure(|failure| Some(answer_with(failure)))
            .cors_origins(["https://app.example.com"])
    };
    Shop::with(|kakao| kakao, settings).await
}

fn header<'a>(page: &'a Page, name: &str) -> Option<&'a str> {
    let value = page.headers().get(name);
    value.map(|value| value.to_str().unwrap())
}

fn assert_failure(page: &Page, reason: Reason, retry: &str) {
    let status = reason.status();
    assert_eq!(page.status(), status);
    assert_eq!(page.headers()[CACHE_CONTROL], "no-store");
    let expected = format!("{}, {}, {retry}", reason.as_str(), status.as_u16());
    assert_eq!(text(page), expected);
}

#[tokio::test]
async fn a_script_without_a_session_gets_the_applications_answer_and_no_success() {
    let shop = shop().await;
    let mut browser = shop.browser();
    let page = browser.fetch(Method::GET, "/cart").await;
    assert_failure(&page, Reason::NoSession, "/auth/login");
    browser.sign_in("/", JIWOO).await;
    shop.time.pass(Duration::from_secs(12 * 60 * 60));
    let page = browser.fetch(Method::GET, "/cart").await;
    assert_failure(&page, Reason::Expired, "/auth/login");
}

#[tokio::test]
async fn headers_that_clients_read_are_kept() {
    let shop = shop().await;
    let page = shop
        .browser()
        .send(
            Method::GET,
            "/cart",
            &[
                ("origin", "https://app.example.com"),
                ("hx-request", "true"),
            ],
        )
        .await;
    for (name, value) in [
        (
            "www-authenticate",
            "Cookie form-action=\"/auth/login\", reason=\"no_session\"",
        ),
        ("hx-redirect", "/auth/login"),
        ("access-control-allow-origin", "https://app.example.com"),
        ("vary", "Origin, Cookie"),
    ] {
        assert_eq!(header(&page, name), Some(value));
    }
    assert_eq!(header(&page, "content-type"), None);
}

#[tokio::test]
async fn headers_that_the_application_sets_are_kept() {
    let hook = |_: &Failure<'_>| {
        let response = Response::builder().status(303).header("location", "/sorry");
        let response = response.header("hx-redirect", "/sorry");
        response.body(Bytes::new()).ok()
    };
    let shop = Shop::with(|kakao| kakao, |builder| builder.on_failure(hook)).await;
    let page = shop
        .browser()
        .send(Method::GET, "/cart", &[("hx-request", "true")])
        .await;
    assert_eq!(page.status(), StatusCode::SEE_OTHER);
    assert_eq!(header(&page, "location"), Some("/sorry"));
    assert_eq!(header(&page, "hx-redirect"), Some("/sorry"));
}

#[tokio::test]
async fn a_success_or_redirect_of_the_application_is_answered_401() {
    for status in [200, 204, 226, 300, 304, 305, 307] {
        let hook = move |_: &Failure<'_>| {
            let response = Response::builder().status(status);
            response.body(Bytes::new()).ok()
        };
        let shop = Shop::with(|kakao| kakao, |builder| builder.on_failure(hook)).await;
        let page = shop.browser().fetch(Method::GET, "/cart").await;
        assert_eq!(page.status(), StatusCode::UNAUTHORIZED, "{status}");
    }
}

#[tokio::test]
async fn a_grpc_call_is_answered_unauthenticated() {
    let shop = shop().await;
    let page = shop.browser().call(grpc_call("/cart")).await;
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(header(&page, "grpc-status"), Some("16"));
    assert_eq!(text(&page), "no_session, 200, /auth/login");
}

#[tokio::test]
async fn a_page_of_the_application_is_no_success_either() {
    let shop = shop().await;
    let page = shop.browser().come_back("/cart", Act::Cancel).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    assert_eq!(refusal(&page), Some(LoginErrorKind::Cancelled));
    let retry = "/auth/login?provider=kakao&return_to=%2Fcart";
    let kind = LoginErrorKind::Cancelled;
    assert_eq!(text(&page), format!("{kind}, 403, {retry}"));
}

#[tokio::test]
async fn the_application_answers_a_stale_session_and_a_low_assurance_too() {
    let shop = shop().await;
    let fresh = shop.layer.require().max_age(Duration::from_secs(60));
    let verified = PhoneAssurance::Verified;
    let verified = shop.layer.require().minimum_assurance(verified);
    let app = Router::new()
        .route("/contract", get(async || "signed"))
        .route_layer(verified)
        .route("/pay", get(async || "paid").route_layer(fresh))
        .route("/", get(async || "home"))
        .layer(shop.layer.clone());
    let mut browser = Browser::new(app.clone(), ORIGIN);
    browser.sign_in("/", JIWOO).await;
    let page = browser.fetch(Method::GET, "/pay").await;
    let retry = "/auth/login?provider=kakao&fresh=1";
    assert_failure(&page, Reason::Unproved, retry);
    shop.provider
        .configure(|settings| settings.kakao_oidc = true);
    let mut browser = Browser::new(app, ORIGIN);
    browser.sign_in("/", JIWOO).await;
    shop.time.pass(Duration::from_secs(61));
    let page = browser.fetch(Method::GET, "/pay").await;
    let retry = "/auth/login?provider=kakao&return_to=%2Fpay&fresh=1";
    assert_failure(&page, Reason::StepUp, retry);
    let page = browser.fetch(Method::GET, "/contract").await;
    let retry = "/auth/login?provider=kakao&fresh=1";
    assert_failure(&page, Reason::TooLittleAssurance, retry);
}

#[tokio::test]
async fn the_application_answers_a_refused_user_and_a_foreign_sign_out_too() {
    static OPEN: AtomicBool = AtomicBool::new(true);
    let rule = |_: &_| OPEN.load(std::sync::atomic::Ordering::SeqCst);
    let settings = |builder: tower_phone_auth::Builder| {
        builder
            .on_failure(|failure| Some(answer_with(failure)))
            .allow(rule)
    };
    let shop = Shop::with(|kakao| kakao, settings).await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let elsewhere = [("sec-fetch-site", "cross-site")];
    let page = browser.send(Method::POST, "/auth/logout", &elsewhere).await;
    assert_failure(&page, Reason::CrossSite, "/auth/logout");
    OPEN.store(false, std::sync::atomic::Ordering::SeqCst);
    let page = browser.fetch(Method::GET, "/cart").await;
    let retry = "/auth/login?provider=kakao&fresh=1";
    assert_failure(&page, Reason::NotAllowed, retry);
}
