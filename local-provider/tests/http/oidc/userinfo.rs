use http::{
    Method, StatusCode,
    header::{CONTENT_TYPE, WWW_AUTHENTICATE},
};
use serde_json::Value;
use tower_phone_auth_local_provider::{Person, Userinfo, faults::Signing};

use super::{KEYS, sign_in, start};
use crate::{
    app::{JIWOO, Outcome, agree, json, refused},
    jwt,
};

#[tokio::test]
async fn userinfo_takes_get_and_post() -> Outcome {
    let mut app = start(|_| {}).await?;
    let tokens = app.tokens_of(vec![], agree(JIWOO)).await?;
    for method in [Method::GET, Method::POST] {
        let answer = app.with_token(method, "/oidc/userinfo", &tokens).await?;
        assert_eq!(json(answer).await?["sub"], JIWOO);
    }
    Ok(())
}

#[tokio::test]
async fn userinfo_may_be_a_signed_jwt() -> Outcome {
    let mut app = start(|oidc| oidc.userinfo = Userinfo::Jwt).await?;
    let tokens = app.tokens_of(vec![], agree(JIWOO)).await?;
    let answer = app.profile(&tokens).await?;
    assert_eq!(answer.headers()[CONTENT_TYPE], "application/jwt");
    let jwt = Value::from(answer.text().await?);
    let (_, claims) = jwt::verified(&app, KEYS, &jwt).await?;
    assert_eq!(claims["sub"], JIWOO);
    assert_eq!(claims["phone_number"], "+821012345678");
    app.provider
        .configure(|settings| settings.oidc.userinfo_signing = Signing::None);
    let unsigned = app.profile(&tokens).await?.text().await?;
    assert!(unsigned.ends_with('.'));
    Ok(())
}

#[tokio::test]
async fn userinfo_may_be_about_another_user() -> Outcome {
    let mut app = start(|oidc| oidc.userinfo_sub = Some("another-user".into())).await?;
    let (claims, userinfo) = sign_in(&mut app).await?;
    assert_eq!(claims["sub"], JIWOO);
    assert_eq!(userinfo["sub"], "another-user");
    Ok(())
}

#[tokio::test]
async fn a_token_that_is_unknown_or_ended_is_refused() -> Outcome {
    let mut app = start(|_| {}).await?;
    let tokens = app.tokens_of(vec![], agree(JIWOO)).await?;
    let kakao = app.with_token(Method::GET, "/v2/user/me", &tokens).await?;
    assert_eq!(kakao.status(), StatusCode::UNAUTHORIZED);
    app.provider.unlink(Person::WITH_PHONE);
    for tokens in [&tokens, &Value::Null] {
        let answer = app.profile(tokens).await?;
        let challenge = &answer.headers()[WWW_AUTHENTICATE];
        assert_eq!(challenge, "Bearer error=\"invalid_token\"");
        let error = refused(answer, StatusCode::UNAUTHORIZED).await?;
        assert_eq!(error["error"], "invalid_token");
    }
    let nothing = app.client.get(app.url("/oidc/userinfo")).send().await?;
    assert_eq!(nothing.headers()[WWW_AUTHENTICATE], "Bearer");
    Ok(())
}
