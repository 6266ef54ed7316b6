//! Signing out.

use tower_phone_auth::Builder;
use tower_phone_auth_local_provider::{Endpoint, LocalProvider};

use crate::support::clients::Clients as _;
use crate::support::{browser::Browser, shop::Shop};

#[tokio::test]
async fn signing_out_ends_the_session_and_the_next_visit_asks_for_a_sign_in() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.signs_in_at(&shop.page("/")).await;

    browser.go(&shop.page("/auth/logout")).await;
    browser.see("h1", "Sign out?").await;
    browser.click("button").await;
    browser.see("h1", "You are signed out").await;
    assert!(!browser.cookies().await.contains_key("phone-auth"));

    browser.signs_in_at(&shop.page("/orders")).await;
}

#[tokio::test]
async fn a_user_who_cancels_the_sign_out_stays_signed_in() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.signs_in_at(&shop.page("/")).await;
    browser.go(&shop.page("/auth/logout")).await;
    browser.click("nav a").await;
    browser.is_signed_in_at(&shop.page("/")).await;
}

#[tokio::test]
async fn the_back_button_after_signing_out_restores_no_session() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.signs_in_at(&shop.page("/")).await;
    browser.go(&shop.page("/auth/logout")).await;
    browser.click("button").await;
    browser.see("h1", "You are signed out").await;
    browser.back().await;
    browser.reload().await;
    assert_eq!(browser.count("form button").await, 0);
    assert!(!browser.cookies().await.contains_key("phone-auth"));
}

#[tokio::test]
async fn signing_out_at_the_provider_as_well_leads_there_and_back() {
    let at_provider = |builder: Builder, local: &LocalProvider| {
        let kakao = local.kakao().named("sign-out").logout_at_provider();
        builder.provider(kakao)
    };
    let (shop, browser) = (Shop::with(at_provider).await, Browser::open().await);
    browser
        .go(&shop.page("/auth/login?provider=sign-out"))
        .await;
    browser.agrees_and_is_signed_in_at(&shop.page("/")).await;
    browser.go(&shop.page("/auth/logout")).await;
    browser.click("button").await;
    browser.see("h1", "You are signed out").await;
    browser.see("main p", "out of this site and of").await;
    assert_eq!(shop.provider.count(Endpoint::Logout), 1);
    assert!(!browser.cookies().await.contains_key("phone-auth"));
}
