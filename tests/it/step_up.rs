//! Routes that require a fresh sign-in or a better phone number.

use std::time::Duration;

use axum::{Router, routing::get};
use http::{Method, StatusCode};
use serde_json::json;
use tower_phone_auth::{Builder, TestUser, error::LoginErrorKind, phone::PhoneAssurance};

use crate::support::{
    browser::{Browser, JIWOO, location, parameter, refusal, text},
    log::Log,
    shop::{ORIGIN, Shop},
};

const MINUTE: Duration = Duration::from_secs(60);

/// A browser at a shop whose payment page requires a sign-in in the last five minutes, at Kakao
/// with OpenID Connect.
async fn shop() -> (Shop, Browser) {
    let shop = Shop::open().await;
    shop.provider
        .configure(|settings| settings.kakao_oidc = true);
    let pay = Router::new()
        .route("/pay", get(async || "paid").post(async || "paid"))
        .route_layer(shop.layer.require().max_age(5 * MINUTE));
    let app = Router::new()
        .nest("/shop", pay)
        .route("/", get(async || "home"))
        .layer(shop.layer.clone());
    let browser = Browser::new(app, ORIGIN);
    (shop, browser)
}

async fn paying() -> (Shop, Browser) {
    let (shop, mut browser) = shop().await;
    browser.sign_in("/", JIWOO).await;
    (shop, browser)
}

/// Makes Kakao sign its user in without a page, with a password typed this long ago.
fn set_auth_time(shop: &Shop, seconds: u64) {
    shop.provider.forge_id_token(move |_, claims| {
        claims["auth_time"] = json!(claims["iat"].as_u64().unwrap() - seconds);
    });
}

