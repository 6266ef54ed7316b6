//! The identifiers `sub` and `sid`, which may be any text.

use serde_json::{Value, json};
use tower_phone_auth::error::LoginErrorKind::{IdTokenRejected, InvalidAnswer};

use super::{assert_signed_in, login, open, refusal, user_with_profile};
use crate::support::{events::Events, shop::Shop};

pub(crate) const TEXTS: [&str; 9] = [
    "jane doe",
    "CN=Jane Doe,OU=Users,DC=corp,DC=example",
    " leading and trailing ",
    "LDGOuprPnr…|- :",
    "김지우",
    "auth0|5f7c8ec7c33c6c004bbafe82",
    "DOMAIN\\user",
    "<script>\"'&",
    "a/b+c=?#%20",
];

/// Makes the provider use this subject in ID tokens, logout tokens and userinfo.
pub(crate) fn name_subject(shop: &Shop, subject: &str) {
    let own = subject.to_owned();
    shop.provider
        .configure(|settings| settings.oidc.userinfo_sub = Some(own.clone()));
    let own = subject.to_owned();
    shop.provider
        .forge_id_token(move |_, claims| claims["sub"] = own.as_str().into());
}

async fn with_sub(sub: Value) -> super::Page {
    let shop = open(|_| {}).await;
    shop.provider
        .forge_id_token(move |_, claims| claims["sub"] = sub.clone());
    login(&shop, []).await
}

#[tokio::test]
async fn any_text_is_accepted_as_a_subject() {
    let shop = open(|_| {}).await;
    let longest = ["s".repeat(255), "글".repeat(85)];
    for subject in TEXTS.into_iter().chain(longest.iter().map(String::as_str)) {
        name_subject(&shop, subject);
        let person = user_with_profile(&shop, json!({})).await;
        assert_eq!(person["subject"], subject);
    }
}

#[tokio::test]
async fn a_subject_that_cannot_be_kept_is_refused_by_its_fault() {
    let shop = open(|_| {}).await;
    for (subject, code) in [
        ("s".repeat(256), "sub_too_long"),
        ("글".repeat(86), "sub_too_long"),
        ("a\nb".to_owned(), "sub_control"),
        ("a\0".to_owned(), "sub_control"),
        ("\u{9b}31m".to_owned(), "sub_control"),
    ] {
        name_subject(&shop, &subject);
        let page = login(&shop, []).await;
        assert_eq!(
            refusal(&page),
            (502, InvalidAnswer, Some(code)),
            "{subject:?}"
        );
    }
}

#[tokio::test]
async fn a_subject_that_is_not_a_text_is_refused_by_its_fault() {
    for (sub, code) in [
        (json!(""), "sub_empty"),
        (json!(null), "sub_missing"),
        (json!(7), "sub_type"),
        (json!(["jane"]), "sub_type"),
        (json!({}), "sub_type"),
        (json!(true), "sub_type"),
    ] {
        let page = with_sub(sub.clone()).await;
        assert_eq!(refusal(&page), (502, IdTokenRejected, Some(code)), "{sub}");
    }
}

#[tokio::test]
async fn a_sid_that_cannot_be_kept_is_logged_at_the_sign_in() {
    for sid in [
        json!(""),
        json!("s".repeat(1025)),
        json!(7),
        json!(["s"]),
        json!({}),
    ] {
        let shop = open(|_| {}).await;
        let forged = sid.clone();
        shop.provider
            .forge_id_token(move |_, claims| claims["sid"] = forged.clone());
        let events = Events::capture();
        assert_signed_in(&login(&shop, []).await, "the sign-in succeeds");
        assert!(events.text().contains("cannot be kept"), "{sid}");
    }
    for sid in [json!("with space"), json!(null)] {
        let shop = open(|_| {}).await;
        shop.provider
            .forge_id_token(move |_, claims| claims["sid"] = sid.clone());
        let events = Events::capture();
        assert_signed_in(&login(&shop, []).await, "kept, or missing");
        assert!(!events.text().contains("cannot be kept"));
    }
}
