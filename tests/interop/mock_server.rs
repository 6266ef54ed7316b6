//! oauth2-mock-server. It shows no page, has one user, and sends the claims that a test sets. It
//! announces no scopes and no client authentication, and its token answers name a scope that was
//! not requested.

use http::StatusCode;
use serde_json::{Value, json};
use tower_phone_auth::{Oidc, error::LoginErrorKind};

use crate::support::{
    browser::{Browser, refusal, text},
    provider::Provider,
    shop::{SECRET, shop},
    user::User,
};

const JOHN: &str = "johndoe";

fn at(provider: &Provider) -> Browser {
    shop(Oidc::without_secret(&provider.issuer, "shop"))
}

fn verified() -> Value {
    json!({ "phone_number": "+821012345678", "phone_number_verified": true })
}

fn of_john(mut claims: Value) -> Value {
    claims["sub"] = json!(JOHN);
    claims
}

#[tokio::test]
async fn a_user_signs_in_with_the_number_in_userinfo_or_in_the_id_token() {
    for (id_token, userinfo) in [
        (json!({}), of_john(verified())),
        (verified(), of_john(json!({}))),
        (verified(), of_john(verified())),
    ] {
        let provider = Provider::mock(&id_token, &userinfo).await;
        let shown = at(&provider).sign_in(User::agrees(JOHN)).await;
        assert!(
            shown.starts_with("+821012345678 Verified, johndoe"),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn a_secret_is_sent_although_no_method_is_announced() {
    let provider = Provider::mock(&json!({}), &of_john(verified())).await;
    for oidc in [
        Oidc::new(&provider.issuer, "shop", SECRET).client_secret_basic(),
        Oidc::new(&provider.issuer, "shop", SECRET).client_secret_post(),
    ] {
        let shown = shop(oidc).sign_in(User::agrees(JOHN)).await;
        assert!(shown.starts_with("+821012345678"), "{shown}");
    }
}

/// RFC 7519 section 2: a date may have a fraction.
#[tokio::test]
async fn an_auth_time_with_a_fraction_is_a_proof() {
    for fraction in [json!(0), json!(0.5), json!(-1.25)] {
        let id_token = json!({ "auth_time": fraction });
        let provider = Provider::mock(&id_token, &of_john(verified())).await;
        let mut browser = at(&provider);
        browser.sign_in(User::agrees(JOHN)).await;
        let page = browser.visit("/pay").await;
        assert_eq!(page.status(), StatusCode::OK, "{fraction}");
        assert!(text(&page).starts_with("+821012345678"));
    }
}

#[tokio::test]
async fn an_old_auth_time_is_no_proof() {
    for before in [json!(-60), json!(-60.5), json!(-3600)] {
        let id_token = json!({ "auth_time": before });
        let provider = Provider::mock(&id_token, &of_john(verified())).await;
        let mut browser = at(&provider);
        browser.sign_in(User::agrees(JOHN)).await;
        let status = browser.visit("/pay").await.status();
        assert_eq!(status, StatusCode::SEE_OTHER, "{before}");
    }
}

#[tokio::test]
async fn a_number_without_the_flag_verified_is_refused() {
    for flag in [json!(false), json!("true"), json!(1), Value::Null] {
        let claims = json!({ "phone_number": "+821012345678", "phone_number_verified": flag });
        let provider = Provider::mock(&json!({}), &of_john(claims)).await;
        let back = at(&provider).come_back(User::agrees(JOHN)).await;
        let why = LoginErrorKind::PhoneNotVerified;
        assert_eq!(refusal(&back), (403, Some(why)), "{flag}");
    }
}

#[tokio::test]
async fn an_id_token_of_another_application_or_from_elsewhere_is_refused() {
    for id_token in [
        json!({ "aud": "another" }),
        json!({ "iss": "http://localhost:1" }),
        json!({ "nonce": "another" }),
        json!({ "exp": 1 }),
    ] {
        let provider = Provider::mock(&id_token, &of_john(verified())).await;
        let back = at(&provider).come_back(User::agrees(JOHN)).await;
        let why = LoginErrorKind::IdTokenRejected;
        assert_eq!(refusal(&back), (502, Some(why)), "{id_token}");
    }
}

/// The ID token has the number, but userinfo of another user means that something is wrong.
#[tokio::test]
async fn userinfo_of_another_user_is_refused() {
    for sub in ["janedoe", "johndoe ", ""] {
        let mut userinfo = verified();
        userinfo["sub"] = json!(sub);
        let provider = Provider::mock(&json!({}), &userinfo).await;
        let back = at(&provider).come_back(User::agrees(JOHN)).await;
        assert_eq!(back.status(), StatusCode::BAD_GATEWAY, "{sub:?}");
    }
}
