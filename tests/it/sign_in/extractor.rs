//! `VerifiedUser` in handlers, on protected and public paths and without a layer.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, routing::get};
use http::{
    Method, Response, StatusCode,
    header::{CACHE_CONTROL, CONTENT_LENGTH},
};
use tower_phone_auth::{Builder, VerifiedUser};

use crate::support::{
    browser::{Browser, JIWOO, location, text},
    log::Log,
    shop::{ORIGIN, Shop},
};

async fn strict(VerifiedUser { phone, .. }: VerifiedUser) -> String {
    phone.to_string()
}

#[tokio::test]
async fn a_public_path_needs_no_session() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for method in [Method::GET, Method::HEAD] {
        let answer = browser.send(method, "/healthz", &[]).await;
        assert_eq!(answer.status(), StatusCode::OK);
    }
    assert_eq!(text(&browser.visit("/healthz?x").await), "ok");
    assert!(browser.cookies.is_empty());
}

#[tokio::test]
async fn a_public_path_with_an_optional_user_asks_for_no_sign_in() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for session in [None, Some("junk")] {
        let held = session.map(|value| ("phone-auth".to_owned(), value.to_owned()));
        browser.cookies.extend(held);
        let page = browser.visit("/maybe").await;
        assert_eq!(page.status(), StatusCode::OK);
        assert_eq!(text(&page), "anonymous");
        assert!(browser.pending().is_empty());
    }
}

#[tokio::test]
async fn an_optional_user_is_present_until_the_session_ends() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    assert_eq!(text(&browser.visit("/maybe").await), "+821012345678");
    shop.time.pass(Duration::from_secs(12 * 60 * 60));
    assert_eq!(text(&browser.visit("/maybe").await), "anonymous");
}

/// An application with a public path whose handler needs a user.
async fn with_strict_handler(settings: impl FnOnce(Builder) -> Builder) -> (Shop, Browser) {
    let mut shop = Shop::with(|kakao| kakao, settings).await;
    shop.app = Router::new()
        .route("/", get(strict))
        .route("/maybe", get(strict).post(strict))
        .nest("/nested", Router::new().route("/maybe", get(strict)))
        .layer(shop.layer.clone());
    let browser = shop.browser();
    (shop, browser)
}

#[tokio::test]
async fn a_page_visit_to_a_public_path_whose_handler_needs_a_user_begins_a_sign_in() {
    for strip in [false, true] {
        let (_shop, mut browser) = with_strict_handler(|builder| {
            let builder = builder.public(["/nested/maybe"]);
            if strip {
                builder.strip_cookies()
            } else {
                builder
            }
        })
        .await;
        let away = browser.visit("/nested/maybe?a=b").await;
        assert_eq!(away.status(), StatusCode::SEE_OTHER);
        assert_eq!(away.headers()[CACHE_CONTROL], "no-store");
        let callback = browser.act(&away, JIWOO).await;
        let back = browser.visit(&callback).await;
        assert_eq!(location(&back), "/nested/maybe?a=b");
        assert_eq!(
            text(&browser.visit("/nested/maybe?a=b").await),
            "+821012345678"
        );
    }
}

#[tokio::test]
async fn any_other_request_there_gets_the_401_of_a_protected_path() {
    let settings = |builder: Builder| builder.cors_origins(["https://app.example.com"]);
    let (shop, mut browser) = with_strict_handler(settings).await;
    let listed = [
        ("sec-fetch-mode", "cors"),
        ("origin", "https://app.example.com"),
    ];
    let public = browser.send(Method::GET, "/maybe", &listed).await;
    let protected = browser.send(Method::GET, "/cart", &listed).await;
    assert_eq!(public.status(), StatusCode::UNAUTHORIZED);
    let mut headers = public.headers().clone();
    // axum adds the length inside of the layer.
    headers.remove(CONTENT_LENGTH);
    assert_eq!(
        (&headers, public.body()),
        (protected.headers(), protected.body())
    );
    for header in [
        "www-authenticate",
        "cache-control",
        "access-control-allow-origin",
    ] {
        assert!(public.headers().contains_key(header), "{header}");
    }
    assert!(text(&public).contains("login_url"), "{}", text(&public));

    browser.sign_in("/", JIWOO).await;
    shop.time.pass(Duration::from_secs(12 * 60 * 60));
    let expired = browser.fetch(Method::GET, "/maybe").await;
    assert!(
        text(&expired).contains(r#""reason":"expired""#),
        "{}",
        text(&expired)
    );
}

#[tokio::test]
async fn the_failure_hook_is_asked_there() {
    let (_shop, mut browser) = with_strict_handler(|builder| {
        builder.on_failure(|failure| {
            let status = failure.status;
            Response::builder()
                .status(418)
                .body(format!("{status}").into())
                .ok()
        })
    })
    .await;
    let page = browser.fetch(Method::GET, "/maybe").await;
    assert_eq!(
        (page.status().as_u16(), text(&page)),
        (418, "401 Unauthorized".to_owned())
    );
}

#[tokio::test]
async fn a_form_to_a_public_path_whose_handler_needs_a_user_gets_the_page_and_is_not_saved() {
    let (_shop, mut browser) = with_strict_handler(Builder::save_forms).await;
    let page = browser.submit("/maybe", "text=hello").await;
    assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
    assert!(text(&page).contains("Please sign in"), "{}", text(&page));
    assert!(browser.cookies.is_empty());
}

#[tokio::test]
async fn a_user_whom_the_rule_refuses_gets_403_there_and_a_foreign_form_too() {
    let allowed = Arc::new(AtomicBool::new(true));
    let rule = Arc::clone(&allowed);
    let (_shop, mut browser) =
        with_strict_handler(|builder| builder.allow(move |_| rule.load(Ordering::SeqCst))).await;
    browser.sign_in("/", JIWOO).await;
    let foreign = [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
    ];
    let page = browser.send(Method::POST, "/maybe", &foreign).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    assert!(text(&page).contains("cross_site"), "{}", text(&page));
    allowed.store(false, Ordering::SeqCst);
    let page = browser.fetch(Method::GET, "/maybe").await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    assert!(text(&page).contains("not_allowed"), "{}", text(&page));
}

#[tokio::test]
async fn a_handler_without_the_layer_fails_and_the_log_names_the_remedy() {
    let log = Log::capture();
    let optional = |user: Option<VerifiedUser>| async move { format!("{user:?}") };
    let app = Router::new()
        .route("/strict", get(strict))
        .route("/optional", get(optional));
    let mut browser = Browser::new(app, ORIGIN);
    for path in ["/strict", "/optional"] {
        let page = browser.visit(path).await;
        assert_eq!(page.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(text(&page), "");
        assert!(log.text().contains(&format!("path=\"{path}\"")));
    }
    assert!(log.text().contains(".layer(auth)"), "{}", log.text());
}

#[tokio::test]
async fn a_route_added_after_the_layer_is_not_protected() {
    let shop = Shop::open().await;
    let app = Router::new()
        .route("/inside", get(strict))
        .layer(shop.layer.clone())
        .route("/outside", get(strict));
    let mut browser = Browser::new(app, ORIGIN);
    let inside = browser.fetch(Method::GET, "/inside").await;
    assert_eq!(inside.status(), StatusCode::UNAUTHORIZED);
    let outside = browser.fetch(Method::GET, "/outside").await;
    assert_eq!(outside.status(), StatusCode::INTERNAL_SERVER_ERROR);
}
