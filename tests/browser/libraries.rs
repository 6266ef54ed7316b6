//! The published builds of Turbo, htmx and Inertia, in pages whose session is over: each leads the whole window to the
//! sign-in, and the user comes back.

use std::path::{Component, Path as FilePath, PathBuf};

use axum::{
    extract::Path,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::support::{browser::Browser, shop::Shop};

/// A file of the packages that `npm ci` has put there.
pub(crate) async fn file(Path(path): Path<String>) -> Response {
    let packages =
        FilePath::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/node/node_modules");
    let path = PathBuf::from(path);
    let is_below = path
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    match std::fs::read(packages.join(path)) {
        Ok(script) if is_below => ([(CONTENT_TYPE, "text/javascript")], script).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Adds a script to the open page, and this markup after it has run.
async fn adds(browser: &Browser, script: &str, markup: &str) {
    let loaded = format!(
        "new Promise((done, failed) => {{
            const script = document.createElement('script');
            script.src = {};
            script.onload = () => {{
                document.body.insertAdjacentHTML('beforeend', {});
                window.htmx?.process(document.body);
                done(true);
            }};
            script.onerror = () => done(false);
            document.head.append(script);
        }})",
        json!(format!("/lib/{script}")),
        json!(markup)
    );
    let is_loaded = browser.eval(&loaded).await;
    assert_eq!(
        is_loaded, true,
        "{script} is missing: npm ci --prefix tests/interop/node"
    );
}

/// Signs in, and is back on this page.
async fn signs_in(browser: &Browser, page: &str) {
    browser.is_asked_who_to_be().await;
    browser.agrees().await;
    browser.leaves_for(page).await;
    assert_eq!(browser.url().await, page);
}

const TURBO: &str = "@hotwired/turbo/dist/turbo.es2017-umd.js";

#[tokio::test]
async fn a_link_that_turbo_follows_leads_to_the_sign_in_and_back() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.go(&shop.page("/open")).await;
    adds(&browser, TURBO, "<a id=go href='/orders?t=1'>go</a>").await;
    browser.click("#go").await;
    signs_in(&browser, &shop.page("/orders?t=1")).await;
}

#[tokio::test]
async fn a_form_that_turbo_sends_gets_the_page_with_the_sign_in() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.go(&shop.page("/open")).await;
    let form = "<form method=post action=/pay><button id=go>go</button></form>";
    adds(&browser, TURBO, form).await;
    browser.click("#go").await;
    browser.see("main a", "Sign in").await;
    browser.click("main a").await;
    signs_in(&browser, &shop.page("/open")).await;
}

#[tokio::test]
async fn a_frame_of_turbo_gets_a_page_for_the_whole_window() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.go(&shop.page("/open")).await;
    adds(
        &browser,
        TURBO,
        "<turbo-frame id=part src=/orders></turbo-frame>",
    )
    .await;
    browser.see("main a", "Sign in").await;
    browser.click("main a").await;
    browser.is_asked_who_to_be().await;
    browser.agrees().await;
    browser.leaves_for(&shop.page("/")).await;
}

/// Versions 2 and 4, whose requests differ.
const HTMX: [&str; 2] = ["htmx-2/dist/htmx.min.js", "htmx-4/dist/htmx.min.js"];

#[tokio::test]
async fn a_part_that_htmx_loads_leads_the_window_to_the_sign_in_and_back_to_the_page() {
    for htmx in HTMX {
        let (shop, browser) = (Shop::open().await, Browser::open().await);
        browser.go(&shop.page("/open?x=1")).await;
        adds(
            &browser,
            htmx,
            "<button id=go hx-get=/orders hx-target=body>go</button>",
        )
        .await;
        browser.click("#go").await;
        signs_in(&browser, &shop.page("/open?x=1")).await;
    }
}

#[tokio::test]
async fn a_form_that_htmx_sends_leads_to_the_sign_in_and_back_to_the_page() {
    for htmx in HTMX {
        let (shop, browser) = (Shop::open().await, Browser::open().await);
        browser.go(&shop.page("/open?f=1")).await;
        let form = "<form hx-post=/pay><button id=go>go</button></form>";
        adds(&browser, htmx, form).await;
        browser.click("#go").await;
        signs_in(&browser, &shop.page("/open?f=1")).await;
    }
}

#[tokio::test]
async fn a_link_that_htmx_follows_leads_to_the_sign_in_and_to_its_own_page() {
    for htmx in HTMX {
        let (shop, browser) = (Shop::open().await, Browser::open().await);
        browser.go(&shop.page("/open")).await;
        adds(
            &browser,
            htmx,
            "<div hx-boost=true><a id=go href='/orders?b=1'>go</a></div>",
        )
        .await;
        browser.click("#go").await;
        signs_in(&browser, &shop.page("/orders?b=1")).await;
    }
}

/// Begins Inertia's router on the open page.
async fn inertia(browser: &Browser) {
    let imports = json!({ "imports": {
        "@inertiajs/core": "/lib/@inertiajs/core/dist/index.js",
        "es-toolkit": "/lib/es-toolkit/dist/index.mjs",
        "es-toolkit/compat": "/lib/es-toolkit/dist/compat/index.mjs",
        "laravel-precognition": "/lib/laravel-precognition/dist/index.js",
    } });
    let begun = format!(
        "(() => {{
            const map = document.createElement('script');
            map.type = 'importmap';
            map.textContent = {};
            document.head.append(map);
            return import('@inertiajs/core').then(({{ router }}) => {{
                router.init({{
                    initialPage: {{ component: 'Open', props: {{}}, url: location.pathname, version: '1' }},
                    resolveComponent: () => ({{}}),
                    swapComponent: () => Promise.resolve(),
                }});
                window.router = router;
                return true;
            }}).catch(error => String(error));
        }})()",
        json!(imports.to_string())
    );
    assert_eq!(
        browser.eval(&begun).await,
        true,
        "npm ci --prefix tests/interop/node"
    );
}

#[tokio::test]
async fn a_visit_of_inertia_leads_to_the_sign_in_and_to_its_page() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.go(&shop.page("/open")).await;
    inertia(&browser).await;
    browser.eval("(router.visit('/orders?i=1'), true)").await;
    signs_in(&browser, &shop.page("/orders?i=1")).await;
}

#[tokio::test]
async fn a_form_of_inertia_leads_to_the_sign_in_and_back_to_the_page() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.go(&shop.page("/open")).await;
    inertia(&browser).await;
    browser.eval("(router.post('/pay', { a: 1 }), true)").await;
    signs_in(&browser, &shop.page("/open")).await;
}
