//! Routes that require a fresh sign-in, which the ID token's `auth_time` proves.

use std::time::Duration;

use axum::{Router, routing::get};
use http::StatusCode;
use serde_json::{Value, json};
use tower_phone_auth_local_provider::Person;

use super::{open, set};
use crate::support::{
    browser::{Act, Browser, JIWOO, Page, location, parameter, text},
    shop::{ORIGIN, Shop},
};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// A shop whose payment page requires a proof of at most this age.
async fn shop_with_max_age(age: Duration) -> (Shop, Browser) {
    let shop = open(|_| {}).await;
    let app = Router::new()
        .route("/pay", get(async || "paid"))
        .route_layer(shop.layer.require().max_age(age))
        .route("/", get(async || "home"))
        .layer(shop.layer.clone());
    let browser = Browser::new(app, ORIGIN);
    (shop, browser)
}

/// Makes the provider compute `auth_time` from its `iat`.
fn proved(shop: &Shop, date: impl Fn(f64) -> Option<Value> + Send + Sync + 'static) {
    shop.provider.forge_id_token(move |_, claims| {
        let issued = claims["iat"].as_f64().unwrap();
        set(claims, "auth_time", date(issued));
    });
}

fn proved_before(shop: &Shop, seconds: u32) {
    proved(shop, move |issued| Some(json!(issued - f64::from(seconds))));
}

/// Signs in at the provider, and visits the page to which the callback leads.
async fn prove_again(browser: &mut Browser, away: &Page) -> Page {
    assert_eq!(parameter(away, "prompt").as_deref(), Some("login"));
    assert_eq!(parameter(away, "max_age").as_deref(), Some("0"));
    let callback = browser.act(away, JIWOO).await;
    let back = browser.visit(&callback).await;
    assert_eq!(location(&back), "/pay");
    browser.visit("/pay").await
}

/// The answer is neither the protected page nor another redirect.
#[track_caller]
fn assert_ends_on_a_page(page: &Page, case: &str) {
    assert_eq!(page.status(), StatusCode::FORBIDDEN, "{case}");
    assert!(text(page).contains("fresh=1"), "{case}: {}", text(page));
}

#[tokio::test]
async fn a_password_just_typed_needs_no_second_sign_in() {
    let (_shop, mut browser) = shop_with_max_age(5 * MINUTE).await;
    browser.sign_in("/", JIWOO).await;
    assert_eq!(text(&browser.visit("/pay").await), "paid");
}

#[tokio::test]
async fn a_silent_sign_in_is_asked_once_more_and_passes() {
    let (shop, mut browser) = shop_with_max_age(5 * MINUTE).await;
    proved_before(&shop, 301);
    browser.sign_in("/", JIWOO).await;
    let away = browser.visit("/pay").await;
    proved_before(&shop, 1);
    assert_eq!(text(&prove_again(&mut browser, &away).await), "paid");
}

#[tokio::test]
async fn the_age_at_the_sign_in_and_the_time_since_count_together() {
    let (shop, mut browser) = shop_with_max_age(5 * MINUTE).await;
    proved_before(&shop, 200);
    browser.sign_in("/", JIWOO).await;
    shop.time.pass(100 * SECOND);
    assert_eq!(text(&browser.visit("/pay").await), "paid");
    shop.time.pass(SECOND);
    let away = browser.visit("/pay").await;
    assert_eq!(parameter(&away, "prompt").as_deref(), Some("login"));
}

#[tokio::test]
async fn a_password_of_less_than_a_minute_ago_is_too_old_for_twenty_seconds() {
    for (age, is_enough) in [(0, true), (20, true), (21, false), (50, false), (59, false)] {
        let (shop, mut browser) = shop_with_max_age(20 * SECOND).await;
        browser.sign_in("/", JIWOO).await;
        shop.time.pass(50 * SECOND);
        let away = browser.visit("/pay").await;
        proved_before(&shop, age);
        let page = prove_again(&mut browser, &away).await;
        if is_enough {
            assert_eq!(text(&page), "paid", "{age}");
        } else {
            assert_ends_on_a_page(&page, &age.to_string());
        }
    }
}

