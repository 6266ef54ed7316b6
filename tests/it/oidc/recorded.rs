//! Sign-ins with the metadata, ID tokens, userinfo and token answers of real providers. The files
//! in `recorded/` were recorded from servers or taken from their documentation.

use std::{collections::BTreeSet, fs};

use http::StatusCode;
use serde_json::{Map, Value, json};
use tower_phone_auth::error::LoginErrorKind::{CodeRejected, Misconfigured};
use tower_phone_auth_local_provider::{Endpoint, faults::Fault};

use super::{
    refusal,
    shape::{Shape, folder, read},
};
use crate::support::{
    browser::{JIWOO, parameter},
    outcome::signed_in_user,
};

fn outcomes() -> Vec<Value> {
    read("outcomes.json").as_array().unwrap().clone()
}

fn is_sign_in(outcome: &Value) -> bool {
    outcome["expect"]["phone"].is_string()
}

#[tokio::test]
async fn a_user_of_each_provider_signs_in() {
    for outcome in outcomes().iter().filter(|outcome| is_sign_in(outcome)) {
        let shop = Shape::of(outcome).open(outcome).await;
        let page = shop.browser().come_back("/", JIWOO).await;
        super::assert_signed_in(&page, &outcome.to_string());
        let user = signed_in_user(&shop).await;
        let expected = &outcome["expect"];
        for name in ["phone", "assurance", "subject"] {
            assert_eq!(user[name], expected[name], "{outcome}");
        }
    }
}

#[tokio::test]
async fn an_odd_answer_of_each_provider_ends_with_its_cause() {
    for outcome in outcomes().iter().filter(|outcome| !is_sign_in(outcome)) {
        let shop = Shape::of(outcome).open(outcome).await;
        let page = shop.browser().come_back("/", JIWOO).await;
        let expected = &outcome["expect"];
        if expected["again"] == true {
            let kinds = ["prompt", "auth_type"].map(|name| parameter(&page, name));
            let [prompt, kind] = kinds.each_ref().map(Option::as_deref);
            assert!(
                prompt == Some("consent") || kind == Some("reprompt"),
                "{outcome}"
            );
            continue;
        }
        let (status, kind, code) = refusal(&page);
        let found = json!({ "status": status, "cause": format!("{kind:?}"), "code": code });
        assert_eq!(found, *expected, "{outcome}");
    }
}

#[test]
fn each_provider_has_a_sign_in_and_an_odd_answer() {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap());
    let folders = entries.filter(|entry| entry.path().is_dir());
    let providers: BTreeSet<String> = folders
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    assert_eq!(providers.len(), 25);
    for signs_in in [true, false] {
        let outcomes = outcomes();
        let named = outcomes.iter().filter(|row| is_sign_in(row) == signs_in);
        let named: BTreeSet<String> = named
            .map(|row| row["provider"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(named, providers, "signs in: {signs_in}");
    }
}

#[test]
fn each_shape_names_its_source_and_version() {
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_dir() {
            continue;
        }
        let readme = fs::read_to_string(path.join("README.md")).unwrap_or_default();
        let documented = fs::read_to_string(path.join("documented.json"));
        let document: Map<String, Value> = documented
            .map(|text| serde_json::from_str(&text).unwrap())
            .unwrap_or_default();
        let says = |name: &str| document.get(name).and_then(Value::as_str).is_some();
        let is_dated = readme.contains("Recorded 20");
        assert!(is_dated || says("source") && says("version"), "{path:?}");
    }
}

/// The recorded errors of one endpoint of a provider.
fn errors(provider: &str, endpoint: &str) -> Vec<(String, Fault, Value)> {
    let errors = read(&format!("{provider}/errors.json"));
    let errors = errors.as_object().unwrap().clone().into_iter();
    let of = errors.filter(|(name, error)| {
        let refused = error["status"].as_u64().is_some_and(|status| status >= 400);
        name.starts_with(endpoint) && refused && error["body"].is_object()
    });
    of.map(|(name, error)| {
        let status = u16::try_from(error["status"].as_u64().unwrap()).unwrap();
        let fault = Fault::json(StatusCode::from_u16(status).unwrap(), &error["body"]);
        (format!("{provider}: {name}"), fault, error)
    })
    .collect()
}

/// The sign-ins of providers that have recorded errors.
fn recorded_sign_ins() -> impl Iterator<Item = Value> {
    let mut seen = BTreeSet::new();
    outcomes().into_iter().filter(move |outcome| {
        let provider = outcome["provider"].as_str().unwrap();
        let is_recorded = folder().join(provider).join("errors.json").exists();
        is_recorded && is_sign_in(outcome) && seen.insert(provider.to_owned())
    })
}

#[tokio::test]
async fn an_error_of_each_token_endpoint_has_its_cause() {
    for outcome in recorded_sign_ins() {
        for (case, fault, error) in errors(outcome["provider"].as_str().unwrap(), "token") {
            let expected = match error["body"]["error"].as_str().unwrap() {
                "invalid_client" => Misconfigured,
                "invalid_grant" => CodeRejected,
                // The other errors are about parameters that the layer always sends.
                _ => continue,
            };
            let shop = Shape::of(&outcome).open(&outcome).await;
            shop.provider.fail(Endpoint::Token, fault);
            let page = shop.browser().come_back("/", JIWOO).await;
            assert_eq!(refusal(&page).1, expected, "{case}");
        }
    }
}

#[tokio::test]
async fn an_error_of_each_userinfo_endpoint_names_it_where_the_number_is_missing() {
    for outcome in recorded_sign_ins() {
        for (case, fault, error) in errors(outcome["provider"].as_str().unwrap(), "userinfo") {
            let mut outcome = outcome.clone();
            outcome["change"] = json!({ "id_token": { "phone_number": null } });
            let shop = Shape::of(&outcome).open(&outcome).await;
            shop.provider.fail(Endpoint::Profile, fault);
            let page = shop.browser().come_back("/", JIWOO).await;
            let code = format!("userinfo_{}", error["status"]);
            assert_eq!(refusal(&page).2, Some(code.as_str()), "{case}");
        }
    }
}
