//! A preflight request has no session, so it runs no protected handler.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::{
    Router,
    body::Body,
    routing::{any, get},
};
use http::{HeaderValue, Method, Request, StatusCode};
use tower_http::cors::CorsLayer;
use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, TestUser, VerifiedUser};

use crate::support::{
    browser::{Browser, Page, text},
    shop::ORIGIN,
};

const APP: &str = "https://app.example.com";
const ASKED: [(&str, &str); 3] = [
    ("origin", APP),
    ("access-control-request-method", "DELETE"),
    ("access-control-request-headers", "content-type,x-csrf"),
];

fn layer() -> OAuthLayer {
    let builder = OAuthLayer::builder()
        .public_url(ORIGIN)
        .session_key(SessionKey::random())
        .provider(Kakao::new("key", "secret"))
        .public(["/prices", "GET /stock"])
        .cors_origins([APP, "https://other.example.com"]);
    builder.build().unwrap()
}

fn browser(app: Router) -> Browser {
    Browser::new(app, ORIGIN)
}

fn signed_in(layer: &OAuthLayer, app: Router) -> Browser {
    let mut browser = browser(app);
    let cookie = TestUser::new("+82 10-1234-5678").unwrap();
    let cookie = cookie.cookie(layer).unwrap();
    let (name, value) = cookie.split_once('=').unwrap();
    browser.cookies.insert(name.to_owned(), value.to_owned());
    browser
}

fn all<'a>(page: &'a Page, name: &str) -> Vec<&'a str> {
    let values = page.headers().get_all(name).iter();
    values.map(|value| value.to_str().unwrap()).collect()
}

