//! A route that wants a fresh login.

use std::time::Duration;

use axum::{Router, routing::get};
use serde_json::{Value, json};
use tower_phone_auth::local_provider::Person;

use super::{open, refusal, rejected, set};
use crate::support::{
    browser::{Act, Browser, JIWOO, Page, location, parameter, text},
    shop::{ORIGIN, Shop},
};

const MINUTE: Duration = Duration::from_secs(60);

/// A browser whose login is too old for the payment page, on its way to the provider.
async fn sent_to_sign_in_afresh() -> (Shop, Browser, Page) {
    let shop = open(|_| {}).await;
    let app = Router::new()
        .route("/pay", get(async || "paid"))
        .route_layer(shop.layer.require().max_age(5 * MINUTE))
        .route("/", get(async || "home"))
        .layer(shop.layer.clone());
    let mut browser = Browser::new(app, ORIGIN);
    browser.sign_in("/", JIWOO).await;
    shop.time.pass(6 * MINUTE);
    let away = browser.visit("/pay").await;
    (shop, browser, away)
}

fn authenticated(shop: &Shop, at: Option<Value>) {
    shop.provider
        .forge_id_token(move |_, claims| set(claims, "auth_time", at.clone()));
}

#[tokio::test]
async fn it_asks_the_provider_to_have_it_proved_again() {
    let (shop, mut browser, away) = sent_to_sign_in_afresh().await;
    assert_eq!(parameter(&away, "prompt").as_deref(), Some("login"));
    assert_eq!(parameter(&away, "max_age").as_deref(), Some("0"));
    authenticated(&shop, Some(shop.time.now().into()));
    let callback = browser.act(&away, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), "/pay");
    assert_eq!(text(&browser.visit("/pay").await), "paid");
}

#[tokio::test]
async fn a_provider_that_did_not_have_it_proved_again_is_refused() {
    for (at, part) in [
        (Some(json!(-61)), "auth_time"),
        (Some(json!(-600)), "auth_time"),
        (None, "auth_time"),
        (Some(json!("now")), "claims"),
    ] {
        let (shop, mut browser, away) = sent_to_sign_in_afresh().await;
        let now = i64::try_from(shop.time.now()).unwrap();
        let at = at.map(|at| at.as_i64().map_or(at, |ago| json!(now + ago)));
        authenticated(&shop, at.clone());
        let callback = browser.act(&away, JIWOO).await;
        let page = browser.visit(&callback).await;
        assert_eq!(refusal(&page), rejected(part), "{at:?}");
        assert_eq!(text(&browser.visit("/").await), "home");
        let stale = browser.visit("/pay").await;
        assert!(parameter(&stale, "prompt").is_some());
    }
}

#[tokio::test]
async fn a_minute_between_the_clocks_is_forgiven() {
    let (shop, mut browser, away) = sent_to_sign_in_afresh().await;
    authenticated(&shop, Some((shop.time.now() - 60).into()));
    let callback = browser.act(&away, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), "/pay");
}

#[tokio::test]
async fn an_ordinary_login_asks_for_no_time() {
    let shop = open(|_| {}).await;
    authenticated(&shop, None);
    let page = shop.browser().come_back("/", JIWOO).await;
    assert_eq!(location(&page), "/");
}

#[tokio::test]
async fn who_is_asked_for_the_number_as_well_proves_it_again_as_well() {
    let (shop, mut browser, away) = sent_to_sign_in_afresh().await;
    authenticated(&shop, Some(shop.time.now().into()));
    let unticked = Act::Untick(Person::WITH_PHONE);
    let callback = browser.act(&away, unticked).await;
    shop.time.pass(3 * MINUTE);
    let again = browser.visit(&callback).await;
    assert_eq!(
        parameter(&again, "prompt").as_deref(),
        Some("login consent")
    );
    assert_eq!(parameter(&again, "max_age").as_deref(), Some("0"));
    authenticated(&shop, Some(shop.time.now().into()));
    let callback = browser.act(&again, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), "/pay");
}
