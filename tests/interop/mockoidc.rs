//! mockoidc. Its numbers have no flag and belong to the scope `profile`. It accepts the secret only
//! in the body, whatever it announces. Its userinfo has no `sub`.

use tower_phone_auth::{Oidc, error::LoginErrorKind};

use crate::support::{
    browser::{parameter, refusal},
    provider::Provider,
    shop::{SECRET, shop},
    user::User,
};

/// Requests only the scopes that mockoidc knows. It refuses all others on its own page.
fn oidc(provider: &Provider) -> Oidc {
    Oidc::new(&provider.issuer, "shop", SECRET).scopes(["openid", "profile", "email"])
}

#[tokio::test]
async fn a_user_signs_in_where_the_settings_vouch_for_the_numbers() {
    let provider = Provider::go("mockoidc").await;
    for oidc in [
        oidc(&provider).phone_asserted(),
        oidc(&provider).phone_asserted().client_secret_post(),
    ] {
        let shown = shop(oidc).sign_in(User::agrees("jane")).await;
        assert!(
            shown.starts_with("+821012345678 Asserted, jane, "),
            "{shown}"
        );
    }
}

/// The userinfo could have the flag, but has no `sub`.
#[tokio::test]
async fn a_number_without_a_flag_is_refused_by_default() {
    let provider = Provider::go("mockoidc").await;
    let jane = User::agrees("jane");
    let back = shop(oidc(&provider).without_userinfo())
        .come_back(jane)
        .await;
    let why = LoginErrorKind::PhoneNotVerified;
    assert_eq!(refusal(&back), (403, Some(why)));
    let back = shop(oidc(&provider)).come_back(jane).await;
    assert_eq!(refusal(&back), (502, Some(LoginErrorKind::InvalidAnswer)));
}

#[tokio::test]
async fn the_scopes_are_exactly_those_of_the_settings() {
    let provider = Provider::go("mockoidc").await;
    let away = shop(oidc(&provider)).visit("/").await;
    assert_eq!(
        parameter(&away, "scope").as_deref(),
        Some("openid profile email")
    );
}

#[tokio::test]
async fn a_configured_method_has_no_alternative() {
    let provider = Provider::go("mockoidc").await;
    let oidc = oidc(&provider).phone_asserted().client_secret_basic();
    let back = shop(oidc).come_back(User::agrees("jane")).await;
    assert_eq!(refusal(&back), (502, Some(LoginErrorKind::Misconfigured)));
}

#[tokio::test]
async fn a_wrong_secret_is_a_misconfiguration() {
    let provider = Provider::go("mockoidc").await;
    let wrong = Oidc::new(&provider.issuer, "shop", "wrong").scopes(["openid", "profile"]);
    for oidc in [wrong.clone(), wrong.client_secret_post()] {
        let back = shop(oidc).come_back(User::agrees("jane")).await;
        assert_eq!(refusal(&back), (502, Some(LoginErrorKind::Misconfigured)));
    }
}
