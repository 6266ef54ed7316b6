//! A sign-in without a phone number. The granted scope and the metadata decide about the cause, and
//! about a second request for consent.

use serde_json::{Value, json};
use tower_phone_auth::error::LoginErrorKind::{
    PhoneNotConfigured, PhoneNotOnAccount, PhoneNotShared,
};
use tower_phone_auth_local_provider::{Endpoint, Person, faults::Fault};
use tracing::Level;

use super::{assert_signed_in, login, open, refusal};
use crate::support::{
    browser::{Act, JIWOO, Page, parameter},
    events::Events,
    shop::Shop,
};

const WITHOUT: Act = Act::Agree(Person::WITHOUT_PHONE);

/// Replaces the scopes and claims that the metadata list; null removes a list.
fn announce(shop: &Shop, scopes: &Value, claims: &Value) {
    let lists = json!({ "scopes_supported": scopes, "claims_supported": claims });
    shop.provider.fail(Endpoint::Discovery, Fault::Merge(lists));
}

/// Signs in as the user without a number, with this `scope` in the token answer.
async fn without_a_number(shop: &Shop, scope: Value) -> Page {
    let patch = Fault::Merge(json!({ "scope": scope }));
    shop.provider.fail_next(Endpoint::Token, patch);
    shop.browser().come_back("/", WITHOUT).await
}

fn asks_again(page: &Page) -> bool {
    parameter(page, "prompt").as_deref() == Some("consent")
}

#[tokio::test]
async fn a_granted_scope_without_a_number_is_an_account_without_one() {
    let shop = open(|_| {}).await;
    for scope in [
        json!("openid phone"),
        json!("phone openid"),
        json!("openid profile email phone"),
        json!("openid  phone "),
        json!("openid,phone"),
        json!("openid\tphone"),
        json!(["openid", "phone"]),
        json!(["phone openid"]),
    ] {
        let page = without_a_number(&shop, scope.clone()).await;
        assert_eq!(refusal(&page), (403, PhoneNotOnAccount, None), "{scope}");
    }
}

#[tokio::test]
async fn a_scope_that_is_not_mentioned_counts_as_granted() {
    let shop = open(|_| {}).await;
    for scope in [
        json!(null),
        json!(""),
        json!("  "),
        json!([]),
        json!({}),
        json!(7),
    ] {
        let page = without_a_number(&shop, scope.clone()).await;
        assert_eq!(refusal(&page), (403, PhoneNotOnAccount, None), "{scope}");
    }
}

#[tokio::test]
async fn a_withheld_scope_is_asked_for_again_with_a_line_in_the_log() {
    let shop = open(|_| {}).await;
    for scope in [
        json!("openid"),
        json!("openid email"),
        json!("openid phones"),
        json!(["openid", "email"]),
    ] {
        let events = Events::capture();
        let page = without_a_number(&shop, scope.clone()).await;
        assert!(asks_again(&page), "{scope}");
        let message = "consent is asked for once more";
        let lines = events.all();
        let line = lines
            .iter()
            .find(|line| line.fields["message"].contains(message));
        assert_eq!(line.unwrap().level, Level::INFO, "{scope}");
    }
}

#[tokio::test]
async fn a_scope_that_stays_withheld_ends_on_a_page() {
    let shop = open(|_| {}).await;
    let withheld = Fault::Merge(json!({ "scope": "openid" }));
    shop.provider.fail(Endpoint::Token, withheld);
    let mut browser = shop.browser();
    let again = browser.come_back("/", WITHOUT).await;
    let callback = browser.act(&again, WITHOUT).await;
    let page = browser.visit(&callback).await;
    assert_eq!(refusal(&page), (403, PhoneNotShared, None));
}

#[tokio::test]
async fn a_number_counts_although_its_scope_is_not_mentioned() {
    let shop = open(|_| {}).await;
    for scope in [json!("openid"), json!(["openid"]), json!(null), json!("")] {
        let patch = Fault::Merge(json!({ "scope": scope }));
        let page = login(&shop, [(Endpoint::Token, patch)]).await;
        assert_signed_in(&page, &scope.to_string());
    }
}

