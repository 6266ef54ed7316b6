//! The source of the phone number, and its assurance.

use serde_json::{Value, json};
use tower_phone_auth::{
    Oidc,
    error::LoginErrorKind::{InvalidAnswer, PhoneInvalid, PhoneNotConfigured, PhoneNotVerified},
    phone::PhoneAssurance,
};
use tower_phone_auth_local_provider::{
    Endpoint, LocalProvider, OidcSettings, Person, PhoneIn, Userinfo, faults::Fault,
};

use super::{assert_signed_in, login, open, open_with, refusal, user_with_profile};
use crate::support::{
    browser::{Act, JIWOO, Page, text},
    shop::Shop,
};

/// Signs in with changed userinfo.
async fn with_userinfo(shop: &Shop, patch: Value) -> Page {
    login(shop, [(Endpoint::Profile, Fault::Merge(patch))]).await
}

/// Shops whose provider has the number in userinfo, in the ID token, and in both.
async fn in_each_source(change: impl Fn(&mut OidcSettings)) -> Vec<(PhoneIn, Shop)> {
    let mut shops = Vec::new();
    for phone_in in [PhoneIn::Userinfo, PhoneIn::IdToken, PhoneIn::Both] {
        let settings = |oidc: &mut OidcSettings| {
            oidc.phone_in = phone_in;
            change(oidc);
        };
        shops.push((phone_in, open(settings).await));
    }
    shops
}

#[tokio::test]
async fn quirk_58_the_number_may_be_in_the_id_token_in_userinfo_or_in_both() {
    for (place, shop) in in_each_source(|_| {}).await {
        let page = shop.browser().sign_in("/", JIWOO).await;
        assert_eq!(text(&page), "+821012345678", "{place:?}");
    }
}

#[tokio::test]
async fn quirk_58_two_numbers_that_differ_are_refused() {
    let settings = |oidc: &mut OidcSettings| oidc.phone_in = PhoneIn::Mismatching;
    let shop = open_with(settings, Oidc::always_userinfo, |builder| builder).await;
    let page = login(&shop, []).await;
    let expected = (502, InvalidAnswer, Some("phone_number_differs"));
    assert_eq!(refusal(&page), expected);
}

#[tokio::test]
async fn quirk_58_one_number_in_two_notations_is_accepted() {
    let settings = |oidc: &mut OidcSettings| oidc.phone_in = PhoneIn::Both;
    let shop = open_with(settings, Oidc::always_userinfo, |builder| builder).await;
    for notation in ["+82 10-1234-5678", "+82 010 1234 5678", "+821012345678"] {
        let page = with_userinfo(&shop, json!({ "phone_number": notation })).await;
        assert_signed_in(&page, notation);
    }
    for other in ["+82 10-1234-5679", "+82", "010-1234-5678"] {
        let page = with_userinfo(&shop, json!({ "phone_number": other })).await;
        assert_eq!(page.status(), 502, "{other}");
    }
}

#[tokio::test]
async fn quirk_59_without_userinfo_the_id_token_is_enough() {
    let shop = open(|oidc| {
        oidc.userinfo = Userinfo::Absent;
        oidc.phone_in = PhoneIn::IdToken;
    })
    .await;
    assert_signed_in(&login(&shop, []).await, "no userinfo endpoint");
    assert_eq!(shop.provider.count(Endpoint::Profile), 0);
}

#[tokio::test]
async fn quirk_56_only_the_json_value_true_verifies() {
    for flag in [
        Some(json!(false)),
        Some(json!("true")),
        Some(json!("false")),
        Some(json!("N")),
        Some(json!("phone_number_verified")),
        Some(json!(0)),
        Some(json!(1)),
        Some(json!([true])),
        Some(json!({})),
        Some(json!(null)),
        None,
    ] {
        let settings = |oidc: &mut OidcSettings| oidc.phone_number_verified = flag.clone();
        for (place, shop) in in_each_source(settings).await {
            let page = login(&shop, []).await;
            let code = match flag {
                None | Some(Value::Null) => "no_flag",
                Some(_) => "flag_false",
            };
            let expected = (403, PhoneNotVerified, Some(code));
            assert_eq!(refusal(&page), expected, "{flag:?} {place:?}");
        }
    }
}

