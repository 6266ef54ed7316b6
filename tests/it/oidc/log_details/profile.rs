//! Log lines about userinfo and the phone number.

use serde_json::json;
use tower_phone_auth_local_provider::{
    Endpoint, Userinfo,
    faults::{Fault, Signing},
};

use super::{
    super::{login, open},
    assert_differs, refused,
};
use crate::support::events::Events;

#[tokio::test]
async fn a_fault_of_userinfo_is_logged_as_one_of_userinfo() {
    for (signing, code, found) in [
        (Signing::WrongKey, "userinfo_signature", "did not make it"),
        (Signing::None, "userinfo_alg", "none"),
        (Signing::HmacWithPublicKey, "userinfo_alg", "HS256"),
    ] {
        let shop = open(|oidc| {
            oidc.userinfo = Userinfo::Jwt;
            oidc.userinfo_signing = signing;
        })
        .await;
        let events = Events::capture();
        login(&shop, []).await;
        assert_differs(&refused(&events, &shop), code, "", found);
    }
    for (sub, code, found) in [
        (json!("another"), "userinfo_sub", "another"),
        (json!(null), "userinfo_sub_missing", "missing"),
        (
            json!(1_376_016_924_429_759_228_u64),
            "userinfo_sub_missing",
            "a number",
        ),
    ] {
        let shop = open(|_| {}).await;
        let events = Events::capture();
        let patch = Fault::Merge(json!({ "sub": sub }));
        login(&shop, [(Endpoint::Profile, patch)]).await;
        let line = refused(&events, &shop);
        assert_differs(&line, code, "the sub of the ID token", found);
        assert_eq!(line.field("call"), "profile");
    }
}

#[tokio::test]
async fn a_number_of_another_type_or_without_a_plus_is_logged_without_its_digits() {
    for (number, code, found) in [
        (
            json!(821_012_345_678_u64),
            Some("phone_number_type"),
            "a number",
        ),
        (
            json!(["+821012345678"]),
            Some("phone_number_type"),
            "a list",
        ),
        (
            json!({ "number": "+821012345678" }),
            Some("phone_number_type"),
            "an object",
        ),
        (json!("821012345678"), None, "a number without a plus"),
        (
            json!("01012345678"),
            None,
            "a number without a plus, with a leading zero",
        ),
        (
            json!("+82-10-****-5678"),
            None,
            "a text with letters or masks",
        ),
    ] {
        let shop = open(|_| {}).await;
        let events = Events::capture();
        let patch = Fault::Merge(json!({ "phone_number": number }));
        login(&shop, [(Endpoint::Profile, patch)]).await;
        let line = refused(&events, &shop);
        assert_eq!(line.field("found"), found, "{number}");
        if let Some(code) = code {
            assert!(line.field("code").ends_with(code), "{line:?}");
        }
        for part in ["12345678", "-5678"] {
            assert!(!events.text().contains(part), "{}", events.text());
        }
    }
}
