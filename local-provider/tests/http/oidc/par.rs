use http::StatusCode;
use serde_json::Value;
use tower_phone_auth_local_provider::{Endpoint, Par};

use super::start;
use crate::app::{App, JIWOO, Outcome, Pairs, agree, callback, encode, json, query, refused};

fn pushed(extra: Pairs<'_>) -> Pairs<'_> {
    let mut pairs = query(vec![
        ("scope", "openid phone"),
        ("client_secret", "lpsecret-client"),
    ]);
    pairs.retain(|(name, _)| extra.iter().all(|(other, _)| other != name));
    pairs.extend(extra);
    pairs
}

async fn push(app: &App) -> Result<Value, Box<dyn std::error::Error>> {
    let answer = app.post("/oidc/par", pushed(vec![])).await?;
    refused(answer, StatusCode::CREATED).await
}

#[tokio::test]
async fn a_pushed_request_is_used_by_its_name() -> Outcome {
    let app = start(|oidc| oidc.par = Par::Required).await?;
    let answer = push(&app).await?;
    let uri = answer["request_uri"].as_str().ok_or("no request_uri")?;
    let pairs = vec![("client_id", "local-demo-app"), ("request_uri", uri)];
    let url = format!("{}?{}", app.url("/oidc/authorize"), encode(pairs.clone()));
    let page = app.client.get(url).send().await?.text().await?;
    assert!(page.contains("name=\"phone_number\"") && page.contains(uri));
    let form = pairs.into_iter().chain(agree(JIWOO)).collect();
    let answer = callback(&app.post("/oidc/authorize", form).await?)?;
    assert_eq!(answer["state"], "a state&more");
    let tokens = json(app.exchange(&answer["code"], vec![]).await?).await?;
    assert_eq!(tokens["scope"], "openid phone");
    assert_eq!(app.provider.count(Endpoint::Pushed), 1);
    Ok(())
}

#[tokio::test]
async fn a_request_that_must_be_pushed_is_refused_in_the_open() -> Outcome {
    let app = start(|oidc| oidc.par = Par::Required).await?;
    let page = app.page(vec![]).await?;
    assert_eq!(page.status(), StatusCode::BAD_REQUEST);
    app.provider
        .configure(|settings| settings.oidc.par = Par::Offered);
    assert_eq!(app.page(vec![]).await?.status(), StatusCode::OK);
    Ok(())
}

#[tokio::test]
async fn pushing_needs_the_client_and_a_right_request() -> Outcome {
    let app = start(|_| {}).await?;
    let off = app.post("/oidc/par", pushed(vec![])).await?;
    assert_eq!(off.status(), StatusCode::NOT_FOUND);
    app.provider
        .configure(|settings| settings.oidc.par = Par::Offered);
    for (name, value, status, error) in [
        ("client_secret", "wrong", 401, "invalid_client"),
        (
            "redirect_uri",
            "https://example.com/",
            400,
            "invalid_request",
        ),
        ("scope", "phone", 400, "invalid_scope"),
        ("request_uri", "urn:x", 400, "invalid_request"),
    ] {
        let answer = app.post("/oidc/par", pushed(vec![(name, value)])).await?;
        let body = refused(answer, StatusCode::from_u16(status)?).await?;
        assert_eq!(body["error"], error);
    }
    Ok(())
}
