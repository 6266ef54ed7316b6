//! Sites with a service worker that sends page visits on.

use crate::support::{
    browser::Browser,
    engine::{Engine, in_every_engine},
    shop::{Scheme, Shop},
};

// Over https, no engine accepts a service worker from a site with an unknown certificate.
in_every_engine!(http: a_worker_that_passes_page_visits_on_breaks_no_sign_in);

/// The worker sends on the browser's own request, or a new request made from it.
const WORKERS: [&str; 2] = [
    "fetch(event.request)",
    "fetch(new Request(event.request, { cache: 'no-store' }))",
];

async fn a_worker_that_passes_page_visits_on_breaks_no_sign_in(engine: Engine, scheme: Scheme) {
    for worker in WORKERS {
        let (shop, browser) = (Shop::over(scheme).await, Browser::of(engine).await);
        browser.go(&shop.page("/open")).await;
        let script = format!("/worker.js?{}", worker.replace(' ', "%20"));
        let installed = format!(
            "navigator.serviceWorker.register('{}', {{ scope: '/' }})
                .then(() => navigator.serviceWorker.ready)
                .then(() => new Promise(done => navigator.serviceWorker.controller
                    ? done()
                    : navigator.serviceWorker.addEventListener('controllerchange', () => done())))
                .then(() => true)",
            script.replace('\'', "%27")
        );
        assert_eq!(browser.eval(&installed).await, true);
        browser.signs_in_at(&shop.page("/pay?w=1")).await;
        browser.go(&shop.page("/auth/logout")).await;
        browser.see("h1", "Sign out?").await;
        browser.click("button").await;
        browser.see("h1", "You are signed out").await;
    }
}
