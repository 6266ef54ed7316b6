//! Return addresses that are as long as a sign-in keeps them.

use http::StatusCode;
use tower_phone_auth::phone_step::SendErrorKind;

use super::kit::{NUMBER, begin, code, number, resend, shop};
use crate::support::browser::{Page, location, text};

/// Fails if nginx would answer with an error page of its own, with its default settings.
fn fits(page: &Page) {
    let lines = page.headers().iter();
    let bytes: usize = lines
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    assert!(bytes < 4000, "{bytes} bytes of headers: {}", page.status());
}

/// A return address of so many bytes.
fn place(bytes: usize) -> String {
    format!("/deep?q={}", "a".repeat(bytes - "/deep?q=".len()))
}

#[tokio::test]
async fn a_step_keeps_a_return_address_of_2048_bytes_as_a_sign_in_does() {
    for bytes in [1900, 2000, 2048] {
        let (shop, outbox) = shop().await;
        let place = place(bytes);
        let mut browser = shop.browser();
        begin(&mut browser, &place).await;
        let sent = number(&mut browser, NUMBER).await;
        fits(&sent);
        // The callback once more, and a page of the step, lose nothing.
        assert_eq!(
            browser.visit("/auth/phone/code").await.status(),
            StatusCode::OK
        );
        let back = code(&mut browser, &outbox.code()).await;
        fits(&back);
        assert_eq!(location(&back), place, "{}", text(&back));
        assert_eq!(text(&browser.visit(&place).await), "+821023456789");
    }
}

#[tokio::test]
async fn a_longer_return_address_leads_to_the_start_page_as_after_a_sign_in() {
    let (shop, outbox) = shop().await;
    let mut browser = shop.browser();
    begin(&mut browser, &place(2049)).await;
    number(&mut browser, NUMBER).await;
    assert_eq!(location(&code(&mut browser, &outbox.code()).await), "/");
}

#[tokio::test]
async fn a_fault_of_the_sender_keeps_the_step_also_with_a_long_return_address() {
    for bytes in [1000, 1900, 2048] {
        let (shop, outbox) = shop().await;
        let mut browser = shop.browser();
        begin(&mut browser, &place(bytes)).await;
        outbox.fail_next(SendErrorKind::Unknown);
        let page = number(&mut browser, NUMBER).await;
        assert_eq!(page.status(), StatusCode::BAD_GATEWAY);
        fits(&page);
        fits(&resend(&mut browser).await);
        let back = code(&mut browser, &outbox.code()).await;
        assert_eq!(back.status(), StatusCode::SEE_OTHER, "{}", text(&back));
        println!("{bytes}: {}", location(&back).len());
    }
}
