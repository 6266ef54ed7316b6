//! Events that providers send to `/auth/events/{provider}` on their own initiative.

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
mod kakao_security_event;
mod late_keys;
mod log_details;
mod logout_request;
mod logout_session;
mod logout_token;
mod naver;
mod provider_time;
mod provider_time_replicas;
mod requests;
mod rotation;
mod security_event;
mod times;
mod unlink_hook;
mod unlink_once;
mod unread_documents;
mod without_exp;

const FORM: &str = "application/x-www-form-urlencoded";
const SET: &str = "application/secevent+jwt";
const RISC: &str = "https://schemas.openid.net/secevent/risc/event-type";
const OAUTH: &str = "https://schemas.openid.net/secevent/oauth/event-type";

/// A call of the provider, without cookies and without the headers of a browser.
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

/// Signs in. Returns the browser of the user.
async fn sign_in(shop: &Shop) -> Browser {
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    assert!(is_signed_in(&mut browser).await);
    browser
}

async fn is_signed_in(browser: &mut Browser) -> bool {
    browser.fetch(Method::GET, "/").await.status() == StatusCode::OK
}

#[track_caller]
fn assert_empty_answer(page: &Page, status: StatusCode) {
    assert_eq!(page.status(), status);
    assert!(page.body().is_empty());
    assert_eq!(page.headers()["cache-control"], "no-store");
    assert!(!page.headers().contains_key("set-cookie"));
}
