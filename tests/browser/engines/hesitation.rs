//! Users who withhold the number, choose another account, or use a private window.

use tower_phone_auth_local_provider::Person;

use crate::support::{
    browser::Browser,
    engine::{Engine, Settings, in_every_engine},
    shop::{Scheme, Shop},
};

in_every_engine!(http:
    a_number_withheld_twice_and_then_shared_ends_on_the_page_asked_for,
    an_account_without_a_number_has_a_way_to_another_account,
    a_private_window_signs_in_and_out,
    a_page_in_another_window_of_the_same_site_is_signed_in,
);

async fn a_number_withheld_twice_and_then_shared_ends_on_the_page_asked_for(
    engine: Engine,
    scheme: Scheme,
) {
    let (shop, browser) = (Shop::over(scheme).await, Browser::of(engine).await);
    browser.go(&shop.page("/pay?n=1")).await;
    browser.is_asked_who_to_be().await;
    browser.unticks_the_phone_twice().await;
    browser.see("h1", "Your phone number is needed").await;
    browser.reload().await;
    browser.see("h1", "Your phone number is needed").await;
    browser.click("a.act").await;
    browser
        .agrees_and_is_signed_in_at(&shop.page("/pay?n=1"))
        .await;
}

/// The provider signs the same account in without a page, as Kakao, Naver and Google do.
async fn an_account_without_a_number_has_a_way_to_another_account(engine: Engine, scheme: Scheme) {
    let (shop, browser) = (Shop::over(scheme).await, Browser::of(engine).await);
    shop.provider
        .configure(|settings| settings.auto_sign_in = true);
    browser.go(&shop.page("/pay?a=1")).await;
    browser.is_asked_who_to_be().await;
    browser.chooses(Person::WITHOUT_PHONE).await;
    browser.agrees().await;
    browser.see("h1", "Your account has no phone number").await;
    browser.click("a.act").await;
    browser.see("h1", "Your account has no phone number").await;
    browser.click("a[href*=another_account]").await;
    browser.is_asked_who_to_be().await;
    browser.chooses(Person::WITH_PHONE).await;
    browser.agrees().await;
    browser.is_signed_in_at(&shop.page("/pay?a=1")).await;
}

async fn a_private_window_signs_in_and_out(engine: Engine, scheme: Scheme) {
    let settings = Settings {
        is_private: true,
        ..Settings::of(engine)
    };
    let (shop, browser) = (Shop::over(scheme).await, Browser::with(settings).await);
    browser.signs_in_at(&shop.page("/orders?w=1")).await;
    browser.go(&shop.page("/auth/logout")).await;
    browser.see("h1", "Sign out?").await;
    browser.click("button").await;
    browser.see("h1", "You are signed out").await;
    browser.go(&shop.page("/orders?w=1")).await;
    browser.is_asked_who_to_be().await;
}

async fn a_page_in_another_window_of_the_same_site_is_signed_in(engine: Engine, scheme: Scheme) {
    let (shop, browser) = (Shop::over(scheme).await, Browser::of(engine).await);
    browser.signs_in_at(&shop.page("/orders")).await;
    browser.new_tab().await;
    browser.go(&shop.page("/pay?o=1")).await;
    browser.is_signed_in_at(&shop.page("/pay?o=1")).await;
}
