//! The error answers of Kakao. None of their texts is repeated.

use http::{HeaderMap, HeaderValue, StatusCode, header::WWW_AUTHENTICATE};
use serde_json::json;
use tower_phone_auth::error::LoginErrorKind::{
    AccountRefused, CodeRejected, InvalidAnswer, Misconfigured, ProviderBusy, ProviderRefused,
    ProviderUnavailable, RateLimited, TokenRejected,
};
use tower_phone_auth_local_provider::{Endpoint, faults::Fault};

use super::{assert_not_repeated, login, ok, refusal};
use crate::support::{browser::text, log::Log, shop::Shop};

fn koe(status: u16, code: &str, error: &str) -> Fault {
    let status = StatusCode::from_u16(status).unwrap();
    Fault::koe(status, code, error, "no code=SECRETCODE")
}

fn api(status: u16, code: i64) -> Fault {
    Fault::api(StatusCode::from_u16(status).unwrap(), code)
}

#[tokio::test]
async fn quirk_06_a_rejected_code_is_never_repeated() {
    let log = Log::capture();
    let shop = Shop::open().await;
    let fault = koe(400, "KOE320", "invalid_grant");
    let page = login(&shop, [(Endpoint::Token, fault)]).await;
    assert_eq!(refusal(&page), (400, CodeRejected, Some("KOE320")));
    assert_not_repeated(&page, "SECRETCODE");
    let log = log.text();
    assert!(log.contains("KOE320"), "{log}");
    assert!(!log.contains("SECRETCODE"), "{log}");
}

#[tokio::test]
async fn quirk_07_a_wrong_secret_is_a_fault_for_the_operator() {
    let shop = Shop::open().await;
    shop.provider
        .configure(|settings| settings.client_secret = Some("another".to_owned()));
    let page = login(&shop, []).await;
    assert_eq!(refusal(&page), (502, Misconfigured, Some("KOE010")));
    assert!(text(&page).contains("tell the operator"));
}

#[tokio::test]
async fn quirk_08_a_wrong_redirect_uri_is_a_fault_for_the_operator() {
    let shop = Shop::open().await;
    let fault = koe(400, "KOE303", "invalid_grant");
    let page = login(&shop, [(Endpoint::Token, fault)]).await;
    assert_eq!(refusal(&page), (502, Misconfigured, Some("KOE303")));
}

#[tokio::test]
async fn quirk_09_a_used_up_quota_causes_no_further_call() {
    let shop = Shop::open().await;
    shop.provider
        .fail(Endpoint::Token, koe(400, "KOE237", "invalid_request"));
    let page = login(&shop, []).await;
    assert_eq!(refusal(&page), (503, RateLimited, Some("KOE237")));
    assert_eq!(shop.provider.count(Endpoint::Token), 1);
    assert_eq!(shop.provider.count(Endpoint::Profile), 0);
}

#[tokio::test]
async fn koe_codes_give_the_cause_whatever_the_error_name() {
    let shop = Shop::open().await;
    for (status, code, expected) in [
        (400, "KOE320", (400, CodeRejected)),
        (400, "KOE303", (502, Misconfigured)),
        (401, "KOE010", (502, Misconfigured)),
        (401, "KOE101", (502, Misconfigured)),
        (400, "KOE009", (502, Misconfigured)),
        (400, "KOE310", (502, Misconfigured)),
        (400, "KOE237", (503, RateLimited)),
        (500, "KOE003", (503, ProviderBusy)),
    ] {
        for error in ["invalid_grant", "invalid_client", "new_in_2030"] {
            let page = login(&shop, [(Endpoint::Token, koe(status, code, error))]).await;
            assert_eq!(refusal(&page), (expected.0, expected.1, Some(code)));
        }
    }
}

#[tokio::test]
async fn an_error_without_a_known_code_is_read_by_its_name() {
    let shop = Shop::open().await;
    let ours = |name| (502, Misconfigured, Some(name));
    for (error, expected) in [
        ("invalid_grant", (400, CodeRejected, None)),
        ("invalid_client", ours("invalid_client")),
        ("unauthorized_client", ours("unauthorized_client")),
        ("unsupported_grant_type", ours("unsupported_grant_type")),
        ("misconfigured", ours("misconfigured")),
        ("server_error", (503, ProviderBusy, None)),
        ("temporarily_unavailable", (503, ProviderBusy, None)),
        ("invalid_request", ours("invalid_request")),
        ("<b>new</b>", ours("bnewb")),
    ] {
        for code in [
            json!(null),
            json!(320),
            json!(["KOE320"]),
            json!("<b>KOE320"),
        ] {
            let body = json!({ "error": error, "error_code": code });
            let fault = Fault::json(StatusCode::BAD_REQUEST, &body);
            let page = login(&shop, [(Endpoint::Token, fault)]).await;
            assert_eq!(refusal(&page), expected, "{body}");
            assert_not_repeated(&page, "<b>");
        }
    }
}

