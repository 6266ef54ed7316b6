//! The cookies of the layer are removed from requests to the application, as a setting.

use axum::{Router, http::HeaderMap, routing::get};

use crate::support::{
    browser::{Browser, JIWOO, text},
    shop::{ORIGIN, Shop},
};

async fn seen(headers: HeaderMap) -> String {
    let lines = headers
        .get_all("cookie")
        .iter()
        .map(|line| line.to_str().unwrap());
    lines.collect::<Vec<_>>().join(" | ")
}

async fn browser(strips: bool) -> Browser {
    let settings = |builder: tower_phone_auth::Builder| {
        if strips {
            builder.strip_cookies()
        } else {
            builder
        }
    };
    let shop = Shop::with(|kakao| kakao, settings).await;
    let app = Router::new()
        .route("/", get(seen))
        .layer(shop.layer.clone());
    let mut browser = Browser::new(app, ORIGIN);
    browser.cookies.insert("cart".to_owned(), "7".to_owned());
    browser.sign_in("/", JIWOO).await;
    browser.visit("/").await;
    browser
        .cookies
        .insert("phone-auth-login-abc".to_owned(), "left-over".to_owned());
    browser
        .cookies
        .insert("phone-auth-phone".to_owned(), "of-a-step".to_owned());
    browser
        .cookies
        .insert("phone-authority".to_owned(), "not-ours".to_owned());
    browser
}

#[tokio::test]
async fn with_the_setting_the_layers_cookies_are_removed_and_others_stay() {
    let mut browser = browser(true).await;
    assert_eq!(
        text(&browser.visit("/").await),
        "cart=7; phone-authority=not-ours"
    );
}

#[tokio::test]
async fn by_default_the_application_receives_all_cookies() {
    let mut browser = browser(false).await;
    assert!(text(&browser.visit("/").await).contains("phone-auth-login-abc=left-over"));
}
