//! The fragment of an address, which browsers send to no server.

use crate::support::clients::Clients as _;
use crate::support::{browser::Browser, shop::Shop};

const HOSTILE: &str =
    "#//evil.example/%22%3E%3Cscript%3Ealert(1)%3C/script%3E&return_to=//evil.example";

async fn shop_with_two_providers() -> Shop {
    Shop::with(|builder, local| builder.provider(local.naver())).await
}

#[tokio::test]
async fn the_choice_among_providers_keeps_the_fragment() {
    let hostile = format!("/orders{HOSTILE}");
    for page in ["/orders?q=%ED%95%9C+a#tea", "/#tea", &hostile] {
        let (shop, browser) = (shop_with_two_providers().await, Browser::open().await);
        browser.go(&shop.page(page)).await;
        browser.click("a[href*='provider=kakao']").await;
        browser.agrees_and_is_signed_in_at(&shop.page(page)).await;
    }
}

#[tokio::test]
async fn a_refusal_keeps_the_fragment() {
    let (shop, browser) = (shop_with_two_providers().await, Browser::open().await);
    browser.go(&shop.page("/orders#tea")).await;
    browser.click("a[href*='provider=kakao']").await;
    browser.is_asked_who_to_be().await;
    browser.cancels().await;
    browser.see("a.act", "Sign in again").await;
    browser.click("a.act").await;
    browser
        .agrees_and_is_signed_in_at(&shop.page("/orders#tea"))
        .await;
}

#[tokio::test]
async fn redirects_alone_keep_the_fragment() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.signs_in_at(&shop.page("/orders")).await;
    browser.delete_cookie("phone-auth").await;
    // The user has given consent before, so the provider shows no page.
    browser.go(&shop.page("/orders#tea")).await;
    browser.is_signed_in_at(&shop.page("/orders#tea")).await;
}

/// This is a known limit. The browser takes the fragment along to the provider's page and drops it
/// there.
#[tokio::test]
async fn a_page_of_the_provider_loses_the_fragment_without_a_page_of_ours_before_it() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.go(&shop.page("/orders#tea")).await;
    browser.is_asked_who_to_be().await;
    assert!(browser.url().await.ends_with("#tea"));
    browser.agrees().await;
    browser.is_signed_in_at(&shop.page("/orders")).await;
}
