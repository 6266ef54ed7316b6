use std::time::Duration;

use http::StatusCode;
use http::header::CONTENT_TYPE;
use tower_phone_auth_local_provider::Settings;

use crate::app::{App, Outcome, json, refused};

// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

#[tokio::test]
async fn a_used_code_is_refused_and_echoed() -> Outcome {
    let mut app = App::start().await?;
    let code = app.code(vec![]).await?;
    app.exchange(&code, vec![]).await?;
    let again = app.exchange(&code, vec![]).await?;
    let error = refused(again, StatusCode::BAD_REQUEST).await?;
    assert_eq!(error["error"], "invalid_grant");
    assert_eq!(error["error_code"], "KOE320");
    let description = error["error_description"].as_str().unwrap_or_default();
    assert!(description.contains(&code));
    Ok(())
}

#[tokio::test]
async fn a_code_expires_after_ten_minutes() -> Outcome {
    let mut app = App::start().await?;
    let code = app.code(vec![]).await?;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(601)).await;
    tokio::time::resume();
    let error = refused(app.exchange(&code, vec![]).await?, StatusCode::BAD_REQUEST).await?;
    assert_eq!(error["error_code"], "KOE320");
    Ok(())
}

#[tokio::test]
async fn a_wrong_secret_or_client_is_refused() -> Outcome {
    let mut app = App::start().await?;
    let code = app.code(vec![]).await?;
    let wrong = app
        .exchange(&code, vec![("client_secret", "wrong")])
        .await?;
    let error = refused(wrong, StatusCode::UNAUTHORIZED).await?;
    assert_eq!(error["error_code"], "KOE010");
    assert_eq!(error["error"], "invalid_client");
    let stranger = app.exchange(&code, vec![("client_id", "other")]).await?;
    let error = refused(stranger, StatusCode::UNAUTHORIZED).await?;
    assert_eq!(error["error_code"], "KOE101");
    Ok(())
}

#[tokio::test]
async fn a_basic_header_does_not_authenticate() -> Outcome {
    let app = App::start().await?;
    let request = app.client.post(app.url("/oauth/token"));
    let answer = request
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .basic_auth("local-demo-app", Some("lpsecret-client"))
        .body("grant_type=authorization_code&client_id=local-demo-app&code=x")
        .send()
        .await?;
    let error = refused(answer, StatusCode::UNAUTHORIZED).await?;
    assert_eq!(error["error_code"], "KOE010");
    Ok(())
}

#[tokio::test]
async fn an_awkward_secret_must_arrive_whole() -> Outcome {
    let mut app = App::start().await?;
    app.provider
        .configure(|settings| settings.client_secret = Some(Settings::AWKWARD_SECRET.into()));
    let code = app.code(vec![]).await?;
    let secret = vec![("client_secret", Settings::AWKWARD_SECRET)];
    assert_eq!(app.exchange(&code, secret).await?.status(), StatusCode::OK);
    Ok(())
}

#[tokio::test]
async fn an_app_without_a_secret_must_send_none() -> Outcome {
    let mut app = App::start().await?;
    app.provider
        .configure(|settings| settings.client_secret = None);
    let code = app.code(vec![]).await?;
    let sent = app.exchange(&code, vec![]).await?;
    assert_eq!(sent.status(), StatusCode::UNAUTHORIZED);
    let unsent = app.exchange(&code, vec![("client_secret", "")]).await?;
    assert_eq!(unsent.status(), StatusCode::OK);
    Ok(())
}

#[tokio::test]
async fn another_redirect_uri_is_refused_at_both_ends() -> Outcome {
    let mut app = App::start().await?;
    let code = app.code(vec![]).await?;
    let other = vec![("redirect_uri", "http://localhost:3000/other")];
    let error = refused(app.exchange(&code, other).await?, StatusCode::BAD_REQUEST).await?;
    assert_eq!(error["error_code"], "KOE303");

    let foreign = || vec![("redirect_uri", "https://example.com/callback")];
    let page = app.page(foreign()).await?;
    assert_eq!(page.status(), StatusCode::BAD_REQUEST);
    assert!(page.text().await?.contains("KOE006"));
    app.provider.configure(|settings| {
        settings.redirect_uris = vec!["https://example.com/callback".into()];
    });
    assert_eq!(app.page(foreign()).await?.status(), StatusCode::OK);
    assert!(app.page(vec![]).await?.text().await?.contains("KOE006"));
    Ok(())
}

#[tokio::test]
async fn a_wrong_verifier_is_refused() -> Outcome {
    let pkce = || {
        vec![
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ]
    };
    let mut app = App::start().await?;
    let code = app.code(pkce()).await?;
    let wrong = vec![("code_verifier", "wrong")];
    let error = refused(app.exchange(&code, wrong).await?, StatusCode::BAD_REQUEST).await?;
    assert_eq!(error["error"], "invalid_grant");

    let code = app.code(pkce()).await?;
    let missing = app.exchange(&code, vec![]).await?;
    assert_eq!(missing.status(), StatusCode::BAD_REQUEST);

    let code = app.code(pkce()).await?;
    let right = vec![("code_verifier", VERIFIER)];
    assert_eq!(app.exchange(&code, right).await?.status(), StatusCode::OK);
    Ok(())
}

#[tokio::test]
async fn a_refresh_keeps_the_old_refresh_token() -> Outcome {
    let mut app = App::start().await?;
    let code = app.code(vec![]).await?;
    let tokens = json(app.exchange(&code, vec![]).await?).await?;
    let token = tokens["refresh_token"].as_str().ok_or("no refresh token")?;
    let kind = ("grant_type", "refresh_token");
    let renewed = app.exchange("", vec![kind, ("refresh_token", token)]);
    let renewed = json(renewed.await?).await?;
    assert!(renewed.get("refresh_token").is_none());
    assert_ne!(renewed["access_token"], tokens["access_token"]);
    assert_eq!(app.profile(&renewed).await?.status(), StatusCode::OK);
    Ok(())
}
