//! The pages themselves: styled, and nothing loaded but the site's icon.

use serde_json::json;

use crate::support::clients::Clients as _;
use crate::support::{browser::Browser, shop::Shop};

/// The resources that the page loaded beside the icon of its own site, and whether its style is in force.
const LOADED: &str = "({
    loaded: performance.getEntriesByType('resource').map((entry) => entry.name)
        .filter((name) => name !== location.origin + '/favicon.ico'),
    styles: [...document.querySelectorAll('style')].map((style) => style.sheet !== null),
})";

/// The page that is open is whole by itself.
async fn stands_alone(browser: &Browser, title: &str) {
    browser.see("h1", title).await;
    let loaded = browser.eval(LOADED).await;
    assert_eq!(loaded, json!({ "loaded": [], "styles": [true] }), "{title}");
    let console = browser.console().await;
    let violation = console
        .iter()
        .find(|line| line.contains("Content Security"));
    assert_eq!(violation, None, "{title}");
}

#[tokio::test]
async fn the_pages_of_a_refused_login_load_nothing() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.go(&shop.page("/orders")).await;
    stands_alone(&browser, "Who do you want to be?").await;
    browser.cancels().await;
    stands_alone(&browser, "The sign-in was cancelled").await;
}

#[tokio::test]
async fn the_pages_of_signing_out_load_nothing() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.signs_in_at(&shop.page("/")).await;
    browser.go(&shop.page("/auth/logout")).await;
    stands_alone(&browser, "Sign out?").await;
    browser.click("button").await;
    stands_alone(&browser, "You are signed out").await;
}

#[tokio::test]
async fn the_page_to_choose_a_provider_loads_nothing() {
    let shop = Shop::with(|builder, local| builder.provider(local.naver())).await;
    let browser = Browser::open().await;
    browser.go(&shop.page("/orders")).await;
    stands_alone(&browser, "Sign in").await;
    browser.click("a[href*='provider=naver']").await;
    browser.is_asked_who_to_be().await;
    browser.agrees().await;
    browser.is_signed_in_at(&shop.page("/orders")).await;
}
