//! Requests that are driven by another executor than tokio. Each gets a response, and none panics.

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use http::{Method, StatusCode};
use tokio::runtime::Runtime;
use tower_phone_auth_local_provider::{LocalProvider, Person};

use crate::support::clients::Clients as _;
use crate::support::{
    browser::{JIWOO, Page},
    shop::Shop,
};

/// Polls a future on this thread, with no runtime around it.
fn without_runtime<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..10_000 {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        std::thread::yield_now();
    }
    panic!("the request has no response");
}

/// A shop that saves forms, and the runtime of its provider.
fn open() -> (Runtime, Shop) {
    let runtime = Runtime::new().unwrap();
    let shop = runtime.block_on(async {
        let provider = LocalProvider::start().await.unwrap();
        let (oidc, kakao) = (provider.oidc(), provider.kakao());
        Shop::at(provider, oidc, |builder| {
            builder.provider(kakao).save_forms()
        })
    });
    (runtime, shop)
}

#[track_caller]
fn assert_refused(page: &Page, request: &str) {
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE, "{request}");
    assert!(page.body().is_empty(), "{request}");
    assert_eq!(page.headers()["cache-control"], "no-store", "{request}");
}

#[test]
fn without_a_tokio_runtime_a_callback_is_refused_and_its_code_stays_unused() {
    let (runtime, shop) = open();
    for provider in ["oidc", "kakao"] {
        let mut browser = shop.browser();
        let callback = runtime.block_on(async {
            let login = format!("/auth/login?provider={provider}");
            let away = browser.visit(&login).await;
            browser.act(&away, JIWOO).await
        });
        assert_refused(&without_runtime(browser.visit(&callback)), provider);
        let page = runtime.block_on(browser.visit(&callback));
        assert_eq!(page.status(), StatusCode::SEE_OTHER, "{provider}");
        assert!(browser.session().is_some(), "{provider}");
    }
}

#[test]
fn without_a_tokio_runtime_a_user_stays_signed_in_and_no_sign_out_is_lost() {
    let (runtime, shop) = open();
    let mut browser = shop.browser();
    let visit = |path: &str| format!("/auth/login?provider=kakao&return_to={path}");
    runtime.block_on(browser.sign_in(&visit("/"), JIWOO));
    let page = without_runtime(browser.visit("/"));
    assert_eq!(page.status(), StatusCode::OK);
    assert_refused(
        &without_runtime(browser.fetch(Method::POST, "/auth/logout")),
        "a sign-out",
    );
    let page = without_runtime(browser.visit("/"));
    assert_eq!(page.status(), StatusCode::OK);
    runtime.block_on(browser.fetch(Method::POST, "/auth/logout"));
    assert!(browser.session().is_none());
}

#[test]
fn without_a_tokio_runtime_every_request_has_a_response() {
    let (_runtime, shop) = open();
    for path in ["/", "/auth/login", "/auth/login?provider=oidc"] {
        assert_refused(&without_runtime(shop.browser().visit(path)), path);
    }
    let saved = without_runtime(shop.browser().submit("/orders", "number=1"));
    assert_refused(&saved, "a form");
    let token = shop.provider.logout_token(Person::WITH_PHONE).unwrap();
    let token = format!("logout_token={token}");
    let event = without_runtime(shop.browser().submit("/auth/events/oidc", token));
    assert_refused(&event, "an event");
    // These replies wait for nothing.
    for (method, path, status) in [
        (Method::GET, "/", 401),
        (Method::GET, "/healthz", 200),
        (Method::GET, "/auth/form", 401),
        (Method::GET, "/auth/nothing", 404),
        (Method::DELETE, "/auth/logout", 405),
        (Method::DELETE, "/auth/events/oidc", 405),
    ] {
        let page = without_runtime(shop.browser().fetch(method, path));
        assert_eq!(page.status(), status, "{path}");
    }
}
