//! The profile of `/v1/nid/me`.

use serde_json::{Value, json};
use tower_phone_auth::{
    error::LoginErrorKind::{InvalidAnswer, PhoneInvalid, PhoneNotVerified},
    phone::PhoneAssurance,
};
use tower_phone_auth_local_provider::{Endpoint, faults::Fault};

use super::{
    assert_not_repeated, assert_signed_in, login, open, open_with, refusal, user_with_profile,
};
use crate::support::{
    browser::{JIWOO, Page, parameter},
    shop::Shop,
};

/// Signs in with this change of the profile.
async fn sign_in_with(shop: &Shop, patch: Value) -> Page {
    let patch = Fault::Merge(json!({ "response": patch }));
    login(shop, [(Endpoint::Profile, patch)]).await
}

#[tokio::test]
async fn the_user_is_read_from_the_member_response() {
    let shop = open().await;
    let person = user_with_profile(&shop, json!({ "response": { "id": "Lp+/a_b-c=" } })).await;
    let expected = json!({
        "phone": "+821012345678",
        "assurance": "Asserted",
        "provider": "naver",
        "subject": "Lp+/a_b-c=",
        "name": "김지우",
        "email": "jiwoo@example.com",
        "email_verified": false,
    });
    assert_eq!(person, expected);
}

#[tokio::test]
async fn quirk_49_two_different_numbers_are_refused() {
    let shop = open().await;
    for other in [
        "+821012345679",
        "+82-10-9999-0000",
        "+1 425-555-1212",
        "unreadable",
    ] {
        let page = sign_in_with(&shop, json!({ "mobile_e164": other })).await;
        assert_eq!(
            refusal(&page),
            (502, InvalidAnswer, Some("mobile_differs")),
            "{other}"
        );
        assert_not_repeated(&page, other);
        assert_not_repeated(&page, "1234");
    }
}

#[tokio::test]
async fn quirk_49_one_number_in_two_forms_is_accepted() {
    let shop = open().await;
    for same in [
        json!("+821012345678"),
        json!("+82-10-1234-5678"),
        json!("+82 010-1234-5678"),
        json!(""),
        json!(null),
    ] {
        let page = sign_in_with(&shop, json!({ "mobile_e164": same })).await;
        assert_signed_in(&page, &same.to_string());
    }
    shop.provider
        .configure(|settings| settings.naver.mobile_e164 = false);
    assert_signed_in(&login(&shop, []).await, "mobile alone");
}

#[tokio::test]
async fn quirk_50_an_id_may_be_a_string_or_a_number() {
    let shop = open().await;
    for (id, subject) in [
        (json!("32742776"), "32742776"),
        (json!("a+b/c=_-"), "a+b/c=_-"),
        (json!("아이디 1"), "아이디 1"),
        (json!(32_742_776), "32742776"),
        (json!(u64::MAX), "18446744073709551615"),
    ] {
        let person = user_with_profile(&shop, json!({ "response": { "id": id } })).await;
        assert_eq!(person["subject"], subject);
    }
}

#[tokio::test]
async fn quirk_50_an_invalid_id_is_an_invalid_answer() {
    let shop = open().await;
    for id in [
        json!(null),
        json!(""),
        json!(-1),
        json!(1.5),
        json!(true),
        json!(["7"]),
        json!("a\nb"),
    ] {
        let page = sign_in_with(&shop, json!({ "id": id })).await;
        let (status, kind, _) = refusal(&page);
        assert_eq!((status, kind), (502, InvalidAnswer), "{id}");
    }
}

#[tokio::test]
async fn all_members_but_the_id_and_the_number_may_be_missing_or_of_any_type() {
    let shop = open().await;
    for value in [json!(null), json!(""), json!(7), json!([]), json!({})] {
        let mut patch = json!({ "response": {} });
        for member in ["name", "nickname", "email", "age", "gender", "birthday"] {
            patch["response"][member] = value.clone();
        }
        let person = user_with_profile(&shop, patch).await;
        assert_eq!(person["name"], json!(null), "{value}");
        assert_eq!(person["email"], json!(null), "{value}");
    }
    let patch = json!({ "response": { "name": null } });
    assert_eq!(user_with_profile(&shop, patch).await["name"], "Jiwoo");
}

#[tokio::test]
async fn a_number_of_another_type_is_an_invalid_answer() {
    let shop = open().await;
    for mobile in [json!(1_012_345_678), json!(["010-1234-5678"]), json!({})] {
        let page = sign_in_with(&shop, json!({ "mobile": mobile })).await;
        let expected = (502, InvalidAnswer, Some("mobile_type"));
        assert_eq!(refusal(&page), expected, "{mobile}");
        let page = sign_in_with(&shop, json!({ "mobile_e164": mobile })).await;
        assert_eq!(refusal(&page), expected, "{mobile}");
    }
}

#[tokio::test]
async fn a_profile_with_the_international_number_alone_signs_in() {
    let shop = open().await;
    for mobile in [json!(null), json!(""), json!(" ")] {
        for number in ["+821012345678", "+82 10-1234-5678", "010-1234-5678"] {
            let response = json!({ "mobile": mobile, "mobile_e164": number });
            let person = user_with_profile(&shop, json!({ "response": response })).await;
            assert_eq!(person["phone"], "+821012345678", "{mobile} {number}");
            assert_eq!(person["assurance"], "Asserted");
        }
    }
    let neither = json!({ "mobile": null, "mobile_e164": null });
    let page = sign_in_with(&shop, neither).await;
    assert_eq!(parameter(&page, "auth_type").as_deref(), Some("reprompt"));
    let page = sign_in_with(
        &shop,
        json!({ "mobile": null, "mobile_e164": "+82 10-****-5678" }),
    )
    .await;
    assert_eq!(refusal(&page), (403, PhoneInvalid, None));
}

#[tokio::test]
async fn quirk_72_a_number_that_cannot_be_dialled_is_refused() {
    let shop = open().await;
    for mobile in ["010-****-5678", "010", "+82", "0000000000000000"] {
        let page = sign_in_with(&shop, json!({ "mobile": mobile, "mobile_e164": null })).await;
        assert_eq!(refusal(&page), (403, PhoneInvalid, None), "{mobile}");
    }
}

#[tokio::test]
async fn a_number_from_naver_is_asserted_and_not_verified() {
    for (minimum, lets_in) in [
        (PhoneAssurance::Unverified, true),
        (PhoneAssurance::Asserted, true),
        (PhoneAssurance::Verified, false),
    ] {
        let shop = open_with(|builder| builder.minimum_assurance(minimum)).await;
        let page = shop.browser().come_back("/", JIWOO).await;
        if lets_in {
            assert_signed_in(&page, "asserted");
        } else {
            assert_eq!(refusal(&page), (403, PhoneNotVerified, None));
        }
    }
}
