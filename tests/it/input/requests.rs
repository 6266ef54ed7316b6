//! Arbitrary requests.

use std::sync::atomic::Ordering;

use axum::body::Body;
use http::{HeaderName, HeaderValue, Method, Request, StatusCode, Uri};
use proptest::{collection::vec, prelude::*, sample::select};
use tower::ServiceExt;
use tower_phone_auth::Builder;

use super::{cases, runtime};
use crate::support::{browser::FORM, shop::Shop};

fn request(method: &str, uri: &[u8]) -> Option<Request<Body>> {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = Method::from_bytes(method.as_bytes()).unwrap();
    *request.uri_mut() = Uri::try_from(uri).ok()?;
    Some(request)
}

/// The status of a request to an application that must not be called.
async fn status(shop: &Shop, request: Request<Body>) -> StatusCode {
    let (app, calls) = shop.counting();
    let status = app.oneshot(request).await.unwrap().status();
    assert_eq!(
        calls.load(Ordering::SeqCst),
        0,
        "the application was called"
    );
    assert!(status.as_u16() < 500, "{status}");
    status
}

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "BREW"];

/// Bytes that begin like the layer's own paths.
fn path() -> impl Strategy<Value = Vec<u8>> {
    let start = select(vec![
        "/",
        "//",
        "/auth",
        "/auth/",
        "/auth/login",
        "/auth/login?",
        "/auth/login?provider=",
        "/auth/login?return_to=",
        "/auth/logout",
        "/auth/callback/",
        "/auth/callback/kakao",
        "/auth/callback/kakao?state=",
        "/auth/callback/kakao?code=x&state=",
        "/auth/callback/kakao?error=",
        "/healthz/",
        "/maybe%",
        "http://127.0.0.1:3000/",
        "*",
    ]);
    (start, vec(any::<u8>(), 0..60), "[!-~]{0,60}").prop_map(|(start, bytes, plain)| {
        let bytes: Vec<u8> = bytes.into_iter().filter(|byte| *byte > b' ').collect();
        [start.as_bytes(), plain.as_bytes(), &bytes].concat()
    })
}

fn value() -> impl Strategy<Value = HeaderValue> {
    let bytes = vec(any::<u8>(), 0..200);
    bytes.prop_filter_map("no header value", |bytes| {
        HeaderValue::from_bytes(&bytes).ok()
    })
}

#[test]
fn any_path_and_query_get_an_answer() {
    let runtime = runtime();
    let shop = runtime.block_on(Shop::open());
    proptest!(cases(400), |(method in select(&METHODS[..]), path in path(), html: bool)| {
        if let Some(mut request) = request(method, &path) {
            if html {
                request.headers_mut().insert("accept", HeaderValue::from_static("text/html"));
            }
            runtime.block_on(status(&shop, request));
        }
    });
}

#[test]
fn any_headers_get_an_answer() {
    let runtime = runtime();
    let shop = runtime.block_on(Shop::open());
    let name = select(vec![
        "cookie",
        "accept",
        "accept-language",
        "sec-fetch-mode",
        "sec-fetch-site",
        "sec-fetch-dest",
        "sec-purpose",
        "origin",
        "host",
        "upgrade",
        "content-type",
        "forwarded",
    ]);
    let path = select(vec![
        "/",
        "/auth/login",
        "/auth/logout",
        "/auth/callback/kakao?state=a&code=b",
    ]);
    let headers = vec((name, value()), 0..6);
    proptest!(cases(400), |(method in select(&METHODS[..]), path in path, headers in headers)| {
        let mut request = request(method, path.as_bytes()).unwrap();
        for (name, value) in headers {
            request.headers_mut().append(HeaderName::from_static(name), value);
        }
        runtime.block_on(status(&shop, request));
    });
}

#[test]
fn any_cookies_with_the_layers_names_get_an_answer() {
    let runtime = runtime();
    let shop = runtime.block_on(Shop::open());
    let name = select(vec![
        "phone-auth=",
        "phone-auth-login-=",
        "phone-auth-login-abc=",
        "phone-auth-form-=",
        "phone-auth-form-abc=",
        "=",
    ]);
    let path = select(vec![
        "/",
        "/auth/login",
        "/auth/callback/kakao?state=abc&code=b",
    ]);
    proptest!(cases(400), |(path in path, cookies in vec((name, value()), 1..5), html: bool)| {
        let mut request = request("GET", path.as_bytes()).unwrap();
        if html {
            request.headers_mut().insert("accept", HeaderValue::from_static("text/html"));
        }
        for (name, value) in cookies {
            let pair = [name.as_bytes(), value.as_bytes()].concat();
            request.headers_mut().append("cookie", HeaderValue::from_bytes(&pair).unwrap());
        }
        runtime.block_on(status(&shop, request));
    });
}

