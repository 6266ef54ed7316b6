use http::{Method, StatusCode, header::WWW_AUTHENTICATE};
use serde_json::{Value, json};
use tower_phone_auth_local_provider::{Endpoint, Person};

use super::{SUBJECT, people, start};
use crate::app::{JIWOO, Outcome, agree, agree_without_phone, json as read, refused};

#[tokio::test]
async fn the_people_api_tells_the_number() -> Outcome {
    let mut app = start(|_| {}).await?;
    let me = people(&mut app).await?;
    assert_eq!(me["resourceName"], format!("people/{SUBJECT}"));
    let number = json!({
        "metadata": {
            "primary": true,
            "verified": true,
            "sourcePrimary": true,
            "source": { "type": "ACCOUNT", "id": SUBJECT },
        },
        "value": "010-1234-5678",
        "canonicalForm": "+821012345678",
        "type": "mobile",
        "formattedType": "Mobile",
    });
    assert_eq!(me["phoneNumbers"], json!([number]));
    assert_eq!(app.provider.count(Endpoint::Profile), 1);
    Ok(())
}

#[tokio::test]
async fn nothing_but_a_name_and_a_tag_means_no_number() -> Outcome {
    let mut app = start(|_| {}).await?;
    let haneul = Person::WITHOUT_PHONE.to_string();
    let tokens = app.tokens_of(vec![], agree(&haneul)).await?;
    let me = read(app.profile(&tokens).await?).await?;
    let members: Vec<_> = me.as_object().ok_or("no object")?.keys().collect();
    assert_eq!(members, ["etag", "resourceName"]);
    Ok(())
}

#[tokio::test]
async fn numbers_can_be_unverified_unreadable_or_one_among_several() -> Outcome {
    for verified in [Some(false), None] {
        let mut app = start(|google| google.phone_verified = verified).await?;
        let me = people(&mut app).await?;
        let flag = me["phoneNumbers"][0]["metadata"].get("verified").cloned();
        assert_eq!(flag, verified.map(Value::from));
    }
    let contact = json!({ "metadata": { "source": { "type": "CONTACT" } }, "value": "1" });
    let others = vec![contact.clone()];
    let mut app = start(|google| {
        google.other_numbers = others;
        google.canonical_form = false;
        google.phone_source = "PROFILE".into();
    })
    .await?;
    let me = people(&mut app).await?;
    assert_eq!(me["phoneNumbers"][0], contact);
    let own = &me["phoneNumbers"][1];
    assert!(own.get("canonicalForm").is_none());
    assert_eq!(own["metadata"]["source"]["type"], "PROFILE");
    Ok(())
}

#[tokio::test]
async fn an_unticked_phone_is_an_insufficient_scope() -> Outcome {
    let mut app = start(|_| {}).await?;
    let tokens = app.tokens_of(vec![], agree_without_phone(JIWOO)).await?;
    let answer = app.profile(&tokens).await?;
    let challenge = answer.headers()[WWW_AUTHENTICATE].to_str()?;
    assert!(challenge.contains("error=\"insufficient_scope\""));
    let error = refused(answer, StatusCode::FORBIDDEN).await?;
    assert_eq!(error["error"]["status"], "PERMISSION_DENIED");
    let reason = &error["error"]["details"][0]["reason"];
    assert_eq!(reason, "ACCESS_TOKEN_SCOPE_INSUFFICIENT");
    Ok(())
}

#[tokio::test]
async fn the_api_may_be_off() -> Outcome {
    let mut app = start(|google| google.people_api = false).await?;
    let tokens = app.tokens().await?;
    let error = refused(app.profile(&tokens).await?, StatusCode::FORBIDDEN).await?;
    let reason = &error["error"]["details"][0]["reason"];
    assert_eq!(reason, "SERVICE_DISABLED");
    Ok(())
}

#[tokio::test]
async fn fields_must_be_named_and_the_token_known() -> Outcome {
    let mut app = start(|_| {}).await?;
    let tokens = app.tokens().await?;
    let bare = app
        .with_token(Method::GET, "/v1/people/me", &tokens)
        .await?;
    let error = refused(bare, StatusCode::BAD_REQUEST).await?;
    assert_eq!(error["error"]["status"], "INVALID_ARGUMENT");
    let unknown = app.profile(&Value::Null).await?;
    let error = refused(unknown, StatusCode::UNAUTHORIZED).await?;
    assert_eq!(error["error"]["status"], "UNAUTHENTICATED");
    Ok(())
}
