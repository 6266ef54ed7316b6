//! The parameters of the callback.

use http::StatusCode;
use tower_phone_auth::error::LoginErrorKind::{
    Cancelled, IssuerMismatch, MalformedCallback, Misconfigured, ProviderBusy, ProviderRefused,
};
use tower_phone_auth_local_provider::Endpoint;

use super::{assert_not_repeated, assert_signed_in, come_back_with, refusal};
use crate::support::{
    browser::{Act, JIWOO, location, parameter},
    shop::Shop,
};

#[tokio::test]
async fn quirk_26_a_user_who_cancels_gets_the_page_for_that() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.come_back("/", Act::Cancel).await;
    assert_eq!(refusal(&page), (403, Cancelled, Some("access_denied")));
    assert!(browser.session().is_none() && browser.pending().is_empty());
    assert_eq!(shop.provider.count(Endpoint::Token), 0);
}

#[tokio::test]
async fn quirk_27_a_sign_in_that_needs_a_page_is_started_once_more() {
    let shop = Shop::open().await;
    for error in ["consent_required", "login_required", "interaction_required"] {
        let mut browser = shop.browser();
        let query = format!("error={error}&state=STATE");
        let again = come_back_with(&mut browser, &query).await;
        assert_eq!(again.status(), StatusCode::SEE_OTHER, "{error}");
        assert!(location(&again).starts_with(&shop.provider.origin()));
        assert_ne!(parameter(&again, "prompt").as_deref(), Some("none"));
        assert_eq!(browser.pending().len(), 1);

        let state = parameter(&again, "state").unwrap();
        let path = format!("/auth/callback/kakao?error={error}&state={state}");
        let page = browser.visit(&path).await;
        assert_eq!(refusal(&page), (403, ProviderRefused, Some(error)));
        assert!(browser.pending().is_empty());
    }
    assert!(shop.provider.requests().is_empty());
}

#[tokio::test]
async fn quirk_27_the_second_attempt_returns_to_the_same_page() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/orders?a=1").await;
    let state = parameter(&away, "state").unwrap();
    let path = format!("/auth/callback/kakao?error=login_required&state={state}");
    let again = browser.visit(&path).await;
    let callback = browser.act(&again, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), "/orders?a=1");
}

#[tokio::test]
async fn quirk_28_the_order_of_the_parameters_does_not_matter() {
    let shop = Shop::open().await;
    for query in [
        "state=STATE&error=access_denied&error_description=User%20denied%20access",
        "error_description=User+denied+access&error=access_denied&state=STATE",
        "x=1&error=access_denied&&state=STATE&x=2",
    ] {
        let page = come_back_with(&mut shop.browser(), query).await;
        assert_eq!(refusal(&page), (403, Cancelled, Some("access_denied")));
    }
}

#[tokio::test]
async fn quirk_29_an_error_wins_over_a_code() {
    let shop = Shop::open().await;
    for query in [
        "code=c&error=access_denied&state=STATE",
        "error=access_denied&code=c&state=STATE",
    ] {
        let page = come_back_with(&mut shop.browser(), query).await;
        assert_eq!(refusal(&page), (403, Cancelled, Some("access_denied")));
    }
    assert!(shop.provider.requests().is_empty());
}

#[tokio::test]
async fn quirk_30_a_repeated_parameter_is_refused() {
    let shop = Shop::open().await;
    for query in [
        "code=a&code=b&state=STATE",
        "code=a&code=a&state=STATE",
        "code=a&c%6Fde=a&state=STATE",
        "code=a&state=STATE&state=STATE",
        "code=a&state=STATE&state=",
        "error=access_denied&error=access_denied&state=STATE",
        "code=a&state=STATE&iss=https%3A%2F%2Fkauth.kakao.com&iss=x",
    ] {
        let page = come_back_with(&mut shop.browser(), query).await;
        assert_eq!(refusal(&page), (400, MalformedCallback, None), "{query}");
    }
    assert!(shop.provider.requests().is_empty());
}

#[tokio::test]
async fn a_callback_without_code_and_error_is_refused() {
    let shop = Shop::open().await;
    let long = format!("code={}&state=STATE", "a".repeat(5000));
    for query in [
        "",
        "state=STATE",
        "code=&state=STATE",
        "error=&state=STATE",
        "code=%00&state=STATE",
        "code=%ED%95%9C&state=STATE",
        "error=a%0D%0Ab&state=STATE",
        &long,
    ] {
        let page = come_back_with(&mut shop.browser(), query).await;
        assert_eq!(refusal(&page), (400, MalformedCallback, None), "{query}");
    }
    assert!(shop.provider.requests().is_empty());
}

#[tokio::test]
async fn quirk_31_the_providers_text_is_never_reflected() {
    let shop = Shop::open().await;
    let long = "mallory".repeat(1500);
    for hostile in [
        "<script>mallory()</script>",
        "\"><img src=x onerror=mallory>",
        "a\r\nSet-Cookie: phone-auth=mallory\r\n\r\n",
        &long,
    ] {
        for (name, error) in [
            ("error_description", "access_denied"),
            ("error_description", "new_in_2030"),
            ("error_uri", "server_error"),
        ] {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.append_pair("error", error).append_pair(name, hostile);
            let query = format!("{}&state=STATE", query.finish());
            let page = come_back_with(&mut shop.browser(), &query).await;
            assert_not_repeated(&page, "mallory");
        }
    }
}

#[tokio::test]
async fn quirk_31_an_error_of_an_unknown_name_is_not_named() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = come_back_with(&mut browser, "error=%3Cb%3Emallory&state=STATE").await;
    assert_eq!(refusal(&page), (403, ProviderRefused, None));
    assert_not_repeated(&page, "mallory");
}

#[tokio::test]
async fn an_error_in_the_callback_gives_its_cause() {
    let shop = Shop::open().await;
    for (error, status, kind) in [
        ("server_error", 503, ProviderBusy),
        ("temporarily_unavailable", 503, ProviderBusy),
        ("unauthorized_client", 502, Misconfigured),
        ("invalid_scope", 502, Misconfigured),
        ("invalid_request", 502, Misconfigured),
        ("unsupported_response_type", 502, Misconfigured),
        ("misconfigured", 502, Misconfigured),
    ] {
        let query = format!("error={error}&state=STATE");
        let page = come_back_with(&mut shop.browser(), &query).await;
        assert_eq!(refusal(&page), (status, kind, Some(error)));
    }
}

#[tokio::test]
async fn quirk_32_an_issuer_that_is_sent_must_be_kakaos() {
    let shop = Shop::open().await;
    for issuer in [
        "",
        "https%3A%2F%2Faccounts.google.com",
        "https%3A%2F%2Fkauth.kakao.com%2F",
        "HTTPS%3A%2F%2Fkauth.kakao.com",
    ] {
        let query = format!("code=c&state=STATE&iss={issuer}");
        let page = come_back_with(&mut shop.browser(), &query).await;
        assert_eq!(refusal(&page), (400, IssuerMismatch, None), "{issuer}");
    }
    assert!(shop.provider.requests().is_empty());

    let mut browser = shop.browser();
    let away = browser.visit("/").await;
    let callback = browser.act(&away, JIWOO).await;
    let right = format!("{callback}&iss=https%3A%2F%2Fkauth.kakao.com");
    assert_signed_in(&browser.visit(&right).await, "the right issuer");
}
