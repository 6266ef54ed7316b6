//! Requests of other sites and of scripts, and forms that are saved during a sign-in.

use std::time::Duration;

use crate::support::{
    browser::Browser,
    engine::{Engine, in_every_engine},
    provider_page::PHONE,
    shop::{Scheme, Shop},
};

in_every_engine!(http:
    a_link_from_another_site_opens_the_page_with_the_session,
    a_form_of_another_site_signs_no_user_out,
    a_form_of_another_site_opens_no_protected_page,
    a_script_gets_401_without_a_session_and_the_answer_with_one,
    a_form_whose_sign_in_was_cancelled_once_is_offered_after_the_next,
    a_form_that_stood_open_longer_than_the_session_is_offered_after_the_sign_in,
);

/// Opens a page of another site, and adds the markup.
async fn on_another_site(browser: &Browser, markup: &str) -> Shop {
    let other = Shop::open().await;
    let page = other.page("/open").replace("localhost", "127.0.0.1");
    browser.go(&page).await;
    let added = format!("document.body.insertAdjacentHTML('beforeend', `{markup}`)");
    browser.eval(&added).await;
    other
}

async fn a_link_from_another_site_opens_the_page_with_the_session(engine: Engine, scheme: Scheme) {
    let (shop, browser) = (Shop::over(scheme).await, Browser::of(engine).await);
    browser.signs_in_at(&shop.page("/orders")).await;
    let page = shop.page("/pay?l=1");
    let _other = on_another_site(&browser, &format!("<a id=go href='{page}'>go</a>")).await;
    browser.click("#go").await;
    browser.is_signed_in_at(&page).await;
}

async fn a_form_of_another_site_signs_no_user_out(engine: Engine, scheme: Scheme) {
    let (shop, browser) = (Shop::over(scheme).await, Browser::of(engine).await);
    browser.signs_in_at(&shop.page("/orders")).await;
    let form = format!(
        "<form method=post action='{}'><button id=go>go</button></form>",
        shop.page("/auth/logout")
    );
    let _other = on_another_site(&browser, &form).await;
    browser.click("#go").await;
    browser.waits_for_url(&shop.page("/auth/logout")).await;
    browser.go(&shop.page("/orders")).await;
    browser.is_signed_in_at(&shop.page("/orders")).await;
}

async fn a_form_of_another_site_opens_no_protected_page(engine: Engine, scheme: Scheme) {
    let (shop, browser) = (Shop::over(scheme).await, Browser::of(engine).await);
    browser.signs_in_at(&shop.page("/orders")).await;
    let form = format!(
        "<form method=post action='{}'><input name=item value=1><button id=go>go</button></form>",
        shop.page("/order")
    );
    let _other = on_another_site(&browser, &form).await;
    browser.click("#go").await;
    browser.see("h1", "Please continue on this site").await;
    browser.click("a.act").await;
    browser.see("h1", "Order").await;
}

async fn a_script_gets_401_without_a_session_and_the_answer_with_one(
    engine: Engine,
    scheme: Scheme,
) {
    const ASKS: &str =
        "fetch('/orders').then(answer => answer.text().then(text => answer.status + ' ' + text))";
    let (shop, browser) = (Shop::over(scheme).await, Browser::of(engine).await);
    browser.go(&shop.page("/open")).await;
    let refused = browser.eval(ASKS).await.as_str().unwrap().to_owned();
    assert!(
        refused.starts_with("401 {") && refused.contains("no_session"),
        "{refused}"
    );
    browser.signs_in_at(&shop.page("/orders")).await;
    let answer = browser.eval(ASKS).await.as_str().unwrap().to_owned();
    assert!(
        answer.starts_with("200 ") && answer.contains(PHONE),
        "{answer}"
    );
}

async fn a_form_whose_sign_in_was_cancelled_once_is_offered_after_the_next(
    engine: Engine,
    scheme: Scheme,
) {
    let shop = Shop::set_up(scheme, |builder, _| builder.save_forms()).await;
    let browser = Browser::of(engine).await;
    browser.go(&shop.page("/order")).await;
    browser.click("form button").await;
    browser.is_asked_who_to_be().await;
    browser.cancels().await;
    browser.see("h1", "The sign-in was cancelled").await;
    browser.click("a.act").await;
    browser.is_asked_who_to_be().await;
    browser.agrees().await;
    browser.see("h1", "Send your form?").await;
    browser.click("form button").await;
    browser.see("p", "item=2").await;
}

async fn a_form_that_stood_open_longer_than_the_session_is_offered_after_the_sign_in(
    engine: Engine,
    scheme: Scheme,
) {
    let shop = Shop::set_up(scheme, |builder, _| builder.save_forms()).await;
    let browser = Browser::of(engine).await;
    browser.signs_in_at(&shop.page("/orders")).await;
    browser.go(&shop.page("/order")).await;
    shop.pass(Duration::from_secs(60 * 60 * 24 * 60));
    browser.click("form button").await;
    browser.is_asked_who_to_be().await;
    browser.agrees().await;
    browser.see("h1", "Send your form?").await;
    browser.click("form button").await;
    browser.see("p", "item=2").await;
}
