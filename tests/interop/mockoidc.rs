//! mockoidc: a number without a flag, in the scope `profile`; the secret in the body, whatever it announces; no
//! `sub` in its userinfo.

use tower_phone_auth::{LoginErrorKind, Oidc};

use crate::support::{
    browser::{parameter, refusal},
    person::Person,
    provider::Provider,
    shop::{SECRET, shop},
};

/// Exactly the scopes that it knows: it refuses all others on a page of its own.
fn oidc(provider: &Provider) -> Oidc {
    Oidc::new(&provider.issuer, "shop", SECRET).scopes(["openid", "profile", "email"])
}

#[tokio::test]
async fn a_user_signs_in_where_the_numbers_are_said_to_be_checked() {
    let provider = Provider::go("mockoidc").await;
    for oidc in [
        oidc(&provider).phone_asserted(),
        oidc(&provider).phone_asserted().client_secret_post(),
    ] {
        let told = shop(oidc).sign_in(Person::agrees("jane")).await;
        assert!(told.starts_with("+821012345678 Asserted, jane, "), "{told}");
    }
}

/// Its userinfo could hold the flag, but names no user.
#[tokio::test]
async fn a_number_without_a_flag_is_refused_otherwise() {
    let provider = Provider::go("mockoidc").await;
    let jane = Person::agrees("jane");
    let back = shop(oidc(&provider).without_userinfo())
        .come_back(jane)
        .await;
    let why = LoginErrorKind::PhoneNotVerified;
    assert_eq!(refusal(&back), (403, Some(why)));
    let back = shop(oidc(&provider)).come_back(jane).await;
    assert_eq!(refusal(&back), (502, Some(LoginErrorKind::InvalidAnswer)));
}

#[tokio::test]
async fn the_scopes_are_exactly_those_that_were_set() {
    let provider = Provider::go("mockoidc").await;
    let away = shop(oidc(&provider)).visit("/").await;
    assert_eq!(
        parameter(&away, "scope").as_deref(),
        Some("openid profile email")
    );
}

#[tokio::test]
async fn the_other_method_is_not_tried_where_one_is_set() {
    let provider = Provider::go("mockoidc").await;
    let oidc = oidc(&provider).phone_asserted().client_secret_basic();
    let back = shop(oidc).come_back(Person::agrees("jane")).await;
    assert_eq!(refusal(&back), (502, Some(LoginErrorKind::Misconfigured)));
}

#[tokio::test]
async fn a_wrong_secret_is_a_wrong_setting() {
    let provider = Provider::go("mockoidc").await;
    let wrong = Oidc::new(&provider.issuer, "shop", "wrong").scopes(["openid", "profile"]);
    for oidc in [wrong.clone(), wrong.client_secret_post()] {
        let back = shop(oidc).come_back(Person::agrees("jane")).await;
        assert_eq!(refusal(&back), (502, Some(LoginErrorKind::Misconfigured)));
    }
}
