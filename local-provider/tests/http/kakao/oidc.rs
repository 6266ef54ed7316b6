use std::error::Error;

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{Method, StatusCode};
use serde_json::Value;

use crate::app::{App, JIWOO, Outcome, json, refused};

#[tokio::test]
async fn oidc_adds_an_id_token_without_a_phone() -> Outcome {
    let mut app = App::start().await?;
    app.provider
        .configure(|settings| settings.kakao_oidc = true);
    let code = app.code(vec![("nonce", "n-1")]).await?;
    let tokens = json(app.exchange(&code, vec![]).await?).await?;
    let token = tokens["id_token"].as_str().ok_or("no id token")?;
    let claims = verified(&app, token).await?;
    assert_eq!(claims["iss"], "https://kauth.kakao.com");
    assert_eq!(claims["sub"], JIWOO);
    assert_eq!(claims["nonce"], "n-1");
    assert!(claims.get("phone_number").is_none());

    let code = app.code(vec![("scope", "phone_number")]).await?;
    let tokens = json(app.exchange(&code, vec![]).await?).await?;
    assert!(tokens.get("id_token").is_none());
    Ok(())
}

#[tokio::test]
async fn userinfo_gives_the_phone_while_oidc_is_on() -> Outcome {
    let mut app = App::start().await?;
    let tokens = app.tokens().await?;
    let path = "/v1/oidc/userinfo";
    let off = app.with_token(Method::GET, path, &tokens).await?;
    assert_eq!(refused(off, StatusCode::FORBIDDEN).await?["code"], -3);
    app.provider
        .configure(|settings| settings.kakao_oidc = true);
    let claims = json(app.with_token(Method::GET, path, &tokens).await?).await?;
    assert_eq!(claims["sub"], JIWOO);
    assert_eq!(claims["phone_number"], "+82 10-1234-5678");
    assert_eq!(claims["phone_number_verified"], true);
    Ok(())
}

/// The claims of an ID token whose signature the published key confirms.
async fn verified(app: &App, token: &str) -> Result<Value, Box<dyn Error>> {
    let url = app.url("/.well-known/jwks.json");
    let keys = json(app.client.get(url).send().await?).await?;
    let part = |name: &str| URL_SAFE_NO_PAD.decode(keys["keys"][0][name].as_str().unwrap_or(""));
    let key = RsaPublicKeyComponents {
        n: part("n")?,
        e: part("e")?,
    };
    let (message, signature) = token.rsplit_once('.').ok_or("no signature")?;
    let signature = URL_SAFE_NO_PAD.decode(signature)?;
    key.verify(&RSA_PKCS1_2048_8192_SHA256, message.as_bytes(), &signature)?;
    let (_, claims) = message.split_once('.').ok_or("no claims")?;
    Ok(serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims)?)?)
}
