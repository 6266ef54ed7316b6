//! The three journeys, end to end.

use tower_phone_auth::local_provider::Endpoint;

use crate::support::{
    browser::{JIWOO, text},
    shop::Shop,
};

#[tokio::test]
async fn a_visitor_signs_in_and_sees_the_phone_number() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.sign_in("/orders?from=mail", JIWOO).await;
    assert_eq!(text(&page), "+821012345678");
}

#[tokio::test]
async fn a_login_asks_the_provider_twice_and_no_more() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    browser.visit("/").await;
    assert_eq!(shop.provider.count(Endpoint::Token), 1);
    assert_eq!(shop.provider.count(Endpoint::Profile), 1);
}
