//! Unsafe requests of another origin are refused, unless the application allows them.

use axum::{Router, body::Body, routing::any};
use http::{Method, Request, StatusCode, header::CONTENT_TYPE};
use serde_json::Value;
use tower_phone_auth::{Builder, Kakao, OAuthLayer, SessionKey, TestUser, VerifiedUser};

use crate::support::{
    browser::{Browser, Page, text},
    shop::ORIGIN,
};

type Lines<'a> = &'a [(&'static str, &'a str)];

const CROSS_SITE: Lines<'_> = &[("sec-fetch-site", "cross-site")];

/// A browser with a session, at an application that answers every method with the user's number.
fn signed_in(settings: impl FnOnce(Builder) -> Builder) -> Browser {
    let builder = OAuthLayer::builder()
        .public_url(ORIGIN)
        .session_key(SessionKey::random())
        .provider(Kakao::new("key", "secret"))
        .public(["/hooks/{name}"]);
    let layer = settings(builder).build().unwrap();
    let cookie = TestUser::new("+82 10-1234-5678").unwrap();
    let cookie = cookie.cookie(&layer).unwrap();
    let who = async |user: Option<VerifiedUser>| {
        user.map_or("anonymous".to_owned(), |user| user.phone.to_string())
    };
    let app = Router::new().route("/{*rest}", any(who)).layer(layer);
    let mut browser = Browser::new(app, ORIGIN);
    let (name, value) = cookie.split_once('=').unwrap();
    browser.cookies.insert(name.to_owned(), value.to_owned());
    browser
}

async fn ask(browser: &mut Browser, method: &str, path: &str, lines: Lines<'_>) -> Page {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    browser.send(method, path, lines).await
}

fn assert_refused(page: &Page, case: &str) {
    assert_eq!(page.status(), StatusCode::FORBIDDEN, "{case}");
    assert_eq!(page.headers()[CONTENT_TYPE], "application/problem+json");
    let problem: Value = serde_json::from_slice(page.body()).unwrap();
    assert_eq!(problem["reason"], "cross_site", "{case}");
    assert_eq!(problem["status"], 403, "{case}");
}

fn assert_let_in(page: &Page, case: &str) {
    assert_eq!(page.status(), StatusCode::OK, "{case}");
    assert_eq!(text(page), "+821012345678", "{case}");
}

#[tokio::test]
async fn an_unsafe_request_of_another_origin_is_refused() {
    let mut browser = signed_in(|builder| builder);
    for method in [
        "POST", "PUT", "PATCH", "DELETE", "CONNECT", "QUERY", "PROPFIND", "post",
    ] {
        for lines in [
            CROSS_SITE,
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site"), ("origin", ORIGIN)],
            &[("sec-fetch-site", "nonsense")],
            &[
                ("sec-fetch-site", "same-origin"),
                ("sec-fetch-site", "same-origin"),
            ],
            &[("origin", "https://evil.example")],
            &[("origin", "http://127.0.0.1:3001")],
            &[("origin", "null")],
            &[("origin", ORIGIN), ("origin", ORIGIN)],
        ] {
            let page = ask(&mut browser, method, "/orders", lines).await;
            assert_refused(&page, &format!("{method} {lines:?}"));
        }
    }
}

#[tokio::test]
async fn this_origin_and_clients_that_are_no_browsers_act() {
    let mut browser = signed_in(|builder| builder);
    for method in ["POST", "PUT", "PATCH", "DELETE", "QUERY"] {
        for lines in [
            &[][..],
            &[("sec-fetch-site", "same-origin"), ("origin", ORIGIN)],
            &[("sec-fetch-site", "same-origin"), ("origin", "null")],
            &[("sec-fetch-site", "none")],
            &[("origin", ORIGIN)],
            &[
                ("user-agent", "curl/8.5.0"),
                ("referer", "https://evil.example/"),
            ],
        ] {
            let page = ask(&mut browser, method, "/orders", lines).await;
            assert_let_in(&page, &format!("{method} {lines:?}"));
        }
    }
}

