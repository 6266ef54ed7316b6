//! Protected pages in a frame of another page, and links to files.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use tower_phone_auth::{
    Builder,
    hooks::{Cause, Reason},
};

use crate::support::{
    browser::Browser,
    engine::{Engine, in_every_engine},
    shop::{Scheme, Shop},
};

in_every_engine!(
    a_frame_without_a_session_leads_the_window_to_the_sign_in,
    a_link_to_a_file_leads_to_the_sign_in,
);

in_every_engine!(http: a_frame_of_another_site_shows_nothing_of_this_one);

/// Opens a page, adds a frame with another page, and enters the frame.
async fn frames(browser: &Browser, page: &str, framed: &str) {
    browser.go(page).await;
    let frame = format!("<iframe src=\"{framed}\" width=600 height=300></iframe>");
    let added = format!(
        "new Promise(done => {{
            document.body.insertAdjacentHTML('beforeend', '{frame}');
            document.querySelector('iframe').addEventListener('load', () => done(true));
        }})"
    );
    browser.eval(&added).await;
    browser.enters_the_frame().await;
}

async fn a_frame_without_a_session_leads_the_window_to_the_sign_in(engine: Engine, scheme: Scheme) {
    let (shop, browser) = (Shop::over(scheme).await, Browser::of(engine).await);
    frames(&browser, &shop.page("/open"), "/pay?f=1").await;
    browser.see("h1", "Please sign in").await;
    browser.click("a").await;
    browser.leaves_the_frame().await;
    browser.is_asked_who_to_be().await;
    browser.agrees().await;
    browser.see("body", "Welcome").await;

    frames(&browser, &shop.page("/open"), "/pay?f=1").await;
    browser.see("h1", "+821012345678").await;
}

/// Firefox and WebKit send no cookies from this frame. Chromium does, as both are one site, but
/// the page forbids frames.
async fn a_frame_of_another_site_shows_nothing_of_this_one(engine: Engine, scheme: Scheme) {
    let (shop, browser) = (Shop::over(scheme).await, Browser::of(engine).await);
    let other = Shop::over(scheme).await;
    let elsewhere = other.page("/open").replace("localhost", "127.0.0.1");
    frames(&browser, &elsewhere, &shop.page("/auth/logout")).await;
    assert!(browser.text("button").await.is_err());
}

/// For a link with `download`, Chromium sends a request that is no page visit. Firefox and WebKit
/// visit the page and save it.
async fn a_link_to_a_file_leads_to_the_sign_in(engine: Engine, scheme: Scheme) {
    let refused = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&refused);
    let counting = move |builder: Builder, _: &_| {
        builder.on_failure(move |failure| {
            if matches!(failure.cause, Cause::Request(Reason::NoSession)) {
                counted.fetch_add(1, Ordering::Relaxed);
            }
            None
        })
    };
    let (shop, browser) = (
        Shop::set_up(scheme, counting).await,
        Browser::of(engine).await,
    );
    let links = "<a id=saved href=/file download>save</a> <a id=file href=/file>open</a>";
    let added = format!("document.body.insertAdjacentHTML('beforeend', '{links}')");
    browser.go(&shop.page("/open")).await;
    browser.eval(&added).await;
    if engine == Engine::Chromium {
        browser.click("#saved").await;
        browser
            .waits_for(async || refused.load(Ordering::Relaxed) > 0)
            .await;
        browser.see("h1", "Welcome").await;
    }
    browser.click("#file").await;
    browser.is_asked_who_to_be().await;
    browser.agrees().await;
    browser.waits_for(async || shop.files_served() > 0).await;
}
