//! `require().allow(..)`: a rule of the application for some routes.

use axum::{Router, routing::get};
use http::{Method, StatusCode};
use tower_phone_auth::{TestUser, VerifiedUser, phone::PhoneAssurance};

use crate::support::{
    browser::{Browser, JIWOO, Page, text},
    shop::{ORIGIN, Shop},
};

/// The staff of the shop have a Korean number and the subject 7.
fn is_staff(user: &VerifiedUser) -> bool {
    &*user.subject == "7"
}

fn app(shop: &Shop) -> Router {
    let staff = shop.layer.require().allow(is_staff);
    let staff = staff.allow(|user| user.phone.region().as_deref() == Some("KR"));
    Router::new()
        .route("/staff", get(async || "staff").post(async || "posted"))
        .route_layer(staff)
        .route("/", get(async || "home"))
        .layer(shop.layer.clone())
}

async fn visit(shop: &Shop, user: TestUser, path: &str) -> (Page, Page) {
    let mut browser = Browser::new(app(shop), ORIGIN);
    let cookie = user.cookie(&shop.layer).unwrap();
    browser.headers.insert("cookie", cookie.parse().unwrap());
    (
        browser.visit(path).await,
        browser.fetch(Method::GET, path).await,
    )
}

fn user(phone: &str, subject: &str) -> TestUser {
    TestUser::new(phone)
        .unwrap()
        .with(|user| user.subject = subject.into())
}

#[tokio::test]
async fn a_user_whom_all_rules_accept_passes() {
    let shop = Shop::open().await;
    let (page, data) = visit(&shop, user("+82 10-1234-5678", "7"), "/staff").await;
    assert_eq!([text(&page), text(&data)], ["staff", "staff"]);
}

#[tokio::test]
async fn a_user_whom_one_rule_refuses_gets_403_as_a_page_or_a_document() {
    let shop = Shop::open().await;
    for refused in [user("+82 10-1234-5678", "8"), user("+1 201-555-0123", "7")] {
        let (page, data) = visit(&shop, refused.clone(), "/staff").await;
        assert_eq!(
            (page.status(), data.status()),
            (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN)
        );
        assert!(
            text(&page).contains("You cannot sign in here"),
            "{}",
            text(&page)
        );
        assert!(
            text(&data).contains(r#""reason":"not_allowed""#),
            "{}",
            text(&data)
        );
        let (home, _) = visit(&shop, refused, "/").await;
        assert_eq!(text(&home), "home");
    }
}

#[tokio::test]
async fn without_a_session_a_sign_in_begins_and_the_rule_decides_after_it() {
    let shop = Shop::open().await;
    let mut browser = Browser::new(app(&shop), ORIGIN);
    let page = browser.fetch(Method::POST, "/staff").await;
    assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
    let page = browser.sign_in("/staff", JIWOO).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_rule_does_not_replace_the_other_requirements() {
    let shop = Shop::open().await;
    let strict = shop
        .layer
        .require()
        .allow(is_staff)
        .minimum_assurance(PhoneAssurance::Verified);
    let app = Router::new()
        .route("/staff", get(async || "staff"))
        .route_layer(strict)
        .layer(shop.layer.clone());
    let mut browser = Browser::new(app, ORIGIN);
    let cookie = user("+82 10-1234-5678", "7").cookie(&shop.layer).unwrap();
    browser.headers.insert("cookie", cookie.parse().unwrap());
    let data = browser.fetch(Method::GET, "/staff").await;
    assert!(
        text(&data).contains("too_little_assurance"),
        "{}",
        text(&data)
    );
}

#[tokio::test]
async fn the_service_behind_a_rule_can_be_seen_and_taken_out() {
    use tower::Layer as _;

    let shop = Shop::open().await;
    let required = shop.layer.require().layer("the service");
    assert_eq!(*required.get_ref(), "the service");
    assert_eq!(required.into_inner(), "the service");
}