#[tokio::test]
async fn quirk_05_an_error_with_status_200_is_an_error() {
    let shop = Shop::open().await;
    let error = json!({ "error": "invalid_grant", "error_description": "no valid data" });
    let page = login(&shop, [(Endpoint::Token, ok(&error))]).await;
    assert_eq!(refusal(&page), (400, CodeRejected, None));
    assert_eq!(shop.provider.count(Endpoint::Profile), 0);
}

#[tokio::test]
async fn quirk_41_a_refused_token_is_recognized_with_and_without_a_challenge() {
    let shop = Shop::open().await;
    let foreign = json!({ "token_type": "bearer", "access_token": "unknown" });
    let page = login(&shop, [(Endpoint::Token, ok(&foreign))]).await;
    assert_eq!(refusal(&page), (502, TokenRejected, Some("-401")));

    let page = login(&shop, [(Endpoint::Profile, api(401, -401))]).await;
    assert_eq!(refusal(&page), (502, TokenRejected, Some("-401")));

    let challenge = HeaderValue::from_static("Bearer error=invalid_token");
    let bare = Fault::Answer {
        status: StatusCode::UNAUTHORIZED,
        content_type: None,
        body: Vec::new(),
        headers: HeaderMap::from_iter([(WWW_AUTHENTICATE, challenge)]),
    };
    let page = login(&shop, [(Endpoint::Profile, bare)]).await;
    assert_eq!(refusal(&page), (502, TokenRejected, None));
}

#[tokio::test]
async fn quirk_42_api_codes_give_the_cause_where_the_status_misleads() {
    let shop = Shop::open().await;
    for (status, code, expected) in [
        (400, -1, (503, ProviderBusy)),
        (400, -7, (503, ProviderBusy)),
        (400, -603, (503, ProviderBusy)),
        (503, -9798, (503, ProviderBusy)),
        (400, -10, (503, RateLimited)),
        (400, -11, (503, RateLimited)),
        (401, -401, (502, TokenRejected)),
        (401, -406, (403, AccountRefused)),
        (403, -4, (403, AccountRefused)),
        (400, -103, (403, AccountRefused)),
        (400, -101, (403, ProviderRefused)),
        (400, -2, (502, Misconfigured)),
        (403, -3, (502, Misconfigured)),
        (403, -5, (502, Misconfigured)),
        (400, -8, (502, Misconfigured)),
        (400, -9, (502, Misconfigured)),
        (403, -12, (502, Misconfigured)),
        (403, -402, (502, Misconfigured)),
        (400, -99_999, (502, InvalidAnswer)),
        (500, -99_999, (502, ProviderUnavailable)),
    ] {
        shop.provider.forget_requests();
        let page = login(&shop, [(Endpoint::Profile, api(status, code))]).await;
        let code = code.to_string();
        assert_eq!(refusal(&page), (expected.0, expected.1, Some(&*code)));
        assert_eq!(shop.provider.count(Endpoint::Profile), 1, "{code}");
        assert_eq!(shop.provider.count(Endpoint::Token), 1, "{code}");
        assert_not_repeated(&page, "local provider fault");
    }
}

#[tokio::test]
async fn null_members_of_an_error_do_not_hide_its_cause() {
    let shop = Shop::open().await;
    let error = json!({ "msg": null, "code": -10, "required_scopes": null });
    let fault = Fault::json(StatusCode::BAD_REQUEST, &error);
    let page = login(&shop, [(Endpoint::Profile, fault)]).await;
    assert_eq!(refusal(&page), (503, RateLimited, Some("-10")));
}

#[tokio::test]
async fn an_error_of_an_unknown_name_is_read_by_its_status() {
    let shop = Shop::open().await;
    for (status, expected) in [
        (400, (502, Misconfigured, Some("SomeReason"))),
        (429, (503, RateLimited, None)),
        (500, (502, ProviderUnavailable, None)),
        (502, (502, ProviderUnavailable, None)),
        (503, (503, ProviderBusy, None)),
    ] {
        let error = json!({ "status": status, "error": "Some Reason", "path": "/oauth/token" });
        let fault = Fault::json(StatusCode::from_u16(status).unwrap(), &error);
        let page = login(&shop, [(Endpoint::Token, fault)]).await;
        assert_eq!(refusal(&page), expected, "{status}");
    }
}
