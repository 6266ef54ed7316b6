use http::StatusCode;
use serde_json::Value;
use tower_phone_auth_local_provider::faults::CallbackIss;

use super::start;
use crate::app::{JIWOO, Outcome, agree, agree_without_phone, callback, json, query};

const BOX: &str = "name=\"phone_number\"";

#[tokio::test]
async fn the_page_names_the_dialect_and_posts_to_it() -> Outcome {
    let app = start(|_| {}).await?;
    let page = app.page(vec![]).await?.text().await?;
    assert!(page.contains("Local provider, not a real OpenID provider"));
    assert!(page.contains("action=\"/oidc/authorize\""));
    assert!(page.contains("name=\"nonce\" value=\"n-1\""));
    assert!(page.contains(BOX));
    let page = app.page(vec![("scope", "openid profile")]).await?;
    assert!(!page.text().await?.contains(BOX));
    Ok(())
}

#[tokio::test]
async fn an_unticked_phone_is_neither_granted_nor_sent() -> Outcome {
    let mut app = start(|_| {}).await?;
    let tokens = app.tokens_of(vec![], agree_without_phone(JIWOO)).await?;
    assert_eq!(tokens["scope"], "openid profile email");
    let userinfo = json(app.profile(&tokens).await?).await?;
    assert!(userinfo.get("phone_number").is_none());

    let again = || vec![("prompt", "consent")];
    let page = app.page(again()).await?.text().await?;
    assert!(page.contains("The app asks for more") && page.contains(BOX));
    let tokens = app.tokens_of(again(), agree(JIWOO)).await?;
    assert_eq!(tokens["scope"], "openid profile email phone");
    Ok(())
}

#[tokio::test]
async fn prompt_none_never_shows_a_page() -> Outcome {
    let mut app = start(|_| {}).await?;
    let silent = || vec![("prompt", "none")];
    let no_user = callback(&app.page(silent()).await?)?;
    assert_eq!(no_user["error"], "login_required");
    app.choose(vec![], agree_without_phone(JIWOO)).await?;
    let missing = callback(&app.page(silent()).await?)?;
    assert_eq!(missing["error"], "consent_required");
    app.choose(vec![], agree(JIWOO)).await?;
    assert!(callback(&app.page(silent()).await?)?.contains_key("code"));
    Ok(())
}

#[tokio::test]
async fn mistakes_before_the_redirect_uri_are_shown_and_later_ones_sent() -> Outcome {
    let app = start(|_| {}).await?;
    for (name, value, code) in [
        ("client_id", "other", "invalid_client"),
        (
            "redirect_uri",
            "https://example.com/",
            "invalid_redirect_uri",
        ),
        ("request_uri", "urn:unknown", "invalid_request"),
    ] {
        let page = app.page(vec![(name, value)]).await?;
        assert_eq!(page.status(), StatusCode::BAD_REQUEST);
        assert!(page.text().await?.contains(code));
    }
    for (name, value, code) in [
        ("response_type", "token", "unsupported_response_type"),
        ("scope", "phone", "invalid_scope"),
        ("request", "x.y.z", "request_not_supported"),
        ("code_challenge", "plain", "invalid_request"),
    ] {
        let answer = callback(&app.page(vec![(name, value)]).await?)?;
        assert_eq!(answer["error"], code);
        assert_eq!(answer["state"], "a state&more");
    }
    Ok(())
}

#[tokio::test]
async fn cancelling_redirects_with_access_denied() -> Outcome {
    let app = start(|_| {}).await?;
    let pairs = query(vec![("scope", "openid"), ("decision", "cancel")]);
    let answer = callback(&app.post("/oidc/authorize", pairs).await?)?;
    assert_eq!(answer["error"], "access_denied");
    Ok(())
}

#[tokio::test]
async fn the_callback_says_of_its_issuer_what_is_ordered() -> Outcome {
    let other = "https://evil.example".to_owned();
    for (iss, announced, sent) in [
        (CallbackIss::Off, false, None),
        (CallbackIss::On, true, Some("right")),
        (
            CallbackIss::Other(other.clone()),
            true,
            Some(other.as_str()),
        ),
        (CallbackIss::Missing, true, None),
        (CallbackIss::Unannounced, false, Some("right")),
    ] {
        let mut app = start(|oidc| oidc.callback_iss = iss).await?;
        let document = app.get("/oidc/.well-known/openid-configuration").await?;
        let member = &document["authorization_response_iss_parameter_supported"];
        assert_eq!(member, &if announced { true.into() } else { Value::Null });
        let right = app.provider.oidc_issuer();
        let sent = sent.map(|iss| if iss == "right" { right.as_str() } else { iss });
        let answer = app.choose(vec![], agree(JIWOO)).await?;
        assert_eq!(answer.get("iss").map(String::as_str), sent);
        let denied = app.choose(vec![], vec![("decision", "cancel")]).await?;
        assert_eq!(denied.get("iss").map(String::as_str), sent);
    }
    Ok(())
}
