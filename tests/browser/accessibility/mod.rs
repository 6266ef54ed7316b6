//! All pages with axe-core, in three engines: light and dark, by the Tab key, and in Chromium at
//! several widths.
//!
//! With `BROWSER_TESTS=full`, as in `.ci/release`, the pages are checked in all languages, and the
//! refusals of all causes. WebKit has the language of the system alone.

use crate::support::{
    engine::{Engine, in_every_engine},
    shop::Scheme,
};

mod check;
mod refusals;
mod refuser;
mod unread;
mod walks;

in_every_engine!(http:
    pages_around_a_sign_in,
    pages_of_refused_sign_ins,
    pages_of_forms,
    pages_of_the_phone_step,
    the_page_of_a_replica_that_waits,
);

/// Whether each page is checked in all languages.
fn is_full() -> bool {
    std::env::var("BROWSER_TESTS").is_ok_and(|tests| tests == "full")
}

/// The languages in which this engine checks the pages.
fn languages(engine: Engine) -> &'static [&'static str] {
    match engine {
        Engine::WebKit => &["en"],
        _ if is_full() => &["en", "ko", "ja", "zh", "zh-Hant"],
        Engine::Chromium => &["en", "ko"],
        Engine::Firefox => &["ko"],
    }
}

async fn pages_around_a_sign_in(engine: Engine, _: Scheme) {
    for language in languages(engine) {
        walks::sign_in(engine, language).await;
    }
}

async fn pages_of_refused_sign_ins(engine: Engine, _: Scheme) {
    for language in languages(engine) {
        refusals::walk(engine, language).await;
    }
}

async fn pages_of_forms(engine: Engine, _: Scheme) {
    for language in languages(engine) {
        walks::forms(engine, language).await;
    }
}

async fn pages_of_the_phone_step(engine: Engine, _: Scheme) {
    for language in languages(engine) {
        walks::phone_step(engine, language).await;
    }
}

async fn the_page_of_a_replica_that_waits(engine: Engine, _: Scheme) {
    for language in languages(engine) {
        unread::walk(engine, language).await;
    }
}
