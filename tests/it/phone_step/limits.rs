//! Waits, limits and tries.

use std::time::Duration;

use http::StatusCode;
use tower_phone_auth::phone_step::PhoneLimits;

use super::kit::{
    NUMBER, asked, begin, code, number, other_than, resend, retry_after, shop, shop_with,
};
use crate::support::{browser::text, log::Log};

#[tokio::test]
async fn each_wait_for_a_new_code_is_longer_than_the_one_before() {
    let (shop, outbox) = shop().await;
    let mut browser = asked(&shop, "/").await;
    let mut waits = Vec::new();
    for sent in 2..=4 {
        let early = resend(&mut browser).await;
        assert_eq!(early.status(), StatusCode::TOO_MANY_REQUESTS);
        assert!(text(&early).contains("name=\"code\""));
        waits.push(retry_after(&early));
        shop.time.pass(Duration::from_secs(retry_after(&early)));
        assert_eq!(resend(&mut browser).await.status(), StatusCode::SEE_OTHER);
        assert_eq!(outbox.count(), sent);
    }
    assert_eq!(waits, [30, 60, 120]);
}

#[tokio::test]
async fn five_wrong_codes_end_the_step_over_all_codes_and_the_right_one_is_refused() {
    let (shop, outbox) = shop().await;
    let mut browser = asked(&shop, "/").await;
    for left in [4, 3] {
        let page = code(&mut browser, &other_than(&outbox.code())).await;
        assert_eq!(page.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(&page).contains(&format!("{left} more tries")));
    }
    shop.time.pass(Duration::from_secs(30));
    resend(&mut browser).await;
    for _ in 0..2 {
        code(&mut browser, &other_than(&outbox.code())).await;
    }
    let cookies = browser.cookies.clone();
    let page = code(&mut browser, &other_than(&outbox.code())).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    assert!(text(&page).contains("/auth/login"));
    // The cookie from before the last try leads to the same end.
    browser.cookies = cookies;
    let page = code(&mut browser, &outbox.code()).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    assert!(browser.session().is_none());
}

#[tokio::test]
async fn input_that_is_not_six_digits_uses_up_no_try() {
    let (shop, outbox) = shop().await;
    let mut browser = asked(&shop, "/").await;
    for typed in ["", "12345", "1234567", "12a456", "\u{0}\u{ff}", "%%%"] {
        let page = code(&mut browser, typed).await;
        assert_eq!(page.status(), StatusCode::UNPROCESSABLE_ENTITY, "{typed:?}");
    }
    let page = code(&mut browser, &other_than(&outbox.code())).await;
    assert!(text(&page).contains("4 more tries"), "{}", text(&page));
    let right = outbox.code();
    let spaced = format!(" {}-{}\r\n", &right[..3], &right[3..]);
    assert_eq!(
        code(&mut browser, &spaced).await.status(),
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn the_sixth_message_to_a_number_is_refused_in_every_browser() {
    let limits = PhoneLimits::new().person(100);
    let (shop, outbox) = shop_with(|step| step.limits(limits), |builder| builder).await;
    for _ in 0..5 {
        asked(&shop, "/").await;
    }
    let mut browser = shop.browser();
    begin(&mut browser, "/").await;
    // Another notation is the same number.
    let page = number(&mut browser, "+82 (0)10 2345 6789").await;
    assert_eq!(page.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(retry_after(&page) > 3000);
    assert!(text(&page).contains("name=\"number\""));
    assert_eq!(outbox.count(), 5);
    assert_eq!(
        number(&mut browser, "010-9876-5432").await.status(),
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn the_limit_on_all_messages_stops_sending_with_one_line_in_the_log() {
    let limits = PhoneLimits::new().total(1);
    let (shop, outbox) = shop_with(|step| step.limits(limits), |builder| builder).await;
    asked(&shop, "/").await;
    let mut browser = shop.browser();
    begin(&mut browser, "/").await;
    let log = Log::capture();
    for _ in 0..3 {
        let page = number(&mut browser, "010-9876-5432").await;
        assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(retry_after(&page) > 0);
    }
    let lines = log.text();
    let lines = lines.lines().filter(|line| line.contains("ERROR"));
    assert_eq!(lines.count(), 1);
    assert_eq!(outbox.count(), 1);
    shop.time.pass(Duration::from_secs(3601));
    let mut browser = shop.browser();
    begin(&mut browser, "/").await;
    assert_eq!(
        number(&mut browser, NUMBER).await.status(),
        StatusCode::SEE_OTHER
    );
}
