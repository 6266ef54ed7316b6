//! The page of a refused sign-in after a reload.

use crate::support::{
    browser::Browser,
    engine::{Engine, in_every_engine},
    shop::{Scheme, Shop},
};

in_every_engine!(a_cancelled_sign_in_is_the_same_page_after_a_reload_and_keeps_the_place);

async fn a_cancelled_sign_in_is_the_same_page_after_a_reload_and_keeps_the_place(
    engine: Engine,
    scheme: Scheme,
) {
    let (shop, browser) = (Shop::over(scheme).await, Browser::of(engine).await);
    browser.go(&shop.page("/pay?c=1")).await;
    browser.is_asked_who_to_be().await;
    browser.cancels().await;
    browser.see("h1", "The sign-in was cancelled").await;
    let reference = browser.text("small").await.unwrap();
    for _ in 0..2 {
        browser.reload().await;
        browser.see("h1", "The sign-in was cancelled").await;
        assert_eq!(browser.text("small").await.unwrap(), reference);
    }
    browser.click("a.act").await;
    browser
        .agrees_and_is_signed_in_at(&shop.page("/pay?c=1"))
        .await;
}
