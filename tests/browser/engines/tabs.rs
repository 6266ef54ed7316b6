//! Tabs that a browser restores after the session has ended. Each of them goes to the provider.

use crate::support::{
    browser::Browser,
    engine::{Engine, in_every_engine},
    shop::{Scheme, Shop},
};

in_every_engine!(
    five_tabs_end_on_their_own_pages,
    twelve_tabs_end_on_their_own_pages_in_any_order,
);

in_every_engine!(http: of_forty_tabs_the_newest_finish_and_the_others_keep_their_place);

async fn five_tabs_end_on_their_own_pages(engine: Engine, scheme: Scheme) {
    finish_in_order(engine, scheme, &[0, 1, 2, 3, 4]).await;
}

async fn twelve_tabs_end_on_their_own_pages_in_any_order(engine: Engine, scheme: Scheme) {
    finish_in_order(engine, scheme, &[5, 0, 11, 3, 7, 1, 10, 2, 9, 4, 8, 6]).await;
}

/// Opens one tab for each number, and finishes the sign-ins in the order of the numbers.
async fn finish_in_order(engine: Engine, scheme: Scheme, order: &[usize]) {
    let (shop, browser) = (Shop::over(scheme).await, Browser::of(engine).await);
    let mut tabs = Vec::new();
    for number in 0..order.len() {
        tabs.push(match number {
            0 => browser.tab().await,
            _ => browser.new_tab().await,
        });
        browser.go(&shop.page(&format!("/pay?tab={number}"))).await;
        browser.is_asked_who_to_be().await;
    }
    for number in order {
        browser.switch(&tabs[*number]).await;
        browser.is_asked_who_to_be().await;
        browser.agrees().await;
        let page = shop.page(&format!("/pay?tab={number}"));
        browser.is_signed_in_at(&page).await;
    }
}

async fn of_forty_tabs_the_newest_finish_and_the_others_keep_their_place(
    engine: Engine,
    scheme: Scheme,
) {
    let (shop, browser) = (Shop::over(scheme).await, Browser::of(engine).await);
    let oldest = browser.tab().await;
    browser.go(&shop.page("/pay?tab=0")).await;
    browser.is_asked_who_to_be().await;
    for number in 1..40 {
        browser.new_tab().await;
        browser.go(&shop.page(&format!("/pay?tab={number}"))).await;
        browser.is_asked_who_to_be().await;
    }
    let newest = browser.tab().await;
    browser.switch(&oldest).await;
    browser.agrees().await;
    browser.see("a.act", "Sign in again").await;
    browser.click("a.act").await;
    browser.is_asked_who_to_be().await;
    browser.switch(&newest).await;
    browser.agrees().await;
    browser.is_signed_in_at(&shop.page("/pay?tab=39")).await;
    browser.switch(&oldest).await;
    browser.agrees().await;
    browser.is_signed_in_at(&shop.page("/pay?tab=0")).await;
}
