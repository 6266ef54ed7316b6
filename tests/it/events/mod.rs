//! What providers tell on their own account, posted to `/auth/events/{provider}` as they post it.

use axum::body::Body;
use http::{HeaderName, HeaderValue, Method, Request, StatusCode};

use crate::support::{
    browser::{Browser, JIWOO, Page},
    shop::Shop,
};

mod any_identifier;
mod clocks;
mod connection;
mod end_all;
mod forged_logout_token;
mod google;
mod handling;
mod kakao;
mod late_keys;
mod log_details;
mod logout_session;
mod logout_token;
mod naver;
mod provider_time;
mod requests;
mod rotation;
mod security_event;
mod times;
mod unlink_once;
mod without_exp;

const FORM: &str = "application/x-www-form-urlencoded";
const SET: &str = "application/secevent+jwt";
const RISC: &str = "https://schemas.openid.net/secevent/risc/event-type";
const OAUTH: &str = "https://schemas.openid.net/secevent/oauth/event-type";

/// The provider calls: without cookies, and with no headers of a browser.
async fn call(
    shop: &Shop,
    method: Method,
    path: &str,
    headers: &[(&'static str, &str)],
    body: impl Into<Body>,
) -> Page {
    let mut request = Request::new(body.into());
    *request.method_mut() = method;
    *request.uri_mut() = path.parse().unwrap();
    for (name, value) in headers {
        let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
        let name = HeaderName::from_static(name);
        request.headers_mut().append(name, value);
    }
    shop.browser().call(request).await
}

pub(crate) async fn post(shop: &Shop, path: &str, media_type: &str, body: impl Into<Body>) -> Page {
    call(
        shop,
        Method::POST,
        path,
        &[("content-type", media_type)],
        body,
    )
    .await
}

/// Somebody who is signed in.
async fn member(shop: &Shop) -> Browser {
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    assert!(is_in(&mut browser).await);
    browser
}

async fn is_in(browser: &mut Browser) -> bool {
    browser.fetch(Method::GET, "/").await.status() == StatusCode::OK
}

#[track_caller]
fn assert_quiet(page: &Page, status: StatusCode) {
    assert_eq!(page.status(), status);
    assert!(page.body().is_empty());
    assert_eq!(page.headers()["cache-control"], "no-store");
    assert!(!page.headers().contains_key("set-cookie"));
}
