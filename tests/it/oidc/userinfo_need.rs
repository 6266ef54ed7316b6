//! Userinfo is called if the ID token lacks the number or its flag. Its failures matter only then.

use std::error::Error as _;

use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use tower_phone_auth::{
    Oidc,
    error::LoginErrorKind::{InvalidAnswer, Misconfigured, ProviderUnavailable, TokenRejected},
    phone::PhoneAssurance::{Unverified, Verified},
};
use tower_phone_auth_local_provider::{Endpoint, OidcSettings, PhoneIn, Userinfo, faults::Fault};

use super::{assert_signed_in, login, open, open_with, refusal, user_with_profile};
use crate::support::{events::Events, shop::Shop};

fn in_id_token(oidc: &mut OidcSettings) {
    oidc.phone_in = PhoneIn::IdToken;
}

fn without_flag(oidc: &mut OidcSettings) {
    oidc.phone_in = PhoneIn::IdToken;
    oidc.phone_number_verified = None;
}

fn html() -> Fault {
    Fault::Answer {
        status: StatusCode::OK,
        content_type: Some("text/html".to_owned()),
        body: "<!doctype html>".into(),
        headers: HeaderMap::new(),
    }
}

/// The failures of a userinfo endpoint, with their codes.
fn failures() -> Vec<(Fault, &'static str)> {
    let refused = |status| Fault::json(status, &json!({ "error": "access_denied" }));
    vec![
        (refused(StatusCode::UNAUTHORIZED), "userinfo_401"),
        (refused(StatusCode::FORBIDDEN), "userinfo_403"),
        (refused(StatusCode::NOT_FOUND), "userinfo_404"),
        (refused(StatusCode::INTERNAL_SERVER_ERROR), "userinfo_500"),
        (Fault::Cut, "userinfo"),
        (html(), "userinfo_form"),
        (Fault::Merge(json!({ "sub": null })), "userinfo_sub_missing"),
        (Fault::Merge(json!({ "sub": "another" })), "userinfo_sub"),
    ]
}

#[tokio::test]
async fn an_id_token_with_number_and_flag_needs_no_userinfo() {
    for flag in [true, false] {
        let shop = open_with(
            |oidc| {
                in_id_token(oidc);
                oidc.phone_number_verified = Some(flag.into());
            },
            |oidc| oidc,
            |builder| builder.minimum_assurance(Unverified),
        )
        .await;
        assert_signed_in(&login(&shop, []).await, "complete");
        assert_eq!(shop.provider.count(Endpoint::Profile), 0, "{flag}");
    }
}

#[tokio::test]
async fn a_userinfo_endpoint_that_is_not_needed_may_fail() {
    let shop = open(in_id_token).await;
    for (fault, case) in failures() {
        shop.provider.fail(Endpoint::Profile, fault);
        assert_signed_in(&login(&shop, []).await, case);
    }
}

#[tokio::test]
async fn without_the_number_the_failure_of_userinfo_is_the_cause() {
    let shop = open(|_| {}).await;
    for (fault, code) in failures() {
        let page = login(&shop, [(Endpoint::Profile, fault)]).await;
        let (status, kind, found) = refusal(&page);
        assert_eq!((status, found), (502, Some(code)));
        let expected = match code {
            "userinfo_401" => TokenRejected,
            "userinfo_500" | "userinfo" | "userinfo_form" => ProviderUnavailable,
            _ => InvalidAnswer,
        };
        assert_eq!(kind, expected, "{code}");
    }
}

#[tokio::test]
async fn a_flag_that_is_missing_is_looked_for_in_userinfo() {
    let shop = open_with(without_flag, |oidc| oidc, |builder| builder).await;
    for (fault, code) in failures() {
        let page = login(&shop, [(Endpoint::Profile, fault)]).await;
        assert_eq!(refusal(&page).2, Some(code), "no source has a flag");
    }
    let flag = Fault::Merge(json!({ "phone_number_verified": true }));
    let page = login(&shop, [(Endpoint::Profile, flag)]).await;
    assert_signed_in(&page, "userinfo has the flag");
}

#[tokio::test]
async fn userinfo_may_fail_where_the_policy_needs_no_flag() {
    let asserted = open_with(without_flag, Oidc::phone_asserted, |builder| builder).await;
    let policy = open_with(
        without_flag,
        |oidc| oidc,
        |builder| builder.minimum_assurance(Unverified),
    )
    .await;
    for shop in [asserted, policy] {
        for (fault, case) in failures() {
            let events = Events::capture();
            let page = login(&shop, [(Endpoint::Profile, fault)]).await;
            assert_signed_in(&page, case);
            assert!(events.text().contains("userinfo failed"), "{case}");
        }
    }
}

#[tokio::test]
async fn userinfo_must_answer_where_the_policy_needs_the_flag() {
    let shop = open_with(without_flag, Oidc::phone_asserted, |builder| {
        builder.minimum_assurance(Verified)
    })
    .await;
    for (fault, code) in failures() {
        let page = login(&shop, [(Endpoint::Profile, fault)]).await;
        assert_eq!(refusal(&page).2, Some(code));
    }
}

#[tokio::test]
async fn without_userinfo_never_calls_the_endpoint() {
    for (change, signs_in) in [
        (in_id_token as fn(&mut OidcSettings), true),
        (without_flag, false),
        (|_: &mut OidcSettings| {}, false),
    ] {
        let shop = open_with(change, Oidc::without_userinfo, |builder| builder).await;
        let page = login(&shop, []).await;
        assert_eq!(page.status().is_redirection(), signs_in);
        assert_eq!(shop.provider.count(Endpoint::Profile), 0);
    }
}

/// The name in the shop, which only userinfo has.
async fn name(shop: &Shop) -> Value {
    user_with_profile(shop, json!({ "name": "Kim Jiwoo" })).await["name"].take()
}

#[tokio::test]
async fn a_name_alone_causes_no_userinfo_call_unless_the_application_wants_it() {
    let shop = open(in_id_token).await;
    assert_eq!(name(&shop).await, Value::Null);
    let shop = open_with(in_id_token, Oidc::always_userinfo, |builder| builder).await;
    assert_eq!(name(&shop).await, "Kim Jiwoo");
    assert_eq!(shop.provider.count(Endpoint::Profile), 1);
}

#[tokio::test]
async fn userinfo_that_is_always_called_must_answer() {
    let shop = open_with(in_id_token, Oidc::always_userinfo, |builder| builder).await;
    for (fault, code) in failures() {
        let page = login(&shop, [(Endpoint::Profile, fault)]).await;
        assert_eq!(refusal(&page).2, Some(code));
    }
}

#[tokio::test]
async fn userinfo_that_is_always_called_must_be_announced() {
    let absent = |oidc: &mut OidcSettings| oidc.userinfo = Userinfo::Absent;
    let shop = open_with(absent, Oidc::always_userinfo, |builder| builder).await;
    let page = shop.browser().visit("/").await;
    let expected = (502, Misconfigured, Some("userinfo_endpoint"));
    assert_eq!(refusal(&page), expected);
    let error = shop.layer.warm_up().await.unwrap_err();
    let cause = error.source().unwrap().to_string();
    assert!(cause.contains("userinfo_endpoint"), "{error}: {cause}");
}
