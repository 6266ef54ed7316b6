use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::StatusCode;
use serde_json::{Value, json};
use tower_phone_auth_local_provider::{Algorithm, Person};

use super::{KEYS, id_token, sign_in, start};
use crate::{
    app::{CALLBACK, JIWOO, Outcome, agree, json, refused},
    jwt,
};

#[tokio::test]
async fn a_login_brings_an_id_token_and_userinfo() -> Outcome {
    let mut app = start(|_| {}).await?;
    let tokens = app.tokens_of(vec![], agree(JIWOO)).await?;
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 3_600);
    assert_eq!(tokens["scope"], "openid profile email phone");
    assert!(tokens.get("refresh_token").is_none());
    let claims = id_token(&app, &tokens).await?;
    assert_eq!(claims["iss"], app.provider.oidc_issuer());
    assert_eq!(claims["sub"], JIWOO);
    assert_eq!(claims["aud"], "local-demo-app");
    assert_eq!(claims["nonce"], "n-1");
    assert_eq!(claims["auth_time"], claims["iat"]);
    assert!(claims.get("email").is_none() && claims.get("phone_number").is_none());
    let userinfo = json(app.profile(&tokens).await?).await?;
    let expected = json!({
        "sub": JIWOO,
        "nickname": "Jiwoo",
        "name": "김지우",
        "email": "jiwoo@example.com",
        "email_verified": true,
        "phone_number": "+821012345678",
        "phone_number_verified": true,
    });
    assert_eq!(userinfo, expected);
    Ok(())
}

#[tokio::test]
async fn every_algorithm_signs_what_its_published_key_verifies() -> Outcome {
    let cases = [
        (Algorithm::Rs256, &digest::SHA256),
        (Algorithm::Ps256, &digest::SHA256),
        (Algorithm::Es256, &digest::SHA256),
        (Algorithm::Es384, &digest::SHA384),
        (Algorithm::EdDsa, &digest::SHA512),
    ];
    for (algorithm, hash) in cases {
        let mut app = start(|oidc| oidc.algorithm = algorithm).await?;
        let tokens = app.tokens_of(vec![], agree(JIWOO)).await?;
        let (header, claims) = jwt::verified(&app, KEYS, &tokens["id_token"]).await?;
        assert_eq!(format!("{:?}", header.alg), algorithm.name());
        assert_eq!(claims["at_hash"], half_hash(hash, &tokens));
    }
    Ok(())
}

fn half_hash(algorithm: &'static digest::Algorithm, tokens: &Value) -> String {
    let token = tokens["access_token"].as_str().unwrap_or_default();
    let hash = digest::digest(algorithm, token.as_bytes());
    URL_SAFE_NO_PAD.encode(&hash.as_ref()[..hash.as_ref().len() / 2])
}

#[tokio::test]
async fn hs256_signs_with_the_client_secret() -> Outcome {
    let mut app = start(|oidc| oidc.algorithm = Algorithm::Hs256).await?;
    let tokens = app.tokens_of(vec![], agree(JIWOO)).await?;
    let claims = jwt::verified_by_secret(&tokens["id_token"])?;
    assert_eq!(claims["sub"], JIWOO);
    Ok(())
}

#[tokio::test]
async fn scopes_decide_which_claims_are_sent() -> Outcome {
    let mut app = start(|_| {}).await?;
    let scope = vec![("scope", "openid email unknown-scope")];
    let tokens = app.tokens_of(scope, agree(JIWOO)).await?;
    assert_eq!(tokens["scope"], "openid email");
    let userinfo = json(app.profile(&tokens).await?).await?;
    let members: Vec<_> = userinfo.as_object().ok_or("no object")?.keys().collect();
    assert_eq!(members, ["email", "email_verified", "sub"]);
    Ok(())
}

#[tokio::test]
async fn a_refresh_brings_an_id_token_without_a_nonce() -> Outcome {
    let mut app = start(|_| {}).await?;
    let scope = vec![("scope", "openid offline_access")];
    let tokens = app.tokens_of(scope, agree(JIWOO)).await?;
    let token = tokens["refresh_token"].as_str().ok_or("no refresh token")?;
    let kind = ("grant_type", "refresh_token");
    let renewed = app.exchange("", vec![kind, ("refresh_token", token)]);
    let claims = id_token(&app, &json(renewed.await?).await?).await?;
    assert!(claims.get("nonce").is_none());
    assert_eq!(claims["sub"], JIWOO);
    Ok(())
}

#[tokio::test]
async fn a_code_works_once_for_its_redirect_uri_and_dialect() -> Outcome {
    let mut app = start(|_| {}).await?;
    let code = app.code(vec![]).await?;
    assert_eq!(app.exchange(&code, vec![]).await?.status(), StatusCode::OK);
    let other = ("redirect_uri", "http://localhost:3000/other");
    let moved = app.code(vec![]).await?;
    for (code, extra) in [(code, vec![]), (moved, vec![other])] {
        let answer = app.exchange(&code, extra).await?;
        let error = refused(answer, StatusCode::BAD_REQUEST).await?;
        assert_eq!(error["error"], "invalid_grant");
    }
    let code = app.code(vec![]).await?;
    let pairs = vec![
        ("grant_type", "authorization_code"),
        ("client_id", "local-demo-app"),
        ("client_secret", "lpsecret-client"),
        ("redirect_uri", CALLBACK),
        ("code", code.as_str()),
    ];
    let answer = app.post("/oauth/token", pairs).await?;
    let error = refused(answer, StatusCode::BAD_REQUEST).await?;
    assert_eq!(error["error_code"], "KOE320");
    Ok(())
}

#[tokio::test]
async fn a_person_without_a_phone_has_no_phone_claims() -> Outcome {
    let mut app = start(|_| {}).await?;
    for person in [Person::WITHOUT_PHONE, Person::PREREGISTERED] {
        let tokens = app.tokens_of(vec![], agree(&person.to_string())).await?;
        let userinfo = json(app.profile(&tokens).await?).await?;
        assert!(userinfo.get("phone_number").is_none());
        assert!(userinfo.get("phone_number_verified").is_none());
    }
    let (_, userinfo) = sign_in(&mut app).await?;
    assert_eq!(userinfo["phone_number"], "+821012345678");
    Ok(())
}
