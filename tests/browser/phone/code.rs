//! Codes that do not count, new codes, and other numbers, in Chromium.

use super::{NUMBER, QUICK, example, other_than};
use crate::support::browser::Browser;

#[tokio::test]
async fn a_wrong_code_leaves_the_form_in_place_and_the_right_one_signs_in() {
    let (example, browser) = (example(&[]).await, Browser::open().await);
    browser.begins_the_step(&example.page("/")).await;
    browser.asks_for_a_code(NUMBER).await;
    let code = browser.newest_code().await;
    browser.sends_the_code("12345").await;
    browser.see("[role=alert]", "Enter the six digits").await;
    browser.sends_the_code(&other_than(&code)).await;
    browser.see("[role=alert]", "You have 4 more tries").await;
    let focused = "document.activeElement.id + document.activeElement.value";
    assert_eq!(browser.eval(focused).await, "code");
    // A code is often pasted with a space in it.
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    browser.sends_the_code(&spaced).await;
    browser
        .is_signed_in_as("+821023456789", &example.page("/"))
        .await;
}

#[tokio::test]
async fn five_wrong_codes_end_the_step_with_a_way_to_begin_again() {
    let (example, browser) = (example(&[]).await, Browser::open().await);
    browser.begins_the_step(&example.page("/?five")).await;
    browser.asks_for_a_code(NUMBER).await;
    let code = browser.newest_code().await;
    for left in ["4 more tries", "3 more", "2 more", "one more"] {
        browser.sends_the_code(&other_than(&code)).await;
        browser.see("[role=alert]", left).await;
    }
    browser.sends_the_code(&other_than(&code)).await;
    browser.see("h1", "Your number was not confirmed").await;
    assert_eq!(browser.count("a.act").await, 1);
    browser.click("a.act").await;
    browser.is_asked_who_to_be().await;
    browser.agrees().await;
    browser.see("h1", "Confirm your mobile number").await;
}

#[tokio::test]
async fn a_new_code_comes_after_the_time_that_the_page_names_and_voids_the_first() {
    let settings = [("PHONE_LIMITS", "wait=6")];
    let (example, browser) = (example(&settings).await, Browser::open().await);
    browser.begins_the_step(&example.page("/")).await;
    browser.asks_for_a_code(NUMBER).await;
    let wait = browser.text("#wait").await.unwrap();
    browser.click("button.plain").await;
    browser.see("[role=alert]", "No new code was sent").await;
    browser.see("[role=alert]", "Try again in").await;
    assert!(wait.starts_with("You can ask for a new code in "), "{wait}");
    let inbox = browser.link(super::INBOX).await;
    assert_eq!(browser.messages(&inbox).await, 1);
    let first = browser.newest_code().await;
    browser
        .waits_for(async || {
            // A click on a page that is about to go would ask once more.
            let mark = "document.documentElement.className = 'old'";
            browser.eval(mark).await;
            browser.click("button.plain").await;
            let is_gone = async || browser.text("html.old").await.is_err();
            browser.waits_for(is_gone).await;
            browser.shows("button.plain").await;
            browser.count("[role=alert]").await == 0
        })
        .await;
    assert_eq!(browser.messages(&inbox).await, 2);
    let second = browser.newest_code().await;
    browser.sends_the_code(&first).await;
    browser.see("[role=alert]", "The code is wrong").await;
    browser.sends_the_code(&second).await;
    browser
        .is_signed_in_as("+821023456789", &example.page("/"))
        .await;
}

#[tokio::test]
async fn a_changed_number_voids_the_code_of_the_first() {
    let (example, browser) = (example(&[QUICK]).await, Browser::open().await);
    browser.begins_the_step(&example.page("/")).await;
    browser.asks_for_a_code(NUMBER).await;
    let first = browser.newest_code().await;
    let masked = browser.text("#sent").await.unwrap();
    browser.click("nav a").await;
    browser.see("h1", "Confirm your mobile number").await;
    browser.see("nav a", "Enter the code you received").await;
    browser
        .waits_for(async || {
            browser.writes("#number", "010-3456-7891").await;
            browser.click("button").await;
            browser.count("#code").await == 1
        })
        .await;
    assert_ne!(browser.text("#sent").await.unwrap(), masked);
    let second = browser.newest_code().await;
    browser.sends_the_code(&first).await;
    browser.see("[role=alert]", "The code is wrong").await;
    browser.sends_the_code(&second).await;
    browser
        .is_signed_in_as("+821034567891", &example.page("/"))
        .await;
}

#[tokio::test]
async fn a_number_that_does_not_fit_is_corrected_in_place() {
    let (example, browser) = (example(&[]).await, Browser::open().await);
    browser.begins_the_step(&example.page("/")).await;
    browser.see("#countries", "South Korea (+82)").await;
    for number in ["02-123-4567", "hello", "+1 650-253-0000"] {
        browser.writes("#number", number).await;
        browser.click("button").await;
        browser.see("[role=alert]", "We cannot send a code").await;
    }
    browser.asks_for_a_code("+82 10 2345 6789").await;
    let inbox = browser.link(super::INBOX).await;
    assert_eq!(browser.messages(&inbox).await, 1);
}
