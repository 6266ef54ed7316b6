//! What people agree to.

use tower_phone_auth::LoginErrorKind;

use super::basic;
use crate::support::{
    browser::{Browser, location, parameter, refusal},
    person::{Person, Says},
    provider::Provider,
    shop::shop,
};

#[tokio::test]
async fn refused_consent_is_a_cancelled_login() {
    let provider = Provider::node(&[]).await;
    let mut browser = shop(basic(&provider));
    let person = Person::agrees("verified").says(Says::No);
    let back = browser.come_back(person).await;
    assert_eq!(refusal(&back), (403, Some(LoginErrorKind::Cancelled)));
}

#[tokio::test]
async fn who_cancelled_can_sign_in_later() {
    let provider = Provider::node(&[]).await;
    let mut browser = shop(basic(&provider));
    let person = Person::agrees("verified");
    browser.come_back(person.says(Says::No)).await;
    assert!(browser.sign_in(person).await.starts_with("+821012345678"));
}

/// A login without the number, and once more with the provider's consent page.
async fn declines_and_then(says: Says, browser: &mut Browser) -> crate::support::browser::Page {
    let person = Person::agrees("verified");
    let again = browser.come_back(person.says(Says::NotThePhone)).await;
    assert_eq!(parameter(&again, "prompt").as_deref(), Some("consent"));
    let callback = browser.at_provider(&again, person.says(says)).await;
    browser.visit(&callback).await
}

#[tokio::test]
async fn who_declines_the_number_twice_is_refused() {
    let provider = Provider::node(&[]).await;
    let mut browser = shop(basic(&provider));
    let back = declines_and_then(Says::NotThePhone, &mut browser).await;
    assert_eq!(refusal(&back), (403, Some(LoginErrorKind::PhoneNotShared)));
}

#[tokio::test]
async fn who_declines_the_number_is_asked_once_more_and_may_agree() {
    let provider = Provider::node(&[]).await;
    let mut browser = shop(basic(&provider));
    let back = declines_and_then(Says::AlsoThePhone, &mut browser).await;
    assert_eq!(location(&back), "/cart?x=1");
}

#[tokio::test]
async fn who_cancels_when_asked_once_more_has_cancelled() {
    let provider = Provider::node(&[]).await;
    let mut browser = shop(basic(&provider));
    let back = declines_and_then(Says::No, &mut browser).await;
    assert_eq!(refusal(&back), (403, Some(LoginErrorKind::Cancelled)));
}
