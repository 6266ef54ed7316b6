//! Errors at the callback: without a state, with codes of no standard, and by POST.

use std::time::Duration;

use http::{Method, StatusCode, header::ALLOW};
use tower_phone_auth::error::{LoginError, LoginErrorKind as K};
use tower_phone_auth_local_provider::Endpoint;

use super::begun::begin;
use crate::support::{
    browser::{Browser, JIWOO, Page, altered, location, refusal, set_cookies, text},
    shop::Shop,
};

fn code(page: &Page) -> Option<String> {
    let error = page.extensions().get::<LoginError>().unwrap();
    error.code().map(str::to_owned)
}

/// Opens `/auth/callback/kakao` with this query.
async fn returns(browser: &mut Browser, query: &str) -> Page {
    browser
        .visit(&format!("/auth/callback/kakao?{query}"))
        .await
}

#[tokio::test]
async fn an_error_without_its_state_is_shown_by_its_code() {
    let shop = Shop::open().await;
    for (error, kind) in [
        ("access_denied", K::Cancelled),
        ("temporarily_unavailable", K::ProviderBusy),
        ("server_error", K::ProviderBusy),
        ("invalid_scope", K::Misconfigured),
        ("login_required", K::ProviderRefused),
        ("login+request+denied", K::Cancelled),
    ] {
        for rest in ["", "&state=", "&code=c", "&error_description=No", "&iss=x"] {
            let (mut browser, callback) = begin(&shop).await;
            let page = returns(&mut browser, &format!("error={error}{rest}")).await;
            assert_eq!(refusal(&page), Some(kind), "{error}{rest}");
            // Any site can send such an error, so it alerts no operator and ends no sign-in.
            let error = page.extensions().get::<LoginError>().unwrap();
            assert!(!error.is_for_operator() && set_cookies(&page).is_empty());
            assert!(text(&page).contains("return_to=%2Fcart"), "{}", text(&page));
            assert_eq!(location(&browser.visit(&callback).await), "/cart");
        }
    }
}

#[tokio::test]
async fn an_error_without_its_state_names_no_place_where_there_are_two_or_none() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for opened in [None, Some("/one"), Some("/two")] {
        if let Some(page) = opened {
            browser.visit(page).await;
        }
        let page = returns(&mut browser, "error=access_denied").await;
        assert_eq!(refusal(&page), Some(K::Cancelled));
        let names_one = text(&page).contains("return_to=%2Fone");
        assert_eq!(names_one, opened == Some("/one"));
        assert!(!text(&page).contains("return_to=%2Ftwo"));
    }
}

#[tokio::test]
async fn an_error_without_its_state_names_no_place_of_a_sign_in_that_is_over() {
    let shop = Shop::open().await;
    for (seconds, is_live) in [(30 * 60 - 1, true), (30 * 60, false), (60 * 60, false)] {
        let (mut browser, _) = begin(&shop).await;
        shop.time.pass(Duration::from_secs(seconds));
        let page = returns(&mut browser, "error=access_denied").await;
        assert_eq!(refusal(&page), Some(K::Cancelled));
        let names_place = text(&page).contains("return_to=%2Fcart");
        assert_eq!(names_place, is_live, "{seconds}");
    }
}

#[tokio::test]
async fn a_callback_without_an_error_needs_its_state() {
    let shop = Shop::open().await;
    for query in [
        "code=c",
        "code=c&state=",
        "error=",
        "error=a&error=b",
        "error=%01",
        "state=",
    ] {
        let (mut browser, _) = begin(&shop).await;
        let page = returns(&mut browser, query).await;
        assert_eq!(refusal(&page), Some(K::MalformedCallback), "{query}");
    }
    assert_eq!(shop.provider.count(Endpoint::Token), 0);
}

#[tokio::test]
async fn an_error_that_says_that_the_user_refused_counts_as_cancelled() {
    let shop = Shop::open().await;
    for (name, kind) in [
        ("login request denied", K::Cancelled),
        ("consent request denied", K::Cancelled),
        ("ACCESS_DENIED", K::Cancelled),
        ("user_denied", K::Cancelled),
        ("user_cancelled_login", K::Cancelled),
        ("user_cancelled_authorize", K::Cancelled),
        ("UserCanceled", K::Cancelled),
        ("authorization_declined", K::Cancelled),
        ("user_rejected", K::Cancelled),
        ("new_in_2030", K::ProviderRefused),
        ("request_rejected", K::ProviderRefused),
    ] {
        let (mut browser, callback) = begin(&shop).await;
        let error = altered(&altered(&callback, "code", None), "error", Some(name));
        let page = browser.visit(&error).await;
        assert_eq!(refusal(&page), Some(kind), "{name}");
        assert_eq!(code(&page).as_deref(), Some(name));
        assert!(!text(&page).contains(name), "the code is only in the log");
    }
}

#[tokio::test]
async fn an_error_code_that_is_too_long_or_has_other_characters_or_a_number_is_not_logged() {
    let shop = Shop::open().await;
    let long = format!("{}_denied", "x".repeat(60));
    for (name, kind) in [
        (&*long, K::Cancelled),
        ("<b>denied", K::Cancelled),
        ("new=\"1\"", K::ProviderRefused),
        ("number 010-9876-5432", K::ProviderRefused),
    ] {
        let (mut browser, callback) = begin(&shop).await;
        let error = altered(&altered(&callback, "code", None), "error", Some(name));
        let page = browser.visit(&error).await;
        assert_eq!((refusal(&page), code(&page)), (Some(kind), None), "{name}");
    }
}

#[tokio::test]
async fn an_expired_authentication_is_asked_for_once_more() {
    let shop = Shop::open().await;
    let (mut browser, callback) = begin(&shop).await;
    let expired = |callback: &str| {
        let error = altered(
            &altered(callback, "code", None),
            "error",
            Some("temporarily_unavailable"),
        );
        altered(&error, "error_description", Some("authentication_expired"))
    };
    let again = browser.visit(&expired(&callback)).await;
    assert!(location(&again).starts_with(&shop.provider.origin()));
    let callback = browser.act(&again, JIWOO).await;
    let cookies = browser.cookies.clone();
    let page = browser.visit(&expired(&callback)).await;
    assert_eq!(refusal(&page), Some(K::CodeRejected));
    assert!(text(&page).contains("return_to=%2Fcart"));
    browser.cookies = cookies;
    for description in ["maintenance", "authentication_expired2", ""] {
        let (mut browser, callback) = begin(&shop).await;
        let busy = altered(&expired(&callback), "error_description", Some(description));
        let page = browser.visit(&busy).await;
        assert_eq!(refusal(&page), Some(K::ProviderBusy), "{description}");
    }
}

#[tokio::test]
async fn a_callback_by_post_says_that_the_response_mode_is_wrong() {
    let shop = Shop::open().await;
    for headers in [
        &[
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-site", "cross-site"),
            ("accept", "text/html"),
        ][..],
        &[
            ("origin", "https://kauth.kakao.com"),
            ("accept", "text/html"),
        ],
        &[],
    ] {
        let (mut browser, callback) = begin(&shop).await;
        let posted = browser.send(Method::POST, &callback, headers).await;
        assert_eq!(posted.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(posted.headers()[ALLOW], "GET");
        assert_eq!(code(&posted).as_deref(), Some("response_mode"));
        assert_eq!(refusal(&posted), Some(K::Misconfigured));
        assert!(text(&posted).contains("response_mode") && set_cookies(&posted).is_empty());
        assert_eq!(location(&browser.visit(&callback).await), "/cart");
    }
}