#[tokio::test]
async fn a_password_that_was_just_typed_passes_until_max_age() {
    let (shop, mut browser) = paying().await;
    shop.time.pass(5 * MINUTE);
    assert_eq!(text(&browser.visit("/shop/pay").await), "paid");
    shop.time.pass(Duration::from_secs(1));
    assert_eq!(
        browser.visit("/shop/pay").await.status(),
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn a_sign_in_without_a_password_is_repeated_once() {
    let (shop, mut browser) = shop().await;
    set_auth_time(&shop, 301);
    browser.sign_in("/", JIWOO).await;
    let away = browser.visit("/shop/pay").await;
    assert_eq!(parameter(&away, "prompt").as_deref(), Some("login"));
    shop.provider.clear_id_token_faults();
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    assert_eq!(text(&browser.visit("/shop/pay").await), "paid");
}

#[tokio::test]
async fn a_prompt_removed_from_the_address_gives_no_proof() {
    let (shop, mut browser) = paying().await;
    shop.provider
        .configure(|settings| settings.auto_sign_in = true);
    shop.time.pass(6 * MINUTE);
    let away = browser.visit("/shop/pay").await;
    let bare = location(&away).replace("&prompt=login", "");
    assert_ne!(bare, location(&away));
    set_auth_time(&shop, 6 * 60);
    let callback = browser.act_at(&bare, JIWOO).await;
    browser.visit(&callback).await;
    let page = browser.visit("/shop/pay").await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN, "{}", text(&page));
    let page = browser.fetch(Method::POST, "/shop/pay").await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    assert!(text(&page).contains(r#""reason":"unproved""#));
}

#[tokio::test]
async fn a_stale_session_signs_in_again_and_returns_to_the_page() {
    let (shop, mut browser) = paying().await;
    shop.time.pass(6 * MINUTE);
    let away = browser.visit("/shop/pay?order=7").await;
    assert_eq!(parameter(&away, "prompt").as_deref(), Some("login"));
    let callback = browser.act(&away, JIWOO).await;
    let back = browser.visit(&callback).await;
    assert_eq!(location(&back), "/shop/pay?order=7");
    assert_eq!(text(&browser.visit("/shop/pay?order=7").await), "paid");
}

#[tokio::test]
async fn other_routes_stay_open_to_the_stale_session() {
    let (shop, mut browser) = paying().await;
    shop.time.pass(6 * MINUTE);
    assert_eq!(text(&browser.visit("/").await), "home");
}

#[tokio::test]
async fn a_script_gets_the_reason_step_up_and_the_login_url() {
    let (shop, mut browser) = paying().await;
    shop.time.pass(6 * MINUTE);
    let page = browser.fetch(Method::GET, "/shop/pay").await;
    assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
    assert!(text(&page).contains(r#""reason":"step_up""#));
    let login = "/auth/login?provider=kakao&return_to=%2Fshop%2Fpay&fresh=1";
    assert!(
        text(&page).contains(&format!(r#""login_url":"{ORIGIN}{login}""#)),
        "{}",
        text(&page)
    );
    let away = browser.visit(login).await;
    assert_eq!(parameter(&away, "prompt").as_deref(), Some("login"));
}

#[tokio::test]
async fn a_form_of_a_stale_session_is_not_redirected() {
    let (shop, mut browser) = paying().await;
    shop.time.pass(6 * MINUTE);
    let page = browser
        .send(Method::POST, "/shop/pay", &[("accept", "text/html")])
        .await;
    assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_number_with_too_little_assurance_gets_a_page_and_no_sign_in() {
    let shop = Shop::open().await;
    let verified = shop
        .layer
        .require()
        .minimum_assurance(PhoneAssurance::Verified);
    let app = Router::new()
        .route("/contract", get(async || "signed"))
        .route_layer(verified)
        .route("/", get(async || "home"))
        .layer(shop.layer.clone());
    let mut browser = Browser::new(app, ORIGIN);
    browser.sign_in("/", JIWOO).await;
    let page = browser.visit("/contract").await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    assert_eq!(refusal(&page), Some(LoginErrorKind::PhoneNotVerified));
    assert!(browser.session().is_some());
}

#[tokio::test]
async fn a_number_of_exactly_the_required_assurance_is_enough() {
    use PhoneAssurance::{Asserted, Confirmed, Identified, Unverified, Verified};

    let accepts_all = |builder: Builder| builder.minimum_assurance(Unverified);
    let shop = Shop::with(|kakao| kakao, accepts_all).await;
    let ascending = [Unverified, Asserted, Verified, Confirmed, Identified];
    for (required, given) in ascending
        .into_iter()
        .flat_map(|required| ascending.map(|given| (required, given)))
    {
        let app = Router::new()
            .route("/contract", get(async || "signed"))
            .route_layer(shop.layer.require().minimum_assurance(required))
            .layer(shop.layer.clone());
        let mut browser = Browser::new(app, ORIGIN);
        let user = TestUser::new("+82 10-1234-5678").unwrap();
        let user = user.with(|user| user.phone_assurance = given);
        let cookie = user.cookie(&shop.layer).unwrap();
        browser.headers.insert("cookie", cookie.parse().unwrap());
        let page = browser.visit("/contract").await;
        let is_in = page.status() == StatusCode::OK;
        assert_eq!(is_in, given >= required, "{required} {given}");
    }
}

#[tokio::test]
async fn without_the_outer_layer_every_request_is_refused() {
    let shop = Shop::open().await;
    let alone = Router::new()
        .route("/pay", get(async || "paid"))
        .route_layer(shop.layer.require());
    let log = Log::capture();
    let mut browser = Browser::new(alone, ORIGIN);
    for _ in 0..2 {
        assert_eq!(
            browser.fetch(Method::GET, "/pay").await.status(),
            StatusCode::INTERNAL_SERVER_ERROR
        );
    }
    let log = log.text();
    let warned = |line: &&str| line.contains("ERROR") && line.contains("outside of its OAuthLayer");
    assert_eq!(log.lines().filter(warned).count(), 1, "{log}");
}