#[test]
fn any_form_gets_an_answer() {
    let runtime = runtime();
    let shop = runtime.block_on(Shop::with(|kakao| kakao, Builder::save_forms));
    let text = "[ -~\\r\\n\0가]{0,40}";
    let fields = vec((text, text), 0..4).prop_map(|fields| {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields).finish().into_bytes()
    });
    let body = prop_oneof![fields, vec(any::<u8>(), 0..3000)];
    proptest!(cases(200), |(path in path(), body in body)| {
        if let Some(mut request) = request("POST", &path) {
            for (name, value) in FORM {
                request.headers_mut().insert(name, HeaderValue::from_static(value));
            }
            *request.body_mut() = Body::from(body);
            runtime.block_on(status(&shop, request));
        }
    });
}

#[test]
fn any_body_gets_an_answer_and_is_not_read() {
    let runtime = runtime();
    let shop = runtime.block_on(Shop::open());
    let path = select(vec![
        "/",
        "/auth/login",
        "/auth/logout",
        "/auth/callback/kakao",
    ]);
    proptest!(cases(64), |(path in path, body: Vec<u8>)| {
        let mut request = request("POST", path.as_bytes()).unwrap();
        *request.body_mut() = Body::from(body);
        runtime.block_on(status(&shop, request));
    });
}

#[tokio::test]
async fn long_and_encoded_paths_get_an_answer() {
    let shop = Shop::open().await;
    let long = "a".repeat(20_000);
    for path in [
        format!("/{long}"),
        format!("/?{long}"),
        format!("/{}", "%00".repeat(6_000)),
        format!("/auth/{long}"),
        format!("/auth/callback/{long}"),
        format!("/auth/callback/kakao?state={long}&code=x"),
        format!("/auth/callback/kakao?state=x&code={long}"),
        format!("/auth/callback/kakao?{}", "&".repeat(20_000)),
        format!("/auth/callback/kakao?{}", "state=a&".repeat(2_000)),
        format!("/auth/login?provider={long}"),
        format!("/auth/login?return_to=/{long}"),
        "/%00".to_owned(),
        "/%0d%0aSet-Cookie:%20a=b".to_owned(),
        "/%E0%80%80".to_owned(),
        "/%".to_owned(),
        "/%zz".to_owned(),
        "/auth/login?return_to=/%0d%0aSet-Cookie:a=b".to_owned(),
        "/auth/login?return_to=%00".to_owned(),
        "/auth/callback/kakao?state=%0d%0aSet-Cookie:a%3Db&code=x".to_owned(),
        "/auth/callback/kakao?state=%00&code=%00".to_owned(),
        "/auth/callback/kakao?%FF=%FE&state=%FF&code=%FF".to_owned(),
    ] {
        for accept in ["text/html", "*/*"] {
            let mut request = request("GET", path.as_bytes()).unwrap();
            let accept = HeaderValue::from_static(accept);
            request.headers_mut().insert("accept", accept);
            let (app, calls) = shop.counting();
            let answer = app.oneshot(request).await.unwrap();
            assert!(answer.status().as_u16() < 500, "{path:.60}");
            assert!(
                !format!("{:?}", answer.headers()).contains("a=b"),
                "{path:.60}"
            );
            assert_eq!(calls.load(Ordering::SeqCst), 0);
        }
    }
}

#[tokio::test]
async fn five_thousand_headers_get_an_answer() {
    let shop = Shop::open().await;
    let mut request = request("GET", b"/").unwrap();
    for index in 0..5_000 {
        let name: HeaderName = format!("x-{index}").parse().unwrap();
        request
            .headers_mut()
            .insert(name, HeaderValue::from_static("x"));
    }
    assert_eq!(status(&shop, request).await, StatusCode::UNAUTHORIZED);
}
