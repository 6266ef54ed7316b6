//! The forms of phone numbers at Kakao, each through a complete sign-in.

use serde_json::json;
use tower_phone_auth::{
    error::LoginErrorKind::{InvalidAnswer, PhoneInvalid, PhoneNotVerified},
    phone::PhoneAssurance,
};
use tower_phone_auth_local_provider::{Endpoint, Person, faults::Fault};

use super::{assert_not_repeated, login, refusal};
use crate::support::{
    browser::{Act, JIWOO, text},
    shop::Shop,
};

async fn assert_read_as(expected: &str, written: &[&str]) {
    let shop = Shop::open().await;
    for raw in written {
        shop.provider.add_person(Person::new(7, "Sora").phone(*raw));
        let page = shop.browser().sign_in("/", Act::Agree(7)).await;
        assert_eq!(text(&page), expected, "{raw}");
    }
}

async fn assert_refused(written: &[&str]) {
    let shop = Shop::open().await;
    for raw in written {
        shop.provider.add_person(Person::new(7, "Sora").phone(*raw));
        let mut browser = shop.browser();
        let page = browser.come_back("/", Act::Agree(7)).await;
        assert_eq!(refusal(&page), (403, PhoneInvalid, None), "{raw}");
        assert!(browser.has_no_sign_in_cookies());
        if raw.len() > 3 {
            assert_not_repeated(&page, raw);
        }
    }
}

#[tokio::test]
async fn quirk_62_the_documented_form_signs_in() {
    assert_read_as("+821012345678", &["+82 10-1234-5678"]).await;
}

#[tokio::test]
async fn quirk_63_the_trunk_zero_of_the_sample_is_dropped() {
    assert_read_as("+821012345678", &["+82 010-1234-5678"]).await;
}

#[tokio::test]
async fn quirk_64_spaces_separate_as_well_as_hyphens() {
    assert_read_as("+821012345678", &["+82 10 1234 5678"]).await;
}

#[tokio::test]
async fn quirk_67_a_foreign_number_signs_in() {
    assert_read_as("+16502530000", &["+1 650-253-0000", "+1 (650) 253-0000"]).await;
}

#[tokio::test]
async fn quirk_70_an_extension_is_refused() {
    assert_refused(&["+1 425 555 1212;ext=5678", "+82 2-312-345;ext=6"]).await;
}

#[tokio::test]
async fn quirk_72_a_masked_number_is_refused() {
    assert_refused(&["+82 10-****-5678", "+82 10-*1234-5678"]).await;
}

#[tokio::test]
async fn quirk_73_fragments_and_overlong_numbers_are_refused() {
    let huge = "1".repeat(100_000);
    assert_refused(&["+82", "+", "-", "+8210123456789012", "821012345678", &huge]).await;
}

#[tokio::test]
async fn a_number_of_another_type_is_an_invalid_answer() {
    let shop = Shop::open().await;
    for phone in [
        json!(821_012_345_678_u64),
        json!(["+82 10-1234-5678"]),
        json!({}),
    ] {
        let patch = json!({ "kakao_account": { "phone_number": phone } });
        let page = login(&shop, [(Endpoint::Profile, Fault::Merge(patch))]).await;
        assert_eq!(refusal(&page), (502, InvalidAnswer, None), "{phone}");
    }
}

#[tokio::test]
async fn an_agreement_flag_of_another_type_is_an_invalid_answer() {
    let shop = Shop::open().await;
    for flag in [json!("false"), json!(0), json!({})] {
        let patch = json!({ "kakao_account": { "phone_number_needs_agreement": flag } });
        let page = login(&shop, [(Endpoint::Profile, Fault::Merge(patch))]).await;
        assert_eq!(refusal(&page), (502, InvalidAnswer, None), "{flag}");
    }
}

#[tokio::test]
async fn a_number_from_kakao_is_asserted_and_not_verified() {
    for (minimum, lets_in) in [
        (PhoneAssurance::Unverified, true),
        (PhoneAssurance::Asserted, true),
        (PhoneAssurance::Verified, false),
    ] {
        let shop = Shop::with(|kakao| kakao, |builder| builder.minimum_assurance(minimum)).await;
        let page = shop.browser().come_back("/", JIWOO).await;
        if lets_in {
            super::assert_signed_in(&page, "asserted");
        } else {
            assert_eq!(refusal(&page), (403, PhoneNotVerified, None));
        }
    }
}
