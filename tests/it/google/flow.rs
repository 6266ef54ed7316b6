//! The request to Google, the callback and the exchange.

use std::time::Duration;

use axum::{Router, routing::get};
use http::header::AUTHORIZATION;
use serde_json::json;
use tower_phone_auth::{
    Google, Naver, OAuthLayer, SessionKey, Text,
    error::LoginErrorKind::{Cancelled, CodeRejected, IssuerMismatch, Misconfigured},
};
use tower_phone_auth_local_provider::{
    Endpoint,
    faults::{CallbackIss, Fault},
};

use super::{
    PHONE, Refusal, assert_signed_in, form_value, login, open, refusal, sent, user_with_profile,
};
use crate::support::{
    browser::{Act, Browser, JIWOO, location, parameter, text},
    shop::ORIGIN,
};

#[tokio::test]
async fn the_request_asks_for_the_people_apis_scope() {
    let shop = open(|_| {}).await;
    let away = shop.browser().visit("/").await;
    let authorize = format!("{}/o/oauth2/v2/auth?", shop.provider.origin());
    assert!(location(&away).starts_with(&authorize));
    let scope = format!("openid profile email {PHONE}");
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "local-demo-app"),
        ("redirect_uri", "http://127.0.0.1:3000/auth/callback/google"),
        ("scope", scope.as_str()),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(parameter(&away, name).as_deref(), Some(value));
    }
    for name in ["state", "nonce", "code_challenge"] {
        assert!(parameter(&away, name).unwrap().len() >= 22, "{name}");
    }
    for name in ["prompt", "access_type", "include_granted_scopes"] {
        assert_eq!(parameter(&away, name), None, "{name}");
    }
}

#[tokio::test]
async fn the_user_is_read_from_the_id_token_and_the_number_from_the_people_api() {
    let shop = open(|_| {}).await;
    let expected = json!({
        "phone": "+821012345678",
        "assurance": "Verified",
        "provider": "google",
        "subject": "101376016924429759228",
        "name": "김지우",
        "email": "jiwoo@example.com",
        "email_verified": true,
    });
    let mut person = user_with_profile(&shop, json!({})).await;
    assert_eq!(person["subject"].as_str().map(str::len), Some(21));
    person["subject"] = expected["subject"].clone();
    assert_eq!(person, expected);
    let request = sent(&shop, Endpoint::Profile);
    assert_eq!(request.path, "/v1/people/me");
    assert_eq!(request.query.as_deref(), Some("personFields=phoneNumbers"));
    let bearer = request.headers[AUTHORIZATION].to_str().unwrap();
    assert!(bearer.starts_with("Bearer "));
}

#[tokio::test]
async fn the_secret_is_in_the_body_with_the_verifier() {
    let shop = open(|_| {}).await;
    assert_signed_in(&login(&shop, []).await, "exchange");
    let request = sent(&shop, Endpoint::Token);
    assert_eq!(request.query, None);
    assert!(!request.headers.contains_key(AUTHORIZATION));
    let secret = form_value(&request, "client_secret");
    assert_eq!(secret.as_deref(), Some("lpsecret-client"));
    assert_eq!(form_value(&request, "code_verifier").unwrap().len(), 43);
}

#[tokio::test]
async fn quirk_32_the_iss_of_the_callback_must_be_googles() {
    for (sent, passes) in [
        (CallbackIss::Off, true),
        (CallbackIss::Unannounced, true),
        (CallbackIss::Other("accounts.google.com".to_owned()), false),
        (
            CallbackIss::Other("https://nid.naver.com".to_owned()),
            false,
        ),
    ] {
        let shop = open(|google| google.callback_iss = sent.clone()).await;
        let page = login(&shop, []).await;
        if passes {
            assert_signed_in(&page, &format!("{sent:?}"));
        } else {
            assert_eq!(refusal(&page), (400, IssuerMismatch, None), "{sent:?}");
            assert_eq!(shop.provider.count(Endpoint::Token), 0);
        }
    }
}

#[tokio::test]
async fn a_user_who_cancels_gets_the_page_for_that() {
    let shop = open(|_| {}).await;
    let page = shop.browser().come_back("/", Act::Cancel).await;
    assert_eq!(refusal(&page), (403, Cancelled, Some("access_denied")));
}

#[tokio::test]
async fn errors_of_the_token_endpoint_are_read_by_their_standard_names() {
    let shop = open(|_| {}).await;
    let cases: [(u16, &str, Refusal<'_>); 3] = [
        (400, "invalid_grant", (400, CodeRejected, None)),
        (
            401,
            "invalid_client",
            (502, Misconfigured, Some("invalid_client")),
        ),
        (401, "of_its_own", (502, Misconfigured, Some("of_its_own"))),
    ];
    for (status, name, expected) in cases {
        let error = json!({ "error": name, "error_description": "Bad Request" });
        let fault = Fault::json(status.try_into().unwrap(), &error);
        let page = login(&shop, [(Endpoint::Token, fault)]).await;
        assert_eq!(refusal(&page), expected, "{name}");
    }
}

#[tokio::test]
async fn a_route_that_accepts_an_unproved_sign_in_asks_for_the_account_again() {
    let shop = open(|_| {}).await;
    let minutes = |count: u64| Duration::from_secs(60 * count);
    let asked = shop.layer.require().max_age(minutes(5)).accept_unproved();
    let app = Router::new()
        .route("/pay", get(async || "paid"))
        .route_layer(asked)
        .route("/", get(async || "home"))
        .layer(shop.layer.clone());
    let mut browser = Browser::new(app, ORIGIN);
    browser.sign_in("/", JIWOO).await;
    shop.time.pass(minutes(6));
    let away = browser.visit("/pay").await;
    let prompt = parameter(&away, "prompt");
    assert_eq!(prompt.as_deref(), Some("select_account"));
    let callback = browser.act(&away, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), "/pay");
    assert_eq!(text(&browser.visit("/pay").await), "paid");
}

#[tokio::test]
async fn a_further_scope_and_the_text_of_a_button_come_from_the_application() {
    let google = Google::new("id", "secret").scope("calendar");
    let shown = Text::en("For our staff").ko("직원용");
    let builder = OAuthLayer::builder()
        .public_url(ORIGIN)
        .session_key(SessionKey::random())
        .provider(google.clone().titled(shown.clone()))
        .provider(Naver::new("id", "secret").titled(shown));
    let app = Router::new().layer(builder.build().unwrap());
    let page = text(&Browser::new(app, ORIGIN).visit("/auth/login").await);
    assert_eq!(page.matches("For our staff").count(), 2, "{page}");

    let layer = OAuthLayer::new(google, ORIGIN, SessionKey::random()).unwrap();
    let app = Router::new().route("/", get(|| async {})).layer(layer);
    let away = Browser::new(app, ORIGIN).visit("/").await;
    let scope = format!("openid profile email {PHONE} calendar");
    assert_eq!(parameter(&away, "scope"), Some(scope));
}
