//! `on_event`: the events of a sign-in, a session and its end.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use http::{Method, StatusCode};
use tower_phone_auth::{
    Builder,
    error::LoginErrorKind,
    hooks::{AuthEvent, CallOutcome},
    revocation::WhenStale,
};
use tower_phone_auth_local_provider::{Endpoint, faults::Fault};

use crate::support::{
    browser::{Act, Browser, JIWOO},
    replicas::{LogConnection, Replicas, until},
    shop::Shop,
};

/// The events so far, in words.
#[derive(Clone, Default)]
struct Events(Arc<Mutex<Vec<String>>>);

impl Events {
    fn hook(&self) -> impl Fn(&AuthEvent<'_>) + Send + Sync + 'static {
        let events = Arc::clone(&self.0);
        move |event| events.lock().unwrap().push(words(event))
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

fn words(event: &AuthEvent<'_>) -> String {
    match event {
        AuthEvent::SignInBegun { provider, .. } => format!("begun {provider}"),
        AuthEvent::ProviderCalled {
            provider,
            call,
            outcome,
            duration,
            ..
        } => {
            // The clock of the test stands still.
            assert_eq!(*duration, Duration::ZERO);
            format!("called {provider} {call} {}", outcome.as_str())
        }
        AuthEvent::Refused { provider, kind, .. } => format!("refused {provider:?} {kind:?}"),
        AuthEvent::SignedIn { provider, .. } => format!("signed in {provider}"),
        AuthEvent::Renewed { provider, .. } => format!("renewed {provider}"),
        AuthEvent::Ended { by, everywhere, .. } => {
            format!(
                "ended {}{}",
                by.as_str(),
                if *everywhere { " everywhere" } else { "" }
            )
        }
        AuthEvent::Stale { is_stale, .. } => format!("stale {is_stale}"),
        event => format!("{event:?}"),
    }
}

async fn shop(settings: impl FnOnce(Builder) -> Builder) -> (Shop, Browser, Events) {
    let events = Events::default();
    let hook = events.hook();
    let shop = Shop::with(|kakao| kakao, |builder| settings(builder.on_event(hook))).await;
    let browser = shop.browser();
    (shop, browser, events)
}

#[tokio::test]
async fn a_sign_in_has_its_start_its_calls_and_its_end() {
    let (_shop, mut browser, events) = shop(|builder| builder).await;
    browser.sign_in("/", JIWOO).await;
    let expected = [
        "begun kakao",
        "called kakao token 2xx",
        "called kakao profile 2xx",
        "signed in kakao",
    ];
    assert_eq!(events.take(), expected);
    for _ in 0..3 {
        let page = browser.fetch(Method::GET, "/").await;
        assert_eq!(page.status(), StatusCode::OK);
    }
    assert_eq!(events.take(), [""; 0], "a signed-in request has no event");
}

#[tokio::test]
async fn each_end_of_a_session_names_its_cause() {
    let (shop, mut browser, events) = shop(|builder| builder).await;
    let last = |events: &Events| events.take().pop().unwrap_or_default();
    browser.sign_in("/", JIWOO).await;
    browser.fetch(Method::POST, "/auth/logout").await;
    assert_eq!(last(&events), "ended sign_out");
    browser.sign_in("/", JIWOO).await;
    browser.fetch(Method::POST, "/auth/logout?everywhere").await;
    assert_eq!(last(&events), "ended sign_out everywhere");
    browser.sign_in("/", JIWOO).await;
    events.take();
    shop.layer.revoke("kakao", "1").await.unwrap();
    assert_eq!(last(&events), "ended application everywhere");
}

#[tokio::test]
async fn a_refusal_names_its_kind_and_a_call_its_failure() {
    let (shop, mut browser, events) = shop(|builder| builder).await;
    let away = browser.visit("/").await;
    let callback = browser.act(&away, Act::Cancel).await;
    browser.visit(&callback).await;
    let kind = LoginErrorKind::Cancelled;
    assert_eq!(
        events.take(),
        [
            "begun kakao".to_owned(),
            format!("refused Some(\"kakao\") {kind:?}")
        ]
    );

    shop.provider.fail(
        Endpoint::Token,
        Fault::json(StatusCode::INTERNAL_SERVER_ERROR, &serde_json::json!({})),
    );
    let away = browser.visit("/").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    let events = events.take();
    assert!(
        events.contains(&"called kakao token 5xx".to_owned()),
        "{events:?}"
    );
    assert!(events.last().unwrap().starts_with("refused"), "{events:?}");
}

#[tokio::test]
async fn a_flood_of_refusals_is_counted_whole() {
    let (_shop, mut browser, events) = shop(|builder| builder).await;
    for _ in 0..50 {
        browser.visit("/auth/callback/kakao?code=c&state=s").await;
    }
    assert_eq!(events.take().len(), 50);
}

#[tokio::test]
async fn a_renewed_session_has_an_event() {
    let idle = Duration::from_secs(600);
    let (shop, mut browser, events) = shop(|builder| builder.idle_timeout(idle)).await;
    browser.sign_in("/", JIWOO).await;
    events.take();
    shop.time.pass(idle / 2 + Duration::from_secs(1));
    browser.fetch(Method::GET, "/").await;
    assert_eq!(events.take(), ["renewed kakao"]);
}

#[tokio::test]
async fn a_replica_that_falls_behind_and_catches_up_says_both() {
    let shop = Replicas::new().await;
    let events = Events::default();
    let hook = events.hook();
    let line = LogConnection::to(&shop.log);
    let settings = |builder: Builder| {
        let builder = builder.when_stale(WhenStale::FailClosed);
        builder.on_event(hook)
    };
    let replica = shop.start_with(line.clone(), settings);
    replica.layer.warm_up().await.unwrap();
    line.cut();
    replica.time.pass(Duration::from_secs(11));
    until(async || events.0.lock().unwrap().contains(&"stale true".to_owned())).await;
    line.restore();
    until(async || events.0.lock().unwrap().contains(&"stale false".to_owned())).await;
}

#[test]
fn the_names_of_outcomes_are_few() {
    for (status, name) in [
        (101, "1xx"),
        (200, "2xx"),
        (303, "3xx"),
        (429, "4xx"),
        (599, "5xx"),
        (999, "5xx"),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        assert_eq!(CallOutcome::Answered(status).as_str(), name);
    }
}
