//! The pages are styled, and load no resource but the site's icon.

use serde_json::json;

use crate::support::clients::Clients as _;
use crate::support::{browser::Browser, shop::Shop};

/// The resources that the page loaded, the site's icon excepted, and whether its style is applied.
const LOADED: &str = "({
    loaded: performance.getEntriesByType('resource').map((entry) => entry.name)
        .filter((name) => name !== location.origin + '/favicon.ico'),
    styled: [...document.querySelectorAll('style')].every((style) => style.sheet !== null),
})";

/// The open page has a style, loads no resource and breaks no content security policy.
async fn loads_nothing(browser: &Browser, title: &str) {
    browser.see("h1", title).await;
    let loaded = browser.eval(LOADED).await;
    assert_eq!(loaded, json!({ "loaded": [], "styled": true }), "{title}");
    let console = browser.console().await;
    let violation = console
        .iter()
        .find(|line| line.contains("Content Security"));
    assert_eq!(violation, None, "{title}");
}

#[tokio::test]
async fn the_pages_of_a_refused_sign_in_load_nothing() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.go(&shop.page("/orders")).await;
    loads_nothing(&browser, "Who do you want to be?").await;
    browser.cancels().await;
    loads_nothing(&browser, "The sign-in was cancelled").await;
}

#[tokio::test]
async fn the_pages_of_signing_out_load_nothing() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.signs_in_at(&shop.page("/")).await;
    browser.go(&shop.page("/auth/logout")).await;
    loads_nothing(&browser, "Sign out?").await;
    browser.click("button").await;
    loads_nothing(&browser, "You are signed out").await;
}

#[tokio::test]
async fn the_page_to_choose_a_provider_loads_nothing() {
    let shop = Shop::with(|builder, local| builder.provider(local.naver())).await;
    let browser = Browser::open().await;
    browser.go(&shop.page("/orders")).await;
    loads_nothing(&browser, "Sign in").await;
    browser.click("a[href*='provider=naver']").await;
    browser
        .agrees_and_is_signed_in_at(&shop.page("/orders"))
        .await;
}
