//! A sign-in by keyboard, and one without scripts.

use tower_phone_auth::Builder;
use tower_phone_auth_local_provider::LocalProvider;

use crate::support::clients::Clients as _;
use crate::support::{
    browser::Browser,
    engine::{Engine, Settings, in_every_engine},
    input::ENTER,
    shop::{Scheme, Shop},
};

in_every_engine!(
    a_user_signs_in_by_keyboard_alone,
    a_user_without_scripts_signs_in_and_out,
);

async fn a_user_signs_in_by_keyboard_alone(engine: Engine, scheme: Scheme) {
    let with_naver = |builder: Builder, local: &LocalProvider| builder.provider(local.naver());
    let (shop, browser) = (
        Shop::set_up(scheme, with_naver).await,
        Browser::of(engine).await,
    );
    browser.go(&shop.page("/orders?a=1#kept")).await;
    browser.see("h1", "Sign in").await;
    browser.tabs_to("a[href*='provider=kakao']").await;
    browser.presses(ENTER).await;
    browser.is_asked_who_to_be().await;
    browser.tabs_to("button[value=agree]").await;
    browser.presses(ENTER).await;
    browser
        .is_signed_in_at(&shop.page("/orders?a=1#kept"))
        .await;
}

async fn a_user_without_scripts_signs_in_and_out(engine: Engine, scheme: Scheme) {
    let settings = Settings {
        runs_scripts: false,
        ..Settings::of(engine)
    };
    let (shop, browser) = (Shop::over(scheme).await, Browser::with(settings).await);
    browser.signs_in_at(&shop.page("/orders")).await;
    browser.go(&shop.page("/auth/logout")).await;
    browser.see("h1", "Sign out?").await;
    browser.click("button").await;
    browser.see("h1", "You are signed out").await;
    browser.go(&shop.page("/orders")).await;
    browser.is_asked_who_to_be().await;
}
