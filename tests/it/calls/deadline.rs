//! One deadline for all calls of a callback or a page visit.

use std::time::Duration;

use tokio::time::Instant;
use tower_phone_auth::error::LoginErrorKind::ProviderTimeout;

use super::canned::{Canned, app, come_back, kakao, oidc, visit};
use crate::support::outcome::{assert_signed_in, refusal};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test(start_paused = true)]
async fn all_calls_of_a_callback_have_ten_seconds_together() {
    let app = app(kakao(), &Canned::after(seconds(7)), |builder| builder);
    let start = Instant::now();
    let page = come_back(&app).await;
    assert_eq!(refusal(&page), (504, ProviderTimeout, None));
    assert_eq!(start.elapsed().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn slow_calls_within_the_deadline_sign_in() {
    let app = app(kakao(), &Canned::after(seconds(4)), |builder| builder);
    assert_signed_in(&come_back(&app).await, "eight seconds");
}

#[tokio::test(start_paused = true)]
async fn the_setting_limits_all_calls_of_the_callback_together() {
    for (limit, signs_in) in [(7, false), (9, true)] {
        let limit = Duration::from_secs(limit);
        let app = app(kakao(), &Canned::after(seconds(4)), |builder| {
            builder.provider_timeout(limit)
        });
        let start = Instant::now();
        assert_eq!(come_back(&app).await.status() == 303, signs_in);
        assert_eq!(start.elapsed(), limit.min(Duration::from_secs(8)));
    }
}

#[tokio::test(start_paused = true)]
async fn metadata_and_a_pushed_request_have_ten_seconds_together() {
    let app = app(oidc(), &Canned::after(seconds(7)), |builder| builder);
    let start = Instant::now();
    let page = visit(&app, "/", "").await;
    assert_eq!(refusal(&page), (504, ProviderTimeout, None));
    assert_eq!(start.elapsed().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_visit_that_waits_for_the_fetch_of_another_has_its_own_deadline() {
    let app = app(oidc(), &Canned::default(), |builder| builder);
    let visits = (0..3u64).map(|index| {
        let app = &app;
        async move {
            tokio::time::sleep(Duration::from_secs(index * 3)).await;
            let start = Instant::now();
            let page = visit(app, "/", "").await;
            assert_eq!(page.status(), 504);
            assert_eq!(start.elapsed().as_secs(), 10, "{index}");
        }
    });
    futures_util::future::join_all(visits).await;
}

#[tokio::test(start_paused = true)]
async fn the_longest_possible_timeout_overflows_no_clock() {
    let client = Canned::after(seconds(1));
    let app = app(kakao(), &client, |builder| {
        builder.provider_timeout(Duration::MAX)
    });
    assert_signed_in(&come_back(&app).await, "no limit");
}
