//! The ways through the pages.

use tower_phone_auth::{Site, Text};
use tower_phone_auth_local_provider::Person;

use super::check::Reader;
use crate::support::{clients::Clients as _, engine::Engine, example::Example, shop::Shop};

/// Pages of the layer with the name and the links of a site.
pub(super) async fn sign_in(engine: Engine, language: &'static str) {
    let site = || {
        let site = Site::new(Text::en("Moon Shop").ko("달상점"));
        site.accent("#5b2be0").terms("/open").privacy("/open")
    };
    let shop = Shop::with(|builder, local| {
        let builder = builder.provider(local.naver()).provider(local.google());
        builder.provider(local.oidc()).site(site())
    });
    let shop = shop.await;
    let reader = Reader::new(engine, language).await;
    let browser = &reader.browser;
    browser.go(&shop.page("/orders")).await;
    reader.checks("sign-in", "a.naver").await;
    browser.click("a.naver").await;
    reader
        .checks_two("the provider", "button[value=agree]")
        .await;
    browser.click("button[value=agree]").await;
    browser.is_signed_in_at(&shop.page("/orders")).await;
    browser.go(&shop.page("/auth/login")).await;
    reader.checks("signed in already", "p.more").await;
    another_site_asks_for_a_sign_in(&reader, &shop).await;
    browser.go(&shop.page("/auth/logout")).await;
    reader.checks("sign out?", "form button").await;
    browser.go(&shop.page("/auth/logout?everywhere")).await;
    reader.checks("sign out everywhere?", "form button").await;
    browser.click("form button").await;
    reader
        .checks("signed out", "nav a[href*='/auth/login']")
        .await;
    browser.go(&shop.page("/orders")).await;
    reader.checks("sign-in with a badge", "a.naver small").await;
    browser.go(&shop.page("/auth/nothing")).await;
    reader.checks("missing", "nav a.act").await;
}

async fn another_site_asks_for_a_sign_in(reader: &Reader, shop: &Shop) {
    let (browser, other) = (&reader.browser, Shop::open().await);
    let elsewhere = other.page("/open").replace("localhost", "127.0.0.1");
    browser.go(&elsewhere).await;
    let login = shop.page("/auth/login?provider=naver");
    let link = format!("<a id=go href='{login}'>go</a>");
    let added = format!("document.body.insertAdjacentHTML('beforeend', `{link}`)");
    browser.eval(&added).await;
    browser.click("#go").await;
    reader
        .checks("sign in again?", "nav a[href*='/auth/login']")
        .await;
}

/// Forms without a session: not taken, and saved. A page in a frame.
pub(super) async fn forms(engine: Engine, language: &'static str) {
    let reader = Reader::new(engine, language).await;
    let browser = &reader.browser;
    let shop = Shop::open().await;
    browser.go(&shop.page("/order")).await;
    browser.click("form button").await;
    reader
        .checks("a form that was not taken", "a[target=_blank]")
        .await;
    browser.go(&shop.page("/open")).await;
    let frame = "document.body.insertAdjacentHTML('beforeend', '<iframe src=/orders width=600 height=500></iframe>')";
    browser.eval(frame).await;
    browser.shows("iframe").await;
    browser.enters_the_frame().await;
    browser.shows("a[target=_top]").await;
    browser.leaves_the_frame().await;

    let shop = Shop::with(|builder, _| builder.save_forms()).await;
    send_and_sign_in(&reader, &shop).await;
    browser.click("summary").await;
    reader.checks("a saved form", "details[open]").await;
    let offer = browser.url().await;
    browser.click("form button").await;
    browser.see("p", "item=tea").await;
    browser.go(&offer).await;
    reader.checks("a form that was sent", "nav a.act").await;
    browser.go(&shop.page("/auth/logout")).await;
    browser.click("form button").await;
    browser.shows("nav a[href*='/auth/login']").await;

    send_and_sign_in(&reader, &shop).await;
    let offer = browser.url().await;
    browser.click("button.plain").await;
    browser.see("h1", "Order").await;
    browser.go(&offer).await;
    reader
        .checks("a form that was discarded", "nav a.act")
        .await;
    browser
        .go(&shop.page("/auth/form?id=AAAAAAAAAAAAAAAAAAAAAA"))
        .await;
    reader.checks("a form that is not kept", "nav a.act").await;
}

async fn send_and_sign_in(reader: &Reader, shop: &Shop) {
    let browser = &reader.browser;
    browser.go(&shop.page("/order")).await;
    browser.click("form button").await;
    browser.shows("button[value=agree]").await;
    browser.click("button[value=agree]").await;
    browser.shows("button.plain").await;
}

/// The phone step, the inbox, and the pages of the example.
pub(super) async fn phone_step(engine: Engine, language: &'static str) {
    let example = Example::start(&[("SITE_NAME", "Shop"), ("OAUTH_PROVIDER", "local")]).await;
    let reader = Reader::new(engine, language).await;
    let browser = &reader.browser;
    browser.go(&example.page("/")).await;
    browser.shows("button[value=agree]").await;
    browser.chooses(Person::WITHOUT_PHONE).await;
    browser.click("button[value=agree]").await;
    reader.checks("the number", "#number").await;
    browser.writes("#number", "02-123-4567").await;
    browser.click("button").await;
    reader
        .checks("a number that does not fit", "#number[aria-invalid]")
        .await;
    browser.writes("#number", "010-2345-6789").await;
    browser.click("button").await;
    reader.checks("the code", "#code").await;
    let inbox = browser.link("a[target=_blank][href*=inbox]").await;
    browser.writes("#code", "12").await;
    browser.click("button").await;
    reader
        .checks("a code that is none", "#code[aria-invalid]")
        .await;
    browser.click("button.plain").await;
    reader.checks("too early", "#code[aria-invalid]").await;
    browser.go(&example.page("/auth/phone")).await;
    reader.checks("the number again", "#number").await;
    browser.go(&inbox).await;
    reader.checks_two("the inbox", ".message").await;
    let code = browser.text(".message p").await.unwrap();
    let code = crate::phone::code_in(&code);
    browser.go(&example.page("/auth/phone/code")).await;
    browser.writes("#code", &code).await;
    browser.click("button").await;
    reader.checks_two("the example", "p.number").await;
    browser.go(&example.page("/pay")).await;
    reader.checks_two("the example's payment", "h1").await;
}
