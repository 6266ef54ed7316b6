//! Two quirks of providers: Keycloak's expired sign-in page, and unrequested answers by a form.

use http::{Method, StatusCode, header::ALLOW};
use tower_phone_auth::error::LoginErrorKind as K;
use tower_phone_auth_local_provider::{Endpoint, LocalProvider};

use super::begun::begin;
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Browser, JIWOO, Page, altered, location, parameter, refusal, text},
    events::Events,
    shop::Shop,
};

/// The callback that Keycloak sends after its page was open too long.
fn expired(callback: &str) -> String {
    let error = altered(callback, "code", None);
    let error = altered(&error, "error", Some("temporarily_unavailable"));
    altered(&error, "error_description", Some("authentication_expired"))
}

async fn openid() -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    let oidc = provider.oidc();
    Shop::at(provider, oidc, |builder| builder)
}

#[tokio::test]
async fn an_expired_sign_in_page_of_an_openid_provider_is_asked_for_again_in_every_tab() {
    let shop = openid().await;
    let mut browser = shop.browser();
    let mut tabs = Vec::new();
    for place in ["/one", "/two?b=c", "/three"] {
        let away = browser.visit(place).await;
        tabs.push((browser.act(&away, JIWOO).await, place));
    }
    let mut again = Vec::new();
    for (callback, place) in tabs.into_iter().rev() {
        again.push((browser.visit(&expired(&callback)).await, place));
    }
    for (page, place) in again {
        assert_eq!(page.status(), StatusCode::SEE_OTHER);
        assert_eq!(parameter(&page, "prompt"), None, "{place}");
        let callback = browser.act(&page, JIWOO).await;
        assert_eq!(location(&browser.visit(&callback).await), place);
    }
}

#[tokio::test]
async fn the_new_request_repeats_the_parameters_of_the_first_one() {
    let shop = openid().await;
    for (login, asked) in [
        ("/auth/login?provider=oidc&fresh=1", Some("login")),
        (
            "/auth/login?provider=oidc&login_hint=jiwoo%40example.com",
            None,
        ),
        ("/cart", None),
    ] {
        let mut browser = shop.browser();
        let away = browser.visit(login).await;
        assert_eq!(parameter(&away, "prompt").as_deref(), asked, "{login}");
        let callback = browser.act(&away, JIWOO).await;
        let again = browser.visit(&expired(&callback)).await;
        assert_eq!(parameter(&again, "prompt").as_deref(), asked, "{login}");
        // The same callback gets the same answer.
        let repeated = browser.visit(&expired(&callback)).await;
        assert_eq!(location(&repeated), location(&again), "{login}");
    }
}

#[tokio::test]
async fn the_description_alone_or_in_other_case_means_nothing() {
    let shop = Shop::open().await;
    for (error, description, kind) in [
        (
            "temporarily_unavailable",
            "Authentication_Expired",
            K::ProviderBusy,
        ),
        (
            "temporarily_unavailable",
            "authentication_expired ",
            K::ProviderBusy,
        ),
        ("server_error", "authentication_expired", K::ProviderBusy),
        ("access_denied", "authentication_expired", K::Cancelled),
        ("authentication_expired", "", K::ProviderRefused),
    ] {
        let (mut browser, callback) = begin(&shop).await;
        let answer = altered(&expired(&callback), "error", Some(error));
        let answer = altered(&answer, "error_description", Some(description));
        let page = browser.visit(&answer).await;
        assert_eq!(refusal(&page), Some(kind), "{error} {description}");
    }
}

async fn posts(browser: &mut Browser, path: &str, kind: &str, body: &str) -> Page {
    let headers = [
        ("content-type", kind),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-site", "cross-site"),
        ("accept", "text/html"),
        ("accept-language", "ko"),
    ];
    browser.submit_as(&headers, path, body.to_owned()).await
}

#[tokio::test]
async fn an_answer_by_a_form_gets_a_page_and_a_log_line_that_names_response_mode() {
    let shop = Shop::open().await;
    let form = "application/x-www-form-urlencoded";
    for (kind, body) in [
        (
            form,
            "code=SplxlOBeZQQYbYS6WxSbIA&state=af0ifjsldkj&id_token=eyJ0",
        ),
        (form, "error=access_denied&state=af0ifjsldkj"),
        (form, ""),
        ("multipart/form-data; boundary=x", "--x--"),
        ("application/json", "{\"code\":\"SplxlOBeZQQYbYS6WxSbIA\"}"),
    ] {
        let events = Events::capture();
        let mut browser = shop.browser();
        browser.sign_in("/", JIWOO).await;
        let before = browser.jar();
        let tokens = shop.provider.count(Endpoint::Token);
        let page = posts(&mut browser, "/auth/callback/kakao", kind, body).await;
        assert_eq!(page.status(), StatusCode::METHOD_NOT_ALLOWED, "{body}");
        assert_eq!(page.headers()[ALLOW], "GET");
        assert_eq!(refusal(&page), Some(K::Misconfigured));
        assert!(
            text(&page).contains("로그인 설정이 올바르지 않습니다"),
            "{}",
            text(&page)
        );
        let lines = events.audit("refusal");
        let line = lines.iter().find(|line| line.fields.contains_key("code"));
        assert_eq!(line.unwrap().field("code"), "response_mode");
        assert!(!events.text().contains("SplxlOBeZQQYbYS6WxSbIA"));
        // The request comes from another site, so it changes nothing.
        assert_eq!(browser.jar(), before);
        assert_eq!(shop.provider.count(Endpoint::Token), tokens);
        assert_eq!(text(&browser.visit("/").await), "+821012345678");
    }
}

#[tokio::test]
async fn other_methods_get_405_and_other_providers_404() {
    let shop = Shop::open().await;
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::HEAD] {
        let answer = shop
            .browser()
            .fetch(method.clone(), "/auth/callback/kakao")
            .await;
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
    for path in [
        "/auth/callback/other",
        "/auth/callback/",
        "/auth/callback/KAKAO",
    ] {
        let answer = posts(&mut shop.browser(), path, "text/plain", "code=1").await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
}
