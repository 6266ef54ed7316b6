//! Reloading, the Back button, and several tabs, in Chromium.

use super::{INBOX, NUMBER, example};
use crate::support::browser::Browser;

#[tokio::test]
async fn reloading_and_going_back_send_no_message() {
    let (example, browser) = (example(&[]).await, Browser::open().await);
    browser.begins_the_step(&example.page("/orders")).await;
    browser.reload().await;
    browser.shows("#number").await;
    browser.asks_for_a_code(NUMBER).await;
    let inbox = browser.link(INBOX).await;
    for _ in 0..2 {
        browser.reload().await;
        browser.see("h1", "Enter the code").await;
    }
    browser.back().await;
    browser.see("h1", "Confirm your mobile number").await;
    browser.reload().await;
    browser.click("nav a").await;
    browser.see("h1", "Enter the code").await;
    browser.back().await;
    browser.forward().await;
    browser.see("h1", "Enter the code").await;
    assert_eq!(browser.messages(&inbox).await, 1);
    let code = browser.newest_code().await;
    browser.sends_the_code(&code).await;
    browser.waits_for_url(&example.page("/orders")).await;
}

#[tokio::test]
async fn back_after_the_step_leads_to_the_page_asked_for() {
    let (example, browser) = (example(&[]).await, Browser::open().await);
    let page = example.page("/?back");
    browser.begins_the_step(&page).await;
    browser.asks_for_a_code(NUMBER).await;
    let code = browser.newest_code().await;
    browser.sends_the_code(&code).await;
    browser.is_signed_in_as("+821023456789", &page).await;
    browser.back().await;
    browser.is_signed_in_as("+821023456789", &page).await;
    for path in ["/auth/phone", "/auth/phone/code"] {
        browser.go(&example.page(path)).await;
        browser.is_signed_in_as("+821023456789", &page).await;
    }
}

#[tokio::test]
async fn a_second_tab_of_the_step_ends_where_the_first_one_does() {
    let (example, browser) = (example(&[]).await, Browser::open().await);
    let first = browser.tab().await;
    browser.begins_the_step(&example.page("/?tab=1")).await;
    let second = browser.new_tab().await;
    browser.begins_the_step(&example.page("/?tab=2")).await;
    browser.asks_for_a_code(NUMBER).await;
    let code = browser.newest_code().await;
    browser.sends_the_code(&code).await;
    browser.see(".number", "+821023456789").await;

    for tab in [first, second] {
        browser.switch(&tab).await;
        browser.reload().await;
        browser.see(".number", "+821023456789").await;
    }
}

#[tokio::test]
async fn a_number_sent_after_another_tab_ended_the_step_sends_no_message() {
    let (example, browser) = (example(&[]).await, Browser::open().await);
    let first = browser.tab().await;
    browser.begins_the_step(&example.page("/")).await;
    browser.new_tab().await;
    browser.go(&example.page("/auth/phone")).await;
    browser.asks_for_a_code(NUMBER).await;
    let inbox = browser.link(INBOX).await;
    let code = browser.newest_code().await;
    browser.sends_the_code(&code).await;
    browser.see(".number", "+821023456789").await;
    browser.switch(&first).await;
    browser.writes("#number", "010-3456-7891").await;
    browser.click("button").await;
    browser.see("h1", "You are signed in already").await;
    assert_eq!(browser.messages(&inbox).await, 1);
    browser.click("a.act").await;
    browser.see(".number", "+821023456789").await;
}

#[tokio::test]
async fn a_page_of_the_step_without_a_step_leads_to_a_sign_in() {
    let (example, browser) = (example(&[]).await, Browser::open().await);
    for path in ["/auth/phone", "/auth/phone/code"] {
        browser.go(&example.page(path)).await;
        browser.see("h1", "Your number was not confirmed").await;
        browser.click("a.act").await;
        browser.is_asked_who_to_be().await;
    }
}
