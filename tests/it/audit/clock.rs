//! A clock difference is logged in seconds, once for each provider, even if everything is accepted.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header};
use tower_phone_auth::provider::Provider;
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, faults::Fault};

use crate::support::clients::Clients as _;
use crate::support::{
    browser::JIWOO,
    events::{Events, Line},
    shop::Shop,
};

async fn open(client: impl FnOnce(&LocalProvider) -> Provider) -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    let client = client(&provider);
    Shop::at(provider, client, |builder| builder)
}

fn seconds(lines: &[Line]) -> Vec<i64> {
    let seconds = lines.iter().map(|line| line.field("difference_s"));
    seconds.map(|text| text.parse().unwrap()).collect()
}

/// The log lines of `sign_ins` sign-ins while our clock is `ahead` by this many seconds.
async fn lines(shop: &Shop, ahead: i64, sign_ins: usize) -> Vec<Line> {
    let by = Duration::from_secs(ahead.unsigned_abs());
    if ahead < 0 {
        shop.time.set_back(by);
    } else {
        shop.time.set_forward(by);
    }
    let events = Events::capture();
    for _ in 0..sign_ins {
        shop.browser().come_back("/", JIWOO).await;
    }
    events.audit("clock_difference")
}

#[tokio::test]
async fn the_date_of_an_answer_shows_the_difference_at_every_provider() {
    let clients: [fn(&LocalProvider) -> Provider; 4] = [
        |provider| provider.kakao().into(),
        |provider| provider.naver().into(),
        |provider| provider.google().into(),
        |provider| provider.oidc().into(),
    ];
    for client in clients {
        for ahead in [90, -90, 600, -3600, 9 * 3600] {
            let lines = lines(&open(client).await, ahead, 5).await;
            let seconds = seconds(&lines);
            assert_eq!(seconds.len(), 1, "{lines:?}");
            assert!(seconds[0].abs_diff(-ahead) <= 15, "{lines:?}");
            assert_eq!(lines[0].field("host"), "127.0.0.1");
            assert_eq!(lines[0].field("shown_by"), "Date");
            assert_eq!(lines[0].level, tracing::Level::WARN);
        }
        assert!(lines(&open(client).await, 30, 5).await.is_empty());
    }
}

#[tokio::test]
async fn the_age_of_a_cached_answer_is_added_to_its_date() {
    // Midnight of 27 November 2020.
    const MADE: u64 = 1_606_435_200;
    for (in_cache, expected) in [(None, 1), (Some(0), 0), (Some(30), 0), (Some(90), 1)] {
        let shop = open(|provider| provider.oidc().into()).await;
        let metadata = format!(
            "{}/.well-known/openid-configuration",
            shop.provider.oidc_issuer()
        );
        let body = reqwest::get(metadata).await.unwrap().bytes().await.unwrap();
        let mut headers = HeaderMap::new();
        let made = header::HeaderValue::from_static("Fri, 27 Nov 2020 00:00:00 GMT");
        headers.insert(header::DATE, made);
        if let Some(wrong) = in_cache {
            headers.insert(header::AGE, (shop.time.now() - MADE - wrong).into());
        }
        let cached = Fault::Answer {
            status: StatusCode::OK,
            content_type: Some("application/json".to_owned()),
            body: body.to_vec(),
            headers,
        };
        shop.provider.fail(Endpoint::Discovery, cached);
        let events = Events::capture();
        shop.browser().visit("/").await;
        let lines = events.audit("clock_difference");
        assert_eq!(lines.len(), expected, "{in_cache:?} {lines:?}");
    }
}
