//! The hooks of the application.

use std::{
    future::pending,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use http::{Method, Response, StatusCode, header::CACHE_CONTROL};
use tower_phone_auth::{
    Builder, Text,
    error::LoginErrorKind,
    hooks::{Cause, Denied, SignIn},
    provider::ProviderTokens,
};
use tower_phone_auth_local_provider::{Endpoint, SECRET_PREFIX, faults::Fault};

use crate::support::{
    browser::{Act, JIWOO, refusal, set_cookies, text},
    shop::Shop,
};

async fn shop(settings: impl FnOnce(Builder) -> Builder) -> Shop {
    Shop::with(|kakao| kakao, settings).await
}

#[tokio::test]
async fn a_sign_in_that_the_application_refuses_gives_no_session_and_shows_the_reason() {
    let members = |_: SignIn| async {
        Err::<(), _>(Denied::new(Text::en("Members <only>.").ko("회원만 가능합니다.")).into())
    };
    let shop = shop(|builder| builder.on_sign_in(members)).await;
    let mut browser = shop.browser();
    let page = browser.come_back("/", JIWOO).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    assert_eq!(refusal(&page), Some(LoginErrorKind::Denied));
    assert!(text(&page).contains("Members &lt;only&gt;."));
    assert!(browser.session().is_none());
}

#[tokio::test]
async fn the_refusal_is_in_the_language_of_the_browser() {
    let members = |_: SignIn| async {
        Err::<(), _>(Denied::new(Text::en("Members only.").ko("회원만 가능합니다.")).into())
    };
    let shop = shop(|builder| builder.on_sign_in(members)).await;
    let mut browser = shop.browser();
    browser
        .headers
        .insert("accept-language", "ko".parse().unwrap());
    let page = browser.come_back("/", JIWOO).await;
    assert!(text(&page).contains("회원만 가능합니다."));
}

#[tokio::test]
async fn quirk_01_the_hook_sees_the_tokens_and_both_lifetimes() {
    let seen: Arc<Mutex<Option<ProviderTokens>>> = Arc::default();
    let keep = Arc::clone(&seen);
    let shop = shop(|builder| {
        builder.on_sign_in(move |SignIn { user, tokens, .. }| {
            assert_eq!(user.phone.to_string(), "+821012345678");
            *keep.lock().unwrap() = tokens;
            async { Ok(()) }
        })
    })
    .await;
    shop.browser().sign_in("/", JIWOO).await;
    let tokens = seen.lock().unwrap().take().unwrap();
    assert!(tokens.access_token().starts_with(SECRET_PREFIX));
    assert!(tokens.refresh_token().unwrap().starts_with(SECRET_PREFIX));
    assert_eq!(tokens.expires_in(), Some(Duration::from_secs(21_599)));
    assert_eq!(
        tokens.refresh_token_expires_in(),
        Some(Duration::from_secs(5_184_000))
    );
    assert!(tokens.scope().unwrap().contains("phone_number"));
    assert!(!format!("{tokens:?}").contains(SECRET_PREFIX));
}

#[tokio::test]
async fn quirk_03_a_lifetime_is_a_number_in_any_form_or_unknown() {
    for (written, read) in [
        (serde_json::json!("3600"), Some(3600.0)),
        (serde_json::json!(3599.0), Some(3599.0)),
        (serde_json::json!(null), None),
        (serde_json::json!(""), None),
        (serde_json::json!("abc"), None),
        (serde_json::json!(-1), None),
        (serde_json::json!(1e300), None),
    ] {
        let seen: Arc<Mutex<Option<Duration>>> = Arc::default();
        let keep = Arc::clone(&seen);
        let shop = shop(|builder| {
            builder.on_sign_in(move |sign_in| {
                *keep.lock().unwrap() = sign_in.tokens.unwrap().expires_in();
                async { Ok(()) }
            })
        })
        .await;
        let answer = serde_json::json!({ "expires_in": written });
        shop.provider
            .fail_next(Endpoint::Token, Fault::Merge(answer));
        shop.browser().sign_in("/", JIWOO).await;
        let seconds = seen.lock().unwrap().map(|span| span.as_secs_f64());
        assert_eq!(seconds, read, "{written}");
    }
}

#[tokio::test]
async fn a_hook_that_takes_too_long_refuses_the_sign_in() {
    let limit = Duration::from_millis(20);
    let shop = shop(|builder| {
        builder
            .on_sign_in(|_| pending::<Result<(), _>>())
            .hook_timeout(limit)
    })
    .await;
    let page = shop.browser().come_back("/", JIWOO).await;
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refusal(&page), Some(LoginErrorKind::ApplicationBusy));
}

#[tokio::test]
async fn the_sign_out_hook_gets_the_user() {
    let gone: Arc<Mutex<Vec<String>>> = Arc::default();
    let keep = Arc::clone(&gone);
    let shop = shop(|builder| {
        builder.on_sign_out(move |user| {
            keep.lock().unwrap().push(user.subject.to_string());
            async {}
        })
    })
    .await;
    let mut browser = shop.browser();
    browser.fetch(Method::POST, "/auth/logout").await;
    browser.sign_in("/", JIWOO).await;
    browser.fetch(Method::POST, "/auth/logout").await;
    assert_eq!(*gone.lock().unwrap(), ["1376016924429759228"]);
}

#[tokio::test]
async fn a_sign_out_succeeds_although_its_hook_hangs() {
    let limit = Duration::from_millis(20);
    let shop = shop(|builder| builder.on_sign_out(|_| pending()).hook_timeout(limit)).await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    browser.fetch(Method::POST, "/auth/logout").await;
    assert!(browser.session().is_none());
}

#[tokio::test]
async fn a_page_of_the_application_replaces_the_page_of_the_layer() {
    let shop = shop(|builder| {
        builder.on_failure(|failure| {
            let Cause::Login(error) = failure.cause else {
                return None;
            };
            let body = format!("ours: {}, again at {}", error.kind(), failure.retry);
            let response = Response::builder().status(failure.status);
            response
                .header(CACHE_CONTROL, "public")
                .body(body.into())
                .ok()
        })
    })
    .await;
    let mut browser = shop.browser();
    let page = browser.come_back("/", Act::Cancel).await;
    assert_eq!(
        text(&page),
        "ours: the user cancelled at the provider, again at /auth/login?provider=kakao"
    );
    assert_eq!(page.headers()[CACHE_CONTROL], "no-store");
    let deleted = |cookie: &&str| cookie.contains("-login-") && cookie.contains("Max-Age=0");
    assert!(set_cookies(&page).iter().any(deleted));
    assert!(browser.pending().is_empty());
}

#[tokio::test]
async fn a_rule_applies_to_the_sign_in_and_to_every_request() {
    let open = Arc::new(AtomicBool::new(true));
    let rule = Arc::clone(&open);
    let shop = shop(|builder| builder.allow(move |_| rule.load(Ordering::SeqCst))).await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    open.store(false, Ordering::SeqCst);
    assert_eq!(browser.visit("/").await.status(), StatusCode::FORBIDDEN);
    let script = browser.fetch(Method::GET, "/").await;
    assert!(text(&script).contains(r#""reason":"not_allowed""#));
    assert_eq!(text(&browser.visit("/maybe").await), "anonymous");
    let refused = shop.browser().come_back("/", JIWOO).await;
    assert_eq!(refusal(&refused), Some(LoginErrorKind::Denied));
    open.store(true, Ordering::SeqCst);
    assert_eq!(browser.visit("/").await.status(), StatusCode::OK);
}
