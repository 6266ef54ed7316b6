//! Numbers in the forms of directories: under another claim, without a flag, without a plus sign.

use serde_json::{Value, json};
use tower_phone_auth::{
    Builder, OAuthLayer, Oidc, SessionKey,
    error::LoginErrorKind::{InvalidAnswer, PhoneInvalid, PhoneNotVerified},
};
use tower_phone_auth_local_provider::{Endpoint, OidcSettings, PhoneIn, faults::Fault};

use super::{assert_signed_in, login, open, open_with, refusal, user_with_profile};
use crate::support::shop::{ORIGIN, Shop};

async fn with(client: impl FnOnce(Oidc) -> Oidc) -> Shop {
    let silent = |oidc: &mut OidcSettings| oidc.phone_number_verified = None;
    open_with(silent, client, |builder: Builder| builder).await
}

async fn with_userinfo(shop: &Shop, patch: Value) -> super::Page {
    login(shop, [(Endpoint::Profile, Fault::Merge(patch))]).await
}

#[tokio::test]
async fn an_asserted_number_without_a_flag_is_asserted_and_false_stays_unverified() {
    let shop = with(Oidc::phone_asserted).await;
    for (flag, assurance) in [(json!(null), "Asserted"), (json!(true), "Verified")] {
        let person = user_with_profile(&shop, json!({ "phone_number_verified": flag })).await;
        assert_eq!(person["assurance"], assurance, "{flag}");
    }
    for flag in [
        json!(false),
        json!("true"),
        json!("false"),
        json!(0),
        json!(1),
        json!({}),
        json!([]),
        json!(""),
    ] {
        let page = with_userinfo(&shop, json!({ "phone_number_verified": flag })).await;
        let expected = (403, PhoneNotVerified, Some("flag_false"));
        assert_eq!(refusal(&page), expected, "{flag}");
    }
}

#[tokio::test]
async fn a_missing_flag_and_a_false_flag_are_distinguished() {
    let shop = with(|oidc| oidc).await;
    for (flag, code) in [
        (json!(null), "no_flag"),
        (json!(false), "flag_false"),
        (json!("yes"), "flag_false"),
        (json!(1), "flag_false"),
    ] {
        let page = with_userinfo(&shop, json!({ "phone_number_verified": flag })).await;
        assert_eq!(
            refusal(&page),
            (403, PhoneNotVerified, Some(code)),
            "{flag}"
        );
    }
}

#[tokio::test]
async fn the_claim_of_the_number_is_taken_literally() {
    for name in [
        "mobile",
        "https://example.com/mobile",
        "attributes.phone",
        "Telefon (mobil)",
        "전화",
    ] {
        let shop = with(|oidc| oidc.phone_claim(name).phone_asserted()).await;
        let number = json!({ "phone_number": "+82 10-9999-0000", name: "+82 10-1234-5678" });
        let person = user_with_profile(&shop, number).await;
        assert_eq!(person["phone"], "+821012345678", "{name}");
        assert_eq!(person["assurance"], "Asserted");
    }
}

#[tokio::test]
async fn a_claim_with_a_dot_or_a_slash_is_not_a_path() {
    for (name, nested) in [
        (
            "attributes.phone",
            json!({ "attributes": { "phone": "+82 10-1234-5678" } }),
        ),
        ("/phone", json!({ "": { "phone": "+82 10-1234-5678" } })),
        ("phones[0]", json!({ "phones": ["+82 10-1234-5678"] })),
    ] {
        let shop = with(|oidc| oidc.phone_claim(name).phone_asserted()).await;
        assert_eq!(with_userinfo(&shop, nested).await.status(), 403, "{name}");
    }
}

#[tokio::test]
async fn the_flag_keeps_its_name_beside_another_claim() {
    let shop = with(|oidc| oidc.phone_claim("mobile")).await;
    let number =
        |flag: Value| json!({ "mobile": "+82 10-1234-5678", "phone_number_verified": flag });
    let person = user_with_profile(&shop, number(json!(true))).await;
    assert_eq!(person["assurance"], "Verified");
    for flag in [json!(false), json!("true"), json!(null)] {
        let page = with_userinfo(&shop, number(flag)).await;
        assert_eq!(refusal(&page).1, PhoneNotVerified);
    }
    let other = json!({ "mobile": "+82 10-1234-5678", "mobile_verified": true });
    assert_eq!(
        refusal(&with_userinfo(&shop, other).await).1,
        PhoneNotVerified
    );
}

