//! django-oauth-toolkit.

use tower_phone_auth::{Oidc, error::LoginErrorKind};

use crate::support::{
    browser::refusal,
    provider::Provider,
    shop::{SECRET, shop},
    user::{Says, User},
};

async fn start() -> Provider {
    Provider::python("django_server.py").await
}

fn oidc(provider: &Provider) -> Oidc {
    Oidc::new(&provider.issuer, "shop", SECRET)
}

#[tokio::test]
async fn a_user_signs_in_with_the_secret_in_either_place() {
    let provider = start().await;
    for oidc in [
        oidc(&provider),
        oidc(&provider).client_secret_basic(),
        oidc(&provider).client_secret_post(),
    ] {
        let shown = shop(oidc).sign_in(User::agrees("jane")).await;
        assert_eq!(
            shown,
            "+821012345678 Verified, jane, Person jane, jane@example.com true"
        );
    }
}

#[tokio::test]
async fn refused_consent_is_a_cancelled_sign_in() {
    let provider = start().await;
    let mut browser = shop(oidc(&provider));
    let jane = User::agrees("jane");
    let back = browser.come_back(jane.says(Says::No)).await;
    assert_eq!(refusal(&back), (403, Some(LoginErrorKind::Cancelled)));
    assert!(browser.sign_in(jane).await.starts_with("+821012345678"));
}

#[tokio::test]
async fn numbers_that_are_missing_or_without_the_flag_verified_are_refused() {
    let provider = start().await;
    let browser = shop(oidc(&provider));
    for (login, why) in [
        ("unverified", LoginErrorKind::PhoneNotVerified),
        ("text", LoginErrorKind::PhoneNotVerified),
        ("phoneless", LoginErrorKind::PhoneNotOnAccount),
    ] {
        let back = browser.another().come_back(User::agrees(login)).await;
        assert_eq!(refusal(&back), (403, Some(why)), "{login}");
    }
}

#[tokio::test]
async fn a_wrong_secret_is_a_misconfiguration() {
    let provider = start().await;
    let wrong = Oidc::new(&provider.issuer, "shop", "wrong");
    for oidc in [wrong.clone(), wrong.client_secret_post()] {
        let back = shop(oidc).come_back(User::agrees("jane")).await;
        assert_eq!(refusal(&back), (502, Some(LoginErrorKind::Misconfigured)));
    }
}
