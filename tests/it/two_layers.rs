//! Two layers in one application, with prefixes and cookie names of their own.

use axum::{Router, extract::Request, routing::get};
use http::{Method, StatusCode};
use tower::{ServiceExt, service_fn};
use tower_phone_auth::{OAuthLayer, SessionKey, VerifiedUser, local_provider::LocalProvider};

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
async fn a_session_of_one_layer_is_none_at_the_other() {
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
