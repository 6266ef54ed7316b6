//! Links on another site to `/auth/login` or to a page that requires a fresh sign-in.

use std::time::Duration;

use axum::{Router, routing::get};
use http::{Method, StatusCode, header::CONTENT_SECURITY_POLICY};
use tower_phone_auth::Builder;

use crate::support::{
    browser::{Browser, JIWOO, Page, location, parameter, text},
    shop::{ORIGIN, Shop},
};

const NAVIGATE: [(&str, &str); 2] = [
    ("sec-fetch-mode", "navigate"),
    ("accept", "text/html,*/*;q=0.8"),
];

/// The headers of a link on another site. The last browser sends no fetch metadata.
const FOREIGN: [&[(&str, &str)]; 5] = [
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "cross-site"), ("sec-fetch-user", "?1")],
    &[
        ("sec-fetch-site", "none"),
        ("sec-fetch-site", "same-origin"),
    ],
    &[("referer", "https://evil.example/")],
];

/// The headers of an address that the user typed, and of a link on this origin.
const OWN: [&[(&str, &str)]; 4] = [
    &[("sec-fetch-site", "none")],
    &[("sec-fetch-site", "same-origin")],
    &[("referer", "http://127.0.0.1:3000/basket")],
    &[],
];

const LOGINS: [&str; 4] = [
    "/auth/login?fresh=1&return_to=%2Forders%3Fpage%3D2",
    "/auth/login?provider=second&return_to=%2Forders%3Fpage%3D2",
    "/auth/login?provider=kakao&return_to=%2Forders%3Fpage%3D2",
    "/auth/login?provider=second&fresh=1&return_to=%2Forders%3Fpage%3D2",
];

