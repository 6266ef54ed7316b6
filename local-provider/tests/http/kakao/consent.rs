use http::StatusCode;
use http::header::CONTENT_TYPE;
use tower_phone_auth_local_provider::{Person, SECRET_PREFIX};

use crate::app::{
    App, CALLBACK, JIWOO, Outcome, agree, agree_without_phone, callback, json, location, query,
    refused,
};

#[tokio::test]
async fn a_person_who_agrees_shares_the_phone_number() -> Outcome {
    let mut app = App::start().await?;
    let answer = app.choose(vec![], agree(JIWOO)).await?;
    assert_eq!(answer["state"], "a state&more");
    assert!(answer["code"].starts_with(SECRET_PREFIX));

    let tokens = app.exchange(&answer["code"], vec![]).await?;
    assert_eq!(
        tokens.headers()[CONTENT_TYPE],
        "application/json;charset=UTF-8"
    );
    let tokens = json(tokens).await?;
    assert_eq!(tokens["token_type"], "bearer");
    assert_eq!(tokens["expires_in"], 21_599);
    assert_eq!(
        tokens["scope"],
        "phone_number profile_nickname name account_email"
    );
    assert!(tokens.get("id_token").is_none());

    let profile = json(app.profile(&tokens).await?).await?;
    assert_eq!(profile["id"].as_u64(), Some(Person::WITH_PHONE));
    let account = &profile["kakao_account"];
    assert_eq!(account["phone_number"], "+82 10-1234-5678");
    assert_eq!(account["phone_number_needs_agreement"], false);
    assert_eq!(account["is_email_verified"], true);
    Ok(())
}

#[tokio::test]
async fn an_unticked_phone_can_be_asked_for_by_scope() -> Outcome {
    let mut app = App::start().await?;
    app.provider
        .configure(|settings| settings.auto_sign_in = true);
    let account = app.account(vec![], agree_without_phone(JIWOO)).await?;
    assert_eq!(account["phone_number_needs_agreement"], true);
    assert!(account.get("phone_number").is_none());

    let scope = || vec![("scope", "phone_number")];
    let page = app.page(scope()).await?.text().await?;
    assert!(page.contains("+82 10-1234-5678") && !page.contains("+82 010-2345-6789"));
    let account = app.account(scope(), agree(JIWOO)).await?;
    assert_eq!(account["phone_number"], "+82 10-1234-5678");
    Ok(())
}

#[tokio::test]
async fn a_linked_person_skips_the_page_under_auto_sign_in() -> Outcome {
    let mut app = App::start().await?;
    app.code(vec![]).await?;
    assert_eq!(app.page(vec![]).await?.status(), StatusCode::OK);
    app.provider
        .configure(|settings| settings.auto_sign_in = true);
    assert!(callback(&app.page(vec![]).await?)?.contains_key("code"));
    let choosing = app.page(vec![("prompt", "select_account")]).await?;
    assert_eq!(choosing.status(), StatusCode::OK);
    Ok(())
}

#[tokio::test]
async fn a_token_from_before_a_consent_does_not_gain_it() -> Outcome {
    let mut app = App::start().await?;
    let before = app.choose(vec![], agree_without_phone(JIWOO)).await?;
    let before = json(app.exchange(&before["code"], vec![]).await?).await?;
    app.code(vec![("scope", "phone_number")]).await?;
    let profile = json(app.profile(&before).await?).await?;
    assert!(profile["kakao_account"].get("phone_number").is_none());
    Ok(())
}

#[tokio::test]
async fn cancelling_redirects_with_access_denied() -> Outcome {
    let app = App::start().await?;
    let pairs = query(vec![("decision", "cancel")]);
    let answer = app.post("/oauth/authorize", pairs).await?;
    let expected = format!(
        "{CALLBACK}?error=access_denied&error_description=User%20denied%20access\
         &state=a%20state%26more"
    );
    assert_eq!(location(&answer)?, expected);
    Ok(())
}

#[tokio::test]
async fn prompt_none_never_shows_a_page() -> Outcome {
    let mut app = App::start().await?;
    let silent = || vec![("prompt", "none"), ("scope", "phone_number")];
    let no_user = callback(&app.page(silent()).await?)?;
    assert_eq!(no_user["error"], "login_required");
    app.choose(vec![], agree_without_phone(JIWOO)).await?;
    let missing = callback(&app.page(silent()).await?)?;
    assert_eq!(missing["error"], "consent_required");
    app.code(vec![]).await?;
    let agreed = callback(&app.page(silent()).await?)?;
    assert!(agreed.contains_key("code"));
    Ok(())
}

#[tokio::test]
async fn an_unconfigured_phone_leaves_no_trace() -> Outcome {
    let mut app = App::start().await?;
    app.provider.configure(|settings| {
        settings.consent_items.retain(|item| item != "phone_number");
    });
    let page = app.page(vec![("scope", "phone_number")]).await?;
    assert!(page.text().await?.contains("KOE205"));
    let account = app.account(vec![], agree(JIWOO)).await?;
    assert!(account.get("phone_number").is_none());
    assert!(account.get("phone_number_needs_agreement").is_none());
    Ok(())
}

#[tokio::test]
async fn an_account_without_a_phone_needs_no_agreement() -> Outcome {
    let mut app = App::start().await?;
    let person = Person::WITHOUT_PHONE.to_string();
    let account = app.account(vec![], agree(&person)).await?;
    assert_eq!(account["phone_number_needs_agreement"], false);
    assert!(account.get("phone_number").is_none());
    Ok(())
}

#[tokio::test]
async fn a_preregistered_person_has_no_phone_members() -> Outcome {
    let mut app = App::start().await?;
    let person = Person::PREREGISTERED.to_string();
    let code = app.choose(vec![], agree(&person)).await?;
    let tokens = json(app.exchange(&code["code"], vec![]).await?).await?;
    let profile = json(app.profile(&tokens).await?).await?;
    assert_eq!(profile["has_signed_up"], false);
    let account = &profile["kakao_account"];
    assert!(account.get("phone_number").is_none());
    assert!(account.get("phone_number_needs_agreement").is_none());
    Ok(())
}

#[tokio::test]
async fn unlinking_ends_tokens_and_consent() -> Outcome {
    let mut app = App::start().await?;
    let code = app.code(vec![]).await?;
    let tokens = json(app.exchange(&code, vec![]).await?).await?;
    app.provider.unlink(Person::WITH_PHONE);
    let answer = app.profile(&tokens).await?;
    assert_eq!(
        answer.headers()["www-authenticate"],
        "Bearer error=invalid_token"
    );
    let error = refused(answer, StatusCode::UNAUTHORIZED).await?;
    assert_eq!(error["code"], -401);
    let silent = callback(&app.page(vec![("prompt", "none")]).await?)?;
    assert_eq!(silent["error"], "consent_required");
    Ok(())
}
