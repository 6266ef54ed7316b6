//! The Back button after a sign-in and after a sign-out.

use crate::support::{
    browser::Browser,
    engine::{Engine, in_every_engine},
    person::PHONE,
    shop::{Scheme, Shop},
};

in_every_engine!(back_after_the_sign_in_and_agreeing_again_ends_at_the_page);
// WebKit keeps pages in its back-forward cache over http, also those that say `no-store`.
in_every_engine!(https: back_after_the_sign_out_shows_no_phone_number);

async fn back_after_the_sign_in_and_agreeing_again_ends_at_the_page(
    engine: Engine,
    scheme: Scheme,
) {
    let (shop, browser) = (Shop::over(scheme).await, Browser::of(engine).await);
    browser.signs_in_at(&shop.page("/orders?b=2")).await;
    browser.back().await;
    browser.is_asked_who_to_be().await;
    browser.agrees().await;
    browser.is_signed_in_at(&shop.page("/orders?b=2")).await;
}

/// On a shared computer, the next user presses Back.
async fn back_after_the_sign_out_shows_no_phone_number(engine: Engine, scheme: Scheme) {
    let (shop, browser) = (Shop::over(scheme).await, Browser::of(engine).await);
    browser.signs_in_at(&shop.page("/orders")).await;
    browser.go(&shop.page("/basket")).await;
    browser.see("body", PHONE).await;
    browser.go(&shop.page("/auth/logout")).await;
    browser.click("button").await;
    browser.see("h1", "You are signed out").await;
    for _ in 0..3 {
        browser.back().await;
        let seen = browser.text("body").await.unwrap_or_default();
        assert!(!seen.contains(PHONE), "{}: {seen}", browser.url().await);
    }
}
