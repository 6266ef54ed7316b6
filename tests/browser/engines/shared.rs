//! Pages that depend on the session: signing out, the way back, and the sign-in page of another
//! tab.

use tower_phone_auth::Builder;
use tower_phone_auth_local_provider::LocalProvider;

use crate::support::clients::Clients as _;
use crate::support::{
    browser::Browser,
    engine::{Engine, in_every_engine},
    shop::{Scheme, Shop},
};

in_every_engine!(
    signing_out_everywhere_says_the_same_after_a_reload,
    the_sign_out_question_and_the_page_after_it_lead_back,
    a_sign_in_in_another_tab_is_known_to_the_sign_in_page_after_a_reload,
);

/// Adds a link to the open page, and clicks it.
async fn follows(browser: &Browser, address: &str) {
    let link = format!("<a id=link href={address}>link</a>");
    let script = format!("document.body.insertAdjacentHTML('afterbegin', '{link}')");
    browser.eval(&script).await;
    browser.click("#link").await;
}

async fn signing_out_everywhere_says_the_same_after_a_reload(engine: Engine, scheme: Scheme) {
    let (shop, browser) = (Shop::over(scheme).await, Browser::of(engine).await);
    browser.signs_in_at(&shop.page("/orders")).await;
    browser.go(&shop.page("/auth/logout?everywhere")).await;
    browser.see("h1", "Sign out everywhere?").await;
    browser.click("button").await;
    browser.see("main p", "in every browser").await;
    for _ in 0..2 {
        browser.reload().await;
        browser.see("main p", "in every browser").await;
    }
    // A browser with a session gets the question at the same address.
    let signed_out = browser.url().await;
    browser.signs_in_at(&shop.page("/orders")).await;
    browser.go(&signed_out).await;
    browser.see("h1", "Sign out?").await;
}

async fn the_sign_out_question_and_the_page_after_it_lead_back(engine: Engine, scheme: Scheme) {
    let (shop, browser) = (Shop::over(scheme).await, Browser::of(engine).await);
    browser.signs_in_at(&shop.page("/orders?page=2")).await;
    follows(&browser, "/auth/logout").await;
    browser.see("h1", "Sign out?").await;
    browser.click("nav a").await;
    browser.is_signed_in_at(&shop.page("/orders?page=2")).await;

    browser.go(&shop.page("/order")).await;
    follows(&browser, "/auth/logout").await;
    browser.see("h1", "Sign out?").await;
    browser.click("button").await;
    browser.see("h1", "You are signed out").await;
    browser.reload().await;
    browser.see("a.act", "Back to the page before").await;
    browser.click("a.act").await;
    browser.see("h1", "Order").await;
}

async fn a_sign_in_in_another_tab_is_known_to_the_sign_in_page_after_a_reload(
    engine: Engine,
    scheme: Scheme,
) {
    let with_naver = |builder: Builder, local: &LocalProvider| builder.provider(local.naver());
    let (shop, browser) = (
        Shop::set_up(scheme, with_naver).await,
        Browser::of(engine).await,
    );
    let first = browser.tab().await;
    browser.go(&shop.page("/pay?t=1#one")).await;
    browser.see("li a", "Login with Kakao").await;

    browser.new_tab().await;
    browser.go(&shop.page("/auth/login?provider=kakao")).await;
    browser.agrees_and_is_signed_in_at(&shop.page("/")).await;

    browser.switch(&first).await;
    browser.reload().await;
    browser.see("main p", "You are signed in already.").await;
    browser.click("a.act").await;
    browser.is_signed_in_at(&shop.page("/pay?t=1#one")).await;
}
