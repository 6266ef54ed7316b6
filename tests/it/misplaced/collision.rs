//! Two layers with the same prefix or the same cookie name.

use axum::{Router, routing::get};
use http::StatusCode;
use tower::Layer;
use tower_phone_auth::{Builder, OAuthLayer, SessionKey, TestUser, layer::PlacementError};
use tower_phone_auth_local_provider::LocalProvider;

use super::{LOOPBACK, as_router, auth, builder, check, errors, open, page};
use crate::support::{
    browser::{Browser, JIWOO, text},
    clients::Clients as _,
    log::Log,
    shop::ORIGIN,
};

/// A layer of its own key at the provider.
fn at(provider: &LocalProvider) -> OAuthLayer {
    with(provider, |builder| builder)
}

fn with(provider: &LocalProvider, settings: impl FnOnce(Builder) -> Builder) -> OAuthLayer {
    let builder = OAuthLayer::builder()
        .public_url(ORIGIN)
        .session_key(SessionKey::random())
        .provider(provider.kakao());
    settings(builder).build().unwrap()
}

/// Staff pages behind one layer, merged into the shop behind another, which gets all callbacks.
fn beside(staff: OAuthLayer, shop: OAuthLayer) -> Router {
    let staff = Router::new()
        .route("/staff", get(async || "staff"))
        .route_layer(staff);
    staff.merge(page().layer(shop))
}

#[tokio::test]
async fn a_callback_of_the_other_layer_is_refused_and_the_log_names_the_collision() {
    let provider = LocalProvider::start().await.unwrap();
    let log = Log::capture();
    let mut browser = Browser::new(beside(at(&provider), at(&provider)), ORIGIN);
    assert_eq!(text(&browser.sign_in("/", JIWOO).await), "page");
    assert_eq!(errors(&log), [""; 0]);
    browser.cookies.clear();
    for _ in 0..2 {
        let away = browser.visit("/staff").await;
        assert_eq!(away.status(), StatusCode::SEE_OTHER);
        let callback = browser.act(&away, JIWOO).await;
        let back = browser.visit(&callback).await;
        assert_eq!(back.status(), StatusCode::BAD_REQUEST);
    }
    let [line] = &errors(&log)[..] else {
        panic!("{}", log.text());
    };
    assert!(
        line.contains("another OAuthLayer of the same prefix"),
        "{line}"
    );
}

#[tokio::test]
async fn a_callback_of_a_provider_that_the_other_layer_has_not_names_it_too() {
    let provider = LocalProvider::start().await.unwrap();
    let log = Log::capture();
    let naver = OAuthLayer::new(provider.naver(), ORIGIN, SessionKey::random()).unwrap();
    let mut browser = Browser::new(beside(naver, at(&provider)), ORIGIN);
    let away = browser.visit("/staff").await;
    let callback = browser.act(&away, JIWOO).await;
    assert_eq!(
        browser.visit(&callback).await.status(),
        StatusCode::NOT_FOUND
    );
    let [line] = &errors(&log)[..] else {
        panic!("{}", log.text());
    };
    assert!(
        line.contains("another OAuthLayer of the same prefix"),
        "{line}"
    );
}

#[tokio::test]
async fn layers_with_equal_settings_that_do_not_meet_are_no_fault() {
    let provider = LocalProvider::start().await.unwrap();
    let (log, _other) = (Log::capture(), at(&provider));
    let mut browser = Browser::new(page().layer(at(&provider)), ORIGIN);
    assert_eq!(text(&browser.sign_in("/", JIWOO).await), "page");
    browser.cookies.clear();
    let forged = browser.visit("/auth/callback/kakao?code=c&state=s").await;
    assert_eq!(forged.status(), StatusCode::BAD_REQUEST);
    assert_eq!(errors(&log), [""; 0]);
}

#[tokio::test]
async fn a_layer_inside_another_of_the_same_cookie_name_answers_500_and_does_not_loop() {
    let provider = LocalProvider::start().await.unwrap();
    let settings: [fn(Builder) -> Builder; 2] =
        [|builder| builder, |builder| builder.prefix("/in/auth")];
    for inner in settings {
        let log = Log::capture();
        let app = page().layer(with(&provider, inner)).layer(at(&provider));
        let mut browser = Browser::new(app, ORIGIN);
        let back = browser.sign_in("/", JIWOO).await;
        assert_eq!(back.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let [line] = &errors(&log)[..] else {
            panic!("{}", log.text());
        };
        assert!(line.contains("under the same cookie name"), "{line}");
    }
}

#[tokio::test]
async fn on_bare_tower_it_does_so_too() {
    let (inner, outer) = (auth(LOOPBACK), auth(LOOPBACK));
    let user = TestUser::new("+82 10-1234-5678").unwrap();
    let log = Log::capture();
    let mut browser = Browser::new(as_router(outer.layer(inner.layer(open()))), LOOPBACK);
    let cookie = user.cookie(&outer).unwrap();
    browser.headers.insert("cookie", cookie.parse().unwrap());
    let page = browser.visit("/").await;
    assert_eq!(page.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(errors(&log).len(), 1, "{}", log.text());
}

#[tokio::test]
async fn the_same_layer_twice_is_no_fault() {
    let provider = LocalProvider::start().await.unwrap();
    let (log, auth) = (Log::capture(), at(&provider));
    let app = page().layer(auth.clone()).layer(auth.clone());
    assert_eq!(check(&auth, &app, &["/"]).await, Ok(()));
    assert_eq!(
        text(&Browser::new(app, ORIGIN).sign_in("/", JIWOO).await),
        "page"
    );
    assert_eq!(errors(&log), [""; 0]);
}

#[tokio::test]
async fn check_placement_finds_a_shared_prefix_and_a_shared_cookie_name() {
    let (first, second) = (auth(LOOPBACK), auth(LOOPBACK));
    let remedy = "build one layer and clone it, or give each layer a prefix and a cookie_name";

    let error = check(&first, &beside(first.clone(), second.clone()), &["/staff"]).await;
    let error = error.unwrap_err();
    assert!(
        matches!(error, PlacementError::SharedPrefix { .. }),
        "{error}"
    );
    assert!(error.to_string().contains(remedy), "{error}");

    let inside = page().layer(first.clone()).layer(second.clone());
    let error = check(&first, &inside, &[]).await.unwrap_err();
    assert!(
        matches!(error, PlacementError::SharedPrefix { .. }),
        "{error}"
    );
    let error = check(&second, &inside, &[]).await.unwrap_err();
    assert!(
        matches!(error, PlacementError::SharedCookieName { .. }),
        "{error}"
    );
    assert!(error.to_string().contains(remedy), "{error}");
}

#[tokio::test]
async fn check_placement_accepts_layers_of_their_own_names() {
    let staff = builder(LOOPBACK).prefix("/staff/auth").cookie_name("staff");
    let (staff, shop) = (staff.build().unwrap(), auth(LOOPBACK));
    let app = page().layer(staff.clone()).layer(shop.clone());
    assert_eq!(check(&staff, &app, &["/"]).await, Ok(()));
    assert_eq!(check(&shop, &app, &["/"]).await, Ok(()));
}
