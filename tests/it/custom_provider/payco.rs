//! PAYCO as `examples/custom` has it.

use http::{Method, StatusCode};
use serde_json::{Value, json};
use tower_phone_auth::error::LoginErrorKind as K;

use super::server::{self, Seen, Server};
use crate::support::browser::{refusal, text};

#[path = "../../../examples/custom/payco.rs"]
#[allow(dead_code)] // The addresses of the real servers are for the example.
mod example;

async fn payco(status: StatusCode, profile: String) -> Server {
    Server::start(Box::new(move |request: &Seen| match &*request.path {
        "/oauth2.0/token" => server::json(&json!({
            "access_token": "AAAAFLq/+==", "access_token_secret": "s", "refresh_token": "r",
            "token_type": "Bearer", "expires_in": "86400", "state": "" })),
        "/payco/friends/find_member_v2.json" => (status, profile.clone()),
        _ => (StatusCode::NOT_FOUND, String::new()),
    }))
    .await
}

fn envelope(is_successful: bool, member: &Value) -> String {
    let code = if is_successful { 0 } else { -11 };
    json!({ "header": { "isSuccessful": is_successful, "resultCode": code, "resultMessage": "s3cret" },
            "data": { "member": member } })
    .to_string()
}

async fn come_back(
    server: &Server,
) -> (
    crate::support::browser::Browser,
    crate::support::browser::Page,
) {
    let provider = example::at(&server.origin, &server.origin, "the-client", "secret");
    let mut browser = server::browser(provider);
    let (_, callback) = server::begin(&mut browser, "payco", "").await;
    let page = browser.visit(&callback).await;
    (browser, page)
}

#[tokio::test]
async fn the_profile_is_requested_with_two_headers_and_a_national_number_is_korean() {
    for mobile in ["01012345678", "010-1234-5678"] {
        let member = json!({ "idNo": "3c8e1f", "name": "김지우", "mobile": mobile });
        let server = payco(StatusCode::OK, envelope(true, &member)).await;
        let (mut browser, _) = come_back(&server).await;
        assert_eq!(text(&browser.visit("/place").await), "+821012345678");
        let [profile] = &server.at("/payco/friends/find_member_v2.json")[..] else {
            panic!("{:?}", server.seen())
        };
        assert_eq!(profile.method, Method::POST);
        assert_eq!(profile.header("client_id"), Some("the-client"));
        assert_eq!(profile.header("access_token"), Some("AAAAFLq/+=="));
        assert_eq!(profile.header("authorization"), None);
    }
}

#[tokio::test]
async fn a_failure_is_in_the_header_of_the_envelope() {
    let id = json!({ "idNo": "3c8e1f" });
    for (status, profile, kind) in [
        (200, envelope(false, &Value::Null), K::ProviderRefused),
        (200, envelope(true, &id), K::PhoneNotConfigured),
        (
            200,
            envelope(true, &json!({ "mobile": "01012345678" })),
            K::InvalidAnswer,
        ),
        (
            200,
            "<html>maintenance</html>".to_owned(),
            K::ProviderUnavailable,
        ),
        (200, "{}".to_owned(), K::ProviderUnavailable),
        (502, envelope(true, &json!({})), K::ProviderUnavailable),
        (302, String::new(), K::ProviderUnavailable),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let server = payco(status, profile.clone()).await;
        let (browser, page) = come_back(&server).await;
        assert_eq!(refusal(&page), Some(kind), "{status} {profile}");
        assert!(!text(&page).contains("s3cret") && browser.session().is_none());
    }
}
