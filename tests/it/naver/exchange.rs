//! The exchange of the code for a token.

use http::{
    Method, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use serde_json::{Value, json};
use tower_phone_auth::{
    Naver,
    error::LoginErrorKind::{
        CodeRejected, InvalidAnswer, Misconfigured, ProviderBusy, ProviderUnavailable,
    },
};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Settings, faults::Fault};

use super::{
    Refusal, assert_not_repeated, assert_signed_in, form_value, login, ok, open, refusal, sent,
};
use crate::support::{
    browser::{JIWOO, altered, parameter},
    shop::Shop,
};

#[tokio::test]
async fn quirk_12_the_state_is_sent_in_the_body_of_the_exchange() {
    let shop = open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/").await;
    let callback = browser.act(&away, JIWOO).await;
    assert_signed_in(&browser.visit(&callback).await, "exchange");
    let request = sent(&shop, Endpoint::Token);
    assert_eq!(form_value(&request, "state"), parameter(&away, "state"));
    assert_eq!(request.method, Method::POST);
    assert_eq!(request.query, None);
}

#[tokio::test]
async fn the_secret_is_in_the_body_and_nowhere_else() {
    let provider = LocalProvider::start().await.unwrap();
    let secret = Settings::AWKWARD_SECRET;
    provider.configure(|settings| settings.client_secret = Some(secret.to_owned()));
    let naver = Naver::new(provider.client_id(), secret).endpoint_base(provider.origin());
    let shop = Shop::at(provider, naver, |builder| builder);
    assert_signed_in(&login(&shop, []).await, "secret with special characters");
    let request = sent(&shop, Endpoint::Token);
    assert_eq!(
        form_value(&request, "client_secret").as_deref(),
        Some(secret)
    );
    assert!(!request.headers.contains_key(AUTHORIZATION));
    let kind = &request.headers[CONTENT_TYPE];
    assert_eq!(kind, "application/x-www-form-urlencoded");
    assert_eq!(form_value(&request, "code_verifier"), None);
}

#[tokio::test]
async fn quirk_02_a_lifetime_may_be_a_string() {
    let shop = open().await;
    assert_signed_in(&login(&shop, []).await, "as the provider sends it");
    for lifetime in [
        json!("3600"),
        json!(3600),
        json!(""),
        json!("soon"),
        json!(null),
    ] {
        let patch = Fault::Merge(json!({ "expires_in": lifetime }));
        let page = login(&shop, [(Endpoint::Token, patch)]).await;
        assert_signed_in(&page, &lifetime.to_string());
    }
}

#[tokio::test]
async fn quirk_04_a_code_that_is_refused_with_200_is_refused() {
    let shop = open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/").await;
    let callback = browser.act(&away, JIWOO).await;
    let guess = altered(&callback, "code", Some("lpsecret-guess"));
    let page = browser.visit(&guess).await;
    assert_eq!(refusal(&page), (400, CodeRejected, Some("invalid_request")));
    assert_not_repeated(&page, "lpsecret-guess");
    assert_eq!(shop.provider.count(Endpoint::Profile), 0);
}

/// Asserts the refusal for this error, with its own status and with 200.
async fn assert_refused_as(error: &Value, status: u16, expected: Refusal<'_>) {
    let shop = open().await;
    for status in [200, status] {
        let fault = Fault::json(StatusCode::from_u16(status).unwrap(), error);
        let page = login(&shop, [(Endpoint::Token, fault)]).await;
        assert_eq!(refusal(&page), expected, "{status} {error}");
        assert_not_repeated(&page, "no valid data");
    }
}

#[tokio::test]
async fn quirk_05_the_standard_name_has_the_same_meaning() {
    let error = json!({ "error": "invalid_grant", "error_description": "no valid data" });
    assert_refused_as(&error, 400, (400, CodeRejected, None)).await;
}

#[tokio::test]
async fn other_names_are_read_at_any_status() {
    for (name, status, expected) in [
        (
            "unauthorized_client",
            401,
            (502, Misconfigured, Some("unauthorized_client")),
        ),
        (
            "invalid_client",
            401,
            (502, Misconfigured, Some("invalid_client")),
        ),
        ("temporarily_unavailable", 503, (503, ProviderBusy, None)),
        ("server_error", 500, (503, ProviderBusy, None)),
    ] {
        let error = json!({ "error": name, "error_description": "no valid data" });
        assert_refused_as(&error, status, expected).await;
    }
}

#[tokio::test]
async fn a_wrong_secret_is_a_fault_for_the_operator_at_either_status() {
    for status in [StatusCode::OK, StatusCode::UNAUTHORIZED] {
        let provider = LocalProvider::start().await.unwrap();
        provider.configure(|settings| settings.naver.wrong_client_status = status);
        let naver = Naver::new(provider.client_id(), "lpsecret-no");
        let naver = naver.endpoint_base(provider.origin());
        let shop = Shop::at(provider, naver, |builder| builder);
        let page = login(&shop, []).await;
        let because = (502, Misconfigured, Some("unauthorized_client"));
        assert_eq!(refusal(&page), because, "{status}");
        assert_not_repeated(&page, "lpsecret-no");
    }
}

#[tokio::test]
async fn quirk_15_a_token_of_another_type_is_not_used() {
    let shop = open().await;
    for kind in [json!("mac"), json!(null)] {
        let patch = Fault::Merge(json!({ "token_type": kind }));
        let page = login(&shop, [(Endpoint::Token, patch)]).await;
        assert_eq!(refusal(&page), (502, InvalidAnswer, None), "{kind}");
    }
    assert_eq!(shop.provider.count(Endpoint::Profile), 0);
}

#[tokio::test]
async fn quirk_22_a_token_with_plus_slash_and_equals_is_sent_unchanged() {
    let shop = open().await;
    let token = "AAAA+b/c==";
    let tokens = json!({ "access_token": token, "token_type": "bearer", "expires_in": "3600" });
    let me = json!({
        "resultcode": "00",
        "message": "success",
        "response": { "id": "a+b/c=", "mobile": "010-1234-5678" },
    });
    let faults = [(Endpoint::Token, ok(&tokens)), (Endpoint::Profile, ok(&me))];
    assert_signed_in(&login(&shop, faults).await, token);
    let request = sent(&shop, Endpoint::Profile);
    assert_eq!(request.headers[AUTHORIZATION], format!("Bearer {token}"));
    assert_eq!(request.query, None);
    shop.provider.forget_requests();
    assert_signed_in(&login(&shop, []).await, "and a token of the provider's own");
}

#[tokio::test]
async fn an_answer_without_json_is_an_outage() {
    let shop = open().await;
    for endpoint in [Endpoint::Token, Endpoint::Profile] {
        for fault in [Fault::Cut, Fault::Redirect("/".to_owned())] {
            let page = login(&shop, [(endpoint, fault)]).await;
            assert_eq!(refusal(&page), (502, ProviderUnavailable, None));
        }
    }
}
