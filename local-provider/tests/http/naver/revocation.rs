use http::{Method, StatusCode};
use serde_json::Value;
use tower_phone_auth_local_provider::Endpoint;

use super::start;
use crate::app::{App, Outcome, Pairs, callback, json, refused};

async fn revoke(app: &App, extra: Pairs<'_>) -> reqwest::Result<reqwest::Response> {
    let mut pairs = vec![
        ("client_id", "local-demo-app"),
        ("client_secret", "lpsecret-client"),
    ];
    pairs.retain(|(name, _)| extra.iter().all(|(other, _)| other != name));
    pairs.extend(extra);
    app.post("/oauth2.0/revoke", pairs).await
}

fn member<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().unwrap_or_default()
}

#[tokio::test]
async fn revoking_either_token_ends_both_and_the_consent() -> Outcome {
    for name in ["access_token", "refresh_token"] {
        let mut app = start().await?;
        let tokens = app.tokens().await?;
        let answer = revoke(&app, vec![("token", member(&tokens, name))]).await?;
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(answer.bytes().await?.is_empty());
        let ended = app.profile(&tokens).await?;
        assert_eq!(ended.status(), StatusCode::UNAUTHORIZED);
        let silent = app.page(vec![("auth_type", "autologin")]).await?;
        assert_eq!(callback(&silent)?["error_description"], "need consent");
        assert_eq!(app.provider.count(Endpoint::Revocation), 1);
    }
    Ok(())
}

#[tokio::test]
async fn an_unknown_token_is_revoked_as_well_but_not_by_any_client() -> Outcome {
    let app = start().await?;
    let unknown = revoke(&app, vec![("token", "unknown")]).await?;
    assert_eq!(unknown.status(), StatusCode::OK);
    let wrong = revoke(&app, vec![("client_secret", "x"), ("token", "unknown")]).await?;
    let error = refused(wrong, StatusCode::UNAUTHORIZED).await?;
    assert_eq!(error["error_description"], "Client authentication failed.");
    let none = revoke(&app, vec![]).await?;
    let error = refused(none, StatusCode::BAD_REQUEST).await?;
    assert_eq!(error["error"], "invalid_request");
    Ok(())
}

#[tokio::test]
async fn deleting_the_old_way_succeeds_for_any_token() -> Outcome {
    let mut app = start().await?;
    let tokens = app.tokens().await?;
    for token in [member(&tokens, "access_token"), "unknown"] {
        let extra = vec![("grant_type", "delete"), ("access_token", token)];
        let answer = json(app.exchange("", extra).await?).await?;
        assert_eq!(answer["result"], "success");
        assert_eq!(answer["access_token"], token);
    }
    let ended = app.profile(&tokens).await?;
    assert_eq!(ended.status(), StatusCode::UNAUTHORIZED);
    Ok(())
}

#[tokio::test]
async fn verifying_tells_what_was_agreed_to() -> Outcome {
    let mut app = start().await?;
    let tokens = app.tokens().await?;
    let path = "/v1/nid/verify?info=true";
    let answer = json(app.with_token(Method::GET, path, &tokens).await?).await?;
    let response = &answer["response"];
    assert_eq!(response["token"], tokens["access_token"]);
    let allowed = "profile/nickname,profile/name,profile/email,profile/mobile";
    assert_eq!(response["allowed_profile"], allowed);
    assert!(response["expire_date"].is_string());
    Ok(())
}
