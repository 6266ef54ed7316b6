//! Sessions that end on the replica that ends them.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, body::Body, routing::get};
use http::{Method, Request, StatusCode, header::COOKIE};
use tower::ServiceExt;
use tower_phone_auth::{SessionId, VerifiedUser};

use crate::support::{
    browser::{Browser, JIWOO, location, text},
    shop::{ORIGIN, Shop},
};

async fn reason(browser: &mut Browser) -> String {
    let page = browser.fetch(Method::GET, "/").await;
    assert_eq!(page.status(), StatusCode::UNAUTHORIZED, "{}", text(&page));
    let document: serde_json::Value = serde_json::from_slice(page.body()).unwrap();
    document["reason"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_copied_cookie_is_refused_after_a_sign_out() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let mut thief = shop.browser();
    thief.cookies.clone_from(&browser.cookies);
    assert_eq!(thief.fetch(Method::GET, "/").await.status(), StatusCode::OK);
    browser.fetch(Method::POST, "/auth/logout").await;
    assert_eq!(reason(&mut thief).await, "ended");
    let away = thief.visit("/").await;
    assert!(
        location(&away).contains("/oauth/authorize"),
        "{}",
        location(&away)
    );
    assert_eq!(text(&thief.visit("/maybe").await), "anonymous");
}

#[tokio::test]
async fn another_browser_of_the_same_user_stays_signed_in() {
    let shop = Shop::open().await;
    let (mut one, mut other) = (shop.browser(), shop.browser());
    one.sign_in("/", JIWOO).await;
    other.sign_in("/", JIWOO).await;
    one.fetch(Method::POST, "/auth/logout").await;
    assert_eq!(other.fetch(Method::GET, "/").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_new_sign_in_ends_the_session_that_it_replaces() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let mut copy = shop.browser();
    copy.cookies.clone_from(&browser.cookies);
    let away = browser.visit("/auth/login").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    assert_eq!(reason(&mut copy).await, "ended");
    assert_eq!(
        browser.fetch(Method::GET, "/").await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_refused_sign_in_ends_no_session() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let away = browser.visit("/auth/login").await;
    let callback = browser
        .act(&away, crate::support::browser::Act::Cancel)
        .await;
    assert_eq!(
        browser.visit(&callback).await.status(),
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        browser.fetch(Method::GET, "/").await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn every_session_cookie_that_a_browser_holds_is_ended() {
    let shop = Shop::open().await;
    let (mut one, mut other) = (shop.browser(), shop.browser());
    one.sign_in("/", JIWOO).await;
    other.sign_in("/", JIWOO).await;
    let both = format!(
        "phone-auth={}; phone-auth={}",
        one.session().unwrap(),
        other.session().unwrap()
    );
    let mut both_at_once = shop.browser();
    both_at_once
        .send(Method::POST, "/auth/logout", &[("cookie", both.as_str())])
        .await;
    assert_eq!(reason(&mut one).await, "ended");
    assert_eq!(reason(&mut other).await, "ended");
}

#[tokio::test]
async fn a_session_that_the_application_names_is_ended_alone() {
    let shop = Shop::open().await;
    let app = Router::new()
        .route(
            "/id",
            get(async |user: VerifiedUser| user.session_id().to_string()),
        )
        .layer(shop.layer.clone());
    let (mut one, mut other) = (shop.browser(), shop.browser());
    one.sign_in("/", JIWOO).await;
    other.sign_in("/", JIWOO).await;
    let mut asks = Browser::new(app, ORIGIN);
    asks.cookies.clone_from(&one.cookies);
    let id: SessionId = text(&asks.visit("/id").await).parse().unwrap();
    assert_eq!(text(&asks.visit("/id").await), id.to_string());
    shop.layer.revoke_session(id).await.unwrap();
    assert_eq!(reason(&mut one).await, "ended");
    assert_eq!(other.fetch(Method::GET, "/").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_sign_in_hook_sees_the_id_that_the_session_will_have() {
    let (sender, mut users) = tokio::sync::mpsc::unbounded_channel();
    let shop = Shop::with(
        |kakao| kakao,
        |builder| {
            builder.on_sign_in(move |sign_in| {
                sender.send(sign_in.user.session_id()).unwrap();
                async { Ok(()) }
            })
        },
    )
    .await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    shop.layer
        .revoke_session(users.recv().await.unwrap())
        .await
        .unwrap();
    assert_eq!(reason(&mut browser).await, "ended");
}

#[tokio::test]
async fn has_ended_reports_a_session_that_ended_after_its_request() {
    let (sender, mut users) = tokio::sync::mpsc::unbounded_channel();
    let shop = Shop::with(
        |kakao| kakao,
        |builder| {
            builder.on_sign_in(move |sign_in| {
                sender.send(sign_in.user).unwrap();
                async { Ok(()) }
            })
        },
    )
    .await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let first = users.recv().await.unwrap();
    assert!(!shop.layer.has_ended(&first));
    browser.fetch(Method::POST, "/auth/logout").await;
    assert!(shop.layer.has_ended(&first));
    browser.sign_in("/", JIWOO).await;
    let second = users.recv().await.unwrap();
    assert!(!shop.layer.has_ended(&second));
    shop.layer.revoke("kakao", &second.subject).await.unwrap();
    assert!(shop.layer.has_ended(&second));
    browser.sign_in("/", JIWOO).await;
    let third = users.recv().await.unwrap();
    shop.time.pass(std::time::Duration::from_secs(13 * 60 * 60));
    assert!(shop.layer.has_ended(&third));
}

#[tokio::test]
async fn a_cookie_that_is_sent_a_thousand_times_ends_one_session() {
    let ended = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&ended);
    let shop = Shop::with(
        |kakao| kakao,
        |builder| {
            builder.on_sign_out(move |_| {
                count.fetch_add(1, Ordering::SeqCst);
                async {}
            })
        },
    )
    .await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let cookie = &browser.cookies["phone-auth"];
    let mut request = Request::post("/auth/logout?everywhere");
    for _ in 0..1000 {
        request = request.header(COOKIE, format!("phone-auth={cookie}"));
    }
    let request = request.body(Body::empty()).unwrap();
    let page = shop.app.clone().oneshot(request).await.unwrap();
    assert_eq!(page.status(), StatusCode::NO_CONTENT);
    assert_eq!(ended.load(Ordering::SeqCst), 1);
}