async fn follow(browser: &mut Browser, path: &str, headers: &[(&'static str, &str)]) -> Page {
    let headers = [&NAVIGATE, headers].concat();
    browser.send(Method::GET, path, &headers).await
}

/// The link of the page's one button.
fn button(page: &Page) -> String {
    let page = text(page);
    let (_, link) = page.split_once("<a class=\"act\" href=\"").unwrap();
    let (link, _) = link.split_once('"').unwrap();
    link.replace("&amp;", "&")
}

async fn signed_in() -> (Shop, Browser) {
    let shop = Shop::with_two_providers().await;
    let mut browser = shop.browser();
    let away = browser.visit("/auth/login?provider=kakao").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    (shop, browser)
}

#[tokio::test]
async fn a_foreign_link_shows_a_button_and_changes_nothing_until_it_is_pressed() {
    for foreign in FOREIGN {
        for login in LOGINS.into_iter().skip(1) {
            let (_shop, mut browser) = signed_in().await;
            let before = browser.jar();
            let page = follow(&mut browser, login, foreign).await;
            assert_eq!(page.status(), StatusCode::OK, "{foreign:?} {login}");
            assert_eq!(browser.jar(), before, "{foreign:?} {login}");
            assert!(page.headers().contains_key(CONTENT_SECURITY_POLICY));
            let here = [("sec-fetch-site", "same-origin")];
            let away = follow(&mut browser, &button(&page), &here).await;
            let prompt = login.contains("fresh").then(|| "login".to_owned());
            assert_eq!(parameter(&away, "prompt"), prompt);
            let callback = browser.act(&away, JIWOO).await;
            assert!(callback.contains(if login.contains("second") {
                "/second?"
            } else {
                "/kakao?"
            }));
            let back = browser.visit(&callback).await;
            assert_eq!(location(&back), "/orders?page=2");
        }
    }
}

#[tokio::test]
async fn a_link_of_this_origin_and_a_typed_address_lead_to_the_provider() {
    for own in OWN {
        let (_shop, mut browser) = signed_in().await;
        for login in LOGINS.into_iter().skip(1) {
            let away = follow(&mut browser, login, own).await;
            assert_eq!(away.status(), StatusCode::SEE_OTHER, "{own:?} {login}");
        }
    }
}

#[tokio::test]
async fn without_a_live_session_a_foreign_link_leads_to_the_provider() {
    let shop = Shop::open().await;
    for foreign in FOREIGN {
        let away = follow(&mut shop.browser(), LOGINS[0], foreign).await;
        assert_eq!(away.status(), StatusCode::SEE_OTHER, "{foreign:?}");
    }
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    shop.time.pass(Duration::from_secs(13 * 60 * 60));
    let away = follow(&mut browser, LOGINS[0], FOREIGN[0]).await;
    assert_eq!(away.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_choice_among_providers_changes_nothing_and_is_shown() {
    let (_shop, mut browser) = signed_in().await;
    let before = browser.jar();
    let page = follow(&mut browser, "/auth/login?return_to=%2Forders", FOREIGN[0]).await;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(text(&page).contains("provider=second"), "{}", text(&page));
    // The page sets a cookie to detect whether cookies are blocked.
    browser.cookies.remove("phone-auth-probe");
    assert_eq!(browser.jar(), before);
}

#[tokio::test]
async fn the_question_is_asked_in_korean_as_well() {
    let (_shop, mut browser) = signed_in().await;
    for (language, title) in [("ko", "다시 로그인할까요?"), ("en", "Sign in again?")] {
        let headers = [FOREIGN[0], &[("accept-language", language)]].concat();
        let page = follow(&mut browser, LOGINS[1], &headers).await;
        assert!(text(&page).contains(title), "{}", text(&page));
    }
}

/// A signed-in browser whose proof is too old for `/pay`.
async fn stale(settings: impl FnOnce(Builder) -> Builder) -> (Shop, Browser) {
    let shop = Shop::with(|kakao| kakao, settings).await;
    shop.provider
        .configure(|settings| settings.kakao_oidc = true);
    let fresh = shop.layer.require().max_age(Duration::from_secs(5 * 60));
    let app = Router::new()
        .route("/pay", get(async || "paid"))
        .route_layer(fresh)
        .route("/", get(async || "home"))
        .layer(shop.layer.clone());
    let mut browser = Browser::new(app, ORIGIN);
    browser.sign_in("/", JIWOO).await;
    shop.time.pass(Duration::from_secs(6 * 60));
    (shop, browser)
}

#[tokio::test]
async fn a_foreign_link_to_a_page_that_requires_a_fresh_sign_in_begins_none_by_itself() {
    let with_cookies: fn(Builder) -> Builder = |builder| builder;
    let settings = [with_cookies, Builder::strip_cookies];
    for (foreign, settings) in FOREIGN.into_iter().zip(settings.into_iter().cycle()) {
        let (_shop, mut browser) = stale(settings).await;
        let before = browser.jar();
        let page = follow(&mut browser, "/pay?order=7", foreign).await;
        assert_eq!(page.status(), StatusCode::FORBIDDEN, "{foreign:?}");
        assert_eq!(browser.jar(), before);
        let here = [("sec-fetch-site", "same-origin")];
        let away = follow(&mut browser, &button(&page), &here).await;
        assert_eq!(parameter(&away, "prompt").as_deref(), Some("login"));
        let callback = browser.act(&away, JIWOO).await;
        let back = follow(&mut browser, &callback, FOREIGN[0]).await;
        assert_eq!(location(&back), "/pay?order=7");
        // After the provider's redirects, browsers mark this request as cross-site too.
        let paid = follow(&mut browser, "/pay?order=7", FOREIGN[0]).await;
        assert_eq!(text(&paid), "paid");
    }
}

#[tokio::test]
async fn a_link_of_this_origin_to_such_a_page_leads_to_the_provider() {
    for own in OWN {
        let (_shop, mut browser) = stale(|builder| builder).await;
        let away = follow(&mut browser, "/pay", own).await;
        assert_eq!(
            parameter(&away, "prompt").as_deref(),
            Some("login"),
            "{own:?}"
        );
    }
}
