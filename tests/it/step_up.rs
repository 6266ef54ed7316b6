//! Routes that ask for more than a session.

use std::time::Duration;

use axum::{Router, routing::get};
use http::{Method, StatusCode};
use serde_json::json;
use tower_phone_auth::{LoginErrorKind, PhoneAssurance};

use crate::support::{
    browser::{Browser, JIWOO, location, parameter, refusal, text},
    log::Log,
    shop::{ORIGIN, Shop},
};

const MINUTE: Duration = Duration::from_secs(60);

/// A browser at a shop whose payment page wants a login of the last five minutes, at Kakao with OpenID
/// Connect.
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

/// Kakao lets its user in without a page, who typed the password so long ago.
fn proved_before(shop: &Shop, seconds: u64) {
    shop.provider.forge_id_token(move |_, claims| {
        claims["auth_time"] = json!(claims["iat"].as_u64().unwrap() - seconds);
    });
}

#[tokio::test]
async fn a_password_just_typed_passes_until_its_time_is_over() {
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
async fn a_silent_sign_in_is_asked_once_more() {
    let (shop, mut browser) = shop().await;
    proved_before(&shop, 301);
    browser.sign_in("/", JIWOO).await;
    let away = browser.visit("/shop/pay").await;
    assert_eq!(parameter(&away, "prompt").as_deref(), Some("login"));
    shop.provider.heal_id_tokens();
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    assert_eq!(text(&browser.visit("/shop/pay").await), "paid");
}

#[tokio::test]
async fn who_takes_the_prompt_out_of_the_address_proves_nothing() {
    let (shop, mut browser) = paying().await;
    shop.provider
        .configure(|settings| settings.auto_sign_in = true);
    shop.time.pass(6 * MINUTE);
    let away = browser.visit("/shop/pay").await;
    let bare = location(&away).replace("&prompt=login", "");
    assert_ne!(bare, location(&away));
    proved_before(&shop, 6 * 60);
    let callback = browser.act_at(&bare, JIWOO).await;
    browser.visit(&callback).await;
    let page = browser.visit("/shop/pay").await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN, "{}", text(&page));
    let page = browser.fetch(Method::POST, "/shop/pay").await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    assert!(text(&page).contains(r#""reason":"unproved""#));
}

#[tokio::test]
async fn a_stale_one_is_asked_at_the_provider_again_and_comes_back_to_the_page() {
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
async fn a_script_is_told_step_up_with_the_login_that_helps() {
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
async fn a_stale_form_is_not_sent_away_with_what_it_carries() {
    let (shop, mut browser) = paying().await;
    shop.time.pass(6 * MINUTE);
    let page = browser
        .send(Method::POST, "/shop/pay", &[("accept", "text/html")])
        .await;
    assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_number_that_is_vouched_for_too_little_gets_a_page_and_no_login() {
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
async fn without_the_outer_layer_nobody_passes() {
    let shop = Shop::open().await;
    let alone = Router::new()
        .route("/pay", get(async || "paid"))
        .route_layer(shop.layer.require());
    let log = Log::capture();
    let mut browser = Browser::new(alone, ORIGIN);
    for _ in 0..2 {
        assert_eq!(
            browser.fetch(Method::GET, "/pay").await.status(),
            StatusCode::UNAUTHORIZED
        );
    }
    let log = log.text();
    let warned = |line: &&str| line.contains("WARN") && line.contains("behind no OAuthLayer");
    assert_eq!(log.lines().filter(warned).count(), 1, "{log}");
}
