//! The choice among the numbers of the People API.

use serde_json::{Value, json};
use tower_phone_auth::{
    Google,
    error::LoginErrorKind::{InvalidAnswer, PhoneInvalid, PhoneNotOnAccount, PhoneNotVerified},
    phone::PhoneAssurance::Unverified,
};
use tower_phone_auth_local_provider::{Endpoint, Person, faults::Fault};

use super::{
    GoogleSettings, assert_signed_in, login, ok, open, open_with, refusal, user_with_profile,
};
use crate::support::{
    browser::{Act, Page},
    shop::Shop,
};

/// A number of the user, with `digit` four times in its middle.
fn number(digit: u8, metadata: &Value) -> Value {
    let middle = digit.to_string().repeat(4);
    json!({
        "metadata": metadata,
        "value": format!("010-{middle}-5678"),
        "canonicalForm": format!("+8210{middle}5678"),
    })
}

/// Signs in with these numbers. Returns the chosen number and its assurance.
async fn chosen(numbers: &[Value]) -> (Value, Value) {
    let shop = open_with(
        |_| {},
        |google| google,
        |builder| builder.minimum_assurance(Unverified),
    )
    .await;
    let person = user_with_profile(&shop, json!({ "phoneNumbers": numbers })).await;
    (person["phone"].clone(), person["assurance"].clone())
}

async fn sign_in_with(shop: &Shop, patch: Value) -> Page {
    login(shop, [(Endpoint::Profile, Fault::Merge(patch))]).await
}

#[tokio::test]
async fn quirk_51_an_account_without_numbers_is_not_asked_again() {
    let shop = open(|_| {}).await;
    let person = Act::Agree(Person::WITHOUT_PHONE);
    let mut browser = shop.browser();
    let page = browser.come_back("/", person).await;
    assert_eq!(refusal(&page), (403, PhoneNotOnAccount, None));
    assert!(browser.has_no_sign_in_cookies());
    for numbers in [json!([]), json!(null), json!({}), json!("+821012345678")] {
        let page = sign_in_with(&shop, json!({ "phoneNumbers": numbers })).await;
        assert_eq!(refusal(&page), (403, PhoneNotOnAccount, None), "{numbers}");
    }
}

#[tokio::test]
async fn quirk_52_the_verified_number_is_chosen_before_the_primary_contact() {
    let contact = json!({ "primary": true, "source": { "type": "CONTACT", "id": "7" } });
    let contact = number(1, &contact);
    let shop = open(|google| google.other_numbers = vec![contact.clone()]).await;
    let person = user_with_profile(&shop, json!({})).await;
    assert_eq!(person["phone"], "+821012345678");
    assert_eq!(person["assurance"], "Verified");

    let verified = number(2, &json!({ "verified": true }));
    for numbers in [[contact.clone(), verified.clone()], [verified, contact]] {
        let expected = (json!("+821022225678"), json!("Verified"));
        assert_eq!(chosen(&numbers).await, expected);
    }
}

#[tokio::test]
async fn among_equal_numbers_the_primary_is_chosen_and_then_the_first() {
    let plain = |digit, verified: bool| number(digit, &json!({ "verified": verified }));
    let primary =
        |digit, verified: bool| number(digit, &json!({ "verified": verified, "primary": true }));
    for verified in [false, true] {
        let assurance = if verified { "Verified" } else { "Unverified" };
        let cases = [
            (vec![plain(1, verified), primary(2, verified)], 2),
            (vec![primary(1, verified), plain(2, verified)], 1),
            (vec![plain(1, verified), plain(2, verified)], 1),
            (
                vec![plain(1, verified), plain(2, verified), plain(3, false)],
                1,
            ),
        ];
        for (numbers, digit) in cases {
            let phone = number(digit, &json!({}))["canonicalForm"].clone();
            assert_eq!(chosen(&numbers).await, (phone, json!(assurance)));
        }
    }
}

#[tokio::test]
async fn numbers_that_google_did_not_confirm_are_not_verified() {
    for flag in [Some(false), None] {
        let shop = open(|google| google.phone_verified = flag).await;
        let page = login(&shop, []).await;
        assert_eq!(refusal(&page), (403, PhoneNotVerified, None), "{flag:?}");
    }
    let shop = open(|_| {}).await;
    for flag in [json!("true"), json!(1), json!([true]), json!(null)] {
        let numbers = json!([number(1, &json!({ "verified": flag }))]);
        let page = sign_in_with(&shop, json!({ "phoneNumbers": numbers })).await;
        assert_eq!(refusal(&page), (403, PhoneNotVerified, None), "{flag}");
    }
}

#[tokio::test]
async fn quirk_53_a_number_without_its_canonical_form_needs_the_setting() {
    for (region, passes) in [(None, false), (Some("US"), false), (Some("KR"), true)] {
        let client = |google: Google| match region {
            Some(region) => google.phone_region(region),
            None => google,
        };
        let settings = |google: &mut GoogleSettings| google.canonical_form = false;
        let shop = open_with(settings, client, |builder| builder).await;
        let page = login(&shop, []).await;
        if passes {
            assert_signed_in(&page, "KR");
        } else {
            assert_eq!(refusal(&page), (403, PhoneInvalid, None), "{region:?}");
        }
    }
}

#[tokio::test]
async fn quirk_53_a_readable_number_is_chosen_after_an_unreadable_one() {
    let verified = json!({ "verified": true });
    let broken = json!({ "metadata": verified, "value": "call me", "canonicalForm": 7 });
    let free = json!({ "metadata": verified, "value": "+82 10-3333-5678" });
    let numbers = [broken.clone(), json!(null), json!("x"), free];
    let expected = (json!("+821033335678"), json!("Verified"));
    assert_eq!(chosen(&numbers).await, expected);

    let shop = open(|_| {}).await;
    let page = sign_in_with(&shop, json!({ "phoneNumbers": [broken, null, "x"] })).await;
    assert_eq!(refusal(&page), (403, PhoneInvalid, None));
}

#[tokio::test]
async fn the_number_of_another_account_is_not_used() {
    let shop = open(|_| {}).await;
    for name in ["people/1", "people/100000000000000000000"] {
        let page = sign_in_with(&shop, json!({ "resourceName": name })).await;
        let expected = (502, InvalidAnswer, Some("resourceName"));
        assert_eq!(refusal(&page), expected, "{name}");
    }
}

#[tokio::test]
async fn a_resource_name_without_an_account_id_is_ignored() {
    let shop = open(|_| {}).await;
    for name in [
        json!(null),
        json!("people/me"),
        json!("people/c123"),
        json!(7),
    ] {
        let page = sign_in_with(&shop, json!({ "resourceName": name })).await;
        assert_signed_in(&page, &name.to_string());
    }
}

#[tokio::test]
async fn an_answer_without_a_person_has_no_number() {
    let shop = open(|_| {}).await;
    let page = login(&shop, [(Endpoint::Profile, ok(&json!({})))]).await;
    assert_eq!(refusal(&page), (403, PhoneNotOnAccount, None));
}
