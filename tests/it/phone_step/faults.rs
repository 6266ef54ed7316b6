//! Faults of the service that sends codes.

use std::time::Duration;

use http::StatusCode;
use tower_phone_auth::phone_step::{PhoneLimits, SendError, SendErrorKind};

use super::kit::{NUMBER, asked, begin, code, number, resend, retry_after, shop, shop_with};
use crate::support::browser::{location, text};

#[tokio::test]
async fn a_refused_message_is_not_counted_and_the_old_code_stays() {
    let (shop, outbox) = shop().await;
    let mut browser = asked(&shop, "/").await;
    let first = outbox.code();
    shop.time.pass(Duration::from_secs(30));
    for (kind, status) in [
        (SendErrorKind::Refused, StatusCode::BAD_GATEWAY),
        (SendErrorKind::Misconfigured, StatusCode::BAD_GATEWAY),
        (SendErrorKind::Unavailable, StatusCode::SERVICE_UNAVAILABLE),
        (
            SendErrorKind::Busy { retry_after: None },
            StatusCode::SERVICE_UNAVAILABLE,
        ),
    ] {
        outbox.fail_next(kind);
        let page = resend(&mut browser).await;
        assert_eq!(page.status(), status, "{kind:?}");
        assert!(text(&page).contains("name=\"code\""), "{kind:?}");
    }
    assert_eq!(location(&code(&mut browser, &first).await), "/");
}

#[tokio::test]
async fn a_number_that_the_service_refuses_gets_the_page_of_the_number() {
    let (shop, outbox) = shop().await;
    let mut browser = shop.browser();
    begin(&mut browser, "/").await;
    outbox.fail_next(SendErrorKind::NumberRefused);
    let page = number(&mut browser, NUMBER).await;
    assert_eq!(page.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text(&page).contains("name=\"number\""));
    // The wait was given back.
    assert_eq!(
        number(&mut browser, NUMBER).await.status(),
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn after_an_unknown_outcome_the_code_page_opens_and_either_code_counts() {
    for old_counts in [true, false] {
        let (shop, outbox) = shop().await;
        let mut browser = asked(&shop, "/").await;
        let old = outbox.code();
        shop.time.pass(Duration::from_secs(30));
        outbox.fail_next(SendError::new(SendErrorKind::Unknown));
        let page = resend(&mut browser).await;
        assert_eq!(page.status(), StatusCode::BAD_GATEWAY);
        assert!(text(&page).contains("name=\"code\""));
        let right = if old_counts { old } else { outbox.code() };
        assert_eq!(location(&code(&mut browser, &right).await), "/");
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_hangs_is_left_after_ten_seconds_and_called_once() {
    let (shop, outbox) = shop().await;
    let mut browser = shop.browser();
    begin(&mut browser, "/").await;
    outbox.hang_next();
    let began = tokio::time::Instant::now();
    let page = number(&mut browser, NUMBER).await;
    assert_eq!(page.status(), StatusCode::GATEWAY_TIMEOUT);
    assert!(began.elapsed() < Duration::from_secs(12));
    assert!(text(&page).contains("name=\"code\""), "{}", text(&page));
    assert_eq!(outbox.count(), 1);
    assert_eq!(location(&code(&mut browser, &outbox.code()).await), "/");
}

#[tokio::test]
async fn one_user_cannot_have_a_service_that_refuses_called_for_ever() {
    let limits = PhoneLimits::new().person(1).address(1).number(1);
    let (shop, outbox) = shop_with(|step| step.limits(limits), |builder| builder).await;
    for _ in 0..200 {
        outbox.fail_next(SendErrorKind::NumberRefused);
    }
    let mut browser = shop.browser();
    begin(&mut browser, "/").await;
    let mut page = number(&mut browser, NUMBER).await;
    for tried in 0..200 {
        if page.status() != StatusCode::UNPROCESSABLE_ENTITY {
            break;
        }
        // Every other call is of another step of the same user.
        if tried % 2 == 0 {
            browser = shop.browser();
            begin(&mut browser, "/").await;
        }
        page = number(&mut browser, &format!("010-{:04}-5678", 2000 + tried)).await;
    }
    assert_eq!(page.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(text(&page).contains("name=\"number\""));
    assert!(retry_after(&page) > 3500);
    assert_eq!(outbox.count(), 20);
    shop.time.pass(Duration::from_secs(retry_after(&page)));
    begin(&mut browser, "/").await;
    let page = number(&mut browser, NUMBER).await;
    assert_eq!(page.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(outbox.count(), 21);
}
