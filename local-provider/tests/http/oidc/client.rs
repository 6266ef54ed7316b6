use std::{error::Error, time::SystemTime};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{
    StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE},
};
use reqwest::Response;
use serde_json::{Value, json};
use tower_phone_auth_local_provider::{ClientAuthentication, Settings};

use super::start;
use crate::app::{App, CALLBACK, Outcome, callback, encode, refused};

// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

async fn exchange_with_basic(app: &App, code: &str, pair: &str) -> reqwest::Result<Response> {
    let body = encode(vec![
        ("grant_type", "authorization_code"),
        ("redirect_uri", CALLBACK),
        ("code", code),
    ]);
    let header = format!(
        "Basic {}",
        base64::engine::general_purpose::STANDARD.encode(pair)
    );
    let request = app.client.post(app.url("/oidc/token")).body(body);
    let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    request.header(AUTHORIZATION, header).send().await
}

#[tokio::test]
async fn basic_takes_form_encoded_credentials() -> Outcome {
    let mut app = start(|_| {}).await?;
    let secret = Settings::AWKWARD_SECRET;
    app.provider
        .configure(|settings| settings.client_secret = Some(secret.into()));
    let code = app.code(vec![]).await?;
    let raw = exchange_with_basic(&app, &code, &format!("local-demo-app:{secret}")).await?;
    assert!(raw.headers().contains_key(WWW_AUTHENTICATE));
    refused(raw, StatusCode::UNAUTHORIZED).await?;
    let encoded = encode(vec![("local-demo-app", secret)]).replace('=', ":");
    let answer = exchange_with_basic(&app, &code, &encoded).await?;
    assert_eq!(answer.status(), StatusCode::OK);
    Ok(())
}

#[tokio::test]
async fn a_way_that_is_off_is_refused() -> Outcome {
    let mut app = start(|oidc| {
        oidc.client_authentication = vec![ClientAuthentication::SecretBasic];
    })
    .await?;
    let code = app.code(vec![]).await?;
    let posted = app.exchange(&code, vec![]).await?;
    let error = refused(posted, StatusCode::UNAUTHORIZED).await?;
    assert_eq!(error["error"], "invalid_client");
    let unproven = app.exchange(&code, vec![("client_secret", "")]).await?;
    assert_eq!(unproven.status(), StatusCode::UNAUTHORIZED);
    let basic = exchange_with_basic(&app, &code, "local-demo-app:lpsecret-client").await?;
    assert_eq!(basic.status(), StatusCode::OK);
    Ok(())
}

#[tokio::test]
async fn a_public_client_must_use_pkce() -> Outcome {
    let mut app = start(|_| {}).await?;
    app.provider
        .configure(|settings| settings.client_secret = None);
    let bare = callback(&app.page(vec![]).await?)?;
    assert_eq!(bare["error"], "invalid_request");
    let pkce = || {
        vec![
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ]
    };
    for (verifier, status) in [
        ("wrong", StatusCode::BAD_REQUEST),
        (VERIFIER, StatusCode::OK),
    ] {
        let code = app.code(pkce()).await?;
        let extra = vec![("client_secret", ""), ("code_verifier", verifier)];
        assert_eq!(app.exchange(&code, extra).await?.status(), status);
    }
    let document = app.get("/oidc/.well-known/openid-configuration").await?;
    assert_eq!(
        document["token_endpoint_auth_methods_supported"],
        json!(["none"])
    );
    Ok(())
}

#[tokio::test]
async fn an_assertion_works_once_if_the_registered_key_signed_it() -> Outcome {
    let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
    let (x, y) = key.public_key().as_ref()[1..].split_at(32);
    let encode = |part: &[u8]| URL_SAFE_NO_PAD.encode(part);
    let jwk = json!({ "kty": "EC", "crv": "P-256", "x": encode(x), "y": encode(y) });
    let mut app = start(|oidc| {
        oidc.client_authentication = vec![ClientAuthentication::PrivateKeyJwt];
        oidc.client_jwk = Some(jwk);
    })
    .await?;
    let right = json!({
        "iss": "local-demo-app", "sub": "local-demo-app", "jti": "j-1",
        "aud": app.provider.oidc_issuer(), "exp": now()? + 60,
    });
    let mut foreign = right.clone();
    foreign["aud"] = "https://other.example".into();
    let other = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
    let code = app.code(vec![]).await?;
    for (key, claims, status) in [
        (&other, &right, StatusCode::UNAUTHORIZED),
        (&key, &foreign, StatusCode::UNAUTHORIZED),
        (&key, &right, StatusCode::OK),
        (&key, &right, StatusCode::UNAUTHORIZED),
    ] {
        let assertion = assertion(key, claims)?;
        let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        let extra = vec![
            ("client_secret", ""),
            ("client_assertion_type", kind),
            ("client_assertion", assertion.as_str()),
        ];
        let answer = app.exchange(&code, extra).await?;
        assert_eq!(answer.status(), status, "{}", answer.text().await?);
    }
    Ok(())
}

fn assertion(key: &EcdsaKeyPair, claims: &Value) -> Result<String, Box<dyn Error>> {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(&json!({ "alg": "ES256" })), part(claims));
    let signature = key.sign(&SystemRandom::new(), message.as_bytes())?;
    Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

fn now() -> Result<u64, Box<dyn Error>> {
    Ok(SystemTime::UNIX_EPOCH.elapsed()?.as_secs())
}
