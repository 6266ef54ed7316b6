use std::error::Error;

use http::StatusCode;
use reqwest::Response;
use serde_json::Value;
use tower_phone_auth_local_provider::SECRET_PREFIX;

use super::start;
use crate::app::{Outcome, encode, json, refused};

async fn invalid(answer: Response) -> Result<Value, Box<dyn Error>> {
    let mut error = refused(answer, StatusCode::OK).await?;
    assert_eq!(error["error"], "invalid_request");
    Ok(error["error_description"].take())
}

#[tokio::test]
async fn tokens_have_a_lifetime_in_a_string_and_awkward_characters() -> Outcome {
    let mut app = start().await?;
    let tokens = app.tokens().await?;
    assert_eq!(tokens["expires_in"], "3600");
    assert_eq!(tokens["token_type"], "bearer");
    assert!(tokens.get("scope").is_none() && tokens.get("id_token").is_none());
    let access = tokens["access_token"].as_str().ok_or("no token")?;
    assert!(access.starts_with(SECRET_PREFIX) && access.len() <= 256);
    assert!(
        ['+', '/', '=']
            .iter()
            .all(|awkward| access.contains(*awkward))
    );
    assert!(tokens["refresh_token"].is_string());
    Ok(())
}

#[tokio::test]
async fn errors_of_the_exchange_are_answered_with_200() -> Outcome {
    let mut app = start().await?;
    let code = app.code(vec![]).await?;
    app.exchange(&code, vec![]).await?;
    let used = invalid(app.exchange(&code, vec![]).await?).await?;
    assert_eq!(used, "no valid data in session");
    let none = invalid(app.exchange(&code, vec![("code", "")]).await?).await?;
    assert_eq!(none, "code is missing");
    let kind = vec![("grant_type", "password")];
    invalid(app.exchange(&code, kind).await?).await?;
    Ok(())
}

#[tokio::test]
async fn the_exchange_needs_the_state_while_that_is_checked() -> Outcome {
    let mut app = start().await?;
    for state in ["", "another"] {
        let code = app.code(vec![]).await?;
        let answer = app.exchange(&code, vec![("state", state)]).await?;
        let description = invalid(answer).await?;
        assert!(
            description
                .as_str()
                .is_some_and(|text| text.starts_with("state is"))
        );
        app.provider
            .configure(|settings| settings.naver.checks_state = false);
        let code = app.code(vec![]).await?;
        let tokens = json(app.exchange(&code, vec![("state", state)]).await?).await?;
        assert!(tokens["access_token"].is_string());
        app.provider
            .configure(|settings| settings.naver.checks_state = true);
    }
    Ok(())
}

#[tokio::test]
async fn a_wrong_client_is_refused_with_the_status_of_choice() -> Outcome {
    let app = start().await?;
    for (name, value) in [("client_secret", "wrong"), ("client_id", "other")] {
        let answer = app.exchange("x", vec![(name, value)]).await?;
        let error = refused(answer, StatusCode::UNAUTHORIZED).await?;
        assert_eq!(error["error"], "unauthorized_client");
    }
    app.provider
        .configure(|settings| settings.naver.wrong_client_status = StatusCode::OK);
    let answer = app.exchange("x", vec![("client_secret", "wrong")]).await?;
    let error = refused(answer, StatusCode::OK).await?;
    assert_eq!(error["error"], "unauthorized_client");
    Ok(())
}

#[tokio::test]
async fn the_query_is_as_good_as_the_body_and_the_redirect_uri_means_nothing() -> Outcome {
    let mut app = start().await?;
    let code = app.code(vec![]).await?;
    let query = encode(vec![
        ("grant_type", "authorization_code"),
        ("client_id", "local-demo-app"),
        ("client_secret", "lpsecret-client"),
        ("code", &code),
        ("state", "a state&more"),
    ]);
    let tokens = app.get(&format!("/oauth2.0/token?{query}")).await?;
    assert!(tokens["access_token"].is_string());
    let code = app.code(vec![]).await?;
    let other = vec![("redirect_uri", "http://localhost:3000/other")];
    let tokens = json(app.exchange(&code, other).await?).await?;
    assert!(tokens["access_token"].is_string());
    Ok(())
}

#[tokio::test]
async fn a_refresh_has_no_new_refresh_token() -> Outcome {
    let mut app = start().await?;
    let tokens = app.tokens().await?;
    let token = tokens["refresh_token"].as_str().ok_or("no refresh token")?;
    let kind = ("grant_type", "refresh_token");
    let renewed = app.exchange("", vec![kind, ("refresh_token", token)]);
    let renewed = json(renewed.await?).await?;
    assert!(renewed.get("refresh_token").is_none());
    assert_eq!(renewed["expires_in"], "3600");
    assert_eq!(app.profile(&renewed).await?.status(), StatusCode::OK);
    Ok(())
}
