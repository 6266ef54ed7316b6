//! Sites with a service worker that passes page visits on.

use crate::support::{
    browser::Browser,
    engine::{Engine, in_every_engine},
    shop::{Scheme, Shop},
};

// Over https no engine takes a worker from a site whose certificate it does not know.
in_every_engine!(http: a_worker_that_passes_visits_on_costs_no_sign_in);

/// The two spellings of such a worker that show a browser's own headers or new ones.
const WORKERS: [&str; 2] = [
    "fetch(event.request)",
    "fetch(new Request(event.request, { cache: 'no-store' }))",
];

async fn a_worker_that_passes_visits_on_costs_no_sign_in(engine: Engine, scheme: Scheme) {
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
