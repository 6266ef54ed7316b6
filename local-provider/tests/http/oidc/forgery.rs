use std::error::Error;

use aws_lc_rs::hmac;
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::Header;
use serde_json::Value;
use tower_phone_auth_local_provider::{Algorithm, faults::Signing};

use super::{KEYS, start};
use crate::{
    app::{App, JIWOO, Outcome, agree},
    jwt,
};

async fn token(app: &mut App) -> Result<Value, Box<dyn Error>> {
    let mut tokens = app.tokens_of(vec![], agree(JIWOO)).await?;
    Ok(tokens["id_token"].take())
}

async fn verified(app: &mut App) -> Result<(Header, Value), Box<dyn Error>> {
    let token = token(app).await?;
    jwt::verified(app, KEYS, &token).await
}

fn part(token: &Value, index: usize) -> Result<Value, Box<dyn Error>> {
    let token = token.as_str().ok_or("no token")?;
    let part = token.split('.').nth(index).ok_or("no such part")?;
    Ok(serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part)?)?)
}

#[tokio::test]
async fn a_forgery_alters_header_and_claims_until_it_is_cleared() -> Outcome {
    let mut app = start(|_| {}).await?;
    app.provider.forge_id_token(|header, claims| {
        header["typ"] = "at+jwt".into();
        claims["nonce"] = "another".into();
    });
    for _ in 0..2 {
        let (header, claims) = verified(&mut app).await?;
        assert_eq!(header.typ.as_deref(), Some("at+jwt"));
        assert_eq!(claims["nonce"], "another");
    }
    app.provider.clear_id_token_faults();
    let (_, claims) = verified(&mut app).await?;
    assert_eq!(claims["nonce"], "n-1");
    Ok(())
}

#[tokio::test]
async fn wrong_keys_and_corrupted_signatures_do_not_verify() -> Outcome {
    for algorithm in [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa] {
        let mut app = start(|oidc| oidc.algorithm = algorithm).await?;
        for signing in [Signing::WrongKey, Signing::Corrupted] {
            app.provider.sign_id_tokens(signing);
            let token = token(&mut app).await?;
            assert_eq!(part(&token, 0)?["alg"], algorithm.name());
            let error = jwt::verified(&app, KEYS, &token).await.err();
            let error = error.ok_or("verified")?.to_string();
            assert!(error.contains("InvalidSignature"), "{error}");
        }
        app.provider.sign_id_tokens(Signing::Right);
        verified(&mut app).await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_unsigned_token_says_so() -> Outcome {
    let mut app = start(|_| {}).await?;
    app.provider.sign_id_tokens(Signing::None);
    let token = token(&mut app).await?;
    assert_eq!(part(&token, 0)?["alg"], "none");
    assert_eq!(part(&token, 1)?["sub"], JIWOO);
    assert!(token.as_str().is_some_and(|token| token.ends_with('.')));
    Ok(())
}

#[tokio::test]
async fn the_confused_mac_is_keyed_with_the_public_keys_pem() -> Outcome {
    let mut app = start(|oidc| oidc.algorithm = Algorithm::EdDsa).await?;
    app.provider.sign_id_tokens(Signing::HmacWithPublicKey);
    let token = token(&mut app).await?;
    assert_eq!(part(&token, 0)?["alg"], "HS256");
    let keys = app.get(KEYS).await?;
    let x = keys["keys"][5]["x"].as_str().ok_or("no key")?;
    // RFC 8410 section 4: the same twelve bytes before every key.
    let prefix = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";
    let der = [prefix.as_slice(), &URL_SAFE_NO_PAD.decode(x)?].concat();
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        STANDARD.encode(der)
    );
    let (message, mac) = token
        .as_str()
        .and_then(|token| token.rsplit_once('.'))
        .ok_or("no mac")?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, pem.as_bytes());
    hmac::verify(&key, message.as_bytes(), &URL_SAFE_NO_PAD.decode(mac)?)?;
    Ok(())
}
