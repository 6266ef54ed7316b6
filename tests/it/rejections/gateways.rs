//! A gateway that asks the layer about a request lets it pass on any 2xx. So no header may turn a
//! refusal into a 2xx.

use std::sync::atomic::Ordering;

use axum::body::Body;
use http::{HeaderMap, Method, Request, StatusCode, Version};

use crate::support::{
    browser::{Browser, grpc_call},
    shop::{ORIGIN, Shop},
};

const METHODS: [&str; 11] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND",
    "get",
];

/// Headers that an attacker may send to change the answer.
const LINES: [&[(&str, &str)]; 20] = [
    &[],
    &[("content-type", "application/grpc")],
    &[("content-type", "application/grpc"), ("te", "trailers")],
    &[
        ("content-type", "application/grpc-web+proto"),
        ("te", "trailers"),
        ("x-grpc-web", "1"),
    ],
    &[("content-type", "application/grpc-web-text")],
    &[("content-type", "application/connect+proto")],
    &[("hx-request", "true"), ("hx-boosted", "true")],
    &[("x-pjax", "true")],
    &[("turbo-frame", "main")],
    &[("x-inertia", "true"), ("x-inertia-version", "1")],
    &[("if-none-match", "*")],
    &[("if-modified-since", "Fri, 31 Dec 2100 00:00:00 GMT")],
    &[("range", "bytes=0-0")],
    &[("expect", "100-continue")],
    &[("x-http-method-override", "OPTIONS")],
    &[
        ("x-original-uri", "/healthz"),
        ("x-forwarded-uri", "/healthz"),
    ],
    &[("x-forwarded-method", "OPTIONS")],
    &[
        ("origin", "https://evil.example"),
        ("access-control-request-method", "GET"),
    ],
    &[("upgrade", "h2c"), ("connection", "upgrade")],
    &[("upgrade", "websocket"), ("connection", "upgrade")],
];

fn request(method: &str, version: Version, lines: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::builder()
        .method(Method::from_bytes(method.as_bytes()).unwrap())
        .uri("/orders")
        .version(version);
    for (name, value) in lines {
        request = request.header(*name, *value);
    }
    request.body(Body::from("x")).unwrap()
}

fn is_grpc_call(method: &str, version: Version, lines: &[(&str, &str)]) -> bool {
    let grpc = [("content-type", "application/grpc"), ("te", "trailers")];
    method == "POST" && version == Version::HTTP_2 && lines == grpc
}

#[tokio::test]
async fn no_header_turns_a_refusal_into_a_success() {
    let shop = Shop::open().await;
    let (app, calls) = shop.counting();
    let mut browser = Browser::new(app, ORIGIN);
    for version in [Version::HTTP_10, Version::HTTP_11, Version::HTTP_2] {
        for method in METHODS {
            for lines in LINES {
                let page = browser.call(request(method, version, lines)).await;
                let refused = page.status() == StatusCode::UNAUTHORIZED;
                let is_grpc = is_grpc_call(method, version, lines);
                assert_eq!(refused, !is_grpc, "{method} {version:?} {lines:?}");
            }
        }
    }
    assert_eq!(calls.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn only_a_whole_grpc_call_is_answered_as_one() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for kind in [
        "application/grpc",
        "Application/gRPC+proto",
        "application/grpc;x=1",
    ] {
        let mut call = grpc_call("/orders");
        call.headers_mut()
            .insert("content-type", kind.parse().unwrap());
        assert_eq!(browser.call(call).await.status(), StatusCode::OK, "{kind}");
    }
    let lines: [fn(&mut HeaderMap); 6] = [
        |lines| lines.clear(),
        |lines| set(lines, "te", "gzip"),
        |lines| add(lines, "te", "trailers"),
        |lines| add(lines, "content-type", "text/plain"),
        |lines| set(lines, "content-length", "0"),
        |lines| set(lines, "content-type", "text/html, application/grpc"),
    ];
    for (index, change) in lines.into_iter().enumerate() {
        let mut call = grpc_call("/orders");
        change(call.headers_mut());
        let page = browser.call(call).await;
        assert_eq!(page.status(), StatusCode::UNAUTHORIZED, "change {index}");
    }
    for (method, version) in [
        ("GET", Version::HTTP_2),
        ("POST", Version::HTTP_11),
        ("POST", Version::HTTP_10),
    ] {
        let mut call = grpc_call("/orders");
        *call.method_mut() = method.parse().unwrap();
        *call.version_mut() = version;
        let page = browser.call(call).await;
        assert_eq!(
            page.status(),
            StatusCode::UNAUTHORIZED,
            "{method} {version:?}"
        );
    }
}

fn set(lines: &mut HeaderMap, name: &'static str, value: &'static str) {
    lines.insert(name, value.parse().unwrap());
}

fn add(lines: &mut HeaderMap, name: &'static str, value: &'static str) {
    lines.append(name, value.parse().unwrap());
}

#[tokio::test]
async fn a_page_visit_is_a_redirect_and_no_success_to_a_gateway() {
    let shop = Shop::open().await;
    for method in ["GET", "HEAD"] {
        let page = [
            ("accept", "text/html"),
            ("content-type", "application/grpc-web"),
        ];
        let asked = request(method, Version::HTTP_11, &page);
        let status = shop.browser().call(asked).await.status();
        assert!(!status.is_success(), "{method} {status}");
    }
}
