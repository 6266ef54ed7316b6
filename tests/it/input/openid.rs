//! Arbitrary answers of OpenID providers, Naver and Google.

use axum::Router;
use proptest::{collection::vec, option, prelude::*};
use serde_json::Value;
use tower_phone_auth::{Google, Naver, OAuthLayer, Oidc, SessionKey, provider::Provider};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, faults::Fault};

use super::{
    answers::{assert_answered, fault, json, object},
    cases, runtime,
    vocabulary::{GOOGLE, KEYS, NAVER, OIDC},
};
use crate::support::{
    browser::{Browser, JIWOO, location},
    shop::{ORIGIN, routes},
};

fn oidc(provider: &LocalProvider) -> Provider {
    let (id, secret) = (provider.client_id(), provider.client_secret().unwrap());
    Oidc::new(provider.oidc_issuer(), id, secret).into()
}

fn google(provider: &LocalProvider) -> Provider {
    let (id, secret) = (provider.client_id(), provider.client_secret().unwrap());
    let google = Google::new(id, secret).phone_region("KR");
    google.endpoint_base(provider.origin()).into()
}

fn naver(provider: &LocalProvider) -> Provider {
    let (id, secret) = (provider.client_id(), provider.client_secret().unwrap());
    Naver::new(id, secret)
        .endpoint_base(provider.origin())
        .into()
}

/// An application that has not called its provider yet.
fn application(client: Provider) -> Router {
    let layer = OAuthLayer::builder()
        .public_url(ORIGIN)
        .session_key(SessionKey::random())
        .provider(client)
        .build();
    routes().layer(layer.unwrap())
}

/// Signs in repeatedly, each time at a new application, at a provider that gives arbitrary answers
/// at this step.
fn any_answer_at(
    step: Endpoint,
    client: fn(&LocalProvider) -> Provider,
    answers: impl Strategy<Value = Fault>,
) {
    let runtime = runtime();
    let provider = runtime.block_on(LocalProvider::start()).unwrap();
    let name = format!("{:?}", client(&provider));
    let name = name.split('"').nth(1).unwrap();
    proptest!(cases(64), |(answer in answers)| {
        runtime.block_on(async {
            let mut browser = Browser::new(application(client(&provider)), ORIGIN);
            provider.fail(step, answer);
            let away = browser.visit("/").await;
            // Metadata may name any address, so only the provider's own page is followed.
            if away.status() == 303 && location(&away).starts_with(&provider.origin()) {
                let callback = browser.act(&away, JIWOO).await;
                assert_answered(&browser.visit(&callback).await, name);
            } else {
                assert_answered(&away, name);
            }
            provider.clear_faults(step);
        });
    });
}

#[test]
fn any_metadata_ends_in_a_page_or_a_success() {
    let patch = object(OIDC, json(OIDC)).prop_map(Fault::Merge);
    any_answer_at(Endpoint::Discovery, oidc, prop_oneof![patch, fault(OIDC)]);
}

#[test]
fn any_keys_end_in_a_page_or_a_success() {
    any_answer_at(Endpoint::Keys, oidc, fault(KEYS));
}

#[test]
fn any_one_key_ends_in_a_page_or_a_success() {
    let keys = vec(object(KEYS, json(KEYS)), 0..6);
    let set = keys.prop_map(|keys| Fault::Merge(serde_json::json!({ "keys": keys })));
    any_answer_at(Endpoint::Keys, oidc, set);
}

#[test]
fn any_openid_token_answer_ends_in_a_page_or_a_success() {
    any_answer_at(Endpoint::Token, oidc, fault(OIDC));
}

#[test]
fn any_userinfo_ends_in_a_page_or_a_success() {
    any_answer_at(Endpoint::Profile, oidc, fault(OIDC));
}

#[test]
fn any_answer_of_the_people_api_ends_in_a_page_or_a_success() {
    any_answer_at(Endpoint::Profile, google, fault(GOOGLE));
}

#[test]
fn any_list_of_numbers_ends_in_a_page_or_a_success() {
    let numbers = vec(object(GOOGLE, json(GOOGLE)), 0..6);
    let person =
        numbers.prop_map(|numbers| Fault::Merge(serde_json::json!({ "phoneNumbers": numbers })));
    any_answer_at(Endpoint::Profile, google, person);
}

#[test]
fn any_token_answer_of_naver_ends_in_a_page_or_a_success() {
    any_answer_at(Endpoint::Profile, naver, fault(NAVER));
    any_answer_at(Endpoint::Token, naver, fault(NAVER));
}

#[test]
fn any_profile_of_naver_ends_in_a_page_or_a_success() {
    let person = object(NAVER, json(NAVER));
    let patch = person.prop_map(|person| Fault::Merge(serde_json::json!({ "response": person })));
    any_answer_at(Endpoint::Profile, naver, patch);
}

#[test]
fn any_header_and_any_claims_end_in_a_page_or_a_success() {
    let runtime = runtime();
    let provider = runtime.block_on(LocalProvider::start()).unwrap();
    let app = application(oidc(&provider));
    let claims = object(OIDC, json(OIDC));
    let header = object(KEYS, json(KEYS));
    let patches = (option::of(header), claims);
    proptest!(cases(64), |((header, claims) in patches)| {
        provider.forge_id_token(move |to_header, to_claims| {
            merge(to_claims, &claims);
            if let Some(header) = &header {
                merge(to_header, header);
            }
        });
        runtime.block_on(async {
            let mut browser = Browser::new(app.clone(), ORIGIN);
            assert_answered(&browser.come_back("/", JIWOO).await, "oidc");
        });
    });
}

fn merge(target: &mut Value, patch: &Value) {
    let members = patch.as_object().unwrap().clone();
    target.as_object_mut().unwrap().extend(members);
}