#[tokio::test]
async fn a_preflight_of_a_listed_origin_is_answered_and_runs_no_handler() {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let handler = async |body: String| {
        CALLS.fetch_add(1, Ordering::SeqCst);
        format!("done with {body}")
    };
    let auth = layer();
    let app = Router::new()
        .route("/rpc/{name}", any(handler))
        .fallback(handler)
        .layer(auth.clone());
    let body = |path: &str| {
        let request = ASKED
            .iter()
            .fold(Request::options(path), |request, (name, value)| {
                request.header(*name, *value)
            });
        request.body(Body::from("a body")).unwrap()
    };
    for mut browser in [browser(app.clone()), signed_in(&auth, app)] {
        for path in ["/rpc/delete-all", "/nowhere", "*"] {
            let page = browser.call(body(path)).await;
            assert_eq!(
                (page.status(), text(&page)),
                (StatusCode::NO_CONTENT, String::new())
            );
            for (name, value) in [
                ("access-control-allow-origin", APP),
                ("access-control-allow-credentials", "true"),
                ("access-control-allow-methods", "DELETE"),
                ("access-control-allow-headers", "content-type,x-csrf"),
                ("access-control-max-age", "600"),
                (
                    "vary",
                    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
                ),
            ] {
                assert_eq!(all(&page, name), [value], "{path}");
            }
        }
    }
    assert_eq!(CALLS.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_request_that_is_no_preflight_of_a_listed_origin_is_refused() {
    let app = Router::new()
        .route("/{*rest}", any(async || "ran"))
        .layer(layer());
    let mut browser = browser(app);
    let (origin, asks) = (ASKED[0], ASKED[1]);
    for (method, lines) in [
        (Method::OPTIONS, &[origin][..]),
        (Method::OPTIONS, &[asks]),
        (Method::OPTIONS, &[asks, ("origin", "https://evil.example")]),
        (Method::OPTIONS, &[asks, ("origin", "null")]),
        (
            Method::OPTIONS,
            &[asks, ("origin", "https://APP.example.com")],
        ),
        (Method::OPTIONS, &[asks, origin, origin]),
        (Method::OPTIONS, &[asks, asks, origin]),
        (
            Method::OPTIONS,
            &[("access-control-request-method", "DEL ETE"), origin],
        ),
        (Method::GET, &[origin, asks]),
        (Method::POST, &[origin, asks]),
    ] {
        let page = browser.send(method.clone(), "/orders", lines).await;
        assert_eq!(
            page.status(),
            StatusCode::UNAUTHORIZED,
            "{method} {lines:?}"
        );
    }
}

#[tokio::test]
async fn a_preflight_for_an_own_path_of_the_layer_allows_nothing() {
    let mut browser = browser(Router::new().layer(layer()));
    for path in ["/auth/logout/done", "/auth/login", "/auth/callback/kakao"] {
        let page = browser.send(Method::OPTIONS, path, &ASKED).await;
        assert_eq!(page.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert!(
            all(&page, "access-control-allow-origin").is_empty(),
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_endless_list_of_header_names_is_not_echoed() {
    let app = Router::new()
        .route("/{*rest}", any(async || "ran"))
        .layer(layer());
    let names = "x-name,".repeat(1000);
    let lines = [
        ASKED[0],
        ASKED[1],
        ("access-control-request-headers", &names),
    ];
    let page = browser(app).send(Method::OPTIONS, "/orders", &lines).await;
    assert_eq!(page.status(), StatusCode::NO_CONTENT);
    assert!(all(&page, "access-control-allow-headers").is_empty());
}

/// The CORS rules of the application, which allow two origins and GET alone.
fn cors() -> CorsLayer {
    let origins = [APP, "https://partner.example.com"].map(HeaderValue::from_static);
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET])
        .allow_credentials(true)
}

#[tokio::test]
async fn on_public_paths_the_applications_own_rules_answer() {
    let app = Router::new()
        .route("/prices", get(async || "prices"))
        .layer(cors())
        .layer(layer());
    let mut browser = browser(app);
    for origin in [APP, "https://partner.example.com"] {
        let lines = [("origin", origin), ASKED[1]];
        let page = browser.send(Method::OPTIONS, "/prices", &lines).await;
        assert_eq!(page.status(), StatusCode::OK);
        assert_eq!(all(&page, "access-control-allow-origin"), [origin]);
        assert_eq!(all(&page, "access-control-allow-methods"), ["GET"]);
    }
    // A path that is public for GET alone is protected for its preflight.
    let page = browser.send(Method::OPTIONS, "/stock", &ASKED).await;
    assert_eq!(all(&page, "access-control-allow-methods"), ["DELETE"]);
}

#[tokio::test]
async fn with_cors_of_tower_http_in_either_order_no_header_appears_twice() {
    let auth = layer();
    let who = async |user: VerifiedUser| user.phone.to_string();
    let routes = Router::new().route("/orders", get(who));
    let inside = routes.clone().layer(cors()).layer(auth.clone());
    let outside = routes.layer(auth.clone()).layer(cors());
    for (app, place) in [(inside, "inside"), (outside, "outside")] {
        let preflight = browser(app.clone())
            .send(Method::OPTIONS, "/orders", &ASKED)
            .await;
        assert!(preflight.status().is_success(), "{place}");
        assert_eq!(
            all(&preflight, "access-control-allow-origin"),
            [APP],
            "{place}"
        );
        let methods = if place == "inside" {
            ["DELETE"]
        } else {
            ["GET"]
        };
        assert_eq!(
            all(&preflight, "access-control-allow-methods"),
            methods,
            "{place}"
        );

        let refused = browser(app.clone())
            .send(Method::GET, "/orders", &[ASKED[0]])
            .await;
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
        let read = signed_in(&auth, app.clone())
            .send(Method::GET, "/orders", &[ASKED[0]])
            .await;
        assert_eq!(text(&read), "+821012345678");
        for page in [refused, read] {
            assert_eq!(all(&page, "access-control-allow-origin"), [APP], "{place}");
            assert_eq!(
                all(&page, "access-control-allow-credentials"),
                ["true"],
                "{place}"
            );
        }

        let evil = [("origin", "https://evil.example")];
        let page = signed_in(&auth, app)
            .send(Method::GET, "/orders", &evil)
            .await;
        assert!(
            all(&page, "access-control-allow-origin").is_empty(),
            "{place}"
        );
    }
}

#[tokio::test]
async fn the_layer_adds_no_cors_header_to_the_applications_own_responses() {
    let auth = layer();
    let app = Router::new()
        .route("/orders", get(async || "ok"))
        .layer(auth.clone());
    let page = signed_in(&auth, app)
        .send(Method::GET, "/orders", &[ASKED[0]])
        .await;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(all(&page, "access-control-allow-origin").is_empty());
}
