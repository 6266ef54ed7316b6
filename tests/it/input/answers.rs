//! Answers of the provider of any make.

use http::{HeaderMap, StatusCode};
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Map, Value};
use tower_phone_auth::local_provider::{Endpoint, Fault};

use super::{cases, runtime};
use crate::support::{
    browser::{JIWOO, Page, refusal, text},
    shop::Shop,
};

/// Values that a provider means something by, among any others.
fn json() -> impl Strategy<Value = Value> {
    let known = select(vec![
        "bearer",
        "+82 10-1234-5678",
        "KOE320",
        "invalid_grant",
        "",
        "a@b",
    ]);
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
    leaf.prop_recursive(3, 24, 6, |inner| {
        let members = vec((member(), inner.clone()), 0..6);
        let object = members.prop_map(|members| Value::from(Map::from_iter(members)));
        prop_oneof![1 => vec(inner, 0..4).prop_map(Value::from), 2 => object]
    })
}

fn member() -> impl Strategy<Value = String> {
    let known = select(vec![
        "access_token",
        "token_type",
        "expires_in",
        "error",
        "error_code",
        "id",
        "kakao_account",
        "phone_number",
        "phone_number_needs_agreement",
        "has_signed_up",
        "name",
        "profile",
        "nickname",
        "email",
        "is_email_verified",
        "code",
        "required_scopes",
    ]);
    prop_oneof![9 => known.prop_map(str::to_owned), 1 => "\\PC{0,9}"]
}

fn fault() -> impl Strategy<Value = Fault> {
    let status = select(vec![
        200_u16, 201, 204, 206, 301, 302, 304, 307, 400, 401, 403, 404, 418, 429, 500, 502, 503,
        504, 599,
    ]);
    let body = prop_oneof![
        vec(any::<u8>(), 0..300),
        json().prop_map(|json| json.to_string().into_bytes()),
        json().prop_map(|json| format!("\u{feff}{json}").into_bytes()),
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
    prop_oneof![answer, json().prop_map(Fault::Merge)]
}

/// A success, another round at the provider, or a refusal with its page.
fn assert_answered(page: &Page) {
    let status = page.status().as_u16();
    if status == 303 {
        return;
    }
    assert!(matches!(status, 400 | 403 | 502 | 503 | 504), "{status}");
    assert!(refusal(page).is_some());
    assert!(text(page).contains("href=\"/auth/login?provider=kakao\""));
}

/// Logs in again and again at a provider that gives any answer at this step.
fn any_answer_at(step: Endpoint) {
    let runtime = runtime();
    let shop = runtime.block_on(Shop::open());
    proptest!(cases(64), |(fault in fault())| {
        runtime.block_on(async {
            let mut browser = shop.browser();
            let away = browser.visit("/").await;
            let callback = browser.act(&away, JIWOO).await;
            shop.provider.fail_next(step, fault);
            assert_answered(&browser.visit(&callback).await);
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
