//! The errors of the People API.

use http::StatusCode;
use serde_json::{Value, json};
use tower_phone_auth::error::LoginErrorKind::{
    InvalidAnswer, Misconfigured, PhoneNotConfigured, ProviderBusy, ProviderUnavailable,
    RateLimited, TokenRejected,
};
use tower_phone_auth_local_provider::{Endpoint, Person, faults::Fault};

use super::{PHONE, Refusal, assert_not_repeated, error, login, open, refusal};
use crate::support::browser::{Act, Page, parameter};

async fn refused(status: u16, body: &Value) -> Page {
    let shop = open(|_| {}).await;
    let fault = Fault::json(StatusCode::from_u16(status).unwrap(), body);
    login(&shop, [(Endpoint::Profile, fault)]).await
}

fn denied(message: &str, reason: &str) -> Value {
    json!({ "error": {
        "code": 403,
        "message": message,
        "status": "PERMISSION_DENIED",
        "details": [{ "@type": "x" }, { "reason": reason }],
    } })
}

#[tokio::test]
async fn quirk_54_a_missing_scope_is_requested_once() {
    let shop = open(|_| {}).await;
    // The token endpoint announces the scope, although it was not granted.
    let patch = Fault::Merge(json!({ "scope": format!("openid {PHONE}") }));
    shop.provider.fail(Endpoint::Token, patch);
    let unticked = Act::Untick(Person::WITH_PHONE);
    let mut browser = shop.browser();
    let again = browser.come_back("/", unticked).await;
    assert_eq!(parameter(&again, "prompt").as_deref(), Some("consent"));
    assert_eq!(shop.provider.count(Endpoint::Profile), 1);
    let callback = browser.act(&again, unticked).await;
    let page = browser.visit(&callback).await;
    assert_eq!(page.status(), 403);
    assert_eq!(shop.provider.count(Endpoint::Profile), 2);
}

#[tokio::test]
async fn quirk_54_a_missing_scope_is_recognized_by_reason_or_message() {
    for body in [
        denied("x", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
        denied("Request had insufficient authentication scopes.", "x"),
        json!({ "error": { "message": "Request had insufficient authentication scopes." } }),
    ] {
        let page = refused(403, &body).await;
        assert_eq!(parameter(&page, "prompt").as_deref(), Some("consent"));
    }
}

#[tokio::test]
async fn quirk_54_a_disabled_api_is_a_fault_for_the_operator() {
    let shop = open(|google| google.people_api = false).await;
    let page = login(&shop, []).await;
    assert_eq!(refusal(&page), (403, PhoneNotConfigured, None));
    assert!(error(&page).kind().is_for_operator());
    assert_not_repeated(&page, "People API");
}

#[tokio::test]
async fn quirk_54_other_errors_are_read_by_their_status() {
    let error_with = |code: u16| json!({ "error": { "code": code, "message": "lpsecret-echo" } });
    let cases: [(u16, Refusal<'_>); 6] = [
        (400, (502, InvalidAnswer, None)),
        (401, (502, TokenRejected, None)),
        (403, (502, Misconfigured, None)),
        (429, (503, RateLimited, None)),
        (500, (502, ProviderUnavailable, None)),
        (503, (503, ProviderBusy, None)),
    ];
    for (status, expected) in cases {
        for body in [error_with(status), json!({}), json!({ "error": "x" })] {
            let page = refused(status, &body).await;
            assert_eq!(refusal(&page), expected, "{status} {body}");
            assert_not_repeated(&page, "lpsecret-echo");
        }
    }
}

#[tokio::test]
async fn a_token_that_the_people_api_rejects_refuses_the_sign_in() {
    let shop = open(|_| {}).await;
    shop.provider.forge_id_token(|_, claims| {
        claims.as_object_mut().unwrap().remove("at_hash");
    });
    let patch = Fault::Merge(json!({ "access_token": "ya29.unknown" }));
    let page = login(&shop, [(Endpoint::Token, patch)]).await;
    assert_eq!(refusal(&page), (502, TokenRejected, None));
}

#[tokio::test]
async fn an_answer_without_json_is_an_outage() {
    for endpoint in [Endpoint::Keys, Endpoint::Token, Endpoint::Profile] {
        let shop = open(|_| {}).await;
        for fault in [Fault::Cut, Fault::Redirect("/".to_owned())] {
            // A redirect in place of the answer: the address is wrong.
            let is_elsewhere = endpoint == Endpoint::Keys && matches!(fault, Fault::Redirect(_));
            let kind = if is_elsewhere {
                Misconfigured
            } else {
                ProviderUnavailable
            };
            let page = login(&shop, [(endpoint, fault)]).await;
            assert_eq!(refusal(&page), (502, kind, None));
        }
    }
}
