//! The pages of the layer: their language, links and headers.

use http::{
    HeaderMap, StatusCode,
    header::{
        ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
        X_CONTENT_TYPE_OPTIONS,
    },
};
use tower_phone_auth::error::LoginError;

use crate::support::{
    browser::{Act, Browser, JIWOO, Page, altered, location, text},
    log::Log,
    shop::Shop,
};

fn browser_reading(language: &str, shop: &Shop) -> Browser {
    let mut browser = shop.browser();
    let language = language.parse().unwrap();
    browser.headers = HeaderMap::from_iter([(ACCEPT_LANGUAGE, language)]);
    browser
}

fn assert_strict(page: &Page) {
    let headers = page.headers();
    assert_eq!(headers[CONTENT_TYPE], "text/html; charset=utf-8");
    assert_eq!(headers[CACHE_CONTROL], "no-store");
    assert!(["no-referrer", "same-origin"].contains(&headers[REFERRER_POLICY].to_str().unwrap()));
    assert_eq!(headers[X_CONTENT_TYPE_OPTIONS], "nosniff");
    let policy = headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
    for rule in [
        "default-src 'none'",
        "script-src 'sha256-",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(rule), "{policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("http"));
    assert!(text(page).matches("<script").count() <= 1);
}

#[tokio::test]
async fn a_refusal_is_in_the_language_of_the_browser() {
    let shop = Shop::open().await;
    for (language, tag, cause) in [
        (
            "ko-KR,ko;q=0.9,en;q=0.8",
            "lang=\"ko\"",
            "로그인을 취소했습니다",
        ),
        ("en-US,en;q=0.9", "lang=\"en\"", "The sign-in was cancelled"),
        ("fr", "lang=\"en\"", "The sign-in was cancelled"),
    ] {
        let page = browser_reading(language, &shop)
            .come_back("/cart", Act::Cancel)
            .await;
        assert_eq!(page.status(), StatusCode::FORBIDDEN);
        assert!(text(&page).contains(tag) && text(&page).contains(cause));
        assert!(text(&page).contains("return_to=%2Fcart"));
        assert_strict(&page);
    }
}

#[tokio::test]
async fn a_refusal_shows_the_reference_in_the_log() {
    let log = Log::capture();
    let shop = Shop::open().await;
    let page = shop.browser().come_back("/", Act::Cancel).await;
    let error = page.extensions().get::<LoginError>();
    let reference = error.unwrap().reference();
    assert!(text(&page).contains(reference));
    assert!(log.text().contains(reference), "{}", log.text());
}

#[tokio::test]
async fn the_retry_link_of_a_refusal_leads_to_the_requested_page() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.come_back("/a?b=c&d=%26", Act::Cancel).await;
    let text = text(&page);
    let (_, link) = text.split_once("class=\"act\" href=\"").unwrap();
    let link = link.split('"').next().unwrap().replace("&amp;", "&");
    let back = browser.come_back(&link, JIWOO).await;
    assert_eq!(location(&back), "/a?b=c&d=%26");
}

#[tokio::test]
async fn a_refusal_repeats_nothing_of_its_address() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let hostile = "%22%27%3E%3Cscript%3Ealert(1)%3C/script%3E";
    let away = browser
        .visit(&format!("/auth/login?return_to=/x{hostile}"))
        .await;
    let callback = browser.act(&away, Act::Cancel).await;
    let words = altered(&callback, "error", Some("<script>alert(2)</script>"));
    let words = altered(&words, "error_description", Some("<img onerror=alert(3)>"));
    let page = browser.visit(&words).await;
    assert_strict(&page);
    assert!(!text(&page).contains("alert(2)") && !text(&page).contains("onerror"));
}

#[tokio::test]
async fn the_sign_out_page_is_in_the_language_of_the_browser() {
    let shop = Shop::open().await;
    for (language, question) in [("ko", "로그아웃할까요?"), ("en", "Sign out?")] {
        let mut browser = browser_reading(language, &shop);
        browser.sign_in("/", JIWOO).await;
        let page = browser.visit("/auth/logout").await;
        assert!(text(&page).contains(question));
        assert!(text(&page).contains("<form method=\"post\" action=\"/auth/logout\">"));
        assert_strict(&page);
    }
}

#[tokio::test]
async fn the_sign_out_page_says_that_the_user_is_signed_out() {
    let shop = Shop::open().await;
    for (language, words) in [("ko", "로그아웃되었습니다"), ("en", "You are signed out")] {
        let page = browser_reading(language, &shop).visit("/auth/logout").await;
        assert!(text(&page).contains(words));
        assert!(!text(&page).contains("<form"));
        assert_strict(&page);
    }
}
