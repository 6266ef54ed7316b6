//! Flags, numbers and sessions in the notations that providers use.

use serde_json::json;

use super::*;

fn claims(value: Value) -> ClaimSet {
    match value {
        Value::Object(claims) => claims,
        other => unreachable!("{other}"),
    }
}

fn profile(rules: &ClaimRules, id_token: Value, userinfo: Value) -> Result<Profile, ProviderError> {
    let missing = || ProviderError::new(LoginErrorKind::InvalidAnswer);
    let (id_token, userinfo) = (claims(id_token), claims(userinfo));
    rules.profile("subject".to_owned(), &id_token, Some(&userinfo), missing)
}

#[test]
fn a_flag_is_true_only_as_a_boolean_or_as_a_text_where_the_provider_sends_texts() {
    for (value, plain, with_texts) in [
        (json!(true), Some(true), Some(true)),
        (json!(false), Some(false), Some(false)),
        (json!(null), None, None),
        (json!("true"), Some(false), Some(true)),
        (json!("false"), Some(false), Some(false)),
        (json!(1), Some(false), Some(false)),
        (json!([]), Some(false), Some(false)),
    ] {
        for (string_booleans, expected) in [(false, plain), (true, with_texts)] {
            let rules = ClaimRules {
                string_booleans,
                ..ClaimRules::default()
            };
            let set = claims(json!({ "phone_number_verified": value }));
            assert_eq!(rules.flag(&set), expected, "{value} {string_booleans}");
        }
    }
    assert_eq!(ClaimRules::default().flag(&claims(json!({}))), None);
}

#[test]
fn the_flag_of_the_address_comes_from_its_own_source() {
    let phone = "+821012345678";
    for (id_token, userinfo, expected) in [
        (
            json!({}),
            json!({ "email": "a@b", "email_verified": true }),
            true,
        ),
        (
            json!({}),
            json!({ "email": "a@b", "email_verified": false }),
            false,
        ),
        (
            json!({ "email_verified": true }),
            json!({ "email": "a@b" }),
            false,
        ),
        (
            json!({ "email": "c@d", "email_verified": true }),
            json!({}),
            true,
        ),
    ] {
        let mut userinfo = userinfo;
        userinfo["phone_number"] = json!(phone);
        let profile = profile(&ClaimRules::default(), id_token, userinfo).unwrap();
        assert_eq!(profile.email_verified, expected);
    }
}

#[test]
fn two_notations_of_a_number_agree_and_two_numbers_do_not() {
    let rules = ClaimRules {
        region: Some(Region::KR),
        lacks_plus: false,
        ..ClaimRules::default()
    };
    for (one, other, agree) in [
        ("+82 10-1234-5678", "+821012345678", true),
        ("010-1234-5678", "+821012345678", true),
        ("unreadable", "unreadable", true),
        ("unreadable", "another", false),
        ("+821012345678", "+821012345679", false),
        ("+821012345678", "unreadable", false),
    ] {
        let (one, other) = (
            json!({ "phone_number": one }),
            json!({ "phone_number": other }),
        );
        let profile = profile(&rules, one.clone(), other.clone());
        let has_number = profile.is_ok_and(|profile| profile.phone.is_ok());
        assert_eq!(has_number, agree, "{one} {other}");
    }
}

#[test]
fn a_plus_is_added_only_where_the_provider_leaves_it_out() {
    for (lacks_plus, raw, expected) in [
        (true, "821012345678", "+821012345678"),
        (true, "+821012345678", "+821012345678"),
        (false, "01012345678", "01012345678"),
    ] {
        let rules = ClaimRules {
            lacks_plus,
            ..ClaimRules::default()
        };
        assert_eq!(rules.with_plus(raw), expected);
    }
}

#[test]
fn an_id_token_has_a_number_unless_the_claim_is_missing_null_or_blank() {
    let rules = ClaimRules::default();
    for (claim, has_number) in [
        (json!({}), false),
        (json!({ "phone_number": null }), false),
        (json!({ "phone_number": "" }), false),
        (json!({ "phone_number": " \t" }), false),
        (json!({ "phone_number": "+821012345678" }), true),
    ] {
        let phone = rules.phone_in(&claims(claim.clone())).unwrap();
        assert_eq!(phone.is_some(), has_number, "{claim}");
    }
    let number = json!({ "phone_number": 821_012_345_678_u64 });
    assert!(rules.phone_in(&claims(number)).is_err());
    let flagged = json!({ "phone_number": "+821012345678", "phone_number_verified": true });
    let phone = rules.phone_in(&claims(flagged)).unwrap().unwrap();
    assert!(phone.is_complete);
    assert_eq!(phone.assurance, PhoneAssurance::Verified);
}

#[test]
fn a_sid_is_a_text_and_in_a_logout_token_of_a_length_that_a_session_stores() {
    for (sid, of_session, of_logout_token) in [
        (json!("s1"), Some("s1"), Some("s1")),
        (json!(""), Some(""), None),
        (json!(null), None, None),
        (json!(7), None, None),
    ] {
        let set = claims(json!({ "sid": sid }));
        assert_eq!(session(&set).as_deref(), of_session, "{sid}");
        assert_eq!(super::sid(&set), of_logout_token, "{sid}");
    }
    let none = claims(json!({}));
    assert_eq!((session(&none), super::sid(&none)), (None, None));
}
