//! The page of a saved form after a reload, after Back, and without scripts.

use crate::support::{
    browser::Browser,
    engine::{Engine, Settings, in_every_engine},
    provider_page::PHONE,
    shop::{Scheme, Shop},
};

in_every_engine!(
    a_reload_keeps_the_offer_and_back_after_sending_says_that_it_was_sent,
    a_discarded_form_says_so_after_back,
);
in_every_engine!(without_scripts_a_second_press_sends_nothing);

/// Sends the form of the shop and signs in, which leads to the page of the saved form.
async fn at_the_offer(scheme: Scheme, settings: Settings) -> (Shop, Browser) {
    let shop = Shop::set_up(scheme, |builder, _| builder.save_forms()).await;
    let browser = Browser::with(settings).await;
    browser.go(&shop.page("/order")).await;
    browser.see("h1", "Order").await;
    browser.click("form button").await;
    browser.is_asked_who_to_be().await;
    browser.agrees().await;
    browser.see("h1", "Send your form?").await;
    (shop, browser)
}

async fn a_reload_keeps_the_offer_and_back_after_sending_says_that_it_was_sent(
    engine: Engine,
    scheme: Scheme,
) {
    let (_shop, browser) = at_the_offer(scheme, Settings::of(engine)).await;
    browser.reload().await;
    browser.see("h1", "Send your form?").await;
    browser.click("form button").await;
    browser
        .see("p", "item=tea+%26+%22%EC%B0%A8%22+%3Cb%3E&item=2")
        .await;
    browser.see("h1", PHONE).await;
    browser.back().await;
    browser.see("h1", "This form was sent").await;
    assert_eq!(browser.count("form").await, 0);
}

async fn a_discarded_form_says_so_after_back(engine: Engine, scheme: Scheme) {
    let (shop, browser) = at_the_offer(scheme, Settings::of(engine)).await;
    browser.click("button.plain").await;
    browser.see("h1", "Order").await;
    assert_eq!(browser.url().await, shop.page("/order"));
    browser.back().await;
    browser.see("h1", "This form was discarded").await;
}

/// After Back, a browser may show the page from its cache, with the form still on it.
async fn without_scripts_a_second_press_sends_nothing(engine: Engine, scheme: Scheme) {
    let settings = Settings {
        runs_scripts: false,
        ..Settings::of(engine)
    };
    let (_shop, browser) = at_the_offer(scheme, settings).await;
    browser.click("form button").await;
    browser.see("h1", PHONE).await;
    browser.back().await;
    if browser.count("form").await > 0 {
        browser.click("form button").await;
    }
    browser.see("h1", "This form was sent").await;
}
