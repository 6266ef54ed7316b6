//! `RECHECK_AFTER`: a page visit checks the session at the provider again, without a page.

use std::time::{Duration, Instant};

use http::StatusCode;
use reqwest::Response;
use tower_phone_auth_local_provider::{Endpoint, LocalProvider};
use url::Url;

use super::{KEY, Running, header, refused};

const PAGE: (&str, &str) = ("accept", "text/html");
const PLACE: &str = "/deep?q=%2F%ED%95%9C";

async fn start(provider: &LocalProvider, after: &str) -> Running {
    Running::start(&[
        ("OAUTH_PROVIDER", "oidc"),
        ("OAUTH_CLIENT_ID", &provider.client_id()),
        ("OAUTH_CLIENT_SECRET", &provider.client_secret().unwrap()),
        ("OIDC_ISSUER", &provider.oidc_issuer()),
        ("SESSION_KEY", KEY),
        ("RECHECK_AFTER", after),
    ])
    .await
}

/// The pair of the cookie that this answer sets and whose header begins with `start`.
fn set(response: &Response, start: &str) -> Option<String> {
    let cookies = response.headers().get_all("set-cookie").iter();
    let mut pairs = cookies.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
    pairs
        .find(|pair| pair.starts_with(start))
        .map(str::to_owned)
}

fn parameter(response: &Response, name: &str) -> Option<String> {
    let url = Url::parse(header(response, "location")).ok()?;
    let mut pairs = url.query_pairs();
    pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}

/// Visits a page until the visit is redirected to the provider. The process has the system's clock.
async fn sent(app: &Running, session: &str) -> Response {
    let begun = Instant::now();
    loop {
        let page = app.get(PLACE, &[PAGE, ("cookie", session)]).await;
        if page.status() == StatusCode::SEE_OTHER {
            assert_eq!(parameter(&page, "prompt").as_deref(), Some("none"));
            return page;
        }
        assert_eq!(page.status(), StatusCode::NOT_FOUND);
        assert!(begun.elapsed() < Duration::from_secs(30));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn come_back(app: &Running, away: &Response, session: &str, query: &str) -> Response {
    let state = parameter(away, "state").unwrap();
    let pending = set(away, "phone-auth-login-").unwrap();
    let callback = format!("/auth/callback/oidc?{query}&state={state}");
    let cookies = format!("{pending}; {session}");
    app.get(&callback, &[PAGE, ("cookie", &cookies)]).await
}

/// The code that the provider gives a browser with a session there.
async fn code(app: &Running, away: &Response, person: &str) -> String {
    let cookie = format!("local_provider_person={person}.1700000000");
    let answer = app
        .client
        .get(header(away, "location"))
        .header("cookie", cookie);
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FOUND);
    parameter(&answer, "code").unwrap()
}

const JIWOO: &str = "1376016924429759228";

#[tokio::test]
async fn a_user_with_a_session_at_the_provider_keeps_the_session_here() {
    let provider = LocalProvider::start().await.unwrap();
    let app = start(&provider, "2").await;
    let session = super::sign_in(&app, &provider.origin()).await;
    let away = sent(&app, &session).await;
    let code = code(&app, &away, JIWOO).await;
    let back = come_back(&app, &away, &session, &format!("code={code}")).await;
    assert_eq!(header(&back, "location"), PLACE);
    assert_eq!(header(&back, "cache-control"), "no-store");
    let session = set(&back, "phone-auth=").unwrap();
    assert_eq!(app.get("/me", &[("cookie", &session)]).await.status(), 200);
}

#[tokio::test]
async fn a_user_who_signed_out_at_the_provider_is_signed_out_here() {
    for (error, status) in [("login_required", 303), ("access_denied", 403)] {
        let provider = LocalProvider::start().await.unwrap();
        let app = start(&provider, "1").await;
        let session = super::sign_in(&app, &provider.origin()).await;
        let away = sent(&app, &session).await;
        let back = come_back(&app, &away, &session, &format!("error={error}")).await;
        assert_eq!(back.status(), status);
        assert_eq!(parameter(&back, "prompt"), None);
        assert_eq!(set(&back, "phone-auth=").as_deref(), Some("phone-auth="));
        let me = app.get("/me", &[("cookie", &session)]).await;
        assert_eq!(me.status(), 401);
    }
}

#[tokio::test]
async fn a_failing_provider_ends_no_session_and_is_not_asked_for_a_while() {
    let provider = LocalProvider::start().await.unwrap();
    let app = start(&provider, "8").await;
    let session = super::sign_in(&app, &provider.origin()).await;
    let away = sent(&app, &session).await;
    let back = come_back(&app, &away, &session, "error=server_error").await;
    assert_eq!(header(&back, "location"), PLACE);
    let session = set(&back, "phone-auth=").unwrap();
    let page = app.get("/", &[PAGE, ("cookie", &session)]).await;
    assert_eq!(page.status(), 200);
    assert_eq!(provider.count(Endpoint::Token), 1);
}

#[tokio::test]
async fn an_impossible_time_or_provider_is_refused_at_start() {
    let named = |settings: &[(&'static str, &'static str)]| {
        let key = ("SESSION_KEY", KEY);
        let id = ("OAUTH_CLIENT_ID", "id");
        let secret = ("OAUTH_CLIENT_SECRET", "secret");
        [&[key, id, secret], settings].concat()
    };
    let google = ("OAUTH_PROVIDER", "google");
    for time in [
        "0",
        "-1",
        "1.5",
        "5m",
        "never",
        "43201",
        "99999999999999999999",
    ] {
        let message = refused(&named(&[google, ("RECHECK_AFTER", time)])).await;
        assert!(message.starts_with("error: RECHECK_AFTER: "), "{message}");
    }
    for provider in ["naver", "kakao"] {
        let settings = named(&[("OAUTH_PROVIDER", provider), ("RECHECK_AFTER", "900")]);
        let message = refused(&settings).await;
        assert!(message.starts_with("error: RECHECK_AFTER: "), "{message}");
        assert!(message.contains(provider), "{message}");
    }
    Running::start(&named(&[google, ("RECHECK_AFTER", "900")])).await;
}
