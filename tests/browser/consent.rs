//! A user who does not share the phone number, or who cancels the sign-in.

use crate::support::{browser::Browser, shop::Shop};

#[tokio::test]
async fn unticking_the_phone_asks_once_more_and_granting_it_signs_in() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.go(&shop.page("/orders")).await;
    browser.unticks_the_phone().await;
    browser.is_asked_for_more().await;
    browser.agrees().await;
    browser.is_signed_in_at(&shop.page("/orders")).await;
}

#[tokio::test]
async fn unticking_twice_ends_on_the_page_that_explains() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.go(&shop.page("/orders")).await;
    browser.unticks_the_phone_twice().await;
    browser.see("h1", "Your phone number is needed").await;
    browser
        .see("main", "agree to share your phone number")
        .await;
}

#[tokio::test]
async fn the_page_explains_in_korean_if_the_browser_prefers_korean() {
    let shop = Shop::open().await;
    let browser = Browser::preferring("ko-KR,ko,en").await;
    browser.go(&shop.page("/orders")).await;
    browser.see("h1", "누구로 로그인할까요?").await;
    browser.unticks_the_phone().await;
    browser.see("h1", "앱이 추가 동의를 요청합니다").await;
    browser.unticks_the_phone().await;
    browser.see("h1", "전화번호가 필요합니다").await;
    assert_eq!(browser.count("html[lang=ko]").await, 1);
}

#[tokio::test]
async fn the_page_that_explains_has_a_button_that_asks_again() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.go(&shop.page("/orders")).await;
    browser.unticks_the_phone_twice().await;
    browser.see("a.act", "Try again").await;
    browser.click("a.act").await;
    browser
        .agrees_and_is_signed_in_at(&shop.page("/orders"))
        .await;
}

#[tokio::test]
async fn cancelling_ends_on_a_page_with_a_button_that_signs_in() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.go(&shop.page("/orders")).await;
    browser.cancels().await;
    browser.see("h1", "The sign-in was cancelled").await;
    assert_eq!(browser.count("a.act").await, 1);
    browser.click("a.act").await;
    browser
        .agrees_and_is_signed_in_at(&shop.page("/orders"))
        .await;
}
