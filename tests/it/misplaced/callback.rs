//! The callback does not reach the layer.

use axum::{Router, handler::Handler, routing::get};
use http::{Request, StatusCode};
use http_body_util::Full;
use tower::{Layer, Service as _, ServiceExt};
use tower_phone_auth::{OAuthLayer, layer::PlacementError};

use super::{Bare, HTTPS, LOOPBACK, as_router, auth, check, errors, open, page};
use crate::support::{browser::Browser, log::Log};

const CALLBACK: &str = "/auth/callback/kakao?code=c&state=s";

/// A way to place a layer, with the path of a protected page.
type Row = (&'static str, fn(OAuthLayer) -> Router, &'static str);

/// The places in which the callback misses the layer.
const ROWS: [Row; 8] = [
    (
        "a fallback after the layer",
        |auth| page().layer(auth).fallback(async || "f"),
        "/",
    ),
    ("a route layer", |auth| page().route_layer(auth), "/"),
    (
        "a nested router",
        |auth| Router::new().nest("/app", page().layer(auth)),
        "/app",
    ),
    (
        "a nested service",
        |auth| Router::new().nest_service("/app", auth.layer(page())),
        "/app/",
    ),
    (
        "merged afterwards",
        |auth| {
            let open = Router::new().route("/open", get(async || "open"));
            page().layer(auth).merge(open)
        },
        "/",
    ),
    (
        "a method router",
        |auth| Router::new().route("/", get(async || "page").layer(auth)),
        "/",
    ),
    (
        "a handler",
        |auth| Router::new().route("/", get((async || "page").layer(auth))),
        "/",
    ),
    ("a bare service", |auth| as_router(bare(&auth)), "/"),
];

/// A bare service that gives the layer the start page alone.
fn bare(auth: &OAuthLayer) -> Bare {
    let (inside, outside) = (auth.layer(open()), open());
    let service = tower::service_fn(move |request: Request<String>| {
        let (mut inside, mut outside) = (inside.clone(), outside.clone());
        async move {
            if request.uri().path() != "/" {
                return outside.call(request).await;
            }
            let answer = inside.ready().await?.call(request).await?;
            Ok(answer.map(|_| Full::default()))
        }
    });
    Bare::new(service)
}

/// Begins sign-ins that miss their callback until the log has a line at ERROR. Returns how many
/// began, and the line.
async fn starts_until_reported(app: Router, path: &str, origin: &str) -> (usize, String) {
    let log = Log::capture();
    let mut browser = Browser::new(app, origin);
    for begun in 1..=6 {
        let away = browser.visit(path).await;
        assert_eq!(away.status(), StatusCode::SEE_OTHER);
        browser.visit(CALLBACK).await;
        if let [line] = errors(&log).as_slice() {
            browser.visit(path).await;
            assert_eq!(errors(&log).len(), 1, "{}", log.text());
            return (begun, line.clone());
        }
    }
    panic!("{}", log.text());
}

#[tokio::test]
async fn the_second_start_on_loopback_says_that_the_callback_misses_the_layer() {
    for (row, app, path) in ROWS {
        let (begun, line) = starts_until_reported(app(auth(LOOPBACK)), path, LOOPBACK).await;
        assert_eq!(begun, 2, "{row}");
        assert!(line.contains("add .layer(auth) last"), "{row}: {line}");
        assert!(line.contains("/auth/callback/"), "{row}: {line}");
    }
}

#[tokio::test]
async fn elsewhere_the_fourth_start_says_so() {
    for (row, app, path) in ROWS {
        let (begun, _) = starts_until_reported(app(auth(HTTPS)), path, HTTPS).await;
        assert_eq!(begun, 4, "{row}");
    }
}

#[tokio::test]
async fn sign_ins_that_users_leave_are_no_fault_of_a_layer_that_has_seen_a_callback() {
    let log = Log::capture();
    let mut browser = Browser::new(page().layer(auth(LOOPBACK)), LOOPBACK);
    browser.visit(CALLBACK).await;
    for _ in 0..6 {
        let away = browser.visit("/").await;
        assert_eq!(away.status(), StatusCode::SEE_OTHER);
    }
    assert_eq!(errors(&log), [""; 0]);
}

#[tokio::test]
async fn check_placement_finds_each_of_these_places() {
    for (row, app, path) in ROWS {
        let auth = auth(LOOPBACK);
        let error = check(&auth, &app(auth.clone()), &[path]).await.unwrap_err();
        let PlacementError::OwnPathMissed { path, status, .. } = &error else {
            panic!("{row}: {error}");
        };
        assert_eq!(path, "/auth/callback/kakao", "{row}");
        assert!(
            matches!(status.as_u16(), 200 | 404),
            "{row}: {status} of the application"
        );
        assert!(
            error.to_string().contains("add .layer(auth) last"),
            "{row}: {error}"
        );
    }
}
