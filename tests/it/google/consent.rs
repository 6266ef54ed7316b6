//! Granular consent: the user may leave the box of the phone number unticked.

use serde_json::{Value, json};
use tower_phone_auth::error::LoginErrorKind::PhoneNotShared;
use tower_phone_auth_local_provider::{Endpoint, faults::Fault};

use super::{PHONE, assert_signed_in, login, open, refusal};
use crate::support::{
    browser::{JIWOO, Page, location, parameter, text},
    consent::{UNTICKED, assert_a_declined_second_request_is_refused},
};

#[track_caller]
fn assert_asks_again(page: &Page) {
    let case = text(page);
    let (prompt, sign_in_with_scope) = ("prompt", "include_granted_scopes");
    assert_eq!(
        parameter(page, prompt).as_deref(),
        Some("consent"),
        "{case}"
    );
    assert_eq!(
        parameter(page, sign_in_with_scope).as_deref(),
        Some("true"),
        "{case}"
    );
}

#[tokio::test]
async fn quirk_21_an_unticked_number_is_requested_again_before_the_people_api_is_called() {
    let shop = open(|_| {}).await;
    let mut browser = shop.browser();
    let away = browser.visit("/orders").await;
    let callback = browser.act(&away, UNTICKED).await;
    let again = browser.visit(&callback).await;
    assert_asks_again(&again);
    assert_eq!(shop.provider.count(Endpoint::Profile), 0);
    assert_eq!(parameter(&again, "scope"), parameter(&away, "scope"));
    for name in ["state", "nonce", "code_challenge"] {
        assert_ne!(parameter(&again, name), parameter(&away, name), "{name}");
    }

    let callback = browser.act(&again, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), "/orders");
    assert_eq!(text(&browser.visit("/").await), "+821012345678");
    assert_eq!(shop.provider.count(Endpoint::Profile), 1);
}

#[tokio::test]
async fn quirk_21_a_number_that_stays_unticked_ends_on_a_page() {
    let shop = open(|_| {}).await;
    let mut browser = shop.browser();
    let again = browser.come_back("/", UNTICKED).await;
    let callback = browser.act(&again, UNTICKED).await;
    let page = browser.visit(&callback).await;
    assert_eq!(refusal(&page), (403, PhoneNotShared, None));
    assert!(browser.has_no_sign_in_cookies());
    assert_eq!(shop.provider.count(Endpoint::Token), 2);
    assert_eq!(shop.provider.count(Endpoint::Profile), 0);
}

#[tokio::test]
async fn quirk_76_a_second_request_that_is_declined_ends_on_a_page() {
    let shop = open(|_| {}).await;
    assert_a_declined_second_request_is_refused(&shop).await;
}

/// Signs in with this `scope` in the answer of the token endpoint.
async fn sign_in_with_scope(scope: Value) -> Page {
    let shop = open(|_| {}).await;
    let patch = Fault::Merge(json!({ "scope": scope }));
    login(&shop, [(Endpoint::Token, patch)]).await
}

#[tokio::test]
async fn quirk_20_the_scopes_may_come_in_any_order_or_not_at_all() {
    for scope in [
        json!(format!("{PHONE} openid")),
        json!(format!("openid  {PHONE}")),
        json!(null),
        json!(7),
    ] {
        let case = scope.to_string();
        assert_signed_in(&sign_in_with_scope(scope).await, &case);
    }
}

#[tokio::test]
async fn quirk_21_a_scope_with_a_similar_name_does_not_count() {
    for scope in [
        format!("{PHONE}only"),
        format!("openid,{PHONE}"),
        PHONE.to_uppercase(),
        "openid".to_owned(),
        String::new(),
    ] {
        assert_asks_again(&sign_in_with_scope(scope.into()).await);
    }
}
