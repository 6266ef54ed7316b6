//! A browser that blocks cookies.

use tower_phone_auth::Builder;
use tower_phone_auth_local_provider::LocalProvider;

use crate::support::clients::Clients as _;
use crate::support::{
    browser::Browser,
    engine::{Engine, Settings, in_every_engine},
    shop::{Scheme, Shop},
};

in_every_engine!(
    the_callback_says_that_cookies_are_blocked,
    the_sign_in_page_says_so_before_the_provider_is_asked,
);

fn blocking(engine: Engine) -> Settings {
    Settings {
        blocks_cookies: true,
        ..Settings::of(engine)
    }
}

async fn the_callback_says_that_cookies_are_blocked(engine: Engine, scheme: Scheme) {
    let (shop, browser) = (
        Shop::over(scheme).await,
        Browser::with(blocking(engine)).await,
    );
    browser.go(&shop.page("/pay?x=1")).await;
    browser.is_asked_who_to_be().await;
    browser.agrees().await;
    browser.see("h1", "Please allow cookies").await;
}

async fn the_sign_in_page_says_so_before_the_provider_is_asked(engine: Engine, scheme: Scheme) {
    let with_naver = |builder: Builder, local: &LocalProvider| builder.provider(local.naver());
    let (shop, browser) = (
        Shop::set_up(scheme, with_naver).await,
        Browser::with(blocking(engine)).await,
    );
    browser.go(&shop.page("/pay?x=1")).await;
    browser.see("h1", "Sign in").await;
    browser.click("a[href*='provider=kakao']").await;
    browser.see("h1", "Please allow cookies").await;
}
