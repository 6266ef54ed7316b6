//! The part of an address behind `#`, which browsers tell no server.

use crate::support::clients::Clients as _;
use crate::support::{browser::Browser, shop::Shop};

const HOSTILE: &str =
    "#//evil.example/%22%3E%3Cscript%3Ealert(1)%3C/script%3E&return_to=//evil.example";

async fn with_a_choice() -> Shop {
    Shop::with(|builder, local| builder.provider(local.naver())).await
}

#[tokio::test]
async fn a_choice_of_providers_on_the_way_keeps_it() {
    let hostile = format!("/orders{HOSTILE}");
    for page in ["/orders?q=%ED%95%9C+a#tea", "/#tea", &hostile] {
        let (shop, browser) = (with_a_choice().await, Browser::open().await);
        browser.go(&shop.page(page)).await;
        browser.click("a[href*='provider=kakao']").await;
        browser.is_asked_who_to_be().await;
        browser.agrees().await;
        browser.is_signed_in_at(&shop.page(page)).await;
    }
}

#[tokio::test]
async fn a_refusal_on_the_way_keeps_it() {
    let (shop, browser) = (with_a_choice().await, Browser::open().await);
    browser.go(&shop.page("/orders#tea")).await;
    browser.click("a[href*='provider=kakao']").await;
    browser.is_asked_who_to_be().await;
    browser.cancels().await;
    browser.see("a.act", "Sign in again").await;
    browser.click("a.act").await;
    browser.is_asked_who_to_be().await;
    browser.agrees().await;
    browser.is_signed_in_at(&shop.page("/orders#tea")).await;
}

#[tokio::test]
async fn redirects_alone_keep_it() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.signs_in_at(&shop.page("/orders")).await;
    browser.delete_cookie("phone-auth").await;
    // The provider has the person's consent by now, and shows no page.
    browser.go(&shop.page("/orders#tea")).await;
    browser.is_signed_in_at(&shop.page("/orders#tea")).await;
}

/// The limit: it went along to the provider, whose page ends there.
#[tokio::test]
async fn a_page_of_the_provider_loses_it_where_none_of_ours_stands_before() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.go(&shop.page("/orders#tea")).await;
    browser.is_asked_who_to_be().await;
    assert!(browser.url().await.ends_with("#tea"));
    browser.agrees().await;
    browser.is_signed_in_at(&shop.page("/orders")).await;
}
