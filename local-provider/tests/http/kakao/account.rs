use http::header::SET_COOKIE;
use http::{Method, StatusCode};
use tower_phone_auth_local_provider::Person;

use crate::app::{App, Outcome, encode, json, location};

#[tokio::test]
async fn token_info_names_the_person_and_the_time_left() -> Outcome {
    let mut app = App::start().await?;
    let tokens = app.tokens().await?;
    let info = app.with_token(Method::GET, "/v1/user/access_token_info", &tokens);
    let info = json(info.await?).await?;
    assert_eq!(info["id"], Person::WITH_PHONE);
    assert!(
        info["expires_in"]
            .as_u64()
            .is_some_and(|left| left > 21_000)
    );
    Ok(())
}

#[tokio::test]
async fn logging_out_ends_one_token() -> Outcome {
    let mut app = App::start().await?;
    let (first, second) = (app.tokens().await?, app.tokens().await?);
    let answer = app.with_token(Method::POST, "/v1/user/logout", &first);
    assert_eq!(answer.await?.status(), StatusCode::OK);
    let ended = app.profile(&first).await?;
    assert_eq!(ended.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(app.profile(&second).await?.status(), StatusCode::OK);
    Ok(())
}

#[tokio::test]
async fn unlinking_with_a_token_ends_every_token() -> Outcome {
    let mut app = App::start().await?;
    let (first, second) = (app.tokens().await?, app.tokens().await?);
    let answer = app.with_token(Method::POST, "/v1/user/unlink", &first);
    assert_eq!(answer.await?.status(), StatusCode::OK);
    let ended = app.profile(&second).await?;
    assert_eq!(ended.status(), StatusCode::UNAUTHORIZED);
    Ok(())
}

#[tokio::test]
async fn leaving_the_browser_session_forgets_the_person() -> Outcome {
    let app = App::start().await?;
    let leave = async |uri| {
        let pairs = vec![
            ("client_id", "local-demo-app"),
            ("logout_redirect_uri", uri),
            ("state", "s"),
        ];
        let url = format!("{}?{}", app.url("/oauth/logout"), encode(pairs));
        app.client.get(url).send().await
    };
    let answer = leave("http://localhost:3000/bye").await?;
    assert_eq!(location(&answer)?, "http://localhost:3000/bye?state=s");
    assert!(answer.headers().contains_key(SET_COOKIE));
    let refused = leave("https://example.com/").await?.text().await?;
    assert!(refused.contains("KOE007"));
    Ok(())
}
