//! oidc-provider-mock, on Authlib. Its ID tokens and keys have no key id, and it announces no
//! client authentication.

use tower_phone_auth::{Oidc, error::LoginErrorKind};

use crate::support::{
    browser::refusal,
    provider::Provider,
    shop::{SECRET, shop},
    user::User,
};

async fn start() -> Provider {
    Provider::python("oidc_provider_mock_server.py").await
}

#[tokio::test]
async fn a_user_signs_in_with_the_secret_in_either_place() {
    let provider = start().await;
    for oidc in [
        Oidc::new(&provider.issuer, "shop", SECRET),
        Oidc::new(&provider.issuer, "shop", SECRET).client_secret_post(),
    ] {
        let shown = shop(oidc).sign_in(User::agrees("jane")).await;
        assert_eq!(
            shown,
            "+821012345678 Verified, jane, Person jane, jane@example.com false"
        );
    }
}

#[tokio::test]
async fn a_number_without_the_flag_verified_is_refused() {
    let provider = start().await;
    let browser = shop(Oidc::new(&provider.issuer, "shop", SECRET));
    for login in ["false", "text", "one", "unsaid"] {
        let back = browser.another().come_back(User::agrees(login)).await;
        let why = LoginErrorKind::PhoneNotVerified;
        assert_eq!(refusal(&back), (403, Some(why)), "{login}");
    }
}

#[tokio::test]
async fn an_account_without_a_number_is_refused_at_once() {
    let provider = start().await;
    let browser = shop(Oidc::new(&provider.issuer, "shop", SECRET));
    for login in ["phoneless", "stranger"] {
        let back = browser.another().come_back(User::agrees(login)).await;
        let why = LoginErrorKind::PhoneNotOnAccount;
        assert_eq!(refusal(&back), (403, Some(why)), "{login}");
    }
}

#[tokio::test]
async fn a_client_without_a_secret_is_a_misconfiguration() {
    let provider = start().await;
    let oidc = Oidc::without_secret(&provider.issuer, "public");
    let back = shop(oidc).come_back(User::agrees("jane")).await;
    assert_eq!(refusal(&back), (502, Some(LoginErrorKind::Misconfigured)));
}
