//! The Back button after a sign-in and after a sign-out.

use crate::support::{
    browser::Browser,
    engine::{Engine, in_every_engine},
    provider_page::PHONE,
    shop::{Scheme, Shop},
};

in_every_engine!(back_after_the_sign_in_and_agreeing_again_ends_at_the_page);
// Over http, WebKit keeps even pages with `no-store` in its back-forward cache.
in_every_engine!(https: back_after_the_sign_out_shows_no_phone_number);

async fn back_after_the_sign_in_and_agreeing_again_ends_at_the_page(
    engine: Engine,
    scheme: Scheme,
) {
    let (shop, browser) = (Shop::over(scheme).await, Browser::of(engine).await);
    browser.signs_in_at(&shop.page("/orders?b=2")).await;
    browser.back().await;
    browser
        .agrees_and_is_signed_in_at(&shop.page("/orders?b=2"))
        .await;
}

/// The next user of a shared computer presses Back.
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