#[tokio::test]
async fn a_link_from_another_site_still_opens_the_page() {
    let mut browser = signed_in(|builder| builder);
    let link: Lines<'_> = &[
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
        ("accept", "text/html"),
    ];
    for method in ["GET", "OPTIONS", "TRACE"] {
        assert_let_in(&ask(&mut browser, method, "/orders", link).await, method);
    }
    let head = ask(&mut browser, "HEAD", "/orders", link).await;
    assert_eq!(head.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_web_socket_of_another_origin_is_refused() {
    let mut browser = signed_in(|builder| builder.cors_origins(["https://app.example.com"]));
    let socket = |origin: &'static str| {
        [
            ("connection", "Upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("origin", origin),
        ]
    };
    for origin in ["https://evil.example", "null", "http://127.0.0.1:8080"] {
        let page = ask(&mut browser, "GET", "/chat", &socket(origin)).await;
        assert_refused(&page, origin);
    }
    for origin in [ORIGIN, "https://app.example.com"] {
        let page = ask(&mut browser, "GET", "/chat", &socket(origin)).await;
        assert_let_in(&page, origin);
    }
    let without_origin = &socket(ORIGIN)[..4];
    assert_let_in(
        &ask(&mut browser, "GET", "/chat", without_origin).await,
        "curl",
    );
    // A WebSocket over HTTP/2 uses CONNECT (RFC 8441 section 4).
    let lines = [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
    ];
    assert_refused(
        &ask(&mut browser, "CONNECT", "/chat", &lines).await,
        "HTTP/2",
    );
}

#[tokio::test]
async fn listed_origins_and_listed_paths_act() {
    let mut browser = signed_in(|builder| {
        builder
            .cors_origins(["https://app.example.com"])
            .cross_site_allowed(["POST /share", "/pay/{id}", "!/pay/refund"])
    });
    for site in ["same-site", "cross-site"] {
        let listed = [
            ("origin", "https://app.example.com"),
            ("sec-fetch-site", site),
        ];
        let page = ask(&mut browser, "DELETE", "/orders", &listed).await;
        assert_let_in(&page, site);
        let doubtful = [
            ("origin", "https://app.example.com.evil.example"),
            ("sec-fetch-site", site),
        ];
        let page = ask(&mut browser, "DELETE", "/orders", &doubtful).await;
        assert_refused(&page, site);
    }
    for (method, path, is_allowed) in [
        ("POST", "/share", true),
        ("PUT", "/share", false),
        ("POST", "/pay/7", true),
        ("POST", "/pay/refund", false),
        ("POST", "/%70ay/7", false),
        ("POST", "/orders", false),
    ] {
        let page = ask(&mut browser, method, path, CROSS_SITE).await;
        if is_allowed {
            assert_let_in(&page, path);
        } else {
            assert_refused(&page, path);
        }
    }
}

#[tokio::test]
async fn on_a_public_path_a_request_of_another_origin_has_no_user() {
    let mut browser = signed_in(|builder| builder.cross_site_allowed(["/hooks/open"]));
    let page = ask(&mut browser, "POST", "/hooks/a", CROSS_SITE).await;
    assert_eq!(
        (page.status(), text(&page).as_str()),
        (StatusCode::OK, "anonymous")
    );
    let upgrade = [("sec-fetch-site", "same-site"), ("upgrade", "websocket")];
    let page = ask(&mut browser, "GET", "/hooks/a", &upgrade).await;
    assert_eq!(text(&page), "anonymous");
    for (method, path, lines) in [
        ("GET", "/hooks/a", CROSS_SITE),
        ("POST", "/hooks/a", &[("sec-fetch-site", "same-origin")]),
        ("POST", "/hooks/open", CROSS_SITE),
    ] {
        assert_let_in(&ask(&mut browser, method, path, lines).await, path);
    }
}

#[tokio::test]
async fn without_a_session_the_answer_is_that_of_any_unsigned_request() {
    let mut browser = signed_in(|builder| builder);
    browser.cookies.clear();
    let page = ask(&mut browser, "POST", "/orders", CROSS_SITE).await;
    assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
    let page = ask(&mut browser, "POST", "/hooks/a", CROSS_SITE).await;
    assert_eq!(text(&page), "anonymous");
}

#[tokio::test]
async fn the_application_may_answer_the_refusal() {
    let mut browser = signed_in(|builder| {
        builder
            .on_failure(|failure| Some(http::Response::new(format!("{:?}", failure.cause).into())))
    });
    let page = ask(&mut browser, "POST", "/orders", CROSS_SITE).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    assert_eq!(text(&page), "Request(CrossSite)");
}

#[tokio::test]
async fn the_body_of_a_refused_request_is_not_read() {
    let mut browser = signed_in(|builder| builder);
    let body = Body::from_stream(futures_util::stream::pending::<
        Result<String, std::io::Error>,
    >());
    let request = Request::post("/orders").header("sec-fetch-site", "cross-site");
    assert_refused(
        &browser.call(request.body(body).unwrap()).await,
        "endless body",
    );
}
