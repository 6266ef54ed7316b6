//! The consent page of the provider.

use tower_phone_auth::error::LoginErrorKind;

use super::basic;
use crate::support::{
    browser::{Browser, location, parameter, refusal},
    provider::Provider,
    shop::shop,
    user::{Says, User},
};

#[tokio::test]
async fn refused_consent_is_a_cancelled_sign_in() {
    let provider = Provider::node(&[]).await;
    let mut browser = shop(basic(&provider));
    let user = User::agrees("verified").says(Says::No);
    let back = browser.come_back(user).await;
    assert_eq!(refusal(&back), (403, Some(LoginErrorKind::Cancelled)));
}

#[tokio::test]
async fn a_user_who_cancelled_can_sign_in_later() {
    let provider = Provider::node(&[]).await;
    let mut browser = shop(basic(&provider));
    let user = User::agrees("verified");
    browser.come_back(user.says(Says::No)).await;
    assert!(browser.sign_in(user).await.starts_with("+821012345678"));
}

/// Declines the number, and gives this answer on the consent page of the second request.
async fn declines_and_then(says: Says, browser: &mut Browser) -> crate::support::browser::Page {
    let user = User::agrees("verified");
    let again = browser.come_back(user.says(Says::NotThePhone)).await;
    assert_eq!(parameter(&again, "prompt").as_deref(), Some("consent"));
    let callback = browser.at_provider(&again, user.says(says)).await;
    browser.visit(&callback).await
}

#[tokio::test]
async fn a_user_who_declines_the_number_twice_is_refused() {
    let provider = Provider::node(&[]).await;
    let mut browser = shop(basic(&provider));
    let back = declines_and_then(Says::NotThePhone, &mut browser).await;
    assert_eq!(refusal(&back), (403, Some(LoginErrorKind::PhoneNotShared)));
}

#[tokio::test]
async fn a_user_who_declines_the_number_is_asked_once_more_and_may_agree() {
    let provider = Provider::node(&[]).await;
    let mut browser = shop(basic(&provider));
    let back = declines_and_then(Says::AlsoThePhone, &mut browser).await;
    assert_eq!(location(&back), "/cart?x=1");
}

#[tokio::test]
async fn a_user_who_cancels_the_second_request_has_cancelled() {
    let provider = Provider::node(&[]).await;
    let mut browser = shop(basic(&provider));
    let back = declines_and_then(Says::No, &mut browser).await;
    assert_eq!(refusal(&back), (403, Some(LoginErrorKind::Cancelled)));
}
