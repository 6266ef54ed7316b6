use std::time::Duration;

use http::StatusCode;
use http::header::LOCATION;
use serde_json::{Value, json};
use tower_phone_auth_local_provider::{Endpoint, faults::Fault};

use super::app::{App, Outcome, json, refused};

#[tokio::test]
async fn queued_faults_go_first_and_standing_ones_until_cleared() -> Outcome {
    let app = App::start().await?;
    let fault = |status| Fault::api(status, -10);
    app.provider
        .fail(Endpoint::Token, fault(StatusCode::BAD_GATEWAY));
    app.provider
        .fail_next(Endpoint::Token, fault(StatusCode::IM_A_TEAPOT));
    let status = async || {
        app.exchange("x", vec![])
            .await
            .map(|answer| answer.status())
    };
    assert_eq!(status().await?, StatusCode::IM_A_TEAPOT);
    assert_eq!(status().await?, StatusCode::BAD_GATEWAY);
    assert_eq!(status().await?, StatusCode::BAD_GATEWAY);
    app.provider.clear_faults(Endpoint::Token);
    assert_eq!(status().await?, StatusCode::BAD_REQUEST);
    Ok(())
}

#[tokio::test]
async fn a_merge_alters_single_members_of_a_right_answer() -> Outcome {
    let mut app = App::start().await?;
    let code = app.code(vec![]).await?;
    let patch = json!({ "expires_in": "soon", "refresh_token": null });
    app.provider.fail_next(Endpoint::Token, Fault::Merge(patch));
    let tokens = json(app.exchange(&code, vec![]).await?).await?;
    assert_eq!(tokens["expires_in"], "soon");
    assert!(tokens.get("refresh_token").is_none());
    assert_eq!(app.profile(&tokens).await?.status(), StatusCode::OK);
    Ok(())
}

#[tokio::test]
async fn a_replaced_answer_leaves_the_code_unused() -> Outcome {
    let mut app = App::start().await?;
    let code = app.code(vec![]).await?;
    let fault = Fault::koe(StatusCode::BAD_REQUEST, "KOE237", "invalid_request", "slow");
    app.provider.fail_next(Endpoint::Token, fault);
    let error = refused(app.exchange(&code, vec![]).await?, StatusCode::BAD_REQUEST).await?;
    assert_eq!(error["error_code"], "KOE237");
    assert_eq!(app.exchange(&code, vec![]).await?.status(), StatusCode::OK);
    Ok(())
}

#[tokio::test]
async fn a_cut_answer_breaks_after_its_first_half() -> Outcome {
    let app = App::start().await?;
    app.provider.fail_next(Endpoint::Profile, Fault::Cut);
    let mut answer = app.profile(&Value::Null).await?;
    assert!(answer.chunk().await?.is_some());
    assert!(answer.chunk().await.is_err());
    Ok(())
}

#[tokio::test]
async fn a_huge_answer_has_the_size_asked_for() -> Outcome {
    let app = App::start().await?;
    app.provider
        .fail_next(Endpoint::Profile, Fault::Huge(3_000_000));
    let answer = app.profile(&Value::Null).await?;
    assert_eq!(answer.content_length(), None);
    let body = answer.bytes().await?;
    assert_eq!(body.len(), 3_000_000);
    assert_eq!(serde_json::from_slice::<Value>(&body)?, json!({}));
    Ok(())
}

#[tokio::test]
async fn a_redirect_keeps_the_method() -> Outcome {
    let app = App::start().await?;
    let fault = Fault::Redirect("http://127.0.0.1:9/".into());
    app.provider.fail_next(Endpoint::Token, fault);
    let answer = app.exchange("x", vec![]).await?;
    assert_eq!(answer.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(answer.headers()[LOCATION], "http://127.0.0.1:9/");
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_hanging_request_never_ends() -> Outcome {
    let app = App::start().await?;
    app.provider.fail_next(Endpoint::Profile, Fault::Hang);
    let null = Value::Null;
    let answer = tokio::time::timeout(Duration::from_secs(86_400), app.profile(&null));
    assert!(answer.await.is_err());
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_dripping_answer_takes_a_second_a_byte() -> Outcome {
    let app = App::start().await?;
    app.provider.fail_next(Endpoint::Profile, Fault::Drip);
    let start = tokio::time::Instant::now();
    let body = app.profile(&Value::Null).await?.bytes().await?;
    assert!(start.elapsed() >= Duration::from_secs(body.len() as u64));
    assert_eq!(serde_json::from_slice::<Value>(&body)?["code"], -401);
    Ok(())
}
