//! Answers of 100 MB take no memory. This is a separate process, because it reads its own peak.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;

use axum::{Router, routing::get};
use futures_util::future::join_all;
use http::StatusCode;
use tower_phone_auth::{OAuthLayer, SessionKey, VerifiedUser, provider::Provider};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Par, faults::Fault};

/// A part of the support of `tests/it`.
#[allow(dead_code)]
#[path = "../it/support/browser.rs"]
mod browser;
/// Shared with `tests/it`.
#[path = "../it/support/clients.rs"]
mod clients;

use browser::{Browser, JIWOO};
use clients::Clients as _;

const ORIGIN: &str = "http://127.0.0.1:3000";
const HUGE: usize = 100_000_000;
/// The number of simultaneous browsers.
const BROWSERS: usize = 8;
/// Enough for 8 answers of at most 256 KiB, a debug build around them, and allocator overhead.
const MOST_KIB: usize = 32 * 1024;

type Client = fn(&LocalProvider) -> Provider;

const ROWS: [(Client, Endpoint); 12] = [
    (|local| local.oidc().into(), Endpoint::Discovery),
    (|local| local.oidc().into(), Endpoint::Pushed),
    (|local| local.oidc().into(), Endpoint::Token),
    (|local| local.oidc().into(), Endpoint::Keys),
    (|local| local.oidc().into(), Endpoint::Profile),
    (|local| local.kakao().into(), Endpoint::Token),
    (|local| local.kakao().into(), Endpoint::Profile),
    (|local| local.naver().into(), Endpoint::Token),
    (|local| local.naver().into(), Endpoint::Profile),
    (|local| local.google().into(), Endpoint::Token),
    (|local| local.google().into(), Endpoint::Keys),
    (|local| local.google().into(), Endpoint::Profile),
];

/// The peak memory of this process, in KiB.
fn peak() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let digits = line.unwrap().split_whitespace().nth(1).unwrap();
    digits.parse().unwrap()
}

fn app(client: impl Into<Provider>) -> Router {
    let layer = OAuthLayer::builder()
        .public_url(ORIGIN)
        .session_key(SessionKey::random())
        .provider(client)
        .build()
        .unwrap();
    let phone = |VerifiedUser { phone, .. }: VerifiedUser| async move { phone.to_string() };
    Router::new().route("/", get(phone)).layer(layer)
}

async fn sign_in(app: &Router) -> StatusCode {
    let mut browser = Browser::new(app.clone(), ORIGIN);
    let away = browser.visit("/").await;
    if away.status() != StatusCode::SEE_OTHER {
        return away.status();
    }
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await.status()
}

#[tokio::test]
async fn answers_of_a_hundred_megabytes_take_no_memory() {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| settings.oidc.par = Par::Required);
    // The first sign-in allocates the memory that every process needs: keys, tables, connections.
    let warm = app(provider.oidc());
    join_all((0..BROWSERS).map(|_| sign_in(&warm))).await;
    for (client, endpoint) in ROWS {
        let app = app(client(&provider));
        let before = peak();
        provider.fail(endpoint, Fault::Huge(HUGE));
        let answers = join_all((0..BROWSERS).map(|_| sign_in(&app))).await;
        provider.clear_faults(endpoint);
        assert!(
            answers.iter().all(|status| *status == 502),
            "{endpoint:?} {answers:?}"
        );
        let grown = peak() - before;
        assert!(grown < MOST_KIB, "{endpoint:?}: {grown} KiB more");
        assert_eq!(sign_in(&app).await, 303, "{endpoint:?}");
    }
}
