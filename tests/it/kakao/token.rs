//! Valid answers of the token endpoint, in all their forms.

use http::{HeaderMap, StatusCode, header::AUTHORIZATION};
use serde_json::{Value, json};
use tower_phone_auth::error::LoginErrorKind::InvalidAnswer;
use tower_phone_auth_local_provider::{Endpoint, Person, faults::Fault};

use super::{assert_signed_in, login, ok, profile, refusal, sent};
use crate::support::{
    browser::{Act, JIWOO, text},
    shop::Shop,
};

fn tokens(access_token: &str) -> Value {
    json!({ "token_type": "bearer", "access_token": access_token })
}

/// Answers of both endpoints, so that the test may choose any token.
fn answers(token: Fault) -> [(Endpoint, Fault); 2] {
    [
        (Endpoint::Token, token),
        (Endpoint::Profile, ok(&profile())),
    ]
}

#[tokio::test]
async fn quirk_01_unknown_members_are_ignored() {
    let shop = Shop::open().await;
    let patch = json!({
        "expires_in": 21_599,
        "refresh_token_expires_in": 5_184_000,
        "new_in_2030": { "error": [null, 1e300] },
    });
    let page = login(&shop, [(Endpoint::Token, Fault::Merge(patch))]).await;
    assert_signed_in(&page, "unknown members");
}

#[tokio::test]
async fn quirk_03_no_form_of_the_lifetime_breaks_a_sign_in() {
    let shop = Shop::open().await;
    let null = Value::Null;
    for lifetime in [
        null,
        json!(""),
        json!("abc"),
        json!(-1),
        json!(0),
        json!(3599.0),
        json!("3600"),
    ] {
        let mut answer = tokens("t");
        answer["expires_in"] = lifetime.clone();
        for (endpoint, fault) in answers(ok(&answer)) {
            shop.provider.fail_next(endpoint, fault);
        }
        let page = shop.browser().sign_in("/", JIWOO).await;
        assert_eq!(text(&page), "+821012345678", "{lifetime}");
    }
    let page = login(&shop, answers(ok(&tokens("t")))).await;
    assert_signed_in(&page, "missing");
}

#[tokio::test]
async fn quirk_13_the_content_type_does_not_matter() {
    let shop = Shop::open().await;
    let answer = |content_type: Option<&str>, body: &Value| Fault::Answer {
        status: StatusCode::OK,
        content_type: content_type.map(str::to_owned),
        body: body.to_string().into(),
        headers: HeaderMap::new(),
    };
    for content_type in [
        Some("application/json;charset=UTF-8"),
        Some("application/json"),
        Some("text/json"),
        Some("text/plain"),
        None,
    ] {
        let faults = [
            (Endpoint::Token, answer(content_type, &tokens("t"))),
            (Endpoint::Profile, answer(content_type, &profile())),
        ];
        assert_signed_in(&login(&shop, faults).await, content_type.unwrap_or("none"));
    }
}

#[tokio::test]
async fn a_byte_order_mark_and_blanks_before_the_answer_are_skipped() {
    let shop = Shop::open().await;
    for prefix in ["\u{feff}", " \r\n\t"] {
        let fault = Fault::Answer {
            status: StatusCode::OK,
            content_type: None,
            body: format!("{prefix}{}", tokens("t")).into(),
            headers: HeaderMap::new(),
        };
        assert_signed_in(&login(&shop, answers(fault)).await, prefix);
    }
}

#[tokio::test]
async fn quirk_15_the_type_bearer_is_read_in_any_case() {
    let shop = Shop::open().await;
    for kind in ["bearer", "Bearer", "BEARER"] {
        let patch = Fault::Merge(json!({ "token_type": kind }));
        assert_signed_in(&login(&shop, [(Endpoint::Token, patch)]).await, kind);
    }
}

#[tokio::test]
async fn quirk_15_a_token_of_another_type_is_not_used() {
    let shop = Shop::open().await;
    for kind in [
        json!("mac"),
        json!("DPoP"),
        json!(""),
        json!(1),
        json!(null),
    ] {
        let patch = Fault::Merge(json!({ "token_type": kind }));
        let page = login(&shop, [(Endpoint::Token, patch)]).await;
        assert_eq!(refusal(&page), (502, InvalidAnswer, None), "{kind}");
    }
    assert_eq!(shop.provider.count(Endpoint::Profile), 0);
}

#[tokio::test]
async fn quirk_16_an_id_token_that_was_not_requested_is_ignored() {
    let shop = Shop::open().await;
    shop.provider
        .configure(|settings| settings.kakao_oidc = true);
    assert_signed_in(&login(&shop, []).await, "a right one");
    for id_token in [json!("x.y.z"), json!(""), json!({ "phone_number": "+1" })] {
        let patch = Fault::Merge(json!({ "id_token": id_token }));
        let page = login(&shop, [(Endpoint::Token, patch)]).await;
        assert_signed_in(&page, &id_token.to_string());
    }
}

#[tokio::test]
async fn quirk_17_the_second_consent_needs_no_id_token() {
    let shop = Shop::open().await;
    shop.provider
        .configure(|settings| settings.kakao_oidc = true);
    let mut browser = shop.browser();
    let again = browser
        .come_back("/", Act::Untick(Person::WITH_PHONE))
        .await;
    let callback = browser.act(&again, JIWOO).await;
    assert_signed_in(&browser.visit(&callback).await, "without an ID token");
}

#[tokio::test]
async fn quirk_20_the_scope_of_the_answer_is_ignored() {
    let shop = Shop::open().await;
    for scope in [
        json!(null),
        json!(""),
        json!("profile_nickname"),
        json!("name,phone_number"),
    ] {
        let patch = Fault::Merge(json!({ "scope": scope }));
        let page = login(&shop, [(Endpoint::Token, patch)]).await;
        assert_signed_in(&page, &scope.to_string());
    }
}

#[tokio::test]
async fn quirk_22_the_token_is_sent_unchanged() {
    let shop = Shop::open().await;
    let token = "AAAA+b/c==%20&~._-";
    assert_signed_in(&login(&shop, answers(ok(&tokens(token)))).await, token);
    let request = sent(&shop, Endpoint::Profile);
    assert_eq!(request.headers[AUTHORIZATION], format!("Bearer {token}"));
    assert_eq!(request.query, None);
}

#[tokio::test]
async fn a_token_that_is_no_header_value_is_not_used() {
    let shop = Shop::open().await;
    for token in [
        json!(""),
        json!("a b"),
        json!("a\r\nX: y"),
        json!("é"),
        json!(7),
    ] {
        let answer = json!({ "token_type": "bearer", "access_token": token });
        let page = login(&shop, [(Endpoint::Token, ok(&answer))]).await;
        assert_eq!(refusal(&page), (502, InvalidAnswer, None), "{token}");
    }
    assert_eq!(shop.provider.count(Endpoint::Profile), 0);
}

#[tokio::test]
async fn an_answer_without_token_and_error_is_an_invalid_answer() {
    let shop = Shop::open().await;
    let both = json!({ "access_token": "t", "token_type": "bearer", "error": "invalid_grant" });
    for answer in [json!({}), json!({ "access_token": null }), both] {
        let page = login(&shop, [(Endpoint::Token, ok(&answer))]).await;
        assert_eq!(refusal(&page), (502, InvalidAnswer, None), "{answer}");
    }
}
