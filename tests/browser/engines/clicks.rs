//! Double clicks, Back in the middle of a sign-in, and prefetched pages.

use tower_phone_auth::Builder;
use tower_phone_auth_local_provider::{LocalProvider, Person};

use crate::support::clients::Clients as _;
use crate::support::{
    browser::Browser,
    engine::{Engine, in_every_engine},
    shop::{Scheme, Shop},
};

in_every_engine!(
    a_double_click_on_each_button_ends_on_the_page_asked_for,
    back_in_the_middle_and_another_provider_ends_on_the_page_asked_for,
);

in_every_engine!(http: a_prefetched_page_breaks_no_sign_in);

fn with_naver(builder: Builder, local: &LocalProvider) -> Builder {
    builder.provider(local.naver())
}

async fn a_double_click_on_each_button_ends_on_the_page_asked_for(engine: Engine, scheme: Scheme) {
    let (shop, browser) = (
        Shop::set_up(scheme, with_naver).await,
        Browser::of(engine).await,
    );
    browser.go(&shop.page("/pay?d=2")).await;
    browser.see("h1", "Sign in").await;
    browser.double_clicks("a[href*='provider=kakao']").await;
    browser.is_asked_who_to_be().await;
    // The second click may have chosen another account on the provider's page.
    browser.chooses(Person::WITH_PHONE).await;
    browser.double_clicks("button[value=agree]").await;
    browser.is_signed_in_at(&shop.page("/pay?d=2")).await;
}

async fn back_in_the_middle_and_another_provider_ends_on_the_page_asked_for(
    engine: Engine,
    scheme: Scheme,
) {
    let (shop, browser) = (
        Shop::set_up(scheme, with_naver).await,
        Browser::of(engine).await,
    );
    browser.go(&shop.page("/pay?b=3")).await;
    browser.see("h1", "Sign in").await;
    browser.click("a[href*='provider=kakao']").await;
    browser.is_asked_who_to_be().await;
    browser.back().await;
    browser.see("h1", "Sign in").await;
    browser.click("a[href*='provider=naver']").await;
    browser
        .agrees_and_is_signed_in_at(&shop.page("/pay?b=3"))
        .await;
}

/// The page is loaded by `rel=prefetch` and by Chromium's speculation rules.
async fn a_prefetched_page_breaks_no_sign_in(engine: Engine, scheme: Scheme) {
    let (shop, browser) = (Shop::over(scheme).await, Browser::of(engine).await);
    let page = shop.page("/pay?p=4");
    browser.go(&shop.page("/open")).await;
    let prefetch = format!(
        "(() => {{
            const link = document.head.appendChild(document.createElement('link'));
            Object.assign(link, {{ rel: 'prefetch', href: '{page}' }});
            const rules = document.createElement('script');
            rules.type = 'speculationrules';
            rules.textContent = JSON.stringify({{ prerender: [{{ urls: ['{page}'], eagerness: 'immediate' }}] }});
            document.head.append(rules);
            document.body.insertAdjacentHTML('beforeend', '<a id=go href=\"{page}\">go</a>');
            return new Promise(done => setTimeout(() => done(true), 500));
        }})()"
    );
    browser.eval(&prefetch).await;
    browser.click("#go").await;
    browser.agrees_and_is_signed_in_at(&page).await;
}
