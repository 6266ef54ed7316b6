//! A request that is no form of this origin, or too large to save, gets a refusal and no cookie.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::body::{Body, Bytes};
use http::StatusCode;
use http_body::Frame;

use super::{form, is_offer, ordering, saved, shop, sign_in};
use crate::support::{
    browser::{FORM, JIWOO, location, text},
    shop::Shop,
};

/// The headers of a form with some of them replaced. An empty value removes a header.
fn form_headers_with(
    changed: &[(&'static str, &'static str)],
) -> Vec<(&'static str, &'static str)> {
    let kept = FORM
        .into_iter()
        .filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
    let changed = changed
        .iter()
        .copied()
        .filter(|(_, value)| !value.is_empty());
    kept.chain(changed).collect()
}

#[tokio::test]
async fn a_request_that_is_no_navigation_of_this_origin_is_not_saved() {
    let shop = shop().await;
    let (mut browser, orders) = ordering(&shop);
    for changed in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        &[("sec-fetch-mode", "cors")],
        &[("sec-fetch-mode", "")],
        &[("sec-fetch-dest", "iframe")],
        &[("origin", "https://evil.example")],
        &[
            ("sec-fetch-site", ""),
            ("sec-fetch-mode", ""),
            ("origin", ""),
        ],
        &[
            ("sec-fetch-site", ""),
            ("sec-fetch-mode", ""),
            ("origin", "null"),
        ],
        &[("x-requested-with", "XMLHttpRequest")],
        &[("content-type", "")],
        &[("content-type", "multipart/form-data; boundary=x")],
        &[("content-type", "text/plain")],
        &[("content-type", "application/json")],
        &[(
            "content-type",
            "application/x-www-form-urlencoded;charset=euc-kr",
        )],
    ] {
        let answer = browser
            .submit_as(&form_headers_with(changed), "/order", "a=1")
            .await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{changed:?}");
    }
    assert!(browser.cookies.is_empty());
    assert!(orders.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_body_that_a_form_cannot_repeat_exactly_is_not_saved() {
    let shop = shop().await;
    let (mut browser, _) = ordering(&shop);
    let (long, flood) = (format!("a={}", "x".repeat(2047)), "a=1&".repeat(100_000));
    for body in [
        &b"a=%FF"[..],
        b"a=\xff\xfe",
        b"a=%00",
        b"a=%0A",
        b"a=1&&b=2",
        long.as_bytes(),
        flood.as_bytes(),
    ] {
        let answer = browser.submit("/order", body.to_vec()).await;
        let start = body[..body.len().min(9)].escape_ascii();
        let status = match body.len() {
            ..=2048 => StatusCode::UNAUTHORIZED,
            _ => StatusCode::PAYLOAD_TOO_LARGE,
        };
        assert_eq!(answer.status(), status, "{start}");
    }
    for (path, status) in [
        (
            format!("/{}", "a".repeat(1500)),
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
        ("//evil.example/x".to_owned(), StatusCode::UNAUTHORIZED),
    ] {
        let body = format!("a={}", "x".repeat(2046));
        let answer = browser.submit(&path, body).await;
        assert_eq!(answer.status(), status, "{path:.20}");
    }
    assert!(browser.cookies.is_empty());
}

struct TruncatedBody;

impl http_body::Body for TruncatedBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        Poll::Ready(Some(Err(std::io::Error::other("gone"))))
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_not_saved() {
    let shop = shop().await;
    let (mut browser, _) = ordering(&shop);
    let answer = browser.submit("/order", Body::new(TruncatedBody)).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert!(browser.cookies.is_empty());
}

#[tokio::test]
async fn no_form_is_saved_without_the_setting() {
    let shop = Shop::open().await;
    let (mut browser, _) = ordering(&shop);
    let answer = browser.submit("/order", "a=1").await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert!(browser.cookies.is_empty());
}

#[tokio::test]
async fn a_forged_or_foreign_cookie_is_no_form() {
    let shop = shop().await;
    let (mut browser, _) = ordering(&shop);
    let kept = browser.submit("/order", "a=1").await;
    let (name, value) = saved(&browser).unwrap();
    let (name, value) = (name.to_owned(), value.to_owned());
    browser.visit(location(&kept)).await;
    let login = browser.cookies[browser.pending()[0]].clone();
    let cut = value[..value.len() - 1].to_owned();
    for forged in [cut, login, "junk".to_owned(), "A".repeat(8000)] {
        browser.cookies.insert(name.clone(), forged);
        let page = sign_in(&mut browser, &kept, JIWOO).await;
        assert_eq!(page.status(), StatusCode::GONE);
        assert!(form(&page).is_none());
    }
    browser.cookies.insert(name, value);
    assert!(form(&sign_in(&mut browser, &kept, JIWOO).await).is_some());
}

#[tokio::test]
async fn a_sign_in_for_a_form_that_is_gone_leads_to_a_page_that_says_so() {
    let shop = shop().await;
    let mut browser = shop.browser();
    for id in ["x", "%FF", ""] {
        let login = format!("/auth/login?return_to=%2Fa&form={id}");
        let back = browser.come_back(&login, JIWOO).await;
        assert_eq!(location(&back), "/a");
    }
    let login = "/auth/login?return_to=%2Fa&form=AAAAAAAAAAAAAAAAAAAAAA";
    let back = browser.come_back(login, JIWOO).await;
    assert!(is_offer(&back));
    let page = browser.visit(location(&back)).await;
    assert_eq!(page.status(), StatusCode::GONE);
    assert!(text(&page).contains("href=\"/a\""));
}

#[tokio::test]
async fn without_the_setting_a_sign_in_for_a_form_leads_to_its_place() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let login = "/auth/login?return_to=%2Fa&form=AAAAAAAAAAAAAAAAAAAAAA";
    let back = browser.come_back(login, JIWOO).await;
    assert_eq!(location(&back), "/a");
    let page = browser.visit("/auth/form?id=AAAAAAAAAAAAAAAAAAAAAA").await;
    assert_eq!(page.status(), StatusCode::NOT_FOUND);
}
