//! The requests of a valid sign-in, and the logout modules of the conformance suite.

use axum::body::Body;
use http::{Method, Request, StatusCode, header::AUTHORIZATION};
use serde_json::{Value, json};
use tower_phone_auth::Oidc;
use tower_phone_auth_local_provider::{Endpoint, Person, faults::Signing};

use super::{assert_signed_in, login, open, open_with, sent, user_with_profile};
use crate::support::{
    browser::{Browser, JIWOO, Page, location, parameter, text},
    shop::Shop,
};

#[tokio::test]
async fn a_valid_sign_in_calls_each_endpoint_once() {
    let shop = open(|_| {}).await;
    let page = shop.browser().sign_in("/", JIWOO).await;
    assert_eq!(text(&page), "+821012345678");
    for endpoint in [
        Endpoint::Discovery,
        Endpoint::Token,
        Endpoint::Keys,
        Endpoint::Profile,
    ] {
        assert_eq!(shop.provider.count(endpoint), 1, "{endpoint:?}");
    }
}

#[tokio::test]
async fn a_second_sign_in_calls_only_token_and_userinfo() {
    let shop = open(|_| {}).await;
    assert_signed_in(&login(&shop, []).await, "the first");
    shop.provider.forget_requests();
    assert_signed_in(&login(&shop, []).await, "the second");
    let mut asked: Vec<_> = shop.provider.requests();
    asked.retain(|request| request.endpoint != Some(Endpoint::Authorize));
    let asked: Vec<_> = asked.iter().map(|request| request.endpoint).collect();
    assert_eq!(asked, [Some(Endpoint::Token), Some(Endpoint::Profile)]);
}

#[tokio::test]
async fn the_authorization_request_has_the_parameters_of_the_specification() {
    let shop = open(|_| {}).await;
    let away = shop.browser().visit("/").await;
    let authorize = format!("{}/authorize?", shop.provider.oidc_issuer());
    assert!(location(&away).starts_with(&authorize));
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "local-demo-app"),
        ("redirect_uri", "http://127.0.0.1:3000/auth/callback/oidc"),
        ("scope", "openid phone"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(parameter(&away, name).as_deref(), Some(value));
    }
    for name in ["state", "nonce", "code_challenge"] {
        assert!(parameter(&away, name).unwrap().len() >= 22, "{name}");
    }
    for name in ["prompt", "max_age", "claims", "request", "request_uri"] {
        assert_eq!(parameter(&away, name), None, "{name}");
    }
}

#[tokio::test]
async fn each_sign_in_sends_a_nonce_a_state_and_a_challenge_of_its_own() {
    let shop = open(|_| {}).await;
    let first = shop.browser().visit("/").await;
    let second = shop.browser().visit("/").await;
    for name in ["state", "nonce", "code_challenge"] {
        assert_ne!(parameter(&first, name), parameter(&second, name), "{name}");
    }
}

#[tokio::test]
async fn claims_are_requested_by_scope_and_read_from_userinfo() {
    let scopes = |oidc: Oidc| oidc.scope("profile").scope("email");
    let shop = open_with(|_| {}, scopes, |builder| builder).await;
    let away = shop.browser().visit("/").await;
    let scope = parameter(&away, "scope");
    assert_eq!(scope.as_deref(), Some("openid profile email phone"));
    let person = user_with_profile(&shop, json!({})).await;
    let expected = json!({
        "phone": "+821012345678",
        "assurance": "Verified",
        "provider": "oidc",
        "subject": "1376016924429759228",
        "name": "김지우",
        "email": "jiwoo@example.com",
        "email_verified": true,
    });
    assert_eq!(person, expected);
}

#[tokio::test]
async fn an_email_has_the_verified_flag_of_its_own_source() {
    let shop = open(|_| {}).await;
    for (flag, verified) in [
        (json!(true), true),
        (json!(false), false),
        (json!("true"), false),
        (json!(1), false),
        (json!(null), false),
    ] {
        // A flag of the other source belongs to another address.
        shop.provider.forge_id_token(|_, claims| {
            claims["email_verified"] = true.into();
        });
        let patch = json!({ "email": "jiwoo@example.com", "email_verified": flag });
        let person = user_with_profile(&shop, patch).await;
        assert_eq!(person["email_verified"], verified, "{flag}");
    }
}

