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

#[tokio::test]
async fn a_second_request_by_a_clock_that_is_behind_is_not_lost() {
    let database = Database::with("guest");
    let shop = Replicas::new().await;
    let start = async || -> Replica {
        let replica = shop.start_with(LogConnection::to(&shop.log), database.claims());
        replica.layer.warm_up().await.unwrap();
        replica
    };
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
