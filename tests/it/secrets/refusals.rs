//! Errors of the provider are not repeated in pages and logs.

use http::StatusCode;
use serde_json::json;
use tower_phone_auth_local_provider::{Endpoint, SECRET_PREFIX, faults::Fault};

use super::watch::{FREE_TEXT, Watch};
use crate::support::browser::{Act, JIWOO, altered};

#[tokio::test]
async fn an_error_at_the_callback_is_not_repeated() {
    let mut watch = Watch::open().await;
    // Codes and texts may be in the line of the refusal alone, and phone numbers in no line.
    for error in [
        "no such user, canary-of-the-provider!",
        "canary-of-the-provider 010-9876-5432",
        "access_denied",
        "<script>canary-of-the-provider</script>",
    ] {
        let mut browser = watch.browser();
        let away = browser.visit("/").await;
        let callback = browser.act(&away, Act::Cancel).await;
        let refused = altered(&callback, "error", Some(error));
        let refused = altered(&refused, "error_description", Some(FREE_TEXT));
        let refused = altered(
            &refused,
            "error_uri",
            Some("https://canary-of-the-provider.example"),
        );
        let page = browser.visit(&refused).await;
        watch.look_at(&page);
    }
    assert_eq!(watch.leaks(), [""; 0]);
}

#[tokio::test]
async fn refusals_of_the_token_endpoint_leak_nothing() {
    let mut watch = Watch::open().await;
    let bad = StatusCode::BAD_REQUEST;
    for fault in [
        Fault::koe(bad, "KOE320", "invalid_grant", FREE_TEXT),
        Fault::koe(bad, FREE_TEXT, "a_name_of_its_own", FREE_TEXT),
        Fault::koe(
            StatusCode::UNAUTHORIZED,
            "KOE010",
            "invalid_client",
            FREE_TEXT,
        ),
        Fault::json(
            bad,
            &json!({ "error": { "x": FREE_TEXT }, "error_code": [FREE_TEXT] }),
        ),
        Fault::json(
            StatusCode::OK,
            &json!({ "access_token": FREE_TEXT, "token_type": FREE_TEXT }),
        ),
        Fault::json(
            StatusCode::OK,
            &json!({ "access_token": [FREE_TEXT], "token_type": "bearer" }),
        ),
        Fault::Merge(json!({ "token_type": FREE_TEXT })),
        Fault::Merge(json!({ "access_token": format!("{FREE_TEXT}\r\n") })),
        Fault::Redirect(format!("https://{FREE_TEXT}.example/")),
        Fault::Cut,
    ] {
        watch.fails(Endpoint::Token, fault).await;
    }
    assert_eq!(watch.leaks(), [""; 0]);
}

#[tokio::test]
async fn refusals_of_the_profile_endpoint_leak_nothing() {
    let mut watch = Watch::open().await;
    let account = |member: &str| json!({ "kakao_account": { member: FREE_TEXT } });
    for fault in [
        Fault::json(
            StatusCode::BAD_REQUEST,
            &json!({ "msg": FREE_TEXT, "code": -10 }),
        ),
        Fault::json(
            StatusCode::FORBIDDEN,
            &json!({ "msg": FREE_TEXT, "code": FREE_TEXT }),
        ),
        Fault::json(
            StatusCode::FORBIDDEN,
            &json!({ "code": -402, "required_scopes": [FREE_TEXT] }),
        ),
        Fault::Merge(json!({ "id": FREE_TEXT })),
        Fault::Merge(account("phone_number")),
        Fault::Merge(json!({ "kakao_account": { "phone_number": "+82 10-1234-5678 9999" } })),
        Fault::Merge(json!({ "kakao_account": { "phone_number_needs_agreement": FREE_TEXT } })),
        Fault::Merge(account("email")),
        Fault::Merge(account("name")),
        Fault::Redirect(format!("https://{FREE_TEXT}.example/")),
        Fault::Cut,
    ] {
        watch.fails(Endpoint::Profile, fault).await;
    }
    assert_eq!(watch.leaks(), [""; 0]);
}

#[tokio::test]
async fn a_used_code_that_the_provider_echoes_is_not_repeated() {
    let mut watch = Watch::open().await;
    let mut browser = watch.browser();
    let away = browser.visit("/").await;
    let callback = browser.act(&away, JIWOO).await;
    let guess = format!("{SECRET_PREFIX}code-guess");
    let page = browser
        .visit(&altered(&callback, "code", Some(&guess)))
        .await;
    watch.look_at(&page);
    assert!(watch.log.text().contains("KOE320"), "{}", watch.log.text());
    assert_eq!(watch.leaks(), [""; 0]);
}
