//! VK ID as `examples/custom` has it.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use tower_phone_auth::error::LoginErrorKind as K;

use super::server::{self, Seen, Server};
use crate::support::browser::{parameter, refusal, text};

#[path = "../../../examples/custom/vk_id.rs"]
#[allow(dead_code)] // The address of the real server is for the example.
mod example;

const DEVICE: &str = "&device_id=a-device%2F1&type=code_v2";

fn tokens() -> Value {
    json!({ "refresh_token": "r", "access_token": "vk2.a.token-_", "id_token": "not.a.jwt",
            "token_type": "Bearer", "expires_in": 0, "user_id": 1_234_567_890, "scope": "phone" })
}

async fn vk_id(user_info: Value) -> Server {
    vk_id_with(tokens(), user_info).await
}

async fn vk_id_with(token: Value, user_info: Value) -> Server {
    Server::start(Box::new(move |request: &Seen| match &*request.path {
        "/oauth2/auth" => server::json(&token),
        "/oauth2/user_info" => server::json(&user_info),
        _ => (StatusCode::NOT_FOUND, String::new()),
    }))
    .await
}

fn user(phone: &Value) -> Value {
    json!({ "user": { "user_id": "1234567890", "first_name": "Ivan", "phone": phone } })
}

#[tokio::test]
async fn the_code_is_exchanged_with_the_device_and_the_profile_is_read_by_post() {
    let server = vk_id(user(&json!("821012345678"))).await;
    let mut browser = server::browser(example::at(&server.origin, "53141592"));
    let (away, callback) = server::begin(&mut browser, "vk-id", DEVICE).await;
    let challenge = parameter(&away, "code_challenge").unwrap();
    assert_eq!(parameter(&away, "code_challenge_method").unwrap(), "S256");
    assert_eq!(parameter(&away, "scope").unwrap(), "phone");
    let state = parameter(&away, "state").unwrap();
    assert!(state.len() >= 32, "VK ID requires 32 characters");
    browser.visit(&callback).await;
    assert_eq!(text(&browser.visit("/place").await), "+821012345678");

    let [exchange] = &server.at("/oauth2/auth")[..] else {
        panic!("{:?}", server.seen())
    };
    let mut names: Vec<_> = exchange.form().into_iter().map(|(name, _)| name).collect();
    names.sort();
    // VK ID answers an unknown parameter with 404.
    assert_eq!(
        names,
        [
            "client_id",
            "code",
            "code_verifier",
            "device_id",
            "grant_type",
            "redirect_uri",
            "state"
        ]
    );
    assert_eq!(exchange.header("authorization"), None);
    assert_eq!(exchange.value("device_id").unwrap(), "a-device/1");
    assert_eq!(exchange.value("state").unwrap(), state);
    let verifier = exchange.value("code_verifier").unwrap();
    let hash = digest(&SHA256, verifier.as_bytes());
    assert_eq!(URL_SAFE_NO_PAD.encode(hash), challenge);

    let [profile] = &server.at("/oauth2/user_info")[..] else {
        panic!("{:?}", server.seen())
    };
    assert_eq!(profile.method, Method::POST);
    assert_eq!(profile.header("authorization"), None);
    assert_eq!(profile.value("client_id").unwrap(), "53141592");
    assert_eq!(profile.value("access_token").unwrap(), "vk2.a.token-_");
}

#[tokio::test]
async fn a_number_is_read_with_or_without_plus_and_as_a_json_number() {
    for phone in [
        json!("821012345678"),
        json!("+821012345678"),
        json!(821_012_345_678_u64),
    ] {
        let server = vk_id(user(&phone)).await;
        let mut browser = server::browser(example::at(&server.origin, "53141592"));
        let (_, callback) = server::begin(&mut browser, "vk-id", DEVICE).await;
        browser.visit(&callback).await;
        let page = text(&browser.visit("/place").await);
        assert_eq!(page, "+821012345678", "{phone}");
    }
}

#[tokio::test]
async fn a_callback_without_a_device_or_with_two_calls_no_endpoint() {
    let server = vk_id(user(&json!("821012345678"))).await;
    let long = format!("&device_id={}", "x".repeat(5000));
    for device in ["", "&device_id=1&device_id=2", &long] {
        let mut browser = server::browser(example::at(&server.origin, "53141592"));
        let (_, callback) = server::begin(&mut browser, "vk-id", device).await;
        let page = browser.visit(&callback).await;
        assert_eq!(refusal(&page), Some(K::InvalidAnswer), "{device:.40}");
        assert!(browser.session().is_none());
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn errors_with_status_200_refuse_the_sign_in() {
    let error = |name: &str| json!({ "error": name, "error_description": "s3cret" });
    let user = user(&json!("821012345678"));
    for (token, user_info, kind) in [
        (error("invalid_grant"), user.clone(), K::CodeRejected),
        (tokens(), error("invalid_token"), K::ProviderRefused),
        (tokens(), json!({}), K::InvalidAnswer),
        (tokens(), json!([]), K::InvalidAnswer),
        (
            tokens(),
            json!({ "user": { "phone": "821012345678" } }),
            K::InvalidAnswer,
        ),
        (
            tokens(),
            json!({ "user": { "user_id": 1, "phone": "12" } }),
            K::PhoneInvalid,
        ),
    ] {
        let server = vk_id_with(token, user_info.clone()).await;
        let mut browser = server::browser(example::at(&server.origin, "53141592"));
        let (_, callback) = server::begin(&mut browser, "vk-id", DEVICE).await;
        let page = browser.visit(&callback).await;
        assert_eq!(refusal(&page), Some(kind), "{user_info}");
        assert!(!text(&page).contains("s3cret"), "{}", text(&page));
    }
}

#[tokio::test]
async fn a_user_who_did_not_share_the_number_is_asked_once_more() {
    let server = vk_id(json!({ "user": { "user_id": 7 } })).await;
    let mut browser = server::browser(example::at(&server.origin, "53141592"));
    let (_, callback) = server::begin(&mut browser, "vk-id", DEVICE).await;
    let again = browser.visit(&callback).await;
    let state = parameter(&again, "state").unwrap();
    let callback = format!("/auth/callback/vk-id?code=second&state={state}{DEVICE}");
    let page = browser.visit(&callback).await;
    assert_eq!(refusal(&page), Some(K::PhoneNotShared));
}
