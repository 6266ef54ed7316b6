use http::StatusCode;

use super::{response, start};
use crate::app::{JIWOO, Outcome, agree, agree_without_phone, callback, location, query};

#[tokio::test]
async fn the_page_names_the_dialect_and_posts_to_it() -> Outcome {
    let app = start().await?;
    let page = app.page(vec![]).await?.text().await?;
    assert!(page.contains("Local provider, not Naver"));
    assert!(page.contains("action=\"/oauth2.0/authorize\""));
    let wrong = app.page(vec![("client_id", "other")]).await?;
    assert_eq!(wrong.status(), StatusCode::BAD_REQUEST);
    assert!(wrong.text().await?.contains("unauthorized_client"));
    Ok(())
}

#[tokio::test]
async fn an_app_may_send_its_request_as_a_form() -> Outcome {
    let app = start().await?;
    let page = app.post("/oauth2.0/authorize", query(vec![])).await?;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(page.text().await?.contains("name=\"person\""));
    Ok(())
}

#[tokio::test]
async fn an_unticked_phone_can_be_asked_for_by_reprompt() -> Outcome {
    let mut app = start().await?;
    app.provider
        .configure(|settings| settings.auto_sign_in = true);
    let declined = response(&mut app, vec![], agree_without_phone(JIWOO)).await?;
    assert!(declined.get("mobile").is_none() && declined.get("mobile_e164").is_none());
    assert!(callback(&app.page(vec![]).await?)?.contains_key("code"));

    let again = || vec![("auth_type", "reprompt")];
    let page = app.page(again()).await?.text().await?;
    assert!(page.contains("The app asks for more"));
    assert!(page.contains("+82 10-1234-5678") && !page.contains("+82 010-2345-6789"));
    let agreed = response(&mut app, again(), agree(JIWOO)).await?;
    assert_eq!(agreed["mobile"], "010-1234-5678");
    Ok(())
}

#[tokio::test]
async fn reauthenticating_shows_the_page_to_a_signed_in_user() -> Outcome {
    let mut app = start().await?;
    app.provider
        .configure(|settings| settings.auto_sign_in = true);
    app.code(vec![]).await?;
    let page = app.page(vec![("auth_type", "reauthenticate")]).await?;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(page.text().await?.contains("Who do you want to be?"));
    Ok(())
}

#[tokio::test]
async fn autologin_never_shows_a_page() -> Outcome {
    let mut app = start().await?;
    let silent = || vec![("auth_type", "autologin")];
    let no_user = callback(&app.page(silent()).await?)?;
    assert_eq!(no_user["error"], "access_denied");
    assert_eq!(no_user["error_description"], "not logged in");
    app.code(vec![]).await?;
    assert!(callback(&app.page(silent()).await?)?.contains_key("code"));
    Ok(())
}

#[tokio::test]
async fn a_missing_state_is_accepted_unless_it_is_required() -> Outcome {
    let app = start().await?;
    let stateless = || vec![("state", "")];
    assert_eq!(app.page(stateless()).await?.status(), StatusCode::OK);
    app.provider
        .configure(|settings| settings.naver.requires_state = true);
    let answer = app.page(stateless()).await?;
    assert!(location(&answer)?.contains("error=invalid_request"));
    Ok(())
}

#[tokio::test]
async fn cancelling_redirects_with_access_denied() -> Outcome {
    let mut app = start().await?;
    let answer = app.choose(vec![], vec![("decision", "cancel")]).await?;
    assert_eq!(answer["error"], "access_denied");
    assert_eq!(answer["state"], "a state&more");
    Ok(())
}
