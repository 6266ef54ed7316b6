//! The sign-in page checks whether the browser keeps cookies.

use http::StatusCode;
use tower_phone_auth_local_provider::Endpoint;

use super::{browser_reading, links};
use crate::{
    several_providers,
    support::{
        browser::{Browser, JIWOO, location, set_cookies, text},
        shop::{HTTPS, Shop},
    },
    tabs::cause,
};

#[tokio::test]
async fn a_link_of_the_sign_in_page_without_its_cookie_shows_the_cookie_page() {
    let shop = several_providers::open().await;
    for (language, word) in [
        ("ko", "쿠키를 허용해 주세요"),
        ("en", "Please allow cookies"),
    ] {
        let mut browser = browser_reading(&shop, language);
        let chooser = browser.visit("/auth/login?return_to=%2Fcart%3Fa%3D1").await;
        let links = links(&text(&chooser));
        assert_eq!(links.len(), 4);
        for link in links {
            browser.cookies.clear();
            let page = browser.visit(&link).await;
            assert_eq!(page.status(), StatusCode::BAD_REQUEST, "{link}");
            assert_eq!(cause(&page), "NoCookies", "{link}");
            assert!(text(&page).contains(word), "{}", text(&page));
            let retry = "href=\"/auth/login?return_to=%2Fcart%3Fa%3D1\"";
            assert!(text(&page).contains(retry), "{}", text(&page));
            assert!(set_cookies(&page).is_empty());
        }
    }
    assert_eq!(shop.provider.count(Endpoint::Authorize), 0);
}

#[tokio::test]
async fn a_link_of_the_sign_in_page_with_its_cookie_leads_to_the_provider() {
    let shop = several_providers::open().await;
    let mut browser = shop.browser();
    let chooser = browser.visit("/auth/login?return_to=%2Fcart").await;
    for link in links(&text(&chooser)) {
        let away = browser.visit(&link).await;
        let callback = browser.act(&away, JIWOO).await;
        assert_eq!(location(&browser.visit(&callback).await), "/cart", "{link}");
    }
}

#[tokio::test]
async fn the_cookie_is_http_only_ends_with_the_browser_session_and_is_set_once() {
    let shop = several_providers::open().await;
    let mut browser = shop.browser();
    let chooser = browser.visit("/auth/login").await;
    let expected = "phone-auth-probe=1; HttpOnly; SameSite=Lax; Path=/";
    assert_eq!(set_cookies(&chooser), [expected]);
    assert!(set_cookies(&browser.visit("/auth/login").await).is_empty());

    let shop = several_providers::open_with(|builder| builder.public_url(HTTPS)).await;
    let chooser = Browser::new(shop.app.clone(), HTTPS)
        .visit("/auth/login")
        .await;
    let expected = "__Host-phone-auth-probe=1; HttpOnly; SameSite=Lax; Secure; Path=/";
    assert_eq!(set_cookies(&chooser), [expected]);
}

#[tokio::test]
async fn any_other_cookie_of_the_layer_shows_that_cookies_are_kept() {
    let shop = several_providers::open().await;
    let link = links(&text(&shop.browser().visit("/auth/login").await))[0].clone();
    for ours in [
        "phone-auth",
        "phone-auth-last",
        "phone-auth-login-x",
        "phone-auth-done-x",
        "phone-auth-form-x",
    ] {
        let mut browser = shop.browser();
        browser.cookies.insert(ours.to_owned(), "1".to_owned());
        assert_eq!(
            browser.visit(&link).await.status(),
            StatusCode::SEE_OTHER,
            "{ours}"
        );
    }
}

#[tokio::test]
async fn a_link_without_the_mark_or_to_a_single_provider_is_never_refused() {
    let shop = several_providers::open().await;
    for name in several_providers::NAMES {
        for link in [
            format!("/auth/login?provider={name}"),
            format!("/auth/login?provider={name}&return_to=%2Fcart"),
            format!("/auth/login?provider={name}&fresh=1"),
        ] {
            let away = shop.browser().visit(&link).await;
            assert_eq!(away.status(), StatusCode::SEE_OTHER, "{link}");
        }
    }
    let shop = Shop::open().await;
    for link in [
        "/",
        "/auth/login",
        "/auth/login?provider=kakao",
        "/auth/login?provider=kakao&probe=1",
    ] {
        let away = shop.browser().visit(link).await;
        assert_eq!(away.status(), StatusCode::SEE_OTHER, "{link}");
    }
}

#[tokio::test]
async fn a_mark_without_a_provider_shows_the_sign_in_page() {
    let shop = several_providers::open().await;
    for link in ["/auth/login?probe=1", "/auth/login?probe=1&provider="] {
        let page = shop.browser().visit(link).await;
        assert_eq!(page.status(), StatusCode::OK, "{link}");
    }
}
