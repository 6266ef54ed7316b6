//! Canaille, an identity server on Authlib. It never marks a number as verified.

use tower_phone_auth::{Oidc, error::LoginErrorKind, phone::PhoneAssurance};

use crate::support::{
    browser::{Browser, altered, refusal},
    provider::Provider,
    shop::{SECRET, shop, shop_with},
    user::{Says, User},
};

const JANE: &str = "+821012345678 Unverified, jane, Person jane, jane@example.com false";

/// A shop that accepts unverified numbers.
fn lenient(oidc: Oidc) -> Browser {
    shop_with(oidc, |builder| {
        builder.minimum_assurance(PhoneAssurance::Unverified)
    })
}

fn basic(provider: &Provider) -> Oidc {
    Oidc::new(&provider.issuer, "rs256", "plain")
}

#[tokio::test]
async fn a_user_signs_in_with_each_client() {
    let provider = Provider::python("canaille_server.py").await;
    for oidc in [
        basic(&provider),
        Oidc::new(&provider.issuer, "eddsa", SECRET).client_secret_post(),
        Oidc::without_secret(&provider.issuer, "public"),
    ] {
        let mut browser = lenient(oidc);
        assert_eq!(browser.sign_in(User::agrees("jane")).await, JANE);
    }
}

#[tokio::test]
async fn the_default_policy_refuses_the_numbers_of_canaille() {
    let provider = Provider::python("canaille_server.py").await;
    let back = shop(basic(&provider)).come_back(User::agrees("jane")).await;
    let why = LoginErrorKind::PhoneNotVerified;
    assert_eq!(refusal(&back), (403, Some(why)));
}

#[tokio::test]
async fn refused_consent_is_a_cancelled_sign_in() {
    let provider = Provider::python("canaille_server.py").await;
    let mut browser = lenient(basic(&provider));
    let jane = User::agrees("jane");
    let back = browser.come_back(jane.says(Says::No)).await;
    assert_eq!(refusal(&back), (403, Some(LoginErrorKind::Cancelled)));
    assert_eq!(browser.sign_in(jane).await, JANE);
}

#[tokio::test]
async fn an_account_without_a_number_is_refused_at_once() {
    let provider = Provider::python("canaille_server.py").await;
    let browser = lenient(basic(&provider));
    for login in ["phoneless"] {
        let back = browser.another().come_back(User::agrees(login)).await;
        let why = LoginErrorKind::PhoneNotOnAccount;
        assert_eq!(refusal(&back), (403, Some(why)), "{login}");
    }
}

#[tokio::test]
async fn a_callback_of_another_issuer_or_of_none_is_refused() {
    let provider = Provider::python("canaille_server.py").await;
    let browser = lenient(basic(&provider));
    for issuer in [Some("https://id.example.com"), None] {
        let mut browser = browser.another();
        let away = browser.visit("/").await;
        let callback = browser.at_provider(&away, User::agrees("jane")).await;
        let back = browser.visit(&altered(&callback, "iss", issuer)).await;
        let why = LoginErrorKind::IssuerMismatch;
        assert_eq!(refusal(&back), (400, Some(why)), "{issuer:?}");
    }
}

#[tokio::test]
async fn a_wrong_secret_is_a_misconfiguration() {
    let provider = Provider::python("canaille_server.py").await;
    let wrong = |id| Oidc::new(&provider.issuer, id, "wrong");
    for oidc in [wrong("rs256"), wrong("eddsa").client_secret_post()] {
        let back = lenient(oidc).come_back(User::agrees("jane")).await;
        assert_eq!(refusal(&back), (502, Some(LoginErrorKind::Misconfigured)));
    }
}

/// RFC 6749 section 2.3.1 encodes client id and secret. Authlib does not decode them.
#[tokio::test]
async fn canaille_does_not_decode_basic_credentials_with_special_characters() {
    let provider = Provider::python("canaille_server.py").await;
    let special = Oidc::new(&provider.issuer, "special", SECRET);
    let back = lenient(special).come_back(User::agrees("jane")).await;
    assert_eq!(refusal(&back), (502, Some(LoginErrorKind::Misconfigured)));
}
