//! A mobile number that was not shared is requested once more.

use http::StatusCode;
use tower_phone_auth::error::LoginErrorKind::PhoneNotShared;
use tower_phone_auth_local_provider::{Endpoint, Person};

use super::{open, refusal};
use crate::support::{
    browser::{Act, JIWOO, Page, location, parameter, text},
    consent::{
        UNTICKED, assert_a_declined_second_request_is_refused, assert_the_next_sign_in_asks_again,
    },
    shop::Shop,
};

fn asks_again(page: &Page) -> bool {
    page.status() == StatusCode::SEE_OTHER
        && parameter(page, "auth_type").as_deref() == Some("reprompt")
}

/// A shop at a Naver that sends known users back at once.
async fn open_with_auto_sign_in() -> Shop {
    let shop = open().await;
    shop.provider
        .configure(|settings| settings.auto_sign_in = true);
    shop
}

#[tokio::test]
async fn quirk_48_a_number_that_was_not_shared_is_requested_with_a_new_state() {
    let shop = open_with_auto_sign_in().await;
    let mut browser = shop.browser();
    let away = browser.visit("/orders").await;
    let callback = browser.act(&away, UNTICKED).await;
    let again = browser.visit(&callback).await;
    assert!(asks_again(&again), "{}", text(&again));
    assert_ne!(parameter(&again, "state"), parameter(&away, "state"));
    assert_eq!(browser.pending().len(), 1);

    let callback = browser.act(&again, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), "/orders");
    assert_eq!(text(&browser.visit("/").await), "+821012345678");
}

#[tokio::test]
async fn quirk_48_a_number_that_stays_unshared_ends_on_a_page() {
    let shop = open_with_auto_sign_in().await;
    for person in [UNTICKED, Act::Agree(Person::WITHOUT_PHONE)] {
        shop.provider.forget_requests();
        let mut browser = shop.browser();
        let again = browser.come_back("/", person).await;
        assert!(asks_again(&again), "{}", text(&again));
        let callback = browser.act(&again, person).await;
        let page = browser.visit(&callback).await;
        assert_eq!(refusal(&page), (403, PhoneNotShared, None));
        assert!(browser.has_no_sign_in_cookies());
        assert_eq!(shop.provider.count(Endpoint::Token), 2);
        assert_eq!(shop.provider.count(Endpoint::Profile), 2);
    }
}

#[tokio::test]
async fn quirk_48_a_number_that_is_not_configured_looks_the_same() {
    let shop = open().await;
    shop.provider
        .configure(|settings| settings.naver.items.retain(|item| item != "mobile"));
    let mut browser = shop.browser();
    let again = browser.come_back("/", JIWOO).await;
    assert!(asks_again(&again), "{}", text(&again));
    let callback = browser.act(&again, JIWOO).await;
    let page = browser.visit(&callback).await;
    assert_eq!(refusal(&page), (403, PhoneNotShared, None));
}

#[tokio::test]
async fn quirk_76_a_second_request_that_is_declined_ends_on_a_page() {
    let shop = open_with_auto_sign_in().await;
    assert_a_declined_second_request_is_refused(&shop).await;
}

#[tokio::test]
async fn the_next_sign_in_asks_for_the_number_again() {
    let shop = open_with_auto_sign_in().await;
    assert_the_next_sign_in_asks_again(&shop, asks_again).await;
}

#[tokio::test]
async fn a_fresh_sign_in_stays_required_in_the_second_request() {
    let shop = open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/auth/login?fresh=1").await;
    assert_eq!(
        parameter(&away, "auth_type").as_deref(),
        Some("reauthenticate")
    );
    let callback = browser.act(&away, UNTICKED).await;
    let again = browser.visit(&callback).await;
    assert_eq!(
        parameter(&again, "auth_type").as_deref(),
        Some("reauthenticate,reprompt")
    );
    let callback = browser.act(&again, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), "/");
}
