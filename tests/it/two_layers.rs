//! Two layers in one application, each with its own prefix and cookie name.

use axum::{Router, extract::Request, routing::get};
use http::{Method, StatusCode};
use tower::{ServiceExt, service_fn};
use tower_phone_auth::{OAuthLayer, SessionKey, TestUser, VerifiedUser};
use tower_phone_auth_local_provider::LocalProvider;

use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Browser, JIWOO, parameter, text},
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
