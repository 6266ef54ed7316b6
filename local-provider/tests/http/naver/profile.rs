use http::StatusCode;
use serde_json::{Value, json};
use tower_phone_auth_local_provider::{Endpoint, NaverErrors, Person, faults::Fault};

use super::{response, start};
use crate::app::{JIWOO, Outcome, agree, json as read, refused};

#[tokio::test]
async fn a_profile_has_the_items_agreed_to() -> Outcome {
    let mut app = start().await?;
    let mut profile = response(&mut app, vec![], agree(JIWOO)).await?;
    let id = profile["id"].take();
    let expected = json!({
        "id": null,
        "nickname": "Jiwoo",
        "name": "김지우",
        "email": "jiwoo@example.com",
        "mobile": "010-1234-5678",
        "mobile_e164": "+821012345678",
    });
    assert_eq!(profile, expected);
    let id = id.as_str().ok_or("no id")?;
    assert!(id.len() <= 64);
    assert!(['+', '/', '='].iter().all(|awkward| id.contains(*awkward)));
    Ok(())
}

#[tokio::test]
async fn an_id_is_stable_and_of_one_app_only() -> Outcome {
    let mut app = start().await?;
    let mut other = start().await?;
    let first = response(&mut app, vec![], agree(JIWOO)).await?;
    let elsewhere = response(&mut other, vec![], agree(JIWOO)).await?;
    assert_eq!(first["id"], elsewhere["id"]);
    let riley = Person::FOREIGN.to_string();
    assert_ne!(
        first["id"],
        response(&mut app, vec![], agree(&riley)).await?["id"]
    );

    app.provider
        .configure(|settings| settings.client_id = "another-app".into());
    let client = vec![("client_id", "another-app")];
    let code = app.choose(client.clone(), agree(JIWOO)).await?;
    let tokens = app.exchange(&code["code"], client).await?;
    let tokens = read(tokens).await?;
    let profile = read(app.profile(&tokens).await?).await?;
    assert_ne!(first["id"], profile["response"]["id"]);
    Ok(())
}

#[tokio::test]
async fn numbers_are_national_if_korean_and_as_written_otherwise() -> Outcome {
    let mut app = start().await?;
    app.provider
        .configure(|settings| settings.naver.mobile_e164 = false);
    for (person, mobile) in [
        (Person::WITH_PHONE, json!("010-1234-5678")),
        (Person::TRUNK_ZERO, json!("010-2345-6789")),
        (Person::FOREIGN, json!("+1 425-555-1212")),
        (Person::WITHOUT_PHONE, Value::Null),
    ] {
        let profile = response(&mut app, vec![], agree(&person.to_string())).await?;
        assert_eq!(profile["mobile"], mobile);
        assert!(profile.get("mobile_e164").is_none());
    }
    Ok(())
}

#[tokio::test]
async fn an_item_that_is_not_configured_is_never_sent() -> Outcome {
    let mut app = start().await?;
    app.provider
        .configure(|settings| settings.naver.items.retain(|item| item != "mobile"));
    let page = app.page(vec![]).await?.text().await?;
    assert!(!page.contains("name=\"phone_number\""));
    let profile = response(&mut app, vec![], agree(JIWOO)).await?;
    assert!(profile.get("mobile").is_none());
    Ok(())
}

#[tokio::test]
async fn a_token_is_refused_in_the_form_of_choice() -> Outcome {
    let app = start().await?;
    for (errors, status, member) in [
        (
            NaverErrors::ResultCode,
            StatusCode::UNAUTHORIZED,
            "resultcode",
        ),
        (NaverErrors::Gateway, StatusCode::UNAUTHORIZED, "errorCode"),
        (NaverErrors::Ok, StatusCode::OK, "resultcode"),
    ] {
        app.provider
            .configure(|settings| settings.naver.errors = errors);
        let unknown = refused(app.profile(&Value::Null).await?, status).await?;
        assert_eq!(unknown[member], "024");
        let nothing = app.client.get(app.url("/v1/nid/me")).send().await?;
        assert_eq!(refused(nothing, status).await?[member], "028");
    }
    Ok(())
}

#[tokio::test]
async fn faults_reach_this_dialect_too() -> Outcome {
    let mut app = start().await?;
    let tokens = app.tokens().await?;
    let fault = Fault::json(
        StatusCode::TOO_MANY_REQUESTS,
        &json!({ "errorCode": "012" }),
    );
    app.provider.fail_next(Endpoint::Profile, fault);
    assert_eq!(
        app.profile(&tokens).await?.status(),
        StatusCode::TOO_MANY_REQUESTS
    );
    assert_eq!(app.profile(&tokens).await?.status(), StatusCode::OK);
    assert_eq!(app.provider.count(Endpoint::Token), 1);
    assert_eq!(app.provider.count(Endpoint::Profile), 2);
    Ok(())
}