#[tokio::test]
async fn metadata_that_list_neither_scope_nor_claim_are_a_misconfiguration() {
    for (scopes, claims) in [
        (
            json!(["openid", "email", "groups"]),
            json!(["sub", "email"]),
        ),
        (json!(["openid"]), json!(null)),
        (json!(null), json!(["sub", "phone_number_verified"])),
    ] {
        let shop = open(|_| {}).await;
        announce(&shop, &scopes, &claims);
        let events = Events::capture();
        let page = without_a_number(&shop, json!(null)).await;
        let expected = (403, PhoneNotConfigured, Some("phone_number_not_announced"));
        assert_eq!(refusal(&page), expected, "{scopes}");
        assert_eq!(events.audit("refusal")[0].level, Level::ERROR);
    }
}

#[tokio::test]
async fn a_scope_that_the_provider_ignores_does_not_count_as_withheld() {
    let shop = open(|_| {}).await;
    announce(&shop, &json!(["openid", "email"]), &json!(["sub", "email"]));
    for scope in ["openid", "openid phone", "openid email"] {
        let page = without_a_number(&shop, scope.into()).await;
        let expected = (403, PhoneNotConfigured, Some("phone_number_not_announced"));
        assert_eq!(refusal(&page), expected, "{scope}");
    }
}

#[tokio::test]
async fn metadata_that_list_scope_or_claim_are_no_misconfiguration() {
    for (scopes, claims) in [
        (json!(["openid", "phone"]), json!(["sub", "email"])),
        (json!(["openid"]), json!(["sub", "phone_number"])),
        (json!(null), json!(null)),
        (json!([]), json!([])),
    ] {
        let shop = open(|_| {}).await;
        announce(&shop, &scopes, &claims);
        let page = without_a_number(&shop, json!(null)).await;
        assert_eq!(refusal(&page), (403, PhoneNotOnAccount, None), "{scopes}");
        let page = without_a_number(&shop, "openid".into()).await;
        assert!(asks_again(&page), "{scopes}");
    }
}

#[tokio::test]
async fn quirk_57_null_and_empty_numbers_are_missing_numbers() {
    let shop = open(|_| {}).await;
    for number in ["", " ", "\t\n", "\u{3000}"] {
        let patch = json!({ "phone_number": number, "phone_number_verified": true });
        let page = login(&shop, [(Endpoint::Profile, Fault::Merge(patch))]).await;
        assert_eq!(refusal(&page), (403, PhoneNotOnAccount, None), "{number:?}");
    }
}

#[tokio::test]
async fn quirk_61_a_number_at_another_server_is_not_asked_for_again() {
    for scope in [json!(null), json!("openid phone"), json!("openid")] {
        for source in [
            json!({ "JWT": "e30.e30." }),
            json!({ "endpoint": "https://other.example/claims", "access_token": "t" }),
        ] {
            let shop = open(|_| {}).await;
            let elsewhere = json!({
                "phone_number": null,
                "_claim_names": { "phone_number": "src1" },
                "_claim_sources": { "src1": source },
            });
            let faults = [
                (Endpoint::Profile, Fault::Merge(elsewhere)),
                (Endpoint::Token, Fault::Merge(json!({ "scope": scope }))),
            ];
            let events = Events::capture();
            let page = login(&shop, faults).await;
            let expected = (403, PhoneNotConfigured, Some("phone_number_elsewhere"));
            assert_eq!(refusal(&page), expected);
            let line = &events.audit("refusal")[0];
            assert_eq!(line.field("code"), "phone_number_elsewhere");
        }
    }
}

#[tokio::test]
async fn another_claim_at_another_server_changes_nothing() {
    let shop = open(|_| {}).await;
    let elsewhere = json!({ "_claim_names": { "address": "src1" } });
    let page = login(&shop, [(Endpoint::Profile, Fault::Merge(elsewhere))]).await;
    assert_signed_in(&page, "only the postal address is at another server");
}

#[tokio::test]
async fn a_user_who_ticks_the_box_at_the_second_request_signs_in() {
    let shop = open(|_| {}).await;
    let mut browser = shop.browser();
    let again = browser
        .come_back("/", Act::Untick(Person::WITH_PHONE))
        .await;
    assert!(asks_again(&again));
    let callback = browser.act(&again, JIWOO).await;
    assert_signed_in(&browser.visit(&callback).await, "the second request");
}
