//! The profile: the user that it names, and its required members.

use serde_json::{Value, json};
use tower_phone_auth::error::LoginErrorKind::{InvalidAnswer, PhoneNotConfigured};
use tower_phone_auth_local_provider::{Endpoint, Person, faults::Fault};

use super::{assert_signed_in, login, ok, profile, refusal, user_with_profile};
use crate::support::shop::Shop;

#[tokio::test]
async fn quirk_34_an_id_larger_than_a_double_is_exact() {
    let shop = Shop::open().await;
    let known = user_with_profile(&shop, json!({})).await;
    assert_eq!(known["subject"], "1376016924429759228");
    assert_eq!(known["provider"], "kakao");
    assert_eq!(Person::WITH_PHONE, 1_376_016_924_429_759_228);

    for id in [1, (1 << 53) + 1, u64::MAX] {
        let known = user_with_profile(&shop, json!({ "id": id })).await;
        assert_eq!(known["subject"], id.to_string());
    }
}

#[tokio::test]
async fn an_id_of_another_form_is_refused() {
    let shop = Shop::open().await;
    for id in [
        json!(7.0),
        json!(1e20),
        json!("7"),
        json!(-7),
        json!(0),
        json!(true),
        json!([7]),
        json!(null),
    ] {
        let patch = Fault::Merge(json!({ "id": id }));
        let page = login(&shop, [(Endpoint::Profile, patch)]).await;
        assert_eq!(refusal(&page), (502, InvalidAnswer, None), "{id}");
    }
}

#[tokio::test]
async fn quirk_35_a_missing_or_empty_account_is_a_fault_of_the_console_settings() {
    let shop = Shop::open().await;
    for answer in [
        json!({ "id": 7 }),
        json!({ "id": 7, "kakao_account": null }),
        json!({ "id": 7, "kakao_account": {} }),
        json!({ "id": 7, "kakao_account": { "profile": { "nickname": "Jiwoo" } } }),
        json!({ "id": 7, "has_signed_up": true, "kakao_account": { "phone_number": null } }),
    ] {
        let page = login(&shop, [(Endpoint::Profile, ok(&answer))]).await;
        assert_eq!(refusal(&page), (403, PhoneNotConfigured, None), "{answer}");
    }
}

#[tokio::test]
async fn quirk_35_an_account_that_is_no_object_is_an_invalid_answer() {
    let shop = Shop::open().await;
    for account in [json!("x"), json!(1), json!(true)] {
        let answer = json!({ "id": 7, "kakao_account": account });
        let page = login(&shop, [(Endpoint::Profile, ok(&answer))]).await;
        assert_eq!(refusal(&page), (502, InvalidAnswer, None), "{account}");
    }
}

#[tokio::test]
async fn members_that_are_not_needed_may_have_any_type() {
    let shop = Shop::open().await;
    for odd in [
        json!(null),
        json!(1.5),
        json!("x"),
        json!([{}]),
        json!({ "nickname": 1 }),
    ] {
        let mut answer = profile();
        for name in ["connected_at", "synched_at", "properties", "for_partner"] {
            answer[name] = odd.clone();
        }
        for name in [
            "name",
            "profile",
            "email",
            "is_email_valid",
            "is_email_verified",
            "has_phone_number",
            "birthyear",
        ] {
            answer["kakao_account"][name] = odd.clone();
        }
        let page = login(&shop, [(Endpoint::Profile, ok(&answer))]).await;
        assert_signed_in(&page, &odd.to_string());
    }
}

#[tokio::test]
async fn a_sign_up_flag_of_another_type_is_ignored() {
    let shop = Shop::open().await;
    for flag in [json!(null), json!(true), json!("true"), json!(1)] {
        let mut answer = profile();
        answer["has_signed_up"] = flag.clone();
        let page = login(&shop, [(Endpoint::Profile, ok(&answer))]).await;
        assert_signed_in(&page, &flag.to_string());
    }
}

#[tokio::test]
async fn an_email_is_verified_only_with_both_flags_of_kakao() {
    let shop = Shop::open().await;
    for (valid, verified, expected) in [
        (json!(true), json!(true), true),
        (json!(true), json!(false), false),
        (json!(false), json!(true), false),
        (json!(null), json!(true), false),
        (json!("true"), json!("true"), false),
        (json!(1), json!(1), false),
    ] {
        let flags = json!({ "is_email_valid": valid, "is_email_verified": verified });
        let known = user_with_profile(&shop, json!({ "kakao_account": flags })).await;
        assert_eq!(known["email"], "jiwoo@example.com", "{flags}");
        assert_eq!(known["email_verified"], expected, "{flags}");
    }
}

#[tokio::test]
async fn an_invalid_email_is_left_out() {
    let shop = Shop::open().await;
    for email in ["", "a", "@", "a@b@c", "a b@c", "a\r\n@b", &"a@".repeat(300)] {
        let account = json!({ "email": email });
        let known = user_with_profile(&shop, json!({ "kakao_account": account })).await;
        assert_eq!(known["email"], Value::Null, "{email}");
        assert_eq!(known["email_verified"], false, "{email}");
    }
}

#[tokio::test]
async fn the_legal_name_is_used_before_the_nickname() {
    let shop = Shop::open().await;
    for (name, nickname, expected) in [
        (json!("김지우"), json!("Jiwoo"), json!("김지우")),
        (json!(null), json!("Jiwoo"), json!("Jiwoo")),
        (json!(""), json!("Jiwoo"), json!("Jiwoo")),
        (json!(null), json!(null), json!(null)),
        (json!(" a\r\nb\u{0} "), json!("Jiwoo"), json!("ab")),
        (json!("가".repeat(100)), json!(null), json!("가".repeat(40))),
    ] {
        let account = json!({ "name": name, "profile": { "nickname": nickname } });
        let known = user_with_profile(&shop, json!({ "kakao_account": account })).await;
        assert_eq!(known["name"], expected);
    }
}

#[tokio::test]
async fn control_characters_are_removed_from_a_name() {
    let shop = Shop::open().await;
    for (nickname, expected) in [
        ("admin\u{202e}nimda", json!("adminnimda")),
        ("\u{2066}Ji\u{200b}woo\u{feff}\n", json!("Jiwoo")),
        ("\u{3164}\u{115f}", json!(null)),
        ("می\u{200c}خواهم", json!("می\u{200c}خواهم")),
    ] {
        let account = json!({ "name": null, "profile": { "nickname": nickname } });
        let known = user_with_profile(&shop, json!({ "kakao_account": account })).await;
        assert_eq!(known["name"], expected, "{nickname:?}");
    }
}
