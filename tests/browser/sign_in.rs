//! Signing in, in one tab and in two.

use crate::support::{browser::Browser, shop::Shop};

#[tokio::test]
async fn a_user_signs_in_and_sees_the_phone_number() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.signs_in_at(&shop.page("/")).await;
}

#[tokio::test]
async fn the_address_first_asked_for_is_kept() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    let page = shop.page("/orders/%ED%95%9C?q=a+b%26c&q=%2F");
    browser.signs_in_at(&page).await;
}

#[tokio::test]
async fn a_signed_in_user_is_not_asked_again() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.signs_in_at(&shop.page("/")).await;
    browser.go(&shop.page("/orders")).await;
    browser.is_signed_in_at(&shop.page("/orders")).await;
    browser.reload().await;
    browser.is_signed_in_at(&shop.page("/orders")).await;
}

#[tokio::test]
async fn two_tabs_begun_before_either_finishes_both_arrive_at_their_pages() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    let (basket, orders) = (shop.page("/basket"), shop.page("/orders"));
    let first = browser.tab().await;
    browser.go(&basket).await;
    let second = browser.new_tab().await;
    browser.go(&orders).await;

    for (tab, page) in [(second, orders), (first, basket)] {
        browser.switch(&tab).await;
        browser.agrees_and_is_signed_in_at(&page).await;
    }
}

#[tokio::test]
async fn a_finished_sign_in_leaves_no_pending_cookie() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.signs_in_at(&shop.page("/")).await;
    let cookies = browser.cookies().await;
    assert!(cookies.contains_key("phone-auth"));
    assert!(!cookies.keys().any(|name| name.contains("login")));
}
