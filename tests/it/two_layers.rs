//! Two layers in one application, each with its own prefix and cookie name.

use axum::{Extension, Router, extract::Request, routing::get};
use http::{Method, StatusCode};
use tower::{ServiceExt, service_fn};
use tower_phone_auth::{OAuthLayer, SessionKey, TestUser, VerifiedUser};
use tower_phone_auth_local_provider::LocalProvider;

use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Browser, JIWOO, parameter, text},
    log::Log,
    shop::ORIGIN,
};

fn app(provider: &LocalProvider) -> Router {
    let key = SessionKey::random();
    let layer = |prefix: &str, cookie: &str| {
        OAuthLayer::builder()
            .public_url(ORIGIN)
            .session_key(key.clone())
            .provider(provider.kakao())
            .prefix(prefix)
            .cookie_name(cookie)
            .build()
            .unwrap()
    };
    let page = get(|user: VerifiedUser| async move { user.phone.to_string() });
    let staff = Router::new()
        .route("/staff", page.clone())
        .layer(layer("/staff/auth", "staff"));
    let shop = Router::new().route("/", page).layer(layer("/auth", "shop"));
    Router::new().fallback_service(service_fn(move |request: Request| {
        let staff_only = request.uri().path().starts_with("/staff");
        let app = if staff_only {
            staff.clone()
        } else {
            shop.clone()
        };
        app.oneshot(request)
    }))
}

#[tokio::test]
async fn each_layer_signs_in_for_itself() {
    let provider = LocalProvider::start().await.unwrap();
    let mut browser = Browser::new(app(&provider), ORIGIN);
    assert_eq!(text(&browser.sign_in("/", JIWOO).await), "+821012345678");
    let staff = browser.fetch(Method::GET, "/staff").await;
    assert_eq!(staff.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(
        text(&browser.sign_in("/staff", JIWOO).await),
        "+821012345678"
    );
    assert_eq!(
        browser.fetch(Method::GET, "/").await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_session_of_one_layer_is_refused_at_the_other() {
    let provider = LocalProvider::start().await.unwrap();
    let mut browser = Browser::new(app(&provider), ORIGIN);
    browser.sign_in("/", JIWOO).await;
    let session = browser.cookies["shop"].clone();
    browser.cookies.insert("staff".to_owned(), session);
    let staff = browser.fetch(Method::GET, "/staff").await;
    assert_eq!(staff.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_redirect_uri_follows_the_prefix() {
    let provider = LocalProvider::start().await.unwrap();
    let away = Browser::new(app(&provider), ORIGIN).visit("/staff").await;
    let expected = format!("{ORIGIN}/staff/auth/callback/kakao");
    assert_eq!(parameter(&away, "redirect_uri"), Some(expected));
}

/// Routes for the staff that stand, by mistake, only behind the layer of the shop.
async fn misplaced() -> (LocalProvider, Browser) {
    let provider = LocalProvider::start().await.unwrap();
    let key = SessionKey::random();
    let layer = |prefix: &str, cookie: &str| {
        let builder = OAuthLayer::builder()
            .public_url(ORIGIN)
            .session_key(key.clone());
        let builder = builder.provider(provider.kakao());
        builder.prefix(prefix).cookie_name(cookie)
    };
    let staff = layer("/staff/auth", "staff").allow(|_| false);
    let staff = staff.build().unwrap();
    let staff = Router::new()
        .route("/staff", get(async || "staff page"))
        .route_layer(staff.require());
    let app = staff
        .route("/", get(async || "home"))
        .layer(layer("/auth", "shop").build().unwrap());
    let mut browser = Browser::new(app, ORIGIN);
    assert_eq!(text(&browser.sign_in("/", JIWOO).await), "home");
    (provider, browser)
}

#[tokio::test]
async fn a_user_of_one_layer_does_not_satisfy_another_layers_require() {
    let log = Log::capture();
    let (_provider, mut browser) = misplaced().await;
    for _ in 0..3 {
        let staff = browser.fetch(Method::GET, "/staff").await;
        assert_eq!(staff.status(), StatusCode::UNAUTHORIZED);
        assert!(text(&staff).contains(r#""reason":"no_session""#));
        let staff = browser.visit("/staff").await;
        assert_eq!(staff.status(), StatusCode::SEE_OTHER);
    }
    let log = log.text();
    let warned = |line: &&str| line.contains("WARN") && line.contains("another OAuthLayer");
    assert_eq!(log.lines().filter(warned).count(), 1, "{log}");
}

#[tokio::test]
async fn a_user_that_the_application_inserted_does_not_satisfy_require() {
    let provider = LocalProvider::start().await.unwrap();
    let layer = OAuthLayer::new(provider.kakao(), ORIGIN, SessionKey::random()).unwrap();
    let user = TestUser::new("+82 10-1234-5678").unwrap().user();
    let app = Router::new()
        .route("/", get(async || "home"))
        .route_layer(layer.require())
        .layer(Extension(user));
    let page = Browser::new(app, ORIGIN).fetch(Method::GET, "/").await;
    assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_layer_inside_another_satisfies_its_own_require() {
    let provider = LocalProvider::start().await.unwrap();
    let key = SessionKey::random();
    let builder = || {
        let builder = OAuthLayer::builder().public_url(ORIGIN);
        builder.session_key(key.clone()).provider(provider.kakao())
    };
    let (inner, outer) = (builder().prefix("/in/auth").cookie_name("in"), builder());
    let (inner, outer) = (inner.build().unwrap(), outer.build().unwrap());
    let clone = inner.clone();
    let staff = Router::new()
        .route("/in", get(async || "inside"))
        .route_layer(inner.require())
        .layer(clone);
    let user = TestUser::new("+82 10-1234-5678").unwrap();
    let cookies = [user.cookie(&inner).unwrap(), user.cookie(&outer).unwrap()].join("; ");
    let mut browser = Browser::new(staff.layer(outer), ORIGIN);
    browser.headers.insert("cookie", cookies.parse().unwrap());
    let page = browser.fetch(Method::GET, "/in").await;
    assert_eq!(text(&page), "inside");
}
