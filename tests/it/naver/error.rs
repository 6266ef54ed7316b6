//! The two error forms of the profile, at any status.

use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use tower_phone_auth::error::LoginErrorKind::{
    InvalidAnswer, Misconfigured, ProviderBusy, ProviderUnavailable, RateLimited, TokenRejected,
};
use tower_phone_auth_local_provider::{Endpoint, NaverErrors, faults::Fault};

use super::{Refusal, assert_not_repeated, login, ok, open, refusal};
use crate::support::{browser::Page, shop::Shop};

const TOKEN: Refusal<'_> = (502, TokenRejected, Some("024"));

/// A sign-in whose profile request has a token that Naver does not know.
async fn with_a_bad_token(errors: NaverErrors) -> Page {
    let shop = open().await;
    shop.provider
        .configure(|settings| settings.naver.errors = errors);
    let patch = Fault::Merge(json!({ "access_token": "AAAAunknown" }));
    login(&shop, [(Endpoint::Token, patch)]).await
}

async fn refused(shop: &Shop, status: u16, body: &Value) -> Page {
    let fault = Fault::json(StatusCode::from_u16(status).unwrap(), body);
    login(shop, [(Endpoint::Profile, fault)]).await
}

#[tokio::test]
async fn quirk_45_a_resultcode_refuses_with_401_and_with_200() {
    for errors in [NaverErrors::ResultCode, NaverErrors::Ok] {
        let page = with_a_bad_token(errors).await;
        assert_eq!(refusal(&page), TOKEN, "{errors:?}");
        assert_not_repeated(&page, "Authentication failed");
    }
    let shop = open().await;
    let missing = json!({ "resultcode": "028", "message": "Authentication header not exists" });
    let page = refused(&shop, 401, &missing).await;
    assert_eq!(refusal(&page), (502, TokenRejected, Some("028")));
}

#[tokio::test]
async fn quirk_46_the_form_of_the_gateway_has_the_same_meaning() {
    let page = with_a_bad_token(NaverErrors::Gateway).await;
    assert_eq!(refusal(&page), TOKEN);
    let shop = open().await;
    let error = json!({ "errorCode": "024", "errorMessage": "Authentication failed" });
    assert_eq!(refusal(&refused(&shop, 200, &error).await), TOKEN);
}

#[tokio::test]
async fn other_members_of_an_error_are_ignored() {
    let shop = open().await;
    for response in [json!(null), json!(""), json!([]), json!({}), json!(7)] {
        let error = json!({ "resultcode": "024", "response": response });
        for status in [200, 401] {
            let page = refused(&shop, status, &error).await;
            assert_eq!(refusal(&page), TOKEN, "{response}");
        }
    }
}

#[tokio::test]
async fn quirk_45_any_other_resultcode_is_an_error_even_with_a_profile() {
    let shop = open().await;
    let response = json!({ "id": "7", "mobile": "010-1234-5678" });
    for code in [json!("01"), json!("0"), json!(0), json!(null), json!("")] {
        let me = json!({ "resultcode": code, "response": response });
        let page = login(&shop, [(Endpoint::Profile, ok(&me))]).await;
        assert_eq!(page.status(), 502, "{code}");
        assert_eq!(refusal(&page).1, InvalidAnswer, "{code}");
    }
}

#[tokio::test]
async fn quirk_47_a_success_without_a_profile_is_an_invalid_answer() {
    let shop = open().await;
    for me in [
        json!({ "resultcode": "00", "message": "success" }),
        json!({ "resultcode": "00", "response": null }),
        json!({ "resultcode": "00", "response": [] }),
        json!({ "resultcode": "00", "response": {} }),
        json!({ "resultcode": "00", "response": "x" }),
        json!({}),
    ] {
        let page = login(&shop, [(Endpoint::Profile, ok(&me))]).await;
        assert_eq!(refusal(&page), (502, InvalidAnswer, None), "{me}");
    }
}

#[tokio::test]
async fn an_error_of_an_unknown_form_is_read_by_its_status() {
    let shop = open().await;
    for (status, expected) in [
        (401, (502, TokenRejected, Some("051"))),
        (403, (502, Misconfigured, Some("051"))),
        (404, (502, InvalidAnswer, Some("051"))),
        (429, (503, RateLimited, Some("051"))),
        (500, (502, ProviderUnavailable, Some("051"))),
        (503, (503, ProviderBusy, Some("051"))),
    ] {
        for error in [
            json!({ "resultcode": "051", "message": "lpsecret-echo" }),
            json!({ "errorCode": "051", "errorMessage": "lpsecret-echo" }),
        ] {
            let page = refused(&shop, status, &error).await;
            assert_eq!(refusal(&page), expected, "{status}");
            assert_not_repeated(&page, "lpsecret-echo");
        }
    }
}

#[tokio::test]
async fn an_unknown_code_is_not_shown() {
    let shop = open().await;
    for code in ["<b>x</b>", "0000", "abc", ""] {
        let page = refused(&shop, 500, &json!({ "resultcode": code })).await;
        assert_eq!(refusal(&page), (502, ProviderUnavailable, None), "{code}");
    }
}

#[tokio::test]
async fn quirk_14_a_page_instead_of_an_answer_is_an_outage() {
    let shop = open().await;
    for (status, expected) in [
        (200, (502, ProviderUnavailable, None)),
        (403, (502, ProviderUnavailable, None)),
        (429, (503, RateLimited, None)),
        (500, (502, ProviderUnavailable, None)),
        (503, (503, ProviderBusy, None)),
    ] {
        let page = Fault::Answer {
            status: StatusCode::from_u16(status).unwrap(),
            content_type: Some("text/html;charset=UTF-8".to_owned()),
            body: b"<!doctype html><title>lunch</title>".to_vec(),
            headers: HeaderMap::new(),
        };
        let page = login(&shop, [(Endpoint::Profile, page)]).await;
        assert_eq!(refusal(&page), expected, "{status}");
        assert_not_repeated(&page, "lunch");
    }
}
