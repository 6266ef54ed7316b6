//! A flood of callbacks makes a limited number of calls. The others are answered 503.

use std::{sync::atomic::Ordering, time::Duration};

use futures_util::future::join_all;
use http::header::RETRY_AFTER;
use tokio::time::Instant;
use tower_phone_auth::{OAuthLayer, SessionKey, error::LoginErrorKind::ProviderBusy};

use super::canned::{Canned, app, come_back, kakao, oidc, visit};
use crate::support::{browser::Page, outcome::refusal, shop::ORIGIN};

fn count_busy_answers(pages: &[Page]) -> usize {
    let busy = pages.iter().filter(|page| page.status() == 503);
    busy.inspect(|page| {
        assert_eq!(refusal(page), (503, ProviderBusy, None));
        assert_eq!(page.headers()[RETRY_AFTER], "2");
    })
    .count()
}

/// An eighth of the calls is kept for events, so 56 of 64 are left for callbacks.
#[tokio::test(start_paused = true)]
async fn a_flood_of_invented_codes_has_at_most_64_open_calls() {
    let client = Canned::default();
    let app = app(kakao(), &client, |builder| builder);
    let start = Instant::now();
    let pages = join_all((0..500).map(|_| come_back(&app))).await;
    assert!(client.peak.load(Ordering::SeqCst) <= 64);
    assert_eq!(count_busy_answers(&pages), 444);
    assert_eq!(start.elapsed(), Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn the_number_of_open_calls_is_a_setting() {
    let client = Canned::default();
    let app = app(kakao(), &client, |builder| builder.provider_concurrency(8));
    let pages = join_all((0..40).map(|_| come_back(&app))).await;
    assert_eq!(client.peak.load(Ordering::SeqCst), 7);
    assert_eq!(count_busy_answers(&pages), 33);
}

#[tokio::test(start_paused = true)]
async fn a_flood_that_is_answered_soon_refuses_no_callback() {
    let client = Canned::after(Duration::from_millis(100));
    let app = app(kakao(), &client, |builder| builder);
    let pages = join_all((0..200).map(|_| come_back(&app))).await;
    assert_eq!(count_busy_answers(&pages), 0);
    assert!(client.peak.load(Ordering::SeqCst) <= 64);
}

#[tokio::test(start_paused = true)]
async fn page_visits_with_pushed_requests_are_limited_too() {
    let client = Canned::after(Duration::from_secs(3));
    let app = app(oidc(), &client, |builder| builder);
    visit(&app, "/", "").await;
    let pages = join_all((0..300).map(|_| visit(&app, "/", ""))).await;
    assert!(client.peak.load(Ordering::SeqCst) <= 64);
    assert_eq!(count_busy_answers(&pages), 244);
}

#[test]
fn fewer_than_two_calls_are_refused_at_build() {
    for calls in [0, 1] {
        let builder = OAuthLayer::builder()
            .public_url(ORIGIN)
            .session_key(SessionKey::random())
            .provider(kakao())
            .provider_concurrency(calls);
        assert_eq!(
            builder.build().unwrap_err().setting(),
            "provider_concurrency"
        );
    }
}
