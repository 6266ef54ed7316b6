//! Requests with logout tokens: their method, media type and form, and the calls that they cause.

use http::{Method, StatusCode};
use tower_phone_auth_local_provider::Endpoint;

use super::{
    FORM, assert_empty_answer, call, is_signed_in,
    logout_token::{PATH, open, send, token},
    post, sign_in,
};
use crate::support::browser::text;

#[tokio::test]
async fn only_a_post_is_accepted_as_an_event() {
    let shop = open().await;
    let mut browser = sign_in(&shop).await;
    let path = format!("{PATH}?logout_token={}", token(&shop));
    for method in [Method::GET, Method::HEAD, Method::PUT, Method::OPTIONS] {
        let page = call(&shop, method, &path, &[("content-type", FORM)], "").await;
        assert_eq!(page.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(page.headers()["allow"], "POST");
    }
    let page = post(&shop, &path, FORM, "").await;
    assert_eq!(page.status(), StatusCode::BAD_REQUEST, "in the query");
    assert!(is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn another_content_type_is_refused() {
    let shop = open().await;
    let mut browser = sign_in(&shop).await;
    let body = format!("logout_token={}", token(&shop));
    for kind in ["application/json", "text/plain", "", "multipart/form-data"] {
        let page = post(&shop, PATH, kind, body.clone()).await;
        assert_eq!(page.status(), StatusCode::BAD_REQUEST, "{kind}");
    }
    assert!(is_signed_in(&mut browser).await);
    let kind = "Application/X-WWW-Form-Urlencoded; charset=utf-8";
    assert_empty_answer(&post(&shop, PATH, kind, body).await, StatusCode::OK);
}

#[tokio::test]
async fn a_token_that_is_sent_twice_in_one_request_is_refused() {
    let shop = open().await;
    let (one, two) = (token(&shop), token(&shop));
    let body = format!("logout_token={one}&logout_token={two}");
    let page = post(&shop, PATH, FORM, body).await;
    assert_eq!(page.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_wrong_token_causes_no_request_to_the_provider() {
    let shop = open().await;
    shop.provider
        .forge_id_token(|_, claims| claims["aud"] = "another-app".into());
    let foreign = token(&shop);
    for token in ["", "a.b.c", "e30.e30.", &foreign] {
        let page = send(&shop, token).await;
        assert_eq!(page.status(), StatusCode::BAD_REQUEST);
    }
    assert!(shop.provider.requests().is_empty());
}

#[tokio::test]
async fn a_flood_of_unknown_keys_causes_a_few_requests() {
    let shop = open().await;
    sign_in(&shop).await;
    shop.provider.forget_requests();
    shop.provider
        .forge_id_token(|header, _| header["kid"] = "unknown-key".into());
    for _ in 0..50 {
        let page = send(&shop, &token(&shop)).await;
        assert!(text(&page).contains("signature"));
    }
    assert!(shop.provider.count(Endpoint::Keys) <= 4);
}
