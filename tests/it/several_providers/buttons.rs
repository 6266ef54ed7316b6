//! The buttons of the sign-in page: mark and label by brand, and no two buttons alike.

use http::{HeaderValue, header::ACCEPT_LANGUAGE};
use tower_phone_auth::{Naver, Oidc, Text};

use super::{open, open_with};
use crate::support::{
    browser::{Browser, JIWOO, Page, location, text},
    shop::Shop,
};

async fn chooser(browser: &mut Browser, language: &'static str) -> Page {
    let language = HeaderValue::from_static(language);
    browser.headers.insert(ACCEPT_LANGUAGE, language);
    browser.visit("/auth/login").await
}

/// The content of a provider's link, which is its accessible name with the marks left out.
fn button(page: &Page, name: &str) -> String {
    let text = text(page);
    let start = text.find(&format!("provider={name}&")).unwrap();
    let content = text[start..].split_once('>').unwrap().1;
    content.split("</a>").next().unwrap().to_owned()
}

/// The accessible name: the text without tags.
fn name(page: &Page, provider: &str) -> String {
    let button = button(page, provider);
    let text = button
        .split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    text.collect()
}

async fn with(oidc: [Oidc; 2]) -> Shop {
    open_with(|builder| {
        oidc.into_iter()
            .fold(builder, |builder, one| builder.provider(one))
    })
    .await
}

#[tokio::test]
async fn every_brand_has_its_mark_and_its_own_label() {
    let shop = open().await;
    for (language, labels) in [
        (
            "ko",
            ["카카오 로그인", "네이버 로그인", "Google 계정으로 로그인"],
        ),
        (
            "en",
            [
                "Login with Kakao",
                "Log in with NAVER",
                "Sign in with Google",
            ],
        ),
    ] {
        let page = chooser(&mut shop.browser(), language).await;
        for (provider, label) in ["kakao", "naver", "google"].into_iter().zip(labels) {
            assert_eq!(name(&page, provider), label);
            let button = button(&page, provider);
            assert!(button.starts_with("<svg viewBox=\"0 0 24 24\" aria-hidden=\"true\""));
        }
        assert!(!button(&page, "oidc").contains("<svg"));
    }
}

#[tokio::test]
async fn a_text_of_the_application_gets_no_mark_of_a_brand() {
    let title = Text::en("Partner sign-in");
    let partner = Naver::new("id", "secret").named("partner").titled(title);
    let shop = open_with(|builder| builder.provider(partner)).await;
    let page = chooser(&mut shop.browser(), "en").await;
    assert_eq!(button(&page, "partner"), "Partner sign-in");
}

#[tokio::test]
async fn the_badge_is_a_part_of_the_links_name() {
    let shop = open().await;
    let mut browser = shop.browser();
    let login = "/auth/login?provider=naver";
    assert_eq!(location(&browser.come_back(login, JIWOO).await), "/");
    browser.cookies.remove("phone-auth");
    for (language, expected) in [
        ("ko", "네이버 로그인 최근 로그인"),
        ("en", "Log in with NAVER Last used"),
    ] {
        assert_eq!(
            name(&chooser(&mut browser, language).await, "naver"),
            expected
        );
    }
}

#[tokio::test]
async fn an_unnamed_openid_provider_shows_its_host() {
    let [first, second] = [
        "https://id.example.com/realms/a",
        "https://login.example:8443",
    ];
    let client = |issuer, name: &str| Oidc::new(issuer, "id", "secret").named(name);
    let shop = with([client(first, "first"), client(second, "second")]).await;
    let page = chooser(&mut shop.browser(), "en").await;
    assert_eq!(name(&page, "first"), "Sign in with id.example.com");
    assert_eq!(name(&page, "second"), "Sign in with login.example:8443");
    assert!(!text(&page).contains("OpenID"));
}

#[tokio::test]
async fn presets_have_the_names_of_their_products() {
    for (preset, expected) in [
        (Oidc::auth0("a.eu.auth0.com", "id", "secret"), "Auth0"),
        (
            Oidc::cognito("eu-west-1", "eu-west-1_a", "id", "secret"),
            "Amazon Cognito",
        ),
        (
            Oidc::keycloak("https://id.example.com/realms/a", "id", "secret"),
            "Keycloak",
        ),
        (Oidc::okta("https://a.okta.com", "id", "secret"), "Okta"),
        (
            Oidc::zitadel("https://a.zitadel.cloud", "id", "secret"),
            "ZITADEL",
        ),
    ] {
        let shop = open_with(|builder| builder.provider(preset.named("preset"))).await;
        let page = chooser(&mut shop.browser(), "en").await;
        assert_eq!(name(&page, "preset"), format!("Sign in with {expected}"));
        let page = chooser(&mut shop.browser(), "ko").await;
        assert_eq!(name(&page, "preset"), format!("{expected} 로그인"));
    }
}

#[tokio::test]
async fn two_clients_of_one_product_have_different_buttons() {
    let realm = |name: &str| {
        let realm = format!("https://id.example.com/realms/{name}");
        Oidc::keycloak(realm, "id", "secret").named(name)
    };
    let page = {
        let shop = with([realm("staff"), realm("guests")]).await;
        chooser(&mut shop.browser(), "en").await
    };
    assert_eq!(name(&page, "staff"), "Sign in with Keycloak (staff)");
    assert_eq!(name(&page, "guests"), "Sign in with Keycloak (guests)");
    assert_eq!(name(&page, "kakao"), "Login with Kakao");
}
