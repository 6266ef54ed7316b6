//! The example server of Zitadel's library for Go. Its issuer ends with a slash, and its codes are
//! encrypted.

use tower_phone_auth::{Oidc, error::LoginErrorKind};

use crate::support::{
    browser::refusal,
    provider::Provider,
    shop::{SECRET, shop},
    user::User,
};

fn web(provider: &Provider) -> Oidc {
    Oidc::new(&provider.issuer, "web", SECRET)
}

#[tokio::test]
async fn a_user_signs_in_with_each_client() {
    let provider = Provider::go("zitadel").await;
    assert!(provider.issuer.ends_with('/'));
    for oidc in [
        web(&provider),
        web(&provider).client_secret_basic(),
        Oidc::without_secret(&provider.issuer, "native"),
    ] {
        let shown = shop(oidc).sign_in(User::agrees("jane")).await;
        assert!(
            shown.starts_with("+821012345678 Verified, jane, "),
            "{shown}"
        );
        assert!(shown.ends_with("jane@example.com true"), "{shown}");
    }
}

#[tokio::test]
async fn numbers_that_are_missing_unverified_or_invalid_are_refused() {
    let provider = Provider::go("zitadel").await;
    let browser = shop(web(&provider));
    for (login, why) in [
        ("unverified", LoginErrorKind::PhoneNotVerified),
        ("invalid", LoginErrorKind::PhoneInvalid),
        ("phoneless", LoginErrorKind::PhoneNotOnAccount),
    ] {
        let back = browser.another().come_back(User::agrees(login)).await;
        assert_eq!(refusal(&back), (403, Some(why)), "{login}");
    }
}

#[tokio::test]
async fn a_user_with_a_wrong_password_stays_at_the_providers_page() {
    let provider = Provider::go("zitadel").await;
    let mut browser = shop(web(&provider));
    let away = browser.visit("/cart?x=1").await;
    for user in [User::mistypes("jane"), User::agrees("unknown")] {
        let page = browser.stays_at_provider(&away, user).await;
        assert!(page.contains("username or password wrong"), "{page}");
    }
}

#[tokio::test]
async fn a_wrong_secret_is_a_misconfiguration() {
    let provider = Provider::go("zitadel").await;
    for oidc in [
        Oidc::new(&provider.issuer, "web", "wrong"),
        Oidc::new(&provider.issuer, "web", "wrong").client_secret_post(),
    ] {
        let back = shop(oidc).come_back(User::agrees("jane")).await;
        assert_eq!(refusal(&back), (502, Some(LoginErrorKind::Misconfigured)));
    }
}
