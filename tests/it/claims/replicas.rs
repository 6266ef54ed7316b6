//! Requests for new claims at two replicas whose clocks differ.

use std::time::Duration;

use http::Method;
use tower_phone_auth::layer::RefreshClaimsError;

use super::renewed::{Database, KAKAO, SUBJECT};
use crate::support::{
    browser::JIWOO,
    replicas::{LogConnection, Replica, Replicas, until},
};

const OLD: (u16, &str) = (401, "claims");

/// A replica that has read the log.
pub(super) async fn ready(shop: &Replicas, database: &Database) -> Replica {
    let replica = shop.start_with(LogConnection::to(&shop.log), database.claims());
    replica.layer.warm_up().await.unwrap();
    replica
}

#[tokio::test]
async fn a_second_request_by_a_clock_that_is_behind_is_not_lost() {
    let database = Database::with("guest");
    let shop = Replicas::new().await;
    let start = async || ready(&shop, &database).await;
    let (ahead, behind) = (start().await, start().await);
    ahead.time.set_forward(Duration::from_secs(30));
    let mut browser = ahead.browser();
    browser.sign_in("/auth/login?provider=kakao", JIWOO).await;

    behind.connection.cut();
    ahead.layer.refresh_claims(KAKAO, SUBJECT).await.unwrap();
    browser.fetch(Method::GET, "/").await;
    assert!(ahead.lets_in(&browser).await, "it has the first new claims");

    // The other replica has not read the first request, and dates its own one earlier.
    let second = behind.layer.refresh_claims(KAKAO, SUBJECT).await;
    assert!(matches!(second, Err(RefreshClaimsError::NotEverywhere(_))));
    behind.connection.restore();
    ahead.eventually_answers(&browser, OLD).await;
    behind.eventually_answers(&browser, OLD).await;

    // One renewal is enough for both, and for a replica that reads the log from its beginning.
    browser.fetch(Method::GET, "/").await;
    until(async || ahead.lets_in(&browser).await && behind.lets_in(&browser).await).await;
    assert!(start().await.lets_in(&browser).await);
}

/// Waits until the replica has read everything that the log holds now.
async fn reads_all(replica: &Replica, other: &Replica) {
    let mut marker = other.browser();
    marker.sign_in("/auth/login?provider=oidc", JIWOO).await;
    let mut copy = replica.browser();
    copy.cookies.clone_from(&marker.cookies);
    assert!(replica.lets_in(&copy).await);
    marker.fetch(Method::POST, "/auth/logout").await;
    until(async || !replica.lets_in(&copy).await).await;
}

#[tokio::test]
async fn two_requests_by_a_clock_that_is_ahead_do_not_hide_a_third() {
    let database = Database::with("guest");
    let shop = Replicas::new().await;
    let start = async || ready(&shop, &database).await;
    let (ahead, behind, other) = (start().await, start().await, start().await);
    ahead.time.set_forward(Duration::from_secs(30));
    let mut browser = ahead.browser();
    browser.sign_in("/auth/login?provider=kakao", JIWOO).await;

    for _ in 0..2 {
        ahead.layer.refresh_claims(KAKAO, SUBJECT).await.unwrap();
    }
    reads_all(&ahead, &other).await;
    browser.fetch(Method::GET, "/").await;
    for replica in [&ahead, &behind, &other] {
        reads_all(replica, &other).await;
        assert!(replica.lets_in(&browser).await, "one renewal is enough");
    }
    let late = start().await;
    assert!(late.lets_in(&browser).await, "it reads both requests");

    // Within the difference of the clocks.
    behind.layer.refresh_claims(KAKAO, SUBJECT).await.unwrap();
    let later = start().await;
    for replica in [&ahead, &behind, &other, &late, &later] {
        replica.eventually_answers(&browser, OLD).await;
    }
}

#[tokio::test]
async fn claims_of_a_replica_that_cannot_reach_the_log_do_not_hide_a_request_of_another() {
    let database = Database::with("guest");
    let shop = Replicas::new().await;
    let start = async || ready(&shop, &database).await;
    let (ahead, behind) = (start().await, start().await);
    ahead.time.set_forward(Duration::from_secs(30));
    let mut browser = ahead.browser();
    browser.sign_in("/auth/login?provider=kakao", JIWOO).await;

    ahead.connection.cut();
    let first = ahead.layer.refresh_claims(KAKAO, SUBJECT).await;
    assert!(matches!(first, Err(RefreshClaimsError::NotEverywhere(_))));
    browser.fetch(Method::GET, "/").await;
    assert!(ahead.lets_in(&browser).await, "it has new claims");
    // The data change again, and this request comes into the log first.
    behind.layer.refresh_claims(KAKAO, SUBJECT).await.unwrap();
    ahead.connection.restore();
    for replica in [&ahead, &behind] {
        replica.eventually_answers(&browser, OLD).await;
    }
    browser.fetch(Method::GET, "/").await;
    until(async || ahead.lets_in(&browser).await && behind.lets_in(&browser).await).await;
}
