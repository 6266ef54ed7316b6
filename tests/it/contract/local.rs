//! `OAUTH_PROVIDER=local-kakao` and the other dialects of the local provider.

use http::StatusCode;
use url::Url;

use super::{Running, header, pair, refused};

const ALL: &str = "local-kakao,local-naver,local-google,local-oidc";

/// Signs in at the provider of this name. Returns the answer to the callback.
async fn sign_in(app: &Running, name: &str) -> (StatusCode, String) {
    let login = format!("/auth/login?provider={name}&return_to=/me");
    let away = app.get(&login, &[("accept", "text/html")]).await;
    assert_eq!(away.status(), StatusCode::SEE_OTHER, "{name}");
    let pending = pair(&away);
    let authorize = Url::parse(header(&away, "location")).unwrap();
    let form = format!(
        "{}&person=1376016924429759228&phone_number=yes&decision=agree",
        authorize.query().unwrap()
    );
    let mut page = authorize.clone();
    page.set_query(None);
    let answered = app.client.post(page);
    let answered = answered.header("content-type", "application/x-www-form-urlencoded");
    let answered = answered.body(form).send().await.unwrap();
    let callback = header(&answered, "location").to_owned();
    let callback = callback.strip_prefix(&app.address).unwrap();
    assert!(
        callback.starts_with(&format!("/auth/callback/{name}?")),
        "{callback}"
    );
    let back = app.get(callback, &[("cookie", &pending)]).await;
    if back.status() != StatusCode::SEE_OTHER {
        return (back.status(), back.text().await.unwrap());
    }
    let session = back
        .headers()
        .get_all("set-cookie")
        .iter()
        .map(|line| line.to_str().unwrap().split(';').next().unwrap())
        .find(|pair| pair.starts_with("phone-auth=") && !pair.ends_with('='))
        .unwrap();
    let me = app.get("/me", &[("cookie", session)]).await;
    (me.status(), me.text().await.unwrap())
}

#[tokio::test]
async fn each_dialect_of_the_local_provider_is_a_provider_of_its_own() {
    let app = Running::start(&[("OAUTH_PROVIDER", ALL)]).await;
    let page = app.get("/auth/login", &[("accept", "text/html")]).await;
    let page = page.text().await.unwrap();
    for (name, assurance) in [
        ("local-kakao", "asserted"),
        ("local-naver", "asserted"),
        ("local-google", "verified"),
        ("local-oidc", "verified"),
    ] {
        assert!(page.contains(&format!("provider={name}")), "{name}: {page}");
        let (status, me) = sign_in(&app, name).await;
        assert_eq!(status, StatusCode::OK, "{name}: {me}");
        for part in [
            r#""phone":"+821012345678""#.to_owned(),
            format!(r#""provider":"{name}""#),
            format!(r#""assurance":"{assurance}""#),
        ] {
            assert!(me.contains(&part), "{name}: {me}");
        }
    }
}

#[tokio::test]
async fn the_local_provider_has_all_its_names_beside_each_other() {
    let names = format!("local,{ALL}");
    let app = Running::start(&[("OAUTH_PROVIDER", &names)]).await;
    let (status, me) = sign_in(&app, "local-google").await;
    assert_eq!(status, StatusCode::OK, "{me}");
    let (status, me) = sign_in(&app, "local").await;
    assert_eq!(status, StatusCode::OK, "{me}");
}

#[tokio::test]
async fn a_dialect_that_the_local_provider_does_not_have_is_refused_at_the_start() {
    let message = refused(&[("OAUTH_PROVIDER", "local-line")]).await;
    assert!(
        message.contains("OAUTH_PROVIDER: \"local-line\""),
        "{message}"
    );
    let message = refused(&[
        ("OAUTH_PROVIDER", "local-kakao"),
        ("PUBLIC_URL", "https://shop.example.com"),
    ])
    .await;
    assert!(message.contains("OAUTH_PROVIDER"), "{message}");
}