#[test]
fn a_claim_without_a_name_is_refused_at_build() {
    for name in ["", " ", "\t"] {
        let oidc = Oidc::new("https://id.example.com", "id", "secret").phone_claim(name);
        let builder = OAuthLayer::builder()
            .public_url(ORIGIN)
            .session_key(SessionKey::random())
            .provider(oidc);
        let error = builder.build().unwrap_err();
        assert_eq!(error.setting(), "phone_claim", "{name:?}");
    }
}

#[tokio::test]
async fn a_number_without_a_plus_needs_the_setting() {
    let flagged = |_: &mut OidcSettings| {};
    let with_plus = open(flagged).await;
    let without = open_with(flagged, Oidc::phone_without_plus, |builder| builder).await;
    for number in ["821012345678", "82 10-1234-5678", "8210 1234 5678"] {
        let page = with_userinfo(&with_plus, json!({ "phone_number": number })).await;
        assert_eq!(refusal(&page), (403, PhoneInvalid, None), "{number}");
        let person = user_with_profile(&without, json!({ "phone_number": number })).await;
        assert_eq!(person["phone"], "+821012345678", "{number}");
    }
    let person = user_with_profile(&without, json!({ "phone_number": "+82 10-1234-5678" })).await;
    assert_eq!(person["phone"], "+821012345678");
}

#[tokio::test]
async fn a_number_of_another_json_type_is_named() {
    let shop = open(|_| {}).await;
    for number in [
        json!(821_012_345_678_u64),
        json!(82.5),
        json!(["+821012345678"]),
        json!([]),
        json!({ "value": "+821012345678" }),
        json!(true),
        json!(false),
    ] {
        let expected = (502, InvalidAnswer, Some("phone_number_type"));
        let page = with_userinfo(&shop, json!({ "phone_number": number })).await;
        assert_eq!(refusal(&page), expected, "{number} in userinfo");
        let in_id_token = |oidc: &mut OidcSettings| oidc.phone_in = PhoneIn::IdToken;
        let shop = open(in_id_token).await;
        let forged = number.clone();
        shop.provider
            .forge_id_token(move |_, claims| claims["phone_number"] = forged.clone());
        assert_eq!(
            refusal(&login(&shop, []).await),
            expected,
            "{number} in the ID token"
        );
    }
}

/// One source has the number and the other one has the flag.
#[tokio::test]
async fn a_flag_of_the_other_source_counts_where_that_source_has_no_number() {
    for (flag, signs_in) in [
        (json!(true), true),
        (json!(false), false),
        (json!("true"), false),
        (json!(null), false),
    ] {
        let shop = with(|oidc| oidc).await;
        let forged = flag.clone();
        shop.provider
            .forge_id_token(move |_, claims| claims["phone_number_verified"] = forged.clone());
        let page = login(&shop, []).await;
        assert_eq!(
            page.status().is_redirection(),
            signs_in,
            "in the ID token: {flag}"
        );

        let silent = |oidc: &mut OidcSettings| {
            oidc.phone_number_verified = None;
            oidc.phone_in = PhoneIn::IdToken;
        };
        let shop = open(silent).await;
        let page = with_userinfo(&shop, json!({ "phone_number_verified": flag })).await;
        assert_eq!(
            page.status().is_redirection(),
            signs_in,
            "in userinfo: {flag}"
        );
    }
}

#[tokio::test]
async fn a_flag_of_userinfo_of_another_subject_counts_for_nothing() {
    let silent = |oidc: &mut OidcSettings| {
        oidc.phone_number_verified = None;
        oidc.phone_in = PhoneIn::IdToken;
    };
    let shop = open(silent).await;
    for sub in ["another", "1376016924429759229", "1376016924429759228 "] {
        let page = with_userinfo(&shop, json!({ "sub": sub, "phone_number_verified": true })).await;
        assert_eq!(
            refusal(&page),
            (502, InvalidAnswer, Some("userinfo_sub")),
            "{sub}"
        );
    }
    assert_signed_in(
        &with_userinfo(&shop, json!({ "phone_number_verified": true })).await,
        "their own",
    );
}
