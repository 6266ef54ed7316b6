//! The context of a reader: several requests, and errors that hide what was sent.

use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::{Value, json};
use tower_phone_auth::{
    CustomProvider, OAuthLayer, SessionKey,
    error::{LoginErrorKind as K, ProviderError},
    phone::PhoneAssurance,
    provider::{Profile, ProfileContext, ReadProfile},
};

use super::server::{self, Seen, Server};
use crate::support::{
    browser::{refusal, text},
    log::Log,
    shop::ORIGIN,
};

/// Reads the id and the number at two endpoints. The number's address comes with the id.
struct Two(String);

impl ReadProfile for Two {
    async fn read_profile(&self, context: ProfileContext<'_>) -> Result<Profile, ProviderError> {
        let me = read(&context, &format!("{}/me", self.0)).await?;
        let id = me["id"].as_str().ok_or(K::InvalidAnswer)?;
        let next = me["contact"].as_str().ok_or(K::InvalidAnswer)?;
        let contact = read(&context, next).await?;
        let phone = contact["phone"].as_str().ok_or(K::PhoneNotOnAccount)?;
        let name = context.callback("shown_name").unwrap_or_default();
        Ok(Profile::new(id, phone, PhoneAssurance::Verified).name(name))
    }
}

async fn read(context: &ProfileContext<'_>, address: &str) -> Result<Value, ProviderError> {
    let request = Request::get(address)
        .header("x-token", context.tokens().access_token())
        .body(Bytes::new())?;
    let answer = context.send(request).await?;
    if answer.status() != StatusCode::OK {
        return Err(K::ProviderRefused.into());
    }
    serde_json::from_slice(answer.body()).map_err(|_| K::InvalidAnswer.into())
}

fn club(server: &Server) -> CustomProvider {
    let origin = &server.origin;
    CustomProvider::new("club", "id", "secret", Two(origin.clone()))
        .endpoints(format!("{origin}/authorize"), format!("{origin}/token"))
}

/// A provider whose second endpoint answers so. `{origin}` in `next` is the server's own.
async fn provider(next: &'static str, contact: (u16, &'static str)) -> Server {
    Server::start(Box::new(move |request: &Seen| match &*request.path {
        "/token" => {
            server::json(&json!({ "access_token": "the-access-token", "token_type": "bearer" }))
        }
        "/me" => {
            let host = request.header("host").unwrap();
            let next = next.replace("{origin}", &format!("http://{host}"));
            server::json(&json!({ "id": "7", "contact": next }))
        }
        _ => (
            StatusCode::from_u16(contact.0).unwrap(),
            contact.1.to_owned(),
        ),
    }))
    .await
}

const HERE: &str = "{origin}/contact";
const PHONE: (u16, &str) = (200, r#"{"phone":"+821012345678"}"#);

#[tokio::test]
async fn a_reader_makes_several_requests_with_the_token() {
    let server = provider(HERE, PHONE).await;
    let mut browser = server::browser(club(&server));
    let (_, callback) = server::begin(&mut browser, "club", "&shown_name=%EC%A7%80%EC%9A%B0").await;
    browser.visit(&callback).await;
    assert_eq!(text(&browser.visit("/place").await), "+821012345678");
    for path in ["/me", "/contact"] {
        let [request] = &server.at(path)[..] else {
            panic!("{:?}", server.seen())
        };
        assert_eq!(request.header("x-token"), Some("the-access-token"));
    }
}

#[tokio::test]
async fn the_token_goes_to_https_or_loopback_alone() {
    for next in [
        "http://contact.example.com/",
        "ftp://127.0.0.1/contact",
        "http://127.0.0.1.example.com/",
    ] {
        let server = provider(next, PHONE).await;
        let mut browser = server::browser(club(&server));
        let (_, callback) = server::begin(&mut browser, "club", "").await;
        let page = browser.visit(&callback).await;
        assert_eq!(refusal(&page), Some(K::Misconfigured), "{next}");
    }
}

#[tokio::test]
async fn a_fault_of_the_second_request_refuses_the_sign_in() {
    for (contact, kind) in [
        ((500, ""), K::ProviderRefused),
        ((302, ""), K::ProviderUnavailable),
        ((200, "[]"), K::PhoneNotOnAccount),
        ((200, r#"{"phone":"#), K::InvalidAnswer),
    ] {
        let server = provider(HERE, contact).await;
        let mut browser = server::browser(club(&server));
        let (_, callback) = server::begin(&mut browser, "club", "").await;
        let page = browser.visit(&callback).await;
        assert_eq!(refusal(&page), Some(kind), "{contact:?}");
    }
    let gone = provider("http://127.0.0.1:1/contact", PHONE).await;
    let mut browser = server::browser(club(&gone));
    let (_, callback) = server::begin(&mut browser, "club", "").await;
    let page = browser.visit(&callback).await;
    assert_eq!(refusal(&page), Some(K::ProviderUnavailable));
}

#[tokio::test]
async fn the_log_names_the_last_call_and_hides_the_token_that_the_answer_repeats() {
    let log = Log::capture();
    let echo = r#"{"error":"bad","error_description":"token the-access-token is bad"}"#;
    let server = provider(HERE, (403, echo)).await;
    let mut browser = server::browser(club(&server));
    let (_, callback) = server::begin(&mut browser, "club", "").await;
    let page = browser.visit(&callback).await;
    assert_eq!(refusal(&page), Some(K::ProviderRefused));
    let lines = log.text();
    let line = lines.lines().find(|line| line.contains("[token] is bad"));
    assert!(line.is_some_and(|line| line.contains("403")), "{lines}");
    let own = lines
        .lines()
        .filter(|line| line.contains("tower_phone_auth"));
    assert!(own.clone().count() > 0);
    assert!(
        own.clone().all(|line| !line.contains("the-access-token")),
        "{lines}"
    );
}

#[test]
fn parameters_of_the_exchange_that_cannot_work_are_refused() {
    type Given = fn(CustomProvider) -> CustomProvider;
    for (give, part) in [
        (
            (|club| club.exchange_with("code", "x")) as Given,
            "\"code\"",
        ),
        (
            |club| club.exchange_with_callback("client_secret"),
            "client_secret",
        ),
        (|club| club.exchange_with_callback(""), "is no name"),
        (
            |club| {
                club.exchange_with("device_id", "1")
                    .exchange_with_callback("device_id")
            },
            "is given twice",
        ),
    ] {
        let club = give(super::club().exchange_with("service_token", "s3cret"));
        assert!(!format!("{club:?}").contains("s3cret"));
        let error = OAuthLayer::new(club, ORIGIN, SessionKey::random()).unwrap_err();
        assert_eq!(error.setting(), "exchange_with");
        let error = error.to_string();
        assert!(error.contains(part) && !error.contains("s3cret"), "{error}");
    }
}
