//! Forms that are refused: without a session, too large, or from another site, with and without
//! `save_forms`.

use std::time::Duration;

use axum::{Router, routing::post};
use http::{
    Method, StatusCode,
    header::{CONTENT_SECURITY_POLICY, WWW_AUTHENTICATE},
};
use serde_json::Value;
use tower_phone_auth::{Builder, Kakao};

use super::{ELSEWHERE, HERE, MULTIPART, REFERER, URLENCODED, assert_page, assert_problem, with};
use crate::support::{
    browser::{Browser, JIWOO, set_cookies, text},
    shop::{ORIGIN, Shop, routes},
};

const LOGIN: &str = "href=\"/auth/login?return_to=%2Fboard%3Fpage%3D2\" target=\"_blank\"";

#[tokio::test]
async fn a_form_without_a_session_gets_a_page_that_leads_to_the_sign_in_and_back_to_the_form() {
    let shop = Shop::open().await;
    let plain = ("content-type", "text/plain");
    let old = [
        ("accept", "text/html,*/*;q=0.8"),
        ("origin", ORIGIN),
        URLENCODED,
        REFERER,
    ];
    for headers in [
        with(&[URLENCODED, HERE, REFERER]),
        with(&[MULTIPART, HERE, REFERER]),
        with(&[plain, HERE, REFERER]),
        with(&[URLENCODED, HERE, REFERER, ("origin", ORIGIN)]),
        old.to_vec(),
    ] {
        let mut browser = shop.browser();
        let page = browser.submit_as(&headers, "/order", "a=1").await;
        let words = ["Please sign in", "was not sent", "copy", LOGIN];
        assert_page(&page, StatusCode::UNAUTHORIZED, &words);
        assert!(page.headers().contains_key(WWW_AUTHENTICATE));
        assert!(set_cookies(&page).is_empty());
        let policy = page.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    }
}

#[tokio::test]
async fn the_page_is_korean_too_and_a_foreign_referer_is_no_place() {
    let shop = Shop::open().await;
    let evil = ("referer", "https://evil.example/x");
    let korean = ("accept-language", "ko-KR,ko;q=0.9");
    let headers = with(&[URLENCODED, HERE, evil, korean]);
    let page = shop.browser().submit_as(&headers, "/order", "a=1").await;
    let words = [
        "로그인이 필요합니다",
        "전송되지 않았습니다",
        "href=\"/auth/login\"",
    ];
    assert_page(&page, StatusCode::UNAUTHORIZED, &words);
    assert!(!text(&page).contains("evil"));
}

#[tokio::test]
async fn programs_get_a_problem_document() {
    let shop = Shop::open().await;
    let json = ("content-type", "application/json");
    for (method, headers) in [
        (
            Method::POST,
            with(&[
                URLENCODED,
                HERE,
                ("sec-fetch-mode", "cors"),
                ("sec-fetch-dest", "empty"),
            ]),
        ),
        (Method::POST, with(&[json, HERE])),
        (
            Method::POST,
            with(&[URLENCODED, HERE, ("x-requested-with", "XMLHttpRequest")]),
        ),
        (Method::POST, with(&[URLENCODED, HERE, ("accept", "*/*")])),
        (Method::POST, vec![URLENCODED]),
        (
            Method::POST,
            vec![URLENCODED, ("accept", "application/json")],
        ),
        (Method::POST, with(&[HERE])),
        (Method::PUT, with(&[URLENCODED, HERE])),
        (Method::DELETE, with(&[HERE])),
    ] {
        let answer = shop.browser().send(method, "/order", &headers).await;
        assert_problem(&answer, StatusCode::UNAUTHORIZED);
        let problem: Value = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!(problem["login_url"], format!("{ORIGIN}/auth/login"));
    }
}

