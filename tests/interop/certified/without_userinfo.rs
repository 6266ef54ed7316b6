//! A provider without a userinfo endpoint, which puts every claim into the ID token.

use tower_phone_auth::error::LoginErrorKind;

use super::{basic, client};
use crate::support::{
    browser::{parameter, refusal},
    provider::Provider,
    shop::shop,
    user::{Says, User},
};

#[tokio::test]
async fn a_user_signs_in_with_the_number_of_the_id_token() {
    let provider = Provider::node(&["--without-userinfo"]).await;
    for oidc in [
        basic(&provider),
        client(&provider, "PS256"),
        client(&provider, "post").client_secret_post(),
    ] {
        let shown = shop(oidc).sign_in(User::agrees("verified")).await;
        assert!(
            shown.starts_with("+821012345678 Verified, verified"),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn userinfo_is_not_called() {
    let provider = Provider::node(&["--without-userinfo"]).await;
    let away = shop(basic(&provider)).visit("/").await;
    let claims = parameter(&away, "claims").unwrap_or_default();
    assert!(!claims.contains("userinfo"), "{claims}");
}

#[tokio::test]
async fn refusals_are_the_same_as_with_userinfo() {
    let provider = Provider::node(&["--without-userinfo"]).await;
    let browser = shop(basic(&provider));
    let unverified = browser
        .another()
        .come_back(User::agrees("unverified"))
        .await;
    let why = LoginErrorKind::PhoneNotVerified;
    assert_eq!(refusal(&unverified), (403, Some(why)));
    let no = User::agrees("verified").says(Says::No);
    let cancelled = browser.another().come_back(no).await;
    assert_eq!(refusal(&cancelled), (403, Some(LoginErrorKind::Cancelled)));
}
