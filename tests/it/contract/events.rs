//! Calls of a provider to `/auth/events/oidc`, and `LOGOUT_TOKENS_END_ALL`.

use std::time::{Duration, Instant};

use reqwest::Response;
use tower_phone_auth_local_provider::{LocalProvider, Person, faults::Signing};

use super::{KEY, Running, header, refused, sign_in};

async fn start(provider: &LocalProvider, settings: &[(&str, &str)]) -> Running {
    let (id, secret) = (provider.client_id(), provider.client_secret().unwrap());
    let issuer = provider.oidc_issuer();
    let common = [
        ("OAUTH_PROVIDER", "oidc"),
        ("OAUTH_CLIENT_ID", id.as_str()),
        ("OAUTH_CLIENT_SECRET", secret.as_str()),
        ("OIDC_ISSUER", issuer.as_str()),
        ("SESSION_KEY", KEY),
    ];
    Running::start(&[&common[..], settings].concat()).await
}

async fn send(app: &Running, token: &str) -> Response {
    let events = format!("{}/auth/events/oidc", app.address);
    let post = app
        .client
        .post(events)
        .body(format!("logout_token={token}"));
    let post = post.header("content-type", "application/x-www-form-urlencoded");
    post.send().await.unwrap()
}

fn token(provider: &LocalProvider) -> String {
    provider.logout_token(Person::WITH_PHONE).unwrap()
}

async fn me(app: &Running, session: &str) -> u16 {
    let me = app.get("/me", &[("cookie", session)]).await;
    me.status().as_u16()
}

#[tokio::test]
async fn a_logout_token_is_answered_200_and_its_session_has_ended() {
    let provider = LocalProvider::start().await.unwrap();
    let app = start(&provider, &[]).await;
    let session = sign_in(&app, &provider.origin()).await;
    assert_eq!(me(&app, &session).await, 200);
    let answer = send(&app, &token(&provider)).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(header(&answer, "connection"), "close");
    assert_eq!(header(&answer, "cache-control"), "no-store");
    assert_eq!(me(&app, &session).await, 401);
}

#[tokio::test]
async fn a_wrong_logout_token_is_answered_400_and_ends_nothing() {
    let provider = LocalProvider::start().await.unwrap();
    let app = start(&provider, &[]).await;
    let session = sign_in(&app, &provider.origin()).await;
    let wrong = [
        ("iss", "https://evil.example"),
        ("aud", "another"),
        ("nonce", "n"),
        (
            "events",
            "https://schemas.openid.net/event/backchannel-logout",
        ),
    ];
    for (name, value) in wrong {
        provider.forge_id_token(move |_, claims| claims[name] = value.into());
        let answer = send(&app, &token(&provider)).await;
        assert_eq!(answer.status(), 400, "{name}");
        assert_eq!(header(&answer, "connection"), "close");
    }
    provider.clear_id_token_faults();
    for signing in [
        Signing::None,
        Signing::HmacWithPublicKey,
        Signing::Corrupted,
    ] {
        provider.sign_id_tokens(signing);
        let answer = send(&app, &token(&provider)).await;
        assert_eq!(answer.status(), 400);
    }
    for text in ["", "a.b.c", "e30.e30."] {
        assert_eq!(send(&app, text).await.status(), 400, "{text}");
    }
    assert_eq!(me(&app, &session).await, 200);
}

#[tokio::test]
async fn a_logout_token_of_an_unknown_key_is_answered_503_and_ends_its_session_later() {
    let provider = LocalProvider::start().await.unwrap();
    let app = start(&provider, &[]).await;
    let session = sign_in(&app, &provider.origin()).await;
    provider.sign_id_tokens(Signing::WrongKey);
    for number in 0..12 {
        provider.forge_id_token(move |header, _| header["kid"] = format!("forged-{number}").into());
        let status = send(&app, &token(&provider)).await.status().as_u16();
        assert!(matches!(status, 400 | 503), "{status}");
    }
    provider.clear_id_token_faults();
    provider.rotate_keys();
    let answer = send(&app, &token(&provider)).await;
    if answer.status() != 200 {
        assert_eq!(answer.status(), 503);
        assert_eq!(header(&answer, "connection"), "close");
        let seconds: u64 = header(&answer, "retry-after").parse().unwrap();
        assert!((1..=30).contains(&seconds));
    }
    // The provider sends nothing more.
    let began = Instant::now();
    while me(&app, &session).await == 200 {
        assert!(began.elapsed() < Duration::from_secs(60), "never");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn logout_tokens_end_all_sessions_with_the_variable() {
    for (settings, others) in [(&[][..], 200), (&[("LOGOUT_TOKENS_END_ALL", "1")], 401)] {
        let provider = LocalProvider::start().await.unwrap();
        let app = start(&provider, settings).await;
        let first = sign_in(&app, &provider.origin()).await;
        let second = sign_in(&app, &provider.origin()).await;
        assert_eq!(send(&app, &token(&provider)).await.status(), 200);
        assert_eq!(me(&app, &second).await, 401);
        assert_eq!(me(&app, &first).await, others);
    }
    let settings = [
        ("OAUTH_PROVIDER", "oidc"),
        ("OAUTH_CLIENT_ID", "a"),
        ("OIDC_ISSUER", "http://127.0.0.1:9"),
        ("SESSION_KEY", KEY),
        ("LOGOUT_TOKENS_END_ALL", "yes"),
    ];
    assert!(refused(&settings).await.contains("LOGOUT_TOKENS_END_ALL"));
}
