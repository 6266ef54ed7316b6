//! A hook that is slow, that panics, or whose claims a client does not keep.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::{Method, StatusCode};
use serde_json::json;
use tower_phone_auth::{TestUser, VerifiedUser};

use super::{
    SlowHook,
    bounded::with_cookie,
    renewed::{Database, Entry, change, signed_in},
    shop, shown,
};
use crate::support::{browser::Browser, shop::ORIGIN};

#[tokio::test]
async fn a_client_that_repeats_its_old_cookie_gets_the_claims_of_one_call() {
    let database = Database::with("guest");
    let (shop, mut browser) = signed_in(&database).await;
    let old = browser.cookies.clone();
    for (number, role) in ["staff", "owner"].into_iter().enumerate() {
        change(&shop, &database, Entry::Role(role)).await;
        let calls = database.calls();
        for visit in 0..20 {
            browser.cookies.clone_from(&old);
            let status = match visit % 2 {
                0 => browser.visit("/").await.status(),
                _ => browser.fetch(Method::GET, "/").await.status(),
            };
            assert!(matches!(
                status,
                StatusCode::TEMPORARY_REDIRECT | StatusCode::UNAUTHORIZED
            ));
            let claims = json!({ "claims": { "id": 1, "role": role } });
            assert_eq!(shown(&mut browser).await, claims);
        }
        assert_eq!(database.calls(), calls + 1, "{number}");
    }
    // They are kept for a minute.
    let calls = database.calls();
    shop.time.pass(Duration::from_secs(60));
    browser.cookies.clone_from(&old);
    browser.visit("/").await;
    assert_eq!(database.calls(), calls + 1);
}

#[tokio::test]
async fn a_client_that_leaves_a_slow_hook_again_and_again_calls_it_once() {
    let hook = SlowHook::default();
    let (shop, cookie) = hook.shop().await;
    let open = || with_cookie(Browser::new(shop.app.clone(), ORIGIN), &cookie);
    for _ in 0..20 {
        let mut browser = open();
        let request = tokio::spawn(async move { browser.visit("/").await.status() });
        while hook.calls() == 0 {
            tokio::task::yield_now().await;
        }
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        request.abort();
        assert!(request.await.unwrap_err().is_cancelled());
    }
    hook.answer.notify_one();
    let page = open().visit("/").await;
    assert_eq!(page.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(hook.calls(), 1);
}

#[tokio::test]
async fn a_hook_that_panics_is_refused_for_a_second_and_called_again() {
    let calls = Arc::new(AtomicUsize::new(0));
    let hook = {
        let calls = Arc::clone(&calls);
        move |_: VerifiedUser| {
            let call = calls.fetch_add(1, Ordering::SeqCst);
            async move {
                assert!(call > 0, "a fault of the application");
                Ok("staff".to_owned())
            }
        }
    };
    let shop = shop(|builder| builder.claims(hook)).await;
    let user = TestUser::new("+82 10-1234-5678").unwrap();
    let cookie = user.cookie(&shop.layer).unwrap();
    let mut browser = with_cookie(Browser::new(shop.app.clone(), ORIGIN), &cookie);
    for _ in 0..3 {
        let page = browser.visit("/").await;
        assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    }
    shop.time.pass(Duration::from_secs(1));
    let page = browser.visit("/").await;
    assert_eq!(page.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(browser.visit("/").await.status(), StatusCode::OK);
}
