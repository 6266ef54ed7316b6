//! No userinfo endpoint: everything is in the ID token.

use tower_phone_auth::LoginErrorKind;

use super::{basic, client};
use crate::support::{
    browser::{parameter, refusal},
    person::{Person, Says},
    provider::Provider,
    shop::shop,
};

#[tokio::test]
async fn a_user_signs_in_with_the_number_of_the_id_token() {
    let provider = Provider::node(&["--without-userinfo"]).await;
    for oidc in [
        basic(&provider),
        client(&provider, "PS256"),
        client(&provider, "post").client_secret_post(),
    ] {
        let told = shop(oidc).sign_in(Person::agrees("verified")).await;
        assert!(
            told.starts_with("+821012345678 Verified, verified"),
            "{told}"
        );
    }
}

#[tokio::test]
async fn nothing_is_asked_of_userinfo() {
    let provider = Provider::node(&["--without-userinfo"]).await;
    let away = shop(basic(&provider)).visit("/").await;
    let claims = parameter(&away, "claims").unwrap_or_default();
    assert!(!claims.contains("userinfo"), "{claims}");
}

#[tokio::test]
async fn refusals_are_those_of_other_providers() {
    let provider = Provider::node(&["--without-userinfo"]).await;
    let browser = shop(basic(&provider));
    let unverified = browser
        .another()
        .come_back(Person::agrees("unverified"))
        .await;
    let why = LoginErrorKind::PhoneNotVerified;
    assert_eq!(refusal(&unverified), (403, Some(why)));
    let no = Person::agrees("verified").says(Says::No);
    let cancelled = browser.another().come_back(no).await;
    assert_eq!(refusal(&cancelled), (403, Some(LoginErrorKind::Cancelled)));
}
