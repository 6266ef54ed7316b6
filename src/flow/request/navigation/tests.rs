//! Requests as browsers, libraries and programs send them.

use http::Request;

use super::*;

type Headers<'a> = &'a [(&'a str, &'a str)];

const HTML: (&str, &str) = ("accept", "text/html");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const NAVIGATES: (&str, &str) = ("sec-fetch-mode", "navigate");
const TURBO: (&str, &str) = ("x-turbo-request-id", "1");
const FRAME: (&str, &str) = ("turbo-frame", "cart");
const PREFETCH: (&str, &str) = ("x-sec-purpose", "prefetch");

fn head(method: &Method, headers: Headers<'_>) -> Parts {
    let mut request = Request::builder().method(method);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap().into_parts().0
}

fn dest(dest: &str) -> (&str, &str) {
    ("sec-fetch-dest", dest)
}

#[test]
fn the_headers_say_how_a_request_was_made() {
    let here = ("sec-fetch-site", "same-origin");
    let there = ("sec-fetch-site", "cross-site");
    let cases: [(Headers<'_>, Visit); 25] = [
        (&[HTML], Visit::Page),
        (&[HTML, dest("document")], Visit::Page),
        (&[], Visit::Unknown),
        (&[("accept", "*/*")], Visit::Unknown),
        (&[("accept", "text/html;q=0")], Visit::Unknown),
        (&[("accept", "text/html;q=0.5")], Visit::Page),
        (&[HTML, dest("image")], Visit::Program),
        (&[NAVIGATES], Visit::Page),
        (&[NAVIGATES, dest("document")], Visit::Page),
        (&[NAVIGATES, dest("empty"), HTML], Visit::Page),
        (&[NAVIGATES, dest("empty")], Visit::Program),
        (
            &[("sec-fetch-mode", "same-origin"), dest("empty"), HTML],
            Visit::Page,
        ),
        (
            &[("sec-fetch-mode", "cors"), dest("empty"), HTML],
            Visit::Program,
        ),
        (&[NAVIGATES, dest("iframe"), HTML, here], Visit::Frame),
        (&[NAVIGATES, dest("iframe"), HTML, there], Visit::Program),
        (&[NAVIGATES, dest("iframe"), HTML], Visit::Program),
        (&[NAVIGATES, dest("iframe"), here], Visit::Program),
        (&[NAVIGATES, PREFETCH], Visit::Program),
        (
            &[NAVIGATES, ("sec-purpose", "prefetch;prerender")],
            Visit::Program,
        ),
        (
            &[NAVIGATES, ("x-requested-with", "xmlhttprequest")],
            Visit::Program,
        ),
        (
            &[NAVIGATES, ("x-requested-with", "com.example.app")],
            Visit::Page,
        ),
        (&[NAVIGATES, ("hx-request", "true")], Visit::Program),
        (&[NAVIGATES, ("upgrade", "websocket")], Visit::Program),
        (&[NAVIGATES, ("ping-to", "/")], Visit::Program),
        (
            &[NAVIGATES, ("content-type", "application/grpc+proto")],
            Visit::Program,
        ),
    ];
    for (headers, expected) in cases {
        let head = head(&Method::GET, headers);
        assert_eq!(visit(&head.headers), expected, "{headers:?}");
    }
}

#[test]
fn only_get_and_head_are_for_a_frame() {
    let frame = [
        NAVIGATES,
        dest("iframe"),
        HTML,
        ("sec-fetch-site", "same-origin"),
    ];
    for (method, framed) in [
        (Method::GET, true),
        (Method::HEAD, true),
        (Method::POST, false),
    ] {
        assert_eq!(is_framed(&head(&method, &frame)), framed, "{method}");
    }
    assert!(!is_framed(&head(&Method::GET, &[NAVIGATES])));
}

#[test]
fn a_window_sends_get_or_a_form_that_accepts_html() {
    let (get, post) = (Method::GET, Method::POST);
    let cases: [(&Method, Headers<'_>, Reader); 12] = [
        (&get, &[NAVIGATES], Reader::Window),
        (&get, &[], Reader::Program),
        (&post, &[NAVIGATES, HTML, FORM], Reader::Window),
        (
            &post,
            &[NAVIGATES, HTML, ("content-type", "Text/Plain; charset=x")],
            Reader::Window,
        ),
        (
            &post,
            &[NAVIGATES, HTML, ("content-type", "application/json")],
            Reader::Program,
        ),
        (&post, &[NAVIGATES, HTML], Reader::Program),
        (&post, &[NAVIGATES, FORM], Reader::Program),
        (&Method::PUT, &[NAVIGATES, HTML, FORM], Reader::Program),
        (&get, &[FRAME, HTML], Reader::Turbo),
        (&get, &[FRAME], Reader::Program),
        (&get, &[FRAME, HTML, PREFETCH], Reader::Program),
        (&post, &[TURBO, HTML], Reader::Turbo),
    ];
    for (method, headers, expected) in cases {
        assert_eq!(
            reader(&head(method, headers)),
            expected,
            "{method} {headers:?}"
        );
    }
}

#[test]
fn a_form_of_turbo_is_no_get_and_outside_of_a_frame() {
    let cases: [(Method, Headers<'_>, bool); 7] = [
        (Method::POST, &[TURBO, HTML], true),
        (Method::DELETE, &[TURBO, HTML], true),
        (Method::GET, &[TURBO, HTML], false),
        (Method::POST, &[HTML], false),
        (Method::POST, &[TURBO, FRAME, HTML], false),
        (Method::POST, &[TURBO], false),
        (Method::POST, &[TURBO, HTML, PREFETCH], false),
    ];
    for (method, headers, expected) in cases {
        let found = is_form_of_turbo(&head(&method, headers));
        assert_eq!(found, expected, "{method} {headers:?}");
    }
}
