//! The way from an account without a number to the page asked for, in three engines.

use tower_phone_auth_local_provider::Person;

use super::{NUMBER, code_in, example};
use crate::support::{
    browser::Browser,
    engine::{Engine, Settings, in_every_engine},
    input::{DOWN, ENTER},
    shop::Scheme,
};

in_every_engine!(http:
    a_user_without_a_number_confirms_one_by_keyboard_alone,
    a_user_without_scripts_confirms_a_number,
);

async fn a_user_without_a_number_confirms_one_by_keyboard_alone(engine: Engine, _: Scheme) {
    let (example, browser) = (example(&[]).await, Browser::of(engine).await);
    browser.go(&example.page("/?from=keyboard")).await;
    browser.is_asked_who_to_be().await;
    browser.tabs_to("input[type=radio]").await;
    let person = format!("#person-{}:checked", Person::WITHOUT_PHONE);
    while browser.count(&person).await == 0 {
        browser.presses(DOWN).await;
    }
    browser.tabs_to("button[value=agree]").await;
    browser.presses(ENTER).await;

    // The field of each page has the focus.
    browser.see("h1", "Confirm your mobile number").await;
    browser.types(NUMBER).await;
    browser.presses(ENTER).await;
    browser.see("h1", "Enter the code").await;
    browser.see("#sent", "6789").await;
    let code = browser.newest_code().await;
    browser.types(&code).await;
    browser.presses(ENTER).await;
    let page = example.page("/?from=keyboard");
    browser.is_signed_in_as("+821023456789", &page).await;
    browser.see("main", "confirmed by a code").await;
}

async fn a_user_without_scripts_confirms_a_number(engine: Engine, _: Scheme) {
    let settings = Settings {
        runs_scripts: false,
        ..Settings::of(engine)
    };
    let (example, browser) = (example(&[]).await, Browser::with(settings).await);
    browser.begins_the_step(&example.page("/?from=plain")).await;
    browser.asks_for_a_code(NUMBER).await;
    let page = browser.tab().await;
    browser.click(super::INBOX).await;
    browser.switches_to_another_tab(&page).await;
    browser.shows(".message").await;
    let code = code_in(&browser.text(".message p").await.unwrap());
    browser.switch(&page).await;
    browser.sends_the_code(&code).await;
    let page = example.page("/?from=plain");
    browser.is_signed_in_as("+821023456789", &page).await;
}
