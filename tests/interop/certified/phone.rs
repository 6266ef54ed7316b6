//! Phone numbers of the provider, and the phone policy.

use tower_phone_auth::{error::LoginErrorKind, phone::PhoneAssurance};

use super::basic;
use crate::support::{
    browser::refusal,
    provider::Provider,
    shop::{shop, shop_with},
    user::User,
};

#[tokio::test]
async fn a_user_with_a_verified_number_signs_in() {
    let provider = Provider::node(&[]).await;
    let mut browser = shop(basic(&provider));
    assert_eq!(
        browser.sign_in(User::agrees("verified")).await,
        "+821012345678 Verified, verified, Person verified, verified@example.com true"
    );
}

#[tokio::test]
async fn a_user_with_a_session_at_the_provider_signs_in_again_without_a_page() {
    let provider = Provider::node(&[]).await;
    let mut browser = shop(basic(&provider));
    let first = browser.sign_in(User::agrees("verified")).await;
    browser.forgets_the_shop();
    assert_eq!(browser.sign_in(User::agrees("unknown")).await, first);
}

#[tokio::test]
async fn spaces_and_parentheses_in_a_number_are_read() {
    let provider = Provider::node(&[]).await;
    let mut browser = shop(basic(&provider));
    let shown = browser.sign_in(User::agrees("spaced")).await;
    assert!(shown.starts_with("+821012345678 Verified, spaced"));
}

#[tokio::test]
async fn a_number_without_the_flag_verified_is_refused() {
    let provider = Provider::node(&[]).await;
    let browser = shop(basic(&provider));
    for login in ["unverified", "unsaid"] {
        let back = browser.another().come_back(User::agrees(login)).await;
        let why = LoginErrorKind::PhoneNotVerified;
        assert_eq!(refusal(&back), (403, Some(why)), "{login}");
    }
}

#[tokio::test]
async fn an_application_with_a_lower_policy_accepts_unverified_numbers() {
    let provider = Provider::node(&[]).await;
    let browser = shop_with(basic(&provider), |builder| {
        builder.minimum_assurance(PhoneAssurance::Unverified)
    });
    for login in ["unverified", "unsaid"] {
        let shown = browser.another().sign_in(User::agrees(login)).await;
        assert!(shown.starts_with("+821012345678 Unverified"), "{shown}");
    }
}

#[tokio::test]
async fn an_account_without_a_number_is_refused_at_once() {
    let provider = Provider::node(&[]).await;
    let browser = shop(basic(&provider));
    for login in ["phoneless", "empty"] {
        let back = browser.another().come_back(User::agrees(login)).await;
        let why = LoginErrorKind::PhoneNotOnAccount;
        assert_eq!(refusal(&back), (403, Some(why)), "{login}");
    }
}
