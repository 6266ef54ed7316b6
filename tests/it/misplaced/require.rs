//! A `require()` that no layer, or another layer, is around.

use std::time::Duration;

use axum::{Extension, Router, routing::get};
use http::{Method, StatusCode};
use tower::{Layer, ServiceBuilder};
use tower_phone_auth::{OAuthLayer, TestUser, layer::PlacementError};

use super::{LOOPBACK, as_router, auth, check, errors, open, page};
use crate::support::{browser::Browser, log::Log};

/// A way to place a `require()` of the layer, and another layer.
type Row = (&'static str, fn(OAuthLayer, OAuthLayer) -> Router);

/// The places outside of the layer.
const OUTSIDE: [Row; 5] = [
    ("no layer", |auth, _| page().route_layer(auth.require())),
    ("outside of the layer", |auth, _| {
        page()
            .layer(auth.clone())
            .layer(auth.require().max_age(Duration::from_secs(60)))
    }),
    ("the order of a ServiceBuilder", |auth, _| {
        page().layer(ServiceBuilder::new().layer(auth.require()).layer(auth))
    }),
    ("a bare service without a layer", |auth, _| {
        as_router(auth.require().layer(open()))
    }),
    ("a bare service outside of the layer", |auth, _| {
        as_router(auth.require().layer(auth.layer(open())))
    }),
];

/// The places inside another layer.
const INSIDE: [Row; 3] = [
    ("another layer", |auth, other| {
        page().route_layer(auth.require()).layer(other)
    }),
    ("another layer between the two", |auth, other| {
        page().route_layer(auth.require()).layer(other).layer(auth)
    }),
    ("a bare service", |auth, other| {
        as_router(other.layer(auth.require().layer(open())))
    }),
];

/// A browser with a session of each layer.
fn browser(app: Router, layers: &[&OAuthLayer]) -> Browser {
    let user = TestUser::new("+82 10-1234-5678").unwrap();
    let cookies = layers.iter().filter_map(|layer| user.cookie(layer).ok());
    let cookies: Vec<_> = cookies.collect();
    let mut browser = Browser::new(app, LOOPBACK);
    browser
        .headers
        .insert("cookie", cookies.join("; ").parse().unwrap());
    browser
}

/// Another layer, which could stand beside the first one.
fn other() -> OAuthLayer {
    let builder = super::builder(LOOPBACK).prefix("/staff/auth");
    builder.cookie_name("staff").build().unwrap()
}

/// Each request gets 500, and the log has one line.
async fn assert_reported(row: &str, mut browser: Browser, cause: &str) {
    let log = Log::capture();
    for _ in 0..2 {
        for page in [
            browser.visit("/").await,
            browser.fetch(Method::GET, "/").await,
        ] {
            assert_eq!(page.status(), StatusCode::INTERNAL_SERVER_ERROR, "{row}");
            assert_eq!(page.headers()["cache-control"], "no-store", "{row}");
        }
    }
    let [line] = &errors(&log)[..] else {
        panic!("{row}: {}", log.text());
    };
    assert!(line.contains(cause), "{row}: {line}");
}

#[tokio::test]
async fn outside_of_its_layer_each_request_gets_500_and_the_log_one_line() {
    for (row, app) in OUTSIDE {
        let (auth, other) = (auth(LOOPBACK), other());
        let app = app(auth.clone(), other);
        let cause = "require() is outside of its OAuthLayer, or there is none";
        assert_reported(row, browser(app, &[&auth]), cause).await;
    }
}

#[tokio::test]
async fn inside_another_layer_each_request_gets_500_and_the_log_one_line() {
    for (row, app) in INSIDE {
        let (auth, other) = (auth(LOOPBACK), other());
        let app = app(auth.clone(), other.clone());
        let cause = "require() is inside another OAuthLayer";
        assert_reported(row, browser(app, &[&auth, &other]), cause).await;
    }
}

#[tokio::test]
async fn a_user_that_the_application_inserted_does_not_satisfy_it() {
    let auth = auth(LOOPBACK);
    let user = TestUser::new("+82 10-1234-5678").unwrap().user();
    let app = page().route_layer(auth.require()).layer(Extension(user));
    assert_reported(
        "inserted",
        browser(app, &[]),
        "require() is inside another OAuthLayer",
    )
    .await;
}

#[tokio::test]
async fn on_a_public_path_of_its_layer_it_asks_for_a_sign_in() {
    let log = Log::capture();
    let auth = super::builder(LOOPBACK).public(["/"]).build().unwrap();
    let mut browser = Browser::new(page().route_layer(auth.require()).layer(auth), LOOPBACK);
    assert_eq!(browser.visit("/").await.status(), StatusCode::SEE_OTHER);
    let page = browser.fetch(Method::GET, "/").await;
    assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(errors(&log), [""; 0]);
}

#[tokio::test]
async fn check_placement_finds_a_require_outside_of_its_layer() {
    for (row, app) in OUTSIDE {
        let auth = auth(LOOPBACK);
        let error = check(&auth, &app(auth.clone(), other()), &["/"])
            .await
            .unwrap_err();
        let text = error.to_string();
        match &error {
            // The callback is missed as well, and its line has the same remedy.
            PlacementError::OwnPathMissed { .. } if row == "no layer" => {
                assert!(text.contains("add .layer(auth) last"), "{row}: {text}");
            }
            PlacementError::RequireOutside { .. } => {
                assert!(text.contains(".layer(auth) last"), "{row}: {text}");
            }
            _ => panic!("{row}: {text}"),
        }
    }
}

#[tokio::test]
async fn check_placement_finds_a_require_of_another_layer() {
    for (row, app) in INSIDE {
        let (auth, other) = (auth(LOOPBACK), other());
        let app = app(auth, other.clone());
        let error = check(&other, &app, &["/"]).await;
        let error = error.unwrap_err();
        assert!(
            matches!(error, PlacementError::RequireOfOtherLayer { .. }),
            "{row}: {error}"
        );
        assert!(
            error
                .to_string()
                .contains("put a clone of it around the route"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn check_placement_of_a_route_needs_its_page() {
    let (auth, other) = (auth(LOOPBACK), other());
    let staff = Router::new().route("/staff", get(async || "staff"));
    let app = page()
        .merge(staff.route_layer(other.require()))
        .layer(auth.clone());
    assert_eq!(check(&auth, &app, &[]).await, Ok(()));
    assert!(check(&auth, &app, &["/staff"]).await.is_err());
}