#[tokio::test]
async fn quirk_56_the_text_true_verifies_only_by_a_setting() {
    for (flag, verifies) in [
        (json!("true"), true),
        (json!(true), true),
        (json!("false"), false),
        (json!("True"), false),
        (json!("1"), false),
        (json!("N"), false),
        (json!(""), false),
        (json!(1), false),
        (json!(null), false),
    ] {
        let settings = |oidc: &mut OidcSettings| oidc.phone_number_verified = Some(flag.clone());
        let shop = open_with(settings, Oidc::accept_string_booleans, |builder| builder).await;
        let page = login(&shop, []).await;
        if verifies {
            assert_signed_in(&page, &flag.to_string());
        } else {
            assert_eq!(refusal(&page).1, PhoneNotVerified, "{flag}");
        }
    }
}

#[tokio::test]
async fn a_source_that_says_unverified_wins() {
    let settings = |oidc: &mut OidcSettings| oidc.phone_in = PhoneIn::Both;
    let shop = open_with(settings, Oidc::always_userinfo, |builder| builder).await;
    let page = with_userinfo(&shop, json!({ "phone_number_verified": false })).await;
    assert_eq!(refusal(&page), (403, PhoneNotVerified, Some("flag_false")));
    let page = with_userinfo(&shop, json!({ "phone_number_verified": null })).await;
    assert_signed_in(&page, "one source has no flag");
}

#[tokio::test]
async fn quirk_60_a_number_without_a_flag_is_accepted_where_the_policy_allows_it() {
    let shop = open_with(
        |oidc| oidc.phone_number_verified = None,
        |oidc| oidc,
        |builder| builder.minimum_assurance(PhoneAssurance::Unverified),
    )
    .await;
    let person = user_with_profile(&shop, json!({})).await;
    assert_eq!(person["assurance"], "Unverified");
    assert_eq!(person["phone"], "+821012345678");
}

#[tokio::test]
async fn quirk_61_a_distributed_number_is_not_fetched() {
    let trap = LocalProvider::start().await.unwrap();
    let shop = open(|_| {}).await;
    let endpoint = format!("{}/oidc/userinfo", trap.origin());
    let elsewhere = json!({
        "phone_number": null,
        "phone_number_verified": true,
        "_claim_names": { "phone_number": "src1" },
        "_claim_sources": { "src1": { "endpoint": endpoint, "access_token": "t" } },
    });
    let page = with_userinfo(&shop, elsewhere).await;
    let expected = (403, PhoneNotConfigured, Some("phone_number_elsewhere"));
    assert_eq!(refusal(&page), expected);
    assert!(trap.requests().is_empty());
}

#[tokio::test]
async fn a_number_without_a_country_needs_the_setting() {
    let written = |oidc: &mut OidcSettings| oidc.phone_as_written = true;
    for (region, passes) in [(None, false), (Some("KR"), true)] {
        let client = |oidc: Oidc| match region {
            Some(region) => oidc.phone_region(region),
            None => oidc,
        };
        let shop = open_with(written, client, |builder| builder).await;
        let person = Person::new(7, "Sora").phone("010-1234-5678");
        shop.provider.add_person(person);
        let page = shop.browser().come_back("/", Act::Agree(7)).await;
        if passes {
            assert_signed_in(&page, "KR");
        } else {
            assert_eq!(refusal(&page), (403, PhoneInvalid, None));
        }
    }
}

#[tokio::test]
async fn a_foreign_number_signs_in() {
    let shop = open(|_| {}).await;
    let mut browser = shop.browser();
    let page = browser.sign_in("/", Act::Agree(Person::FOREIGN)).await;
    assert_eq!(text(&page), "+14255551212");
}
