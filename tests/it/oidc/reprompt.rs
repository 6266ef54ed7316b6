//! A second request for consent if the phone number is missing.

use tower_phone_auth::error::LoginErrorKind::{PhoneNotOnAccount, PhoneNotShared};
use tower_phone_auth_local_provider::{Endpoint, Person};

use super::{open, refusal};
use crate::support::{
    browser::{Act, JIWOO, Page, location, parameter, text},
    consent::{
        UNTICKED, assert_a_declined_second_request_is_refused, assert_the_next_sign_in_asks_again,
    },
};

#[tokio::test]
async fn a_user_who_did_not_share_the_number_is_asked_once_more() {
    let shop = open(|_| {}).await;
    let mut browser = shop.browser();
    let away = browser.visit("/orders").await;
    let callback = browser.act(&away, UNTICKED).await;
    let again = browser.visit(&callback).await;
    assert_eq!(parameter(&again, "prompt").as_deref(), Some("consent"));
    assert_eq!(parameter(&again, "scope"), parameter(&away, "scope"));
    assert_eq!(parameter(&again, "max_age"), None);
    for name in ["state", "nonce", "code_challenge"] {
        assert_ne!(parameter(&again, name), parameter(&away, name), "{name}");
    }
    assert_eq!(browser.pending().len(), 1);
    assert!(browser.session().is_none());

    let callback = browser.act(&again, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), "/orders");
    assert_eq!(text(&browser.visit("/").await), "+821012345678");
}

#[tokio::test]
async fn a_number_that_stays_unshared_ends_on_a_page() {
    let shop = open(|_| {}).await;
    let mut browser = shop.browser();
    let again = browser.come_back("/", UNTICKED).await;
    let callback = browser.act(&again, UNTICKED).await;
    let page = browser.visit(&callback).await;
    assert_eq!(refusal(&page), (403, PhoneNotShared, None));
    assert!(browser.has_no_sign_in_cookies());
    assert_eq!(shop.provider.count(Endpoint::Token), 2);
}

#[tokio::test]
async fn an_account_without_a_number_is_asked_once() {
    let shop = open(|_| {}).await;
    let mut browser = shop.browser();
    let person = Act::Agree(Person::WITHOUT_PHONE);
    let page = browser.come_back("/", person).await;
    assert_eq!(refusal(&page), (403, PhoneNotOnAccount, None));
    assert_eq!(shop.provider.count(Endpoint::Token), 1);
}

#[tokio::test]
async fn a_second_request_that_is_declined_ends_on_a_page() {
    let shop = open(|_| {}).await;
    assert_a_declined_second_request_is_refused(&shop).await;
}

#[tokio::test]
async fn a_user_who_signs_in_again_is_asked_again() {
    let shop = open(|_| {}).await;
    let asks = |page: &Page| parameter(page, "prompt").as_deref() == Some("consent");
    assert_the_next_sign_in_asks_again(&shop, asks).await;
}
