//! The pages in both languages, narrow and wide, light and dark, in Chromium.

use serde_json::json;

use super::{NUMBER, example};
use crate::support::browser::Browser;

/// The width that is cut off, and whether the background is dark.
const LOOK: &str = "({
    over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    isDark: getComputedStyle(document.body).backgroundColor === 'rgb(20, 20, 22)',
})";

/// No look of the open page is wider than the window.
async fn fits(browser: &Browser) {
    for width in [320, 1280] {
        for scheme in ["light", "dark"] {
            browser.is_wide(width).await;
            browser.prefers(scheme).await;
            let look = browser.eval(LOOK).await;
            let expected = json!({ "over": 0, "isDark": scheme == "dark" });
            assert_eq!(look, expected, "{} at {width}", browser.url().await);
        }
    }
}

#[tokio::test]
async fn the_whole_way_is_in_the_language_of_the_user_and_fits_the_window() {
    for (language, number, wrong, code, sms) in [
        (
            "en",
            "Confirm your mobile number",
            "We cannot send a code to this number",
            "Enter the code",
            "Verification code",
        ),
        (
            "ko",
            "휴대폰 번호 인증",
            "이 번호로는 인증번호를 보낼 수 없습니다",
            "인증번호 입력",
            "인증번호",
        ),
    ] {
        let (example, browser) = (example(&[]).await, Browser::preferring(language).await);
        browser.begins_the_step(&example.page("/")).await;
        browser.see("h1", number).await;
        fits(&browser).await;
        browser.writes("#number", "02-123-4567").await;
        browser.click("button").await;
        browser.see("[role=alert]", wrong).await;
        fits(&browser).await;
        browser.asks_for_a_code(NUMBER).await;
        browser.see("h1", code).await;
        fits(&browser).await;
        browser.go(&browser.link(super::INBOX).await).await;
        browser.see(".message p", sms).await;
        browser.back().await;
        let secret = browser.newest_code().await;
        browser.sends_the_code(&secret).await;
        browser.see(".number", "+821023456789").await;
    }
}