#[tokio::test]
async fn userinfo_is_called_with_the_token_in_the_header() {
    let shop = open(|_| {}).await;
    assert_signed_in(&login(&shop, []).await, "bearer header");
    let request = sent(&shop, Endpoint::Profile);
    let bearer = request.headers[AUTHORIZATION].to_str().unwrap();
    assert!(bearer.starts_with("Bearer lpsecret"));
    assert_eq!(request.method, Method::GET);
    assert_eq!(request.query, None);
    assert!(request.body.is_empty());
}

#[tokio::test]
async fn the_claims_parameter_is_sent_where_it_is_supported_and_needed() {
    let scopes = |oidc: Oidc| oidc.scopes(["openid"]);
    let shop = open_with(
        |oidc| oidc.claims_parameter = true,
        scopes,
        |builder| builder,
    )
    .await;
    let away = shop.browser().visit("/").await;
    let claims = parameter(&away, "claims").unwrap();
    let claims: Value = serde_json::from_str(&claims).unwrap();
    let phone = json!({ "essential": true });
    assert_eq!(claims["userinfo"]["phone_number"], phone);
    assert_eq!(claims["userinfo"]["phone_number_verified"], phone);
    assert_signed_in(&login(&shop, []).await, "with the claims parameter");
}

/// Signs in, and out at the provider too. The modules of the suite's logout plans begin like this.
async fn signed_out() -> (Shop, Browser, Page) {
    let shop = open_with(|_| {}, Oidc::logout_at_provider, |builder| builder).await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let page = [
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-site", "same-origin"),
    ];
    let away = browser.send(Method::POST, "/auth/logout", &page).await;
    assert!(location(&away).contains("/oidc/logout?"));
    (shop, browser, away)
}

/// Sends a logout token of the provider to the application.
async fn send_logout_token(shop: &Shop) -> StatusCode {
    let token = shop.provider.logout_token(Person::WITH_PHONE).unwrap();
    let request = Request::post("/auth/events/oidc")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(format!("logout_token={token}")));
    shop.browser().call(request.unwrap()).await.status()
}

#[tokio::test]
async fn rp_init_logout() {
    let (_shop, mut browser, away) = signed_out().await;
    let state = parameter(&away, "state").unwrap();
    let back = format!("/auth/logout/done?state={state}");
    assert!(text(&browser.visit(&back).await).contains("out of this site and of"));
}

#[tokio::test]
async fn rp_init_logout_other_state_and_no_state() {
    for query in ["?state=another", ""] {
        let (_shop, mut browser, _) = signed_out().await;
        let page = browser.visit(&format!("/auth/logout/done{query}")).await;
        assert_eq!(page.status(), StatusCode::OK);
        assert!(text(&page).contains("You are signed out"));
    }
}

#[tokio::test]
async fn rp_backchannel_rpinitlogout() {
    let (shop, ..) = signed_out().await;
    assert_eq!(send_logout_token(&shop).await, StatusCode::OK);
}

#[tokio::test]
async fn rp_backchannel_rpinitlogout_lt_alg_none_and_wrong_alg() {
    for signing in [Signing::None, Signing::HmacWithPublicKey] {
        let (shop, ..) = signed_out().await;
        shop.provider.sign_id_tokens(signing);
        assert_eq!(
            send_logout_token(&shop).await,
            StatusCode::BAD_REQUEST,
            "{signing:?}"
        );
    }
}

#[tokio::test]
async fn rp_backchannel_rpinitlogout_lt_with_wrong_claims() {
    type Forge = fn(&mut Value);
    let modules: [(&str, Forge); 5] = [
        ("no-event", |claims| claims["events"] = json!(null)),
        ("wrong-event", |claims| {
            claims["events"] = json!({ "https://example.com/another": {} });
        }),
        ("with-nonce", |claims| claims["nonce"] = "nonce".into()),
        ("wrong-aud", |claims| claims["aud"] = "another-app".into()),
        ("wrong-iss", |claims| {
            claims["iss"] = "https://example.com".into()
        }),
    ];
    for (module, forge) in modules {
        let (shop, ..) = signed_out().await;
        shop.provider.forge_id_token(move |_, claims| forge(claims));
        assert_eq!(
            send_logout_token(&shop).await,
            StatusCode::BAD_REQUEST,
            "{module}"
        );
    }
}
