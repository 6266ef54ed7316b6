use http::{Method, StatusCode};
use serde_json::{Value, json};
use tower_phone_auth_local_provider::{SECRET_PREFIX, faults::Signing};

use super::{EMAIL, KEYS, PHONE, SUBJECT, start};
use crate::{
    app::{JIWOO, Outcome, agree, json as read, refused},
    jwt,
};

#[tokio::test]
async fn a_login_brings_tokens_and_a_verifiable_id_token() -> Outcome {
    let mut app = start(|_| {}).await?;
    let tokens = app.tokens_of(vec![], agree(JIWOO)).await?;
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 3_599);
    assert_eq!(tokens["scope"], format!("openid {EMAIL} {PHONE}"));
    assert!(tokens.get("refresh_token").is_none());
    let access = tokens["access_token"].as_str().ok_or("no token")?;
    assert!(access.starts_with(SECRET_PREFIX));
    let (header, claims) = jwt::verified(&app, KEYS, &tokens["id_token"]).await?;
    assert_eq!(format!("{:?}", header.alg), "RS256");
    assert_eq!(claims["iss"], "https://accounts.google.com");
    assert_eq!(claims["aud"], "local-demo-app");
    assert_eq!(claims["azp"], "local-demo-app");
    assert_eq!(claims["sub"], SUBJECT);
    assert_eq!(claims["sub"].as_str().map(str::len), Some(21));
    assert_eq!(claims["email"], "jiwoo@example.com");
    assert_eq!(claims["email_verified"], true);
    assert_eq!(claims["nonce"], "n-1");
    assert!(claims["at_hash"].is_string());
    assert!(claims.get("phone_number").is_none());
    Ok(())
}

#[tokio::test]
async fn the_issuer_may_have_its_old_spelling() -> Outcome {
    let mut app = start(|google| google.legacy_issuer = true).await?;
    let tokens = app.tokens().await?;
    let (_, claims) = jwt::verified(&app, KEYS, &tokens["id_token"]).await?;
    assert_eq!(claims["iss"], "accounts.google.com");
    Ok(())
}

#[tokio::test]
async fn forgeries_and_rotation_reach_this_dialect_too() -> Outcome {
    let mut app = start(|_| {}).await?;
    app.provider.sign_id_tokens(Signing::WrongKey);
    let tokens = app.tokens().await?;
    assert!(
        jwt::verified(&app, KEYS, &tokens["id_token"])
            .await
            .is_err()
    );
    app.provider.clear_id_token_faults();
    app.provider
        .forge_id_token(|_, claims| claims["azp"] = "other".into());
    app.provider.rotate_keys();
    let tokens = app.tokens().await?;
    let (_, claims) = jwt::verified(&app, KEYS, &tokens["id_token"]).await?;
    assert_eq!(claims["azp"], "other");
    Ok(())
}

#[tokio::test]
async fn a_refresh_token_comes_with_the_first_offline_consent_only() -> Outcome {
    let mut app = start(|_| {}).await?;
    let offline = ("access_type", "offline");
    for (extra, expected) in [
        (vec![offline], true),
        (vec![offline], false),
        (vec![offline, ("prompt", "consent")], true),
        (vec![("prompt", "consent")], false),
    ] {
        let tokens = app.tokens_of(extra, agree(JIWOO)).await?;
        assert_eq!(tokens.get("refresh_token").is_some(), expected);
    }
    Ok(())
}

#[tokio::test]
async fn the_exchange_refuses_in_googles_words() -> Outcome {
    let mut app = start(|_| {}).await?;
    let code = app.code(vec![]).await?;
    assert!(code.contains('/'));
    let wrong = app
        .exchange(&code, vec![("client_secret", "wrong")])
        .await?;
    let error = refused(wrong, StatusCode::UNAUTHORIZED).await?;
    assert_eq!(error["error"], "invalid_client");
    let other = vec![("redirect_uri", "http://localhost:3000/other")];
    let pkce = vec![("code_challenge", "c"), ("code_challenge_method", "S256")];
    let proven = app.code(pkce).await?;
    let verifier = vec![("code_verifier", "wrong")];
    for (code, extra, error, description) in [
        ("unknown", vec![], "invalid_grant", "Malformed auth code."),
        (code.as_str(), other, "redirect_uri_mismatch", "Bad Request"),
        (code.as_str(), vec![], "invalid_grant", "Bad Request"),
        (
            proven.as_str(),
            verifier,
            "invalid_grant",
            "Invalid code verifier.",
        ),
    ] {
        let answer = app.exchange(code, extra).await?;
        let body = refused(answer, StatusCode::BAD_REQUEST).await?;
        assert_eq!(body["error"], error);
        assert_eq!(body["error_description"], description);
    }
    Ok(())
}

#[tokio::test]
async fn userinfo_never_has_a_phone() -> Outcome {
    let mut app = start(|_| {}).await?;
    let tokens = app.tokens().await?;
    for method in [Method::GET, Method::POST] {
        let answer = app.with_token(method, "/v1/userinfo", &tokens).await?;
        let email = "jiwoo@example.com";
        let expected = json!({ "sub": SUBJECT, "email": email, "email_verified": true });
        assert_eq!(read(answer).await?, expected);
    }
    let unknown = app.with_token(Method::GET, "/v1/userinfo", &Value::Null);
    assert_eq!(unknown.await?.status(), StatusCode::UNAUTHORIZED);
    Ok(())
}

#[tokio::test]
async fn revoking_ends_everything_and_works_once() -> Outcome {
    let mut app = start(|_| {}).await?;
    let tokens = app.tokens().await?;
    let token = tokens["access_token"].as_str().ok_or("no token")?;
    let answer = app.post("/revoke", vec![("token", token)]).await?;
    assert_eq!(refused(answer, StatusCode::OK).await?, json!({}));
    assert_eq!(
        app.profile(&tokens).await?.status(),
        StatusCode::UNAUTHORIZED
    );
    let again = app.post("/revoke", vec![("token", token)]).await?;
    let error = refused(again, StatusCode::BAD_REQUEST).await?;
    assert_eq!(error["error"], "invalid_token");
    Ok(())
}
