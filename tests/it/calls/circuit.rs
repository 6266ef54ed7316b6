//! A provider that is down is not called for ten seconds. Then one sign-in tries it again.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header::RETRY_AFTER};
use serde_json::json;
use tower_phone_auth::error::LoginErrorKind::ProviderBusy;
use tower_phone_auth_local_provider::{Endpoint, faults::Fault};

use crate::support::clients::Clients as _;
use crate::support::{
    browser::{JIWOO, Page, altered, text},
    events::Events,
    outcome::{assert_signed_in, login, refusal},
    shop::Shop,
};

fn status(status: u16) -> Fault {
    let status = StatusCode::from_u16(status).unwrap();
    Fault::json(status, &json!({}))
}

/// Makes five sign-ins fail at this endpoint.
async fn fail_five_sign_ins(shop: &Shop, endpoint: Endpoint, fault: &Fault) {
    shop.provider.fail(endpoint, fault.clone());
    for _ in 0..5 {
        let page = login(shop, []).await;
        assert!(
            ["5", "10"]
                .iter()
                .any(|rest| page.headers()[RETRY_AFTER] == *rest)
        );
        assert!(page.status().as_u16() >= 502, "{}", page.status());
    }
}

#[tokio::test]
async fn after_five_failures_a_sign_in_is_refused_at_once_with_the_time_to_wait() {
    let page = Fault::Answer {
        status: StatusCode::BAD_GATEWAY,
        content_type: Some("text/html".to_owned()),
        body: b"<!doctype html>".to_vec(),
        headers: HeaderMap::new(),
    };
    for endpoint in [Endpoint::Token, Endpoint::Profile] {
        for fault in [&status(500), &page] {
            let shop = Shop::open().await;
            let mut signed_in = shop.browser();
            signed_in.sign_in("/", JIWOO).await;
            fail_five_sign_ins(&shop, endpoint, fault).await;
            let calls = shop.provider.count(endpoint);
            for (passed, rest) in [(0, "10"), (9, "1")] {
                shop.time.pass(Duration::from_secs(passed));
                let page = login(&shop, []).await;
                assert_eq!(refusal(&page), (503, ProviderBusy, None));
                assert_eq!(page.headers()[RETRY_AFTER], rest);
            }
            assert_eq!(shop.provider.count(endpoint), calls, "nothing is sent");
            assert_eq!(text(&signed_in.visit("/").await), "+821012345678");

            shop.provider.clear_faults(endpoint);
            shop.time.pass(Duration::from_secs(1));
            assert_signed_in(&login(&shop, []).await, "ten seconds later");
            assert_signed_in(&login(&shop, []).await, "and later");
        }
    }
}

#[tokio::test]
async fn refusals_without_a_call_write_a_few_lines() {
    let events = Events::capture();
    let shop = Shop::open().await;
    fail_five_sign_ins(&shop, Endpoint::Token, &status(500)).await;
    let busy = || {
        let lines = events.audit("refusal");
        let busy = lines
            .iter()
            .filter(|line| line.field("cause") == "ProviderBusy");
        busy.count()
    };
    let before = busy();
    for _ in 0..60 {
        assert_eq!(login(&shop, []).await.status(), 503);
    }
    assert_eq!(busy() - before, 20);
}

#[tokio::test]
async fn a_failed_try_closes_the_provider_for_another_ten_seconds() {
    let shop = Shop::open().await;
    fail_five_sign_ins(&shop, Endpoint::Token, &status(500)).await;
    shop.time.pass(Duration::from_secs(10));
    assert_eq!(login(&shop, []).await.status(), 502);
    let page = login(&shop, []).await;
    assert_eq!(page.headers()[RETRY_AFTER], "10");
}

#[tokio::test]
async fn a_change_of_the_wall_clock_does_not_end_the_wait() {
    let shop = Shop::open().await;
    fail_five_sign_ins(&shop, Endpoint::Token, &status(500)).await;
    shop.provider.clear_faults(Endpoint::Token);
    shop.time.set_forward(Duration::from_secs(60));
    assert_eq!(login(&shop, []).await.status(), 503);
    shop.time.set_back(Duration::from_secs(3600));
    shop.time.pass(Duration::from_secs(10));
    assert_signed_in(&login(&shop, []).await, "ten seconds passed");
}

#[tokio::test]
async fn metadata_that_cannot_be_read_are_not_requested_for_every_visitor() {
    let provider = tower_phone_auth_local_provider::LocalProvider::start();
    let provider = provider.await.unwrap();
    let oidc = provider.oidc();
    let shop = Shop::at(provider, oidc, |builder| builder);
    shop.provider.fail(Endpoint::Discovery, status(500));
    for _ in 0..5 {
        assert_eq!(shop.browser().visit("/").await.status(), 502);
    }
    let page = shop.browser().visit("/").await;
    assert_eq!(refusal(&page), (503, ProviderBusy, None));
    assert_eq!(page.headers()[RETRY_AFTER], "10");
    assert_eq!(shop.provider.count(Endpoint::Discovery), 5);
    shop.provider.clear_faults(Endpoint::Discovery);
    shop.time.pass(Duration::from_secs(10));
    assert_signed_in(&login(&shop, []).await, "after the outage");
}

#[tokio::test]
async fn strangers_with_invented_codes_do_not_stop_other_sign_ins() {
    let shop = Shop::open().await;
    for _ in 0..20 {
        let mut stranger = shop.browser();
        let away = stranger.visit("/").await;
        let callback = stranger.act(&away, JIWOO).await;
        let page = stranger
            .visit(&altered(&callback, "code", Some("invented")))
            .await;
        assert_eq!(page.status(), 400);
    }
    assert_signed_in(&login(&shop, []).await, "after twenty strangers");
}

#[tokio::test]
async fn refusals_and_quotas_do_not_count_as_outages() {
    for code in [400, 401, 403, 404, 429] {
        let shop = Shop::open().await;
        for _ in 0..7 {
            login(&shop, [(Endpoint::Token, status(code))]).await;
        }
        assert_signed_in(&login(&shop, []).await, "after seven answers");
    }
}

async fn sign_in_at(shop: &Shop, name: &str) -> Page {
    let path = format!("/auth/login?provider={name}");
    shop.browser().come_back(&path, JIWOO).await
}

#[tokio::test]
async fn a_provider_that_is_down_does_not_stop_another_provider() {
    let shop = Shop::with_two_providers().await;
    shop.provider.fail(Endpoint::Token, status(500));
    for _ in 0..5 {
        assert_eq!(sign_in_at(&shop, "kakao").await.status(), 502);
    }
    shop.provider.clear_faults(Endpoint::Token);
    assert_eq!(sign_in_at(&shop, "kakao").await.status(), 503);
    assert_signed_in(&sign_in_at(&shop, "second").await, "the other provider");
}
