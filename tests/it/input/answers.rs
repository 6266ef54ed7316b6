//! Arbitrary answers of Kakao.

use http::{HeaderMap, StatusCode};
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Map, Value};
use tower_phone_auth_local_provider::{Endpoint, faults::Fault};

use super::{
    cases, runtime,
    vocabulary::{KAKAO, Words},
};
use crate::support::{
    browser::{JIWOO, Page, refusal, text},
    shop::Shop,
};

/// Values with a meaning at the provider, among arbitrary ones.
pub(super) fn json(words: Words) -> impl Strategy<Value = Value> {
    let known = select(words.texts);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        select(vec![-1_i64, -10, -401, -402, 0, 1]).prop_map(Value::from),
        known.prop_map(Value::from),
        "\\PC{0,80}".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, move |inner| {
        let object = object(words, inner.clone());
        prop_oneof![1 => vec(inner, 0..4).prop_map(Value::from), 2 => object]
    })
}

/// An object with some known members, and sometimes an arbitrary one.
pub(super) fn object(
    words: Words,
    values: impl Strategy<Value = Value>,
) -> impl Strategy<Value = Value> {
    let known = select(words.members).prop_map(str::to_owned);
    let member = prop_oneof![9 => known, 1 => "\\PC{0,9}"];
    vec((member, values), 0..6).prop_map(|members| Value::from(Map::from_iter(members)))
}

pub(super) fn fault(words: Words) -> impl Strategy<Value = Fault> {
    let status = select(vec![
        200_u16, 201, 204, 206, 301, 302, 304, 307, 400, 401, 403, 404, 418, 429, 500, 502, 503,
        504, 599,
    ]);
    let body = prop_oneof![
        vec(any::<u8>(), 0..300),
        json(words).prop_map(|json| json.to_string().into_bytes()),
        json(words).prop_map(|json| format!("\u{feff}{json}").into_bytes()),
    ];
    let kind = select(vec![
        "application/json",
        "text/html",
        "text/plain;charset=euc-kr",
        "x",
    ]);
    let answer = (status, option::of(kind), body).prop_map(|(status, kind, body)| Fault::Answer {
        status: StatusCode::from_u16(status).unwrap(),
        content_type: kind.map(str::to_owned),
        body,
        headers: HeaderMap::new(),
    });
    let patch = object(words, json(words)).prop_map(Fault::Merge);
    prop_oneof![answer, json(words).prop_map(Fault::Merge), patch]
}

/// Asserts a success, another request to the provider, or a refusal with its page.
pub(super) fn assert_answered(page: &Page, provider: &str) {
    let status = page.status().as_u16();
    if status == 303 {
        return;
    }
    assert!(matches!(status, 400 | 403 | 502 | 503 | 504), "{status}");
    assert!(refusal(page).is_some());
    let retry = format!("href=\"/auth/login?provider={provider}");
    assert!(text(page).contains(&retry));
}

/// Signs in repeatedly at a provider that gives arbitrary answers at this step.
fn any_answer_at(step: Endpoint) {
    let runtime = runtime();
    let shop = runtime.block_on(Shop::open());
    proptest!(cases(64), |(fault in fault(KAKAO))| {
        runtime.block_on(async {
            let mut browser = shop.browser();
            let away = browser.visit("/").await;
            let callback = browser.act(&away, JIWOO).await;
            shop.provider.fail_next(step, fault);
            assert_answered(&browser.visit(&callback).await, "kakao");
            assert!(browser.session().is_some() || browser.pending().len() < 2);
        });
    });
}

#[test]
fn any_token_answer_ends_in_a_page_or_a_success() {
    any_answer_at(Endpoint::Token);
}

#[test]
fn any_profile_answer_ends_in_a_page_or_a_success() {
    any_answer_at(Endpoint::Profile);
}
