//! The Back button after a sign-in.

use crate::support::{browser::Browser, shop::Shop};

#[tokio::test]
async fn back_and_agreeing_again_ends_in_the_shop() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.signs_in_at(&shop.page("/orders")).await;
    browser.back().await;
    browser
        .agrees_and_is_signed_in_at(&shop.page("/orders"))
        .await;
}

#[tokio::test]
async fn back_and_cancelling_ends_in_the_shop() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.signs_in_at(&shop.page("/orders")).await;
    browser.back().await;
    browser.is_asked_who_to_be().await;
    browser.cancels().await;
    browser.is_signed_in_at(&shop.page("/orders")).await;
}

#[tokio::test]
async fn back_and_forward_passes_no_error_page() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.go(&shop.page("/open")).await;
    browser.signs_in_at(&shop.page("/orders")).await;
    browser.back().await;
    browser.is_asked_who_to_be().await;
    browser.back().await;
    browser.see("h1", "Welcome").await;
    browser.forward().await;
    browser.is_asked_who_to_be().await;
    browser.forward().await;
    browser.is_signed_in_at(&shop.page("/orders")).await;
}

#[tokio::test]
async fn back_after_being_asked_for_the_phone_again_ends_in_the_shop() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.go(&shop.page("/orders")).await;
    browser.unticks_the_phone().await;
    browser.is_asked_for_more().await;
    browser.agrees().await;
    browser.is_signed_in_at(&shop.page("/orders")).await;
    // The provider has the consent to the number by now, so both pages ask for the account alone.
    browser.back().await;
    browser.is_asked_who_to_be().await;
    assert_eq!(browser.count(ASKS_FOR_THE_PHONE).await, 1);
    browser.back().await;
    browser.is_asked_who_to_be().await;
    assert_eq!(browser.count(ASKS_FOR_THE_PHONE).await, 0);
    browser.agrees().await;
    browser.is_signed_in_at(&shop.page("/orders")).await;
}

/// A hidden field that the provider's page has if it was opened to ask for the number again.
const ASKS_FOR_THE_PHONE: &str = "input[name=scope][value=phone_number]";
