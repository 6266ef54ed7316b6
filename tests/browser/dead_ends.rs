//! A sign-in that cannot continue by itself ends on a page with a button that works.

use std::time::Duration;

use crate::support::{browser::Browser, shop::Shop};

const HOUR: Duration = Duration::from_secs(60 * 60);

#[tokio::test]
async fn a_sign_in_that_took_too_long_gives_a_page_with_one_button_that_works() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.go(&shop.page("/")).await;
    browser.is_asked_who_to_be().await;
    shop.pass(HOUR);
    browser.agrees().await;
    browser.see("h1", "The sign-in took too long").await;
    assert_eq!(browser.count("a.act").await, 1);
    browser.click("a.act").await;
    browser.agrees_and_is_signed_in_at(&shop.page("/")).await;
}

/// Signs in, and deletes the session cookie.
async fn sign_in_and_lose_session(shop: &Shop, browser: &Browser) {
    browser.signs_in_at(&shop.page("/orders")).await;
    browser.delete_cookie("phone-auth").await;
}

#[tokio::test]
async fn a_browser_that_keeps_no_session_gets_a_page_after_three_sign_ins() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    for _ in 0..3 {
        sign_in_and_lose_session(&shop, &browser).await;
    }
    browser.go(&shop.page("/orders")).await;
    browser.see("h1", "Signing in goes in circles").await;
    assert_eq!(browser.url().await, shop.page("/orders"));
}

#[tokio::test]
async fn the_button_of_that_page_signs_in() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    for _ in 0..3 {
        sign_in_and_lose_session(&shop, &browser).await;
    }
    browser.go(&shop.page("/orders")).await;
    browser.see("a.act", "Sign in again").await;
    browser.click("a.act").await;
    browser
        .agrees_and_is_signed_in_at(&shop.page("/orders"))
        .await;
}
