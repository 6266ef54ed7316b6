use serde_json::{Value, json};
use tower_phone_auth_local_provider::{Person, PhoneIn, Userinfo};

use super::{id_token, sign_in, start};
use crate::app::{JIWOO, Outcome, agree, agree_without_phone, json};

#[tokio::test]
async fn the_phone_is_where_it_is_ordered() -> Outcome {
    let right = json!("+821012345678");
    let other = json!("+821099990000");
    for (place, in_id_token, in_userinfo) in [
        (PhoneIn::Userinfo, &Value::Null, &right),
        (PhoneIn::IdToken, &right, &Value::Null),
        (PhoneIn::Both, &right, &right),
        (PhoneIn::Mismatching, &right, &other),
    ] {
        let mut app = start(|oidc| oidc.phone_in = place).await?;
        let (claims, userinfo) = sign_in(&mut app).await?;
        assert_eq!(&claims["phone_number"], in_id_token, "{place:?}");
        assert_eq!(&userinfo["phone_number"], in_userinfo, "{place:?}");
    }
    Ok(())
}

#[tokio::test]
async fn the_flag_beside_the_phone_is_what_it_is_ordered_to_be() -> Outcome {
    let flags = [
        json!(true),
        json!(false),
        json!("true"),
        Value::Null,
        json!(1),
    ];
    for flag in flags {
        let ordered = Some(flag.clone());
        let mut app = start(|oidc| oidc.phone_number_verified = ordered).await?;
        let (_, userinfo) = sign_in(&mut app).await?;
        assert_eq!(userinfo.get("phone_number_verified"), Some(&flag));
    }
    let mut app = start(|oidc| oidc.phone_number_verified = None).await?;
    let (_, userinfo) = sign_in(&mut app).await?;
    assert!(userinfo.get("phone_number").is_some());
    assert!(userinfo.get("phone_number_verified").is_none());
    Ok(())
}

#[tokio::test]
async fn numbers_are_e164_unless_they_shall_be_as_written() -> Outcome {
    let odd = 7;
    for (as_written, trunk_zero, unwritable) in [
        (false, "+821023456789", "010-1234-5678"),
        (true, "+82 010-2345-6789", "010-1234-5678"),
    ] {
        let mut app = start(|oidc| oidc.phone_as_written = as_written).await?;
        app.provider
            .add_person(Person::new(odd, "Odd").phone("010-1234-5678"));
        for (person, number) in [(Person::TRUNK_ZERO, trunk_zero), (odd, unwritable)] {
            let tokens = app.tokens_of(vec![], agree(&person.to_string())).await?;
            let userinfo = json(app.profile(&tokens).await?).await?;
            assert_eq!(userinfo["phone_number"], number);
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_claims_parameter_is_understood_where_it_is_on() -> Outcome {
    let asked = || {
        let claims = r#"{"id_token":{"phone_number":{"essential":true}}}"#;
        vec![("scope", "openid"), ("claims", claims)]
    };
    for on in [false, true] {
        let mut app = start(|oidc| oidc.claims_parameter = on).await?;
        let page = app.page(asked()).await?.text().await?;
        assert_eq!(page.contains("name=\"phone_number\""), on);
        let tokens = app.tokens_of(asked(), agree(JIWOO)).await?;
        let claims = id_token(&app, &tokens).await?;
        assert_eq!(claims.get("phone_number").is_some(), on);
        let declined = app.tokens_of(asked(), agree_without_phone(JIWOO)).await?;
        let claims = id_token(&app, &declined).await?;
        assert!(claims.get("phone_number").is_none());
    }
    Ok(())
}

#[tokio::test]
async fn without_userinfo_the_id_token_tells_the_rest() -> Outcome {
    let mut app = start(|oidc| {
        oidc.userinfo = Userinfo::Absent;
        oidc.phone_in = PhoneIn::IdToken;
    })
    .await?;
    let tokens = app.tokens_of(vec![], agree(JIWOO)).await?;
    assert_eq!(app.profile(&tokens).await?.status(), 404);
    let claims = id_token(&app, &tokens).await?;
    assert_eq!(claims["name"], "김지우");
    assert_eq!(claims["phone_number"], "+821012345678");
    let document = app.get("/oidc/.well-known/openid-configuration").await?;
    assert!(document.get("userinfo_endpoint").is_none());
    Ok(())
}
