//! A callback without any cookie of the layer.

use http::{HeaderValue, StatusCode};
use tower_phone_auth_local_provider::Endpoint;

use super::{KAKAOTALK, SAFARI, browser_reading, links};
use crate::{
    several_providers,
    support::{
        browser::{Act, JIWOO, altered, location, text},
        shop::Shop,
    },
    tabs::cause,
};

#[tokio::test]
async fn a_browser_that_keeps_no_cookies_gets_a_page_in_its_language() {
    let shop = several_providers::open().await;
    for name in several_providers::NAMES {
        for act in [JIWOO, Act::Cancel] {
            for (language, words) in [
                (
                    "ko",
                    [
                        "쿠키를 허용해 주세요",
                        "시크릿 모드",
                        "콘텐츠 차단",
                        "앱 안의 브라우저",
                    ],
                ),
                (
                    "en",
                    [
                        "Please allow cookies",
                        "private window",
                        "content blocker",
                        "browser inside an app",
                    ],
                ),
            ] {
                let mut browser = browser_reading(&shop, language);
                let away = browser.visit(&format!("/auth/login?provider={name}")).await;
                let callback = browser.act(&away, act).await;
                browser.cookies.clear();
                let page = browser.visit(&callback).await;
                assert_eq!(page.status(), StatusCode::BAD_REQUEST);
                assert_eq!(cause(&page), "NoCookies");
                for word in words {
                    assert!(text(&page).contains(word), "{word}: {}", text(&page));
                }
            }
        }
    }
    assert_eq!(shop.provider.count(Endpoint::Token), 0);
}

#[tokio::test]
async fn cookies_of_other_names_do_not_count_as_cookies_of_the_layer() {
    let shop = Shop::open().await;
    for theirs in [
        "theme",
        "phone-authority",
        "phone-auth2",
        "phone-auth-",
        "phone-auth-other",
    ] {
        let mut browser = shop.browser();
        let away = browser.visit("/").await;
        let callback = browser.act(&away, JIWOO).await;
        browser.cookies.clear();
        browser.cookies.insert(theirs.to_owned(), "1".to_owned());
        assert_eq!(
            cause(&browser.visit(&callback).await),
            "NoCookies",
            "{theirs}"
        );
    }
}

#[tokio::test]
async fn a_forged_callback_without_cookies_gets_the_same_page() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.cookies.clear();
    let long = "A".repeat(4096);
    for state in ["A", "AAAA.BBBB", &long] {
        let forged = altered(&callback, "state", Some(state));
        let page = browser.visit(&forged).await;
        assert_eq!(page.status(), StatusCode::BAD_REQUEST);
        assert_eq!(cause(&page), "NoCookies", "{state}");
    }
}

#[tokio::test]
async fn the_link_of_the_page_leads_to_the_page_that_checks_for_cookies() {
    let shop = Shop::with_two_providers().await;
    let mut browser = shop.browser();
    let away = browser
        .visit("/auth/login?provider=second&return_to=%2Fcart")
        .await;
    let callback = browser.act(&away, JIWOO).await;
    browser.cookies.clear();
    let page = browser.visit(&callback).await;
    assert!(
        text(&page).contains("href=\"/auth/login?return_to=%2Fcart\""),
        "{}",
        text(&page)
    );
    // Cookies are still blocked. The page notices before the provider is asked.
    let chooser = browser.visit("/auth/login?return_to=%2Fcart").await;
    browser.cookies.clear();
    let again = browser.visit(&links(&text(&chooser))[0]).await;
    assert_eq!(cause(&again), "NoCookies");
    // Cookies are allowed now.
    let chooser = browser.visit("/auth/login?return_to=%2Fcart").await;
    let away = browser.visit(&links(&text(&chooser))[0]).await;
    let callback = browser.act(&away, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), "/cart");
}

#[tokio::test]
async fn in_the_browser_of_an_app_the_page_leads_out_of_the_app() {
    let shop = Shop::open().await;
    for (agent, leads_out) in [(KAKAOTALK, true), (SAFARI, false)] {
        let mut browser = shop.browser();
        browser
            .headers
            .insert("user-agent", HeaderValue::from_static(agent));
        let away = browser.visit("/cart").await;
        let callback = browser.act(&away, JIWOO).await;
        browser.cookies.clear();
        let page = text(&browser.visit(&callback).await);
        assert_eq!(
            page.contains("kakaotalk://web/openExternal"),
            leads_out,
            "{page}"
        );
        assert!(page.contains("return_to=%2Fcart"), "{page}");
    }
}
