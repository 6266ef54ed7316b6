//! Signing out.

use crate::support::{browser::Browser, shop::Shop};

#[tokio::test]
async fn signing_out_ends_the_session_and_the_next_visit_asks_for_a_login() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.signs_in_at(&shop.page("/")).await;

    browser.go(&shop.page("/auth/logout")).await;
    browser.see("h1", "Sign out?").await;
    browser.click("button").await;
    browser.see("h1", "You are signed out").await;
    assert!(!browser.cookies().await.contains_key("phone-auth"));

    browser.signs_in_at(&shop.page("/orders")).await;
}

#[tokio::test]
async fn whoever_thinks_better_of_it_stays_signed_in() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.signs_in_at(&shop.page("/")).await;
    browser.go(&shop.page("/auth/logout")).await;
    browser.click("form a").await;
    browser.is_signed_in_at(&shop.page("/")).await;
}

#[tokio::test]
async fn the_back_button_after_signing_out_brings_no_session_back() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.signs_in_at(&shop.page("/")).await;
    browser.go(&shop.page("/auth/logout")).await;
    browser.click("button").await;
    browser.see("h1", "You are signed out").await;
    browser.back().await;
    browser.reload().await;
    assert_eq!(browser.count("form button").await, 0);
    assert!(!browser.cookies().await.contains_key("phone-auth"));
}
