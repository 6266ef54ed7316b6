//! A missing phone number: its cause, and the second request.

use http::StatusCode;
use serde_json::{Value, json};
use tower_phone_auth::error::LoginErrorKind::{
    Misconfigured, PhoneNotConfigured, PhoneNotOnAccount, PhoneNotShared, Preregistered,
};
use tower_phone_auth_local_provider::{Endpoint, Person, faults::Fault};

use super::{assert_signed_in, login, refusal};
use crate::support::{
    browser::{Act, JIWOO, Page, location, parameter, text},
    consent::{
        UNTICKED, assert_a_declined_second_request_is_refused, assert_the_next_sign_in_asks_again,
    },
    shop::Shop,
};

/// A shop at a Kakao that sends known users back at once.
async fn open() -> Shop {
    let shop = Shop::open().await;
    shop.provider
        .configure(|settings| settings.auto_sign_in = true);
    shop
}

fn account(patch: &Value) -> [(Endpoint, Fault); 1] {
    let patch = json!({ "kakao_account": patch });
    [(Endpoint::Profile, Fault::Merge(patch))]
}

fn asks_for_phone(page: &Page) -> bool {
    page.status() == StatusCode::SEE_OTHER
        && parameter(page, "scope").as_deref() == Some("phone_number")
}

#[tokio::test]
async fn quirk_36_an_unshared_number_is_requested_with_a_new_state() {
    let shop = open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/orders").await;
    let callback = browser.act(&away, UNTICKED).await;
    let again = browser.visit(&callback).await;
    assert!(asks_for_phone(&again), "{}", text(&again));
    for name in ["state", "nonce", "code_challenge"] {
        assert_ne!(parameter(&again, name), parameter(&away, name), "{name}");
    }
    assert_eq!(browser.pending().len(), 1);
    assert!(browser.session().is_none());

    let callback = browser.act(&again, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), "/orders");
    assert_eq!(text(&browser.visit("/").await), "+821012345678");
}

#[tokio::test]
async fn quirk_36_the_second_request_keeps_the_scopes_of_the_first() {
    let shop = Shop::with(
        |kakao| kakao.scope("account_email").scope("name"),
        |builder| builder,
    )
    .await;
    let again = shop.browser().come_back("/", UNTICKED).await;
    let scope = parameter(&again, "scope");
    assert_eq!(scope.as_deref(), Some("account_email name phone_number"));
}

#[tokio::test]
async fn quirk_37_an_account_without_a_number_is_not_asked_again() {
    let shop = open().await;
    let mut browser = shop.browser();
    let person = Act::Agree(Person::WITHOUT_PHONE);
    let page = browser.come_back("/", person).await;
    assert_eq!(refusal(&page), (403, PhoneNotOnAccount, None));
    assert!(browser.has_no_sign_in_cookies());

    let blank = account(&json!({ "phone_number": "  " }));
    let page = login(&shop, blank).await;
    assert_eq!(refusal(&page), (403, PhoneNotOnAccount, None));
}

#[tokio::test]
async fn quirk_38_an_incomplete_sign_up_is_the_cause() {
    let shop = open().await;
    let mut browser = shop.browser();
    let person = Act::Agree(Person::PREREGISTERED);
    let page = browser.come_back("/", person).await;
    assert_eq!(refusal(&page), (403, Preregistered, None));
    assert!(browser.has_no_sign_in_cookies());
}

#[tokio::test]
async fn quirk_39_the_deprecated_flag_changes_nothing() {
    let shop = open().await;
    for flag in [json!(true), json!(false), json!("yes")] {
        let missing = json!({ "has_phone_number": flag, "phone_number": null });
        let page = login(&shop, account(&missing)).await;
        assert_eq!(refusal(&page), (403, PhoneNotOnAccount, None), "{flag}");

        let mut unconfigured = missing.clone();
        unconfigured["phone_number_needs_agreement"] = json!(null);
        let page = login(&shop, account(&unconfigured)).await;
        assert_eq!(refusal(&page), (403, PhoneNotConfigured, None), "{flag}");

        let page = login(&shop, account(&json!({ "has_phone_number": flag }))).await;
        assert_signed_in(&page, &flag.to_string());
    }
}

#[tokio::test]
async fn quirk_40_a_number_that_was_not_agreed_to_is_treated_as_missing() {
    let shop = open().await;
    let patch = json!({ "phone_number_needs_agreement": true });
    let page = login(&shop, account(&patch)).await;
    assert!(asks_for_phone(&page), "{}", text(&page));
}

#[tokio::test]
async fn quirk_42_a_missing_consent_is_requested_exactly_once() {
    let shop = open().await;
    let error = json!({
        "msg": "insufficient scopes.",
        "code": -402,
        "api_type": "GET_PROFILE",
        "required_scopes": ["phone_number"],
        "allowed_scopes": ["profile_nickname"],
    });
    let fault = Fault::json(StatusCode::FORBIDDEN, &error);
    shop.provider.fail(Endpoint::Profile, fault);
    let mut browser = shop.browser();
    let again = browser.come_back("/", JIWOO).await;
    assert!(asks_for_phone(&again), "{}", text(&again));

    let callback = browser.act(&again, JIWOO).await;
    let page = browser.visit(&callback).await;
    assert_eq!(refusal(&page), (403, PhoneNotShared, Some("-402")));
    assert_eq!(shop.provider.count(Endpoint::Profile), 2);
}

#[tokio::test]
async fn quirk_42_a_missing_consent_for_other_data_is_not_requested() {
    let shop = open().await;
    for required in [json!(["account_email"]), json!([]), json!(["phone"])] {
        let error = json!({ "msg": "x", "code": -402, "required_scopes": required });
        let fault = Fault::json(StatusCode::FORBIDDEN, &error);
        let page = login(&shop, [(Endpoint::Profile, fault)]).await;
        let expected = (502, Misconfigured, Some("-402"));
        assert_eq!(refusal(&page), expected, "{required}");
    }
}

#[tokio::test]
async fn quirk_75_a_number_that_stays_unshared_ends_on_a_page() {
    let shop = open().await;
    let mut browser = shop.browser();
    let again = browser.come_back("/", UNTICKED).await;
    let callback = browser.act(&again, UNTICKED).await;
    let page = browser.visit(&callback).await;
    assert_eq!(refusal(&page), (403, PhoneNotShared, None));
    assert!(text(&page).contains("Your phone number is needed"));
    assert!(browser.has_no_sign_in_cookies());
    assert_eq!(shop.provider.count(Endpoint::Token), 2);
    assert_eq!(shop.provider.count(Endpoint::Profile), 2);
}

#[tokio::test]
async fn quirk_75_the_next_sign_in_asks_for_the_number_again() {
    let shop = open().await;
    assert_the_next_sign_in_asks_again(&shop, asks_for_phone).await;
}

#[tokio::test]
async fn quirk_76_a_second_request_that_is_declined_ends_on_a_page() {
    let shop = open().await;
    assert_a_declined_second_request_is_refused(&shop).await;
}

#[tokio::test]
async fn a_sign_in_that_needs_a_page_and_a_declined_number_end_on_a_page() {
    let shop = open().await;
    let mut browser = shop.browser();
    let again = browser.come_back("/", UNTICKED).await;
    let back = |page: &Page| {
        let state = parameter(page, "state").unwrap();
        format!("/auth/callback/kakao?error=consent_required&state={state}")
    };
    let again = browser.visit(&back(&again)).await;
    assert!(asks_for_phone(&again), "{}", text(&again));
    let page = browser.visit(&back(&again)).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
}
