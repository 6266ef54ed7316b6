//! Signing out by a script of another origin.

use http::{Method, StatusCode, header::CONTENT_TYPE};
use tower_phone_auth::Builder;

use crate::support::{
    browser::{Browser, JIWOO, Page, set_cookies, text},
    shop::Shop,
};

/// Another port is another origin of the same site.
const LISTED: &str = "http://127.0.0.1:5173";

async fn shop() -> (Shop, Browser) {
    let settings = |builder: Builder| builder.cors_origins([LISTED]);
    let shop = Shop::with(|kakao| kakao, settings).await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    (shop, browser)
}

async fn post(browser: &mut Browser, path: &str, site: &str, origin: &str) -> Page {
    let headers = [
        ("sec-fetch-mode", "cors"),
        ("sec-fetch-site", site),
        ("sec-fetch-dest", "empty"),
        ("origin", origin),
    ];
    browser.send(Method::POST, path, &headers).await
}

#[tokio::test]
async fn a_script_of_a_listed_origin_of_the_same_site_signs_out_and_reads_the_answer() {
    for path in ["/auth/logout", "/auth/logout?everywhere"] {
        let (_shop, mut browser) = shop().await;
        let page = post(&mut browser, path, "same-site", LISTED).await;
        assert_eq!(page.status(), StatusCode::NO_CONTENT);
        assert_eq!(page.headers()["access-control-allow-origin"], LISTED);
        assert_eq!(page.headers()["access-control-allow-credentials"], "true");
        assert!(page.headers()["vary"].to_str().unwrap().contains("Origin"));
        assert_eq!(browser.session(), None);
        let page = browser.fetch(Method::GET, "/").await;
        assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn a_browser_without_fetch_metadata_is_known_by_its_origin() {
    let (_shop, mut browser) = shop().await;
    let page = browser
        .send(Method::POST, "/auth/logout", &[("origin", LISTED)])
        .await;
    assert_eq!(page.status(), StatusCode::NO_CONTENT);
    assert_eq!(page.headers()["access-control-allow-origin"], LISTED);
}

#[tokio::test]
async fn any_other_origin_and_a_listed_one_of_another_site_are_refused() {
    let (_shop, mut browser) = shop().await;
    for (site, origin) in [
        ("same-site", "http://127.0.0.1:5174"),
        ("same-site", "http://127.0.0.1:5173/"),
        ("same-site", "null"),
        ("cross-site", LISTED),
        ("cross-site", "https://evil.example"),
        ("none", LISTED),
    ] {
        let page = post(&mut browser, "/auth/logout", site, origin).await;
        assert_eq!(page.status(), StatusCode::FORBIDDEN, "{site} {origin}");
        assert_eq!(page.headers()[CONTENT_TYPE], "application/problem+json");
        assert!(set_cookies(&page).is_empty() && browser.session().is_some());
    }
}

#[tokio::test]
async fn a_form_of_a_listed_origin_is_asked_first() {
    let (_shop, mut browser) = shop().await;
    let form = [
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-site", "same-site"),
        ("accept", "text/html"),
        ("origin", LISTED),
    ];
    let page = browser.send(Method::POST, "/auth/logout", &form).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    assert!(text(&page).contains("<form"), "{}", text(&page));
    assert!(browser.session().is_some());
}

#[tokio::test]
async fn the_preflight_of_a_listed_origin_is_answered() {
    let (_shop, mut browser) = shop().await;
    let preflight = |origin| {
        [
            ("origin", origin),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "content-type"),
        ]
    };
    let answer = browser
        .send(Method::OPTIONS, "/auth/logout", &preflight(LISTED))
        .await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    for (header, value) in [
        ("access-control-allow-origin", LISTED),
        ("access-control-allow-credentials", "true"),
        ("access-control-allow-methods", "POST"),
        ("access-control-allow-headers", "content-type"),
    ] {
        assert_eq!(answer.headers()[header], value);
    }
    let evil = preflight("https://evil.example");
    let answer = browser.send(Method::OPTIONS, "/auth/logout", &evil).await;
    assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
    let answer = browser
        .send(Method::OPTIONS, "/auth/login", &preflight(LISTED))
        .await;
    assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert!(browser.session().is_some());
}
