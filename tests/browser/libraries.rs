//! The published builds of Turbo, htmx and Inertia, in pages whose session has ended.
//! Each of them leads the whole window to the sign-in, and the user comes back.

use std::path::{Component, Path as FilePath, PathBuf};

use axum::{
    extract::Path,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::support::{browser::Browser, shop::Shop};

/// Serves a file of the packages that `npm ci` installs.
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

/// Loads a script into the open page, then adds the markup.
async fn add(browser: &Browser, script: &str, markup: &str) {
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

/// A browser at an open page of a new shop.
async fn browser_at(path: &str) -> (Shop, Browser) {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.go(&shop.page(path)).await;
    (shop, browser)
}

/// Signs in at the provider, and waits for the page to which that leads.
async fn sign_in_leads_to(browser: &Browser, page: &str) {
    browser.is_asked_who_to_be().await;
    browser.agrees().await;
    browser.waits_for_url(page).await;
    assert_eq!(browser.url().await, page);
}

/// Adds the markup to the page `start`, and clicks the element `#go`. The sign-in leads to `end`.
async fn click_signs_in(library: &str, start: &str, markup: &str, end: &str) {
    let (shop, browser) = browser_at(start).await;
    add(&browser, library, markup).await;
    browser.click("#go").await;
    sign_in_leads_to(&browser, &shop.page(end)).await;
}

const TURBO: &str = "@hotwired/turbo/dist/turbo.es2017-umd.js";

#[tokio::test]
async fn a_link_that_turbo_follows_leads_to_the_sign_in_and_back() {
    let link = "<a id=go href='/orders?t=1'>go</a>";
    click_signs_in(TURBO, "/open", link, "/orders?t=1").await;
}

#[tokio::test]
async fn a_form_that_turbo_sends_gets_the_page_with_the_sign_in() {
    let (shop, browser) = browser_at("/open").await;
    let form = "<form method=post action=/pay><button id=go>go</button></form>";
    add(&browser, TURBO, form).await;
    browser.click("#go").await;
    browser.see("main a", "Sign in").await;
    browser.click("main a").await;
    sign_in_leads_to(&browser, &shop.page("/open")).await;
}

#[tokio::test]
async fn a_frame_of_turbo_gets_a_page_for_the_whole_window() {
    let (shop, browser) = browser_at("/open").await;
    let frame = "<turbo-frame id=part src=/orders></turbo-frame>";
    add(&browser, TURBO, frame).await;
    browser.see("main a", "Sign in").await;
    browser.click("main a").await;
    browser.is_asked_who_to_be().await;
    browser.agrees().await;
    browser.waits_for_url(&shop.page("/")).await;
}

/// Versions 2 and 4 send different requests.
const HTMX: [&str; 2] = ["htmx-2/dist/htmx.min.js", "htmx-4/dist/htmx.min.js"];

#[tokio::test]
async fn a_part_that_htmx_loads_leads_the_window_to_the_sign_in_and_back_to_the_page() {
    let button = "<button id=go hx-get=/orders hx-target=body>go</button>";
    for htmx in HTMX {
        click_signs_in(htmx, "/open?x=1", button, "/open?x=1").await;
    }
}

#[tokio::test]
async fn a_form_that_htmx_sends_leads_to_the_sign_in_and_back_to_the_page() {
    let form = "<form hx-post=/pay><button id=go>go</button></form>";
    for htmx in HTMX {
        click_signs_in(htmx, "/open?f=1", form, "/open?f=1").await;
    }
}

#[tokio::test]
async fn a_link_that_htmx_follows_leads_to_the_sign_in_and_to_its_own_page() {
    let link = "<div hx-boost=true><a id=go href='/orders?b=1'>go</a></div>";
    for htmx in HTMX {
        click_signs_in(htmx, "/open", link, "/orders?b=1").await;
    }
}

/// Starts Inertia's router on the open page.
async fn start_inertia(browser: &Browser) {
    let imports = json!({ "imports": {
        "@inertiajs/core": "/lib/@inertiajs/core/dist/index.js",
        "es-toolkit": "/lib/es-toolkit/dist/index.mjs",
        "es-toolkit/compat": "/lib/es-toolkit/dist/compat/index.mjs",
        "laravel-precognition": "/lib/laravel-precognition/dist/index.js",
    } });
    let start = format!(
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
        browser.eval(&start).await,
        true,
        "Inertia is missing: npm ci --prefix tests/interop/node"
    );
}

#[tokio::test]
async fn a_visit_of_inertia_leads_to_the_sign_in_and_to_its_page() {
    let (shop, browser) = browser_at("/open").await;
    start_inertia(&browser).await;
    browser.eval("(router.visit('/orders?i=1'), true)").await;
    sign_in_leads_to(&browser, &shop.page("/orders?i=1")).await;
}

#[tokio::test]
async fn a_form_of_inertia_leads_to_the_sign_in_and_back_to_the_page() {
    let (shop, browser) = browser_at("/open").await;
    start_inertia(&browser).await;
    browser.eval("(router.post('/pay', { a: 1 }), true)").await;
    sign_in_leads_to(&browser, &shop.page("/open")).await;
}
