use http::StatusCode;
use tower_phone_auth_local_provider::faults::CallbackIss;

use super::{EMAIL, PHONE, start};
use crate::app::{JIWOO, Outcome, agree, agree_without_phone, callback, json};

const BOX: &str = "name=\"phone_number\"";

#[tokio::test]
async fn the_page_names_the_dialect_and_asks_for_the_phone_by_scope_only() -> Outcome {
    let app = start(|_| {}).await?;
    let page = app.page(vec![]).await?.text().await?;
    assert!(page.contains("Local provider, not Google"));
    assert!(page.contains("action=\"/o/oauth2/v2/auth\"") && page.contains(BOX));
    let page = app.page(vec![("scope", "openid")]).await?.text().await?;
    assert!(!page.contains(BOX));
    Ok(())
}

#[tokio::test]
async fn mistakes_of_the_app_are_shown_and_not_redirected() -> Outcome {
    let app = start(|_| {}).await?;
    for (name, value, status, code) in [
        ("client_id", "other", 401, "invalid_client"),
        (
            "redirect_uri",
            "https://example.com/",
            400,
            "redirect_uri_mismatch",
        ),
        ("scope", "openid phone", 400, "invalid_scope"),
        ("scope", "", 400, "invalid_request"),
        ("response_type", "token", 400, "unsupported_response_type"),
    ] {
        let page = app.page(vec![(name, value)]).await?;
        assert_eq!(page.status(), StatusCode::from_u16(status)?);
        assert!(page.text().await?.contains(code), "{code}");
    }
    Ok(())
}

#[tokio::test]
async fn an_unticked_phone_is_missing_from_the_scope() -> Outcome {
    let mut app = start(|_| {}).await?;
    let answer = app.choose(vec![], agree_without_phone(JIWOO)).await?;
    assert_eq!(answer["authuser"], "0");
    assert_eq!(answer["scope"], format!("openid {EMAIL}"));
    let tokens = json(app.exchange(&answer["code"], vec![]).await?).await?;
    assert_eq!(tokens["scope"], format!("openid {EMAIL}"));
    let again = || vec![("prompt", "consent")];
    assert!(app.page(again()).await?.text().await?.contains(BOX));
    let tokens = app.tokens_of(again(), agree(JIWOO)).await?;
    assert_eq!(tokens["scope"], format!("openid {EMAIL} {PHONE}"));
    Ok(())
}

#[tokio::test]
async fn earlier_consents_count_if_they_shall_be_included() -> Outcome {
    let mut app = start(|_| {}).await?;
    app.code(vec![]).await?;
    let scope = ("scope", "openid");
    let alone = app.tokens_of(vec![scope], agree(JIWOO)).await?;
    assert_eq!(alone["scope"], "openid");
    let merged = vec![scope, ("include_granted_scopes", "true")];
    let merged = app.tokens_of(merged, agree(JIWOO)).await?;
    assert!(
        merged["scope"]
            .as_str()
            .is_some_and(|scope| scope.contains(PHONE))
    );
    Ok(())
}

#[tokio::test]
async fn the_callback_names_its_issuer_if_it_shall() -> Outcome {
    for (iss, sent) in [
        (CallbackIss::Off, None),
        (CallbackIss::On, Some("https://accounts.google.com")),
        (
            CallbackIss::Other("https://evil.example".into()),
            Some("https://evil.example"),
        ),
    ] {
        let mut app = start(|google| google.callback_iss = iss).await?;
        let answer = app.choose(vec![], agree(JIWOO)).await?;
        assert_eq!(answer.get("iss").map(String::as_str), sent);
    }
    Ok(())
}

#[tokio::test]
async fn prompt_none_never_shows_a_page() -> Outcome {
    let app = start(|_| {}).await?;
    let no_user = callback(&app.page(vec![("prompt", "none")]).await?)?;
    assert_eq!(no_user["error"], "login_required");
    Ok(())
}