#[tokio::test]
async fn with_save_forms_other_bodies_get_401_or_413_with_a_page() {
    let shop = Shop::with(|kakao| kakao, Builder::save_forms).await;
    let long = format!("a={}", "x".repeat(2047));
    let flood = "a=1&".repeat(50_000);
    for (kind, body, status) in [
        (URLENCODED, &*long, StatusCode::PAYLOAD_TOO_LARGE),
        (URLENCODED, &*flood, StatusCode::PAYLOAD_TOO_LARGE),
        (URLENCODED, "a=%FF", StatusCode::UNAUTHORIZED),
        (
            MULTIPART,
            "------WebKitFormBoundaryx--",
            StatusCode::UNAUTHORIZED,
        ),
        (MULTIPART, &*flood, StatusCode::UNAUTHORIZED),
    ] {
        let mut browser = shop.browser();
        let headers = with(&[kind, HERE, REFERER]);
        let page = browser.submit_as(&headers, "/order", body.to_owned()).await;
        assert_page(&page, status, &["not sent", "copy", LOGIN]);
        assert!(browser.cookies.is_empty());
    }
    let program = [URLENCODED, ("origin", ORIGIN), ("accept", "*/*")];
    let answer = shop.browser().submit_as(&program, "/order", long).await;
    assert_problem(&answer, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_form_of_another_site_without_the_cookie_gets_a_page_that_goes_on_by_get() {
    for settings in [Builder::save_forms, |builder: Builder| builder] {
        let shop = Shop::with(|kakao| kakao, settings).await;
        for from in [
            with(&[URLENCODED, ELSEWHERE, ("origin", "https://pay.example")]),
            with(&[MULTIPART, ELSEWHERE, ("origin", "null")]),
            with(&[URLENCODED, ("sec-fetch-site", "same-site")]),
            vec![
                URLENCODED,
                ("accept", "text/html"),
                ("origin", "https://pay.example"),
            ],
        ] {
            let mut browser = shop.browser();
            let page = browser
                .submit_as(&from, "/pay/return?order=7", "P_STATUS=00")
                .await;
            let words = [
                "not processed",
                "href=\"/pay/return?order=7\"",
                "href=\"/\"",
            ];
            assert_page(&page, StatusCode::UNAUTHORIZED, &words);
            assert!(!text(&page).contains("P_STATUS"));
            assert!(browser.cookies.is_empty());
        }
    }
}

#[tokio::test]
async fn a_form_of_another_site_with_a_session_gets_403_with_a_page_and_a_program_a_document() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    for from in [
        with(&[URLENCODED, ELSEWHERE]),
        with(&[MULTIPART, ("sec-fetch-site", "same-site")]),
        vec![
            URLENCODED,
            ("accept", "text/html"),
            ("origin", "https://pay.example"),
        ],
    ] {
        let page = browser.submit_as(&from, "/pay/return", "a=1").await;
        let words = ["not processed", "href=\"/pay/return\""];
        assert_page(&page, StatusCode::FORBIDDEN, &words);
    }
    for from in [
        vec![ELSEWHERE],
        vec![ELSEWHERE, URLENCODED],
        with(&[ELSEWHERE]),
        vec![("origin", "https://evil.example")],
    ] {
        let answer = browser.submit_as(&from, "/pay/return", "a=1").await;
        assert_problem(&answer, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_form_whose_route_needs_a_fresh_sign_in_says_so() {
    let shop = Shop::with(Kakao::openid_connect, |builder| builder).await;
    shop.provider
        .configure(|settings| settings.kakao_oidc = true);
    let fresh = shop.layer.require().max_age(Duration::from_secs(5 * 60));
    let pay = Router::new()
        .route("/pay", post(async || "paid"))
        .route_layer(fresh);
    let app = pay.fallback_service(routes()).layer(shop.layer.clone());
    let mut browser = Browser::new(app, ORIGIN);
    browser.sign_in("/", JIWOO).await;
    shop.time.pass(Duration::from_secs(6 * 60));
    let headers = with(&[URLENCODED, HERE, REFERER]);
    let page = browser.submit_as(&headers, "/pay", "sum=9").await;
    let words = ["needs a fresh sign-in", "fresh=1", "return_to=%2Fboard"];
    assert_page(&page, StatusCode::UNAUTHORIZED, &words);
}

#[tokio::test]
async fn an_unknown_address_of_the_layer_answers_a_window_with_a_page_and_a_program_without() {
    let shop = Shop::open().await;
    let window = with(&[HERE, ("accept-language", "ko")]);
    for path in [
        "/auth",
        "/auth/logim",
        "/auth/callback/unknown",
        "/auth/form",
    ] {
        let page = shop.browser().send(Method::GET, path, &window).await;
        let words = ["페이지를 찾을 수 없습니다", "href=\"/\""];
        assert_page(&page, StatusCode::NOT_FOUND, &words);
        let answer = shop.browser().fetch(Method::GET, path).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        assert!(answer.body().is_empty());
    }
    let form = with(&[HERE, URLENCODED]);
    let page = shop.browser().submit_as(&form, "/auth/login", "a=1").await;
    assert_page(&page, StatusCode::METHOD_NOT_ALLOWED, &["Page not found"]);
    assert_eq!(page.headers()["allow"], "GET, HEAD");
}
