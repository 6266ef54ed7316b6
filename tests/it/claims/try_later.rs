//! The error by which the application's hook asks the user to try again later.

use std::{
    error::Error,
    fmt, io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use http::{StatusCode, header::RETRY_AFTER};
use tower_phone_auth::{
    error::LoginErrorKind,
    hooks::{Denied, SignIn, SignInError},
};
use tracing::Level;

use super::shop;
use crate::support::{
    browser::{JIWOO, location, refusal, text},
    events::Events,
};

/// An error that says less than its cause.
#[derive(Debug)]
struct Failed(io::Error);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the customer cannot be read")
    }
}

impl Error for Failed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

fn failed() -> Failed {
    Failed(io::Error::other("the database at 10.0.0.7 is down"))
}

#[tokio::test]
async fn an_error_of_the_hook_asks_to_try_later_and_its_cause_is_in_the_log_alone() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&calls);
    let shop = shop(|builder| {
        builder.on_sign_in(move |_| {
            let first = counter.fetch_add(1, Ordering::SeqCst) == 0;
            async move {
                if first {
                    Err(failed())?;
                }
                Ok(())
            }
        })
    })
    .await;
    let mut browser = shop.browser();
    let away = browser.visit("/orders?page=2").await;
    let callback = browser.act(&away, JIWOO).await;
    let events = Events::capture();
    let page = browser.visit(&callback).await;
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(page.headers()[RETRY_AFTER], "5");
    assert_eq!(refusal(&page), Some(LoginErrorKind::ApplicationBusy));
    assert!(browser.session().is_none());
    let [line] = &events.audit("refusal")[..] else {
        panic!("{}", events.text());
    };
    assert_eq!(line.level, Level::WARN);
    let cause = "the customer cannot be read: the database at 10.0.0.7 is down";
    assert_eq!(line.field("source"), cause);
    let shown = text(&page);
    assert!(
        !shown.contains("10.0.0.7") && !shown.contains("customer"),
        "{shown}"
    );

    // The same callback again gives the same page, and neither the code nor the hook is used.
    let again = browser.visit(&callback).await;
    assert_eq!(again.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(again.headers()[RETRY_AFTER], "5");
    assert_eq!(text(&again), shown);
    assert_eq!(calls.load(Ordering::SeqCst), 1);

    // The button begins a new sign-in at the same provider, which leads to the same page.
    let link = "/auth/login?provider=kakao&return_to=%2Forders%3Fpage%3D2";
    assert!(shown.contains(&link.replace('&', "&amp;")), "{shown}");
    let away = browser.visit(link).await;
    let callback = browser.act(&away, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), "/orders?page=2");
}

#[tokio::test]
async fn errors_of_every_form_become_the_same_refusal() {
    async fn boxed(_: SignIn) -> Result<(), SignInError> {
        Err::<(), Box<dyn Error + Send + Sync>>("down".into())?;
        Ok(())
    }
    async fn text(_: SignIn) -> Result<(), SignInError> {
        Err("down".into())
    }
    async fn denied(_: SignIn) -> Result<(), SignInError> {
        Err(Denied::new("Members only."))?;
        Ok(())
    }
    for (shop, kind) in [
        (
            shop(|builder| builder.on_sign_in(boxed)).await,
            LoginErrorKind::ApplicationBusy,
        ),
        (
            shop(|builder| builder.on_sign_in(text)).await,
            LoginErrorKind::ApplicationBusy,
        ),
        (
            shop(|builder| builder.on_sign_in(denied)).await,
            LoginErrorKind::Denied,
        ),
    ] {
        let page = shop.browser().come_back("/", JIWOO).await;
        assert_eq!(refusal(&page), Some(kind));
    }
}
