//! The page of a replica that cannot read its revocation log, and reloads itself.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tower_phone_auth::{Clock, revocation::WhenStale};

use super::check::Reader;
use crate::support::{engine::Engine, revocation_log::LogConnection, shop::Shop};

pub(super) async fn walk(engine: Engine, language: &'static str) {
    let (log, seconds) = (LogConnection::default(), Arc::new(AtomicU64::default()));
    let passed = Arc::clone(&seconds);
    let passed = move || Duration::from_secs(passed.load(Ordering::Relaxed));
    let clock = Clock::system().with_monotonic(passed);
    let shop = Shop::with(|builder, _| {
        let builder = builder.when_stale(WhenStale::FailClosed).clock(clock);
        builder.revocation_log(log.clone())
    });
    let shop = shop.await;
    let reader = Reader::new(engine, language).await;
    let browser = &reader.browser;
    browser.go(&shop.page("/orders")).await;
    browser.shows("button[value=agree]").await;
    browser.click("button[value=agree]").await;
    browser.is_signed_in_at(&shop.page("/orders")).await;
    log.cut();
    seconds.store(60, Ordering::Relaxed);
    browser.go(&shop.page("/orders")).await;
    reader.checks_reloading("the replica waits").await;
}
