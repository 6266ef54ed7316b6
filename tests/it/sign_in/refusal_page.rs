//! The page of a refused sign-in: it names the provider, hides the error code, and offers the other
//! providers.

use http::{HeaderValue, header::ACCEPT_LANGUAGE};
use tower_phone_auth::{
    Text,
    error::{LoginError, LoginErrorKind},
};
use tower_phone_auth_local_provider::Person;

use crate::several_providers;
use crate::support::{
    browser::{Act, Browser, Page, altered, refusal, text},
    log::Log,
    shop::Shop,
};

fn reading(shop: &Shop, language: &'static str) -> Browser {
    let mut browser = shop.browser();
    let language = HeaderValue::from_static(language);
    browser.headers.insert(ACCEPT_LANGUAGE, language);
    browser
}

/// A sign-in that the provider answers with an error.
async fn fails(browser: &mut Browser, login: &str, error: &str) -> Page {
    let away = browser.visit(login).await;
    let callback = browser.act(&away, Act::Cancel).await;
    browser
        .visit(&altered(&callback, "error", Some(error)))
        .await
}

/// The first link of the page.
fn main_link(page: &Page) -> String {
    let page = text(page);
    let link = page.split_once("class=\"act\" href=\"").unwrap().1;
    link.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_refusal_names_the_provider_in_each_language() {
    let shop = several_providers::open().await;
    for (language, kakao, general) in [
        ("en", "Kakao", "sign-in provider"),
        ("ko", "카카오", "로그인 서비스"),
    ] {
        for act in [Act::Cancel, Act::Agree(Person::WITHOUT_PHONE)] {
            let mut browser = reading(&shop, language);
            let page = browser.come_back("/auth/login?provider=kakao", act).await;
            assert!(refusal(&page).is_some());
            assert!(text(&page).contains(kakao), "{}", text(&page));
            assert!(!text(&page).contains(general) && !text(&page).contains("{provider}"));
        }
    }
}

#[tokio::test]
async fn a_provider_with_a_text_of_the_application_gets_a_general_word() {
    let title = Text::en("Enter with the club card");
    let shop = Shop::with(|kakao| kakao.titled(title), |builder| builder).await;
    let page = reading(&shop, "en").come_back("/", Act::Cancel).await;
    assert!(text(&page).contains("You can sign in with the sign-in provider again"));
    let page = fails(&mut reading(&shop, "en"), "/", "server_error").await;
    assert!(text(&page).contains("<h1>The sign-in provider is busy"));
}

#[tokio::test]
async fn the_code_of_an_error_is_in_the_log_and_hidden_on_the_page() {
    let log = Log::capture();
    let shop = Shop::open().await;
    for code in ["access_denied", "invalid_scope", "unauthorized_client"] {
        let page = fails(&mut reading(&shop, "en"), "/", code).await;
        let error = page.extensions().get::<LoginError>().unwrap();
        // A user who cancelled needs no code.
        let hidden = format!("<details><summary>Details</summary><code>{code}</code></details>");
        let shown = text(&page).replace(&hidden, "");
        assert!(!shown.contains(code), "{shown}");
        assert_eq!(shown.len() < text(&page).len(), code != "access_denied");
        let (log, reference) = (log.text(), error.reference());
        let line = log.lines().find(|line| line.contains(reference)).unwrap();
        assert!(line.contains(code), "{line}");
        assert!(text(&page).contains(reference));
    }
}

#[tokio::test]
async fn every_refusal_offers_another_way_if_there_are_several_providers() {
    let (several, one) = (several_providers::open().await, Shop::open().await);
    for code in [
        "access_denied",
        "server_error",
        "temporarily_unavailable",
        "invalid_scope",
    ] {
        let login = "/auth/login?provider=kakao&return_to=%2Fcart";
        let page = fails(&mut reading(&several, "en"), login, code).await;
        let choice = "href=\"/auth/login?return_to=%2Fcart\" data-login>Another way to sign in</a>";
        assert!(text(&page).contains(choice), "{code}: {}", text(&page));
        let page = fails(&mut reading(&one, "en"), login, code).await;
        assert!(!text(&page).contains("Another way to sign in"));
    }
}

#[tokio::test]
async fn the_main_link_does_not_lead_to_the_same_failure() {
    let (several, one) = (several_providers::open().await, Shop::open().await);
    let login = "/auth/login?provider=kakao&return_to=%2Fcart";
    for (shop, code, expected) in [
        (&several, "invalid_scope", "/auth/login?return_to=%2Fcart"),
        (&one, "invalid_scope", "/"),
        (
            &one,
            "access_denied",
            "/auth/login?provider=kakao&amp;return_to=%2Fcart",
        ),
    ] {
        let page = fails(&mut reading(shop, "en"), login, code).await;
        assert_eq!(main_link(&page), expected, "{code}");
    }
}

#[tokio::test]
async fn the_heading_and_the_text_of_a_refusal_say_different_things() {
    let shop = Shop::open().await;
    let page = reading(&shop, "en").come_back("/", Act::Cancel).await;
    assert_eq!(refusal(&page), Some(LoginErrorKind::Cancelled));
    assert_eq!(
        text(&page).matches("cancelled").count(),
        2,
        "title and heading alone"
    );
    assert!(text(&page).contains("<svg class=\"icon\""));
}