#[tokio::test]
async fn a_provider_that_did_not_ask_the_user_ends_on_a_page_and_not_in_a_loop() {
    for age in [301, 361, 86_400, 1_700_000_000] {
        let (shop, mut browser) = shop_with_max_age(5 * MINUTE).await;
        browser.sign_in("/", JIWOO).await;
        shop.time.pass(6 * MINUTE);
        let away = browser.visit("/pay").await;
        proved_before(&shop, age);
        let page = prove_again(&mut browser, &away).await;
        assert_ends_on_a_page(&page, &age.to_string());
        assert_ends_on_a_page(&browser.visit("/pay").await, "again");
        assert_eq!(text(&browser.visit("/").await), "home");
        // The button of the page starts another sign-in.
        proved_before(&shop, 0);
        let away = browser
            .visit("/auth/login?provider=oidc&return_to=%2Fpay&fresh=1")
            .await;
        assert_eq!(text(&prove_again(&mut browser, &away).await), "paid");
    }
}

#[tokio::test]
async fn a_time_with_a_fraction_is_a_time() {
    for write in [
        |issued: f64| format!("{issued:.1}"),
        |issued: f64| format!("{:.2}", issued - 0.27),
        |issued: f64| format!("{issued:e}"),
    ] {
        let (shop, mut browser) = shop_with_max_age(5 * MINUTE).await;
        proved(&shop, move |issued| {
            Some(serde_json::from_str(&write(issued)).unwrap())
        });
        browser.sign_in("/", JIWOO).await;
        assert_eq!(text(&browser.visit("/pay").await), "paid");
    }
}

#[tokio::test]
async fn an_invalid_auth_time_proves_nothing_and_refuses_no_sign_in() {
    let nonsense: [fn(f64) -> Option<Value>; 9] = [
        |_| None,
        |_| Some(Value::Null),
        |_| Some(json!("now")),
        |issued| Some(json!(format!("{issued}"))),
        |_| Some(json!(-1)),
        |issued| Some(json!(issued * 1000.0)),
        |issued| Some(json!(issued + 61.0)),
        |issued| Some(json!([issued])),
        |_| Some(json!(true)),
    ];
    for date in nonsense {
        let case = format!("{:?}", date(1_700_000_000.0));
        let (shop, mut browser) = shop_with_max_age(5 * MINUTE).await;
        proved(&shop, date);
        assert_eq!(text(&browser.sign_in("/", JIWOO).await), "home", "{case}");
        let away = browser.visit("/pay").await;
        let page = prove_again(&mut browser, &away).await;
        assert_ends_on_a_page(&page, &case);
        assert_eq!(text(&browser.visit("/").await), "home", "{case}");
    }
}

#[tokio::test]
async fn the_providers_times_are_compared_with_each_other() {
    for ahead in [-55.0, 55.0] {
        for (age, is_enough) in [(19.0, true), (21.0, false)] {
            let (shop, mut browser) = shop_with_max_age(20 * SECOND).await;
            shop.provider.forge_id_token(move |_, claims| {
                let issued = claims["iat"].as_f64().unwrap() + ahead;
                set(claims, "iat", Some(json!(issued)));
                set(claims, "auth_time", Some(json!(issued - age)));
            });
            browser.sign_in("/", JIWOO).await;
            let page = browser.visit("/pay").await;
            assert_eq!(page.status() == StatusCode::OK, is_enough, "{ahead} {age}");
        }
    }
}

#[tokio::test]
async fn a_step_up_that_asks_for_the_number_again_asks_for_the_proof_again() {
    let (shop, mut browser) = shop_with_max_age(5 * MINUTE).await;
    browser.sign_in("/", JIWOO).await;
    shop.time.pass(6 * MINUTE);
    let away = browser.visit("/pay").await;
    let unticked = Act::Untick(Person::WITH_PHONE);
    let callback = browser.act(&away, unticked).await;
    shop.time.pass(3 * MINUTE);
    let again = browser.visit(&callback).await;
    assert_eq!(
        parameter(&again, "prompt").as_deref(),
        Some("login consent")
    );
    assert_eq!(parameter(&again, "max_age").as_deref(), Some("0"));
    let callback = browser.act(&again, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), "/pay");
    assert_eq!(text(&browser.visit("/pay").await), "paid");
}
