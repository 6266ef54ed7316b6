//! The public URL decides, whatever host a request names.

use http::StatusCode;

use crate::support::{
    browser::{Browser, Page, location, set_cookies},
    shop::Shop,
};

async fn at(shop: &Shop, host: &str) -> Page {
    let mut browser: Browser = shop.browser();
    browser.headers.insert("host", host.parse().unwrap());
    browser.visit("/orders?page=2").await
}

#[tokio::test]
async fn a_login_begins_on_the_public_host_and_not_on_its_www_sibling() {
    let shop = Shop::secure().await;
    let page = at(&shop, "www.shop.example.com").await;
    assert_eq!(page.status(), StatusCode::SEE_OTHER);
    assert_eq!(location(&page), "https://shop.example.com/orders?page=2");
    assert!(set_cookies(&page).is_empty());
}

#[tokio::test]
async fn a_public_host_with_www_is_told_from_the_apex() {
    let public = "https://www.example.com";
    let shop = Shop::with(|kakao| kakao, |builder| builder.public_url(public)).await;
    let page = at(&shop, "example.com").await;
    assert_eq!(location(&page), "https://www.example.com/orders?page=2");
}

#[tokio::test]
async fn a_proxys_own_name_for_the_application_begins_the_login_as_ever() {
    let shop = Shop::secure().await;
    for host in [
        "shop.example.com",
        "app-7.internal:8080",
        "10.0.0.7",
        "evil.example",
        "www.",
    ] {
        let page = at(&shop, host).await;
        assert!(
            location(&page).starts_with(&shop.provider.origin()),
            "{host}"
        );
    }
}
