//! A replica that starts while another one restores the entries that the server lost.

use std::time::{Duration, Instant};

use redis::cmd;
use tower_phone_auth::{SessionId, TestUser};

use crate::{
    replay::fill,
    setup::{Kind, RedisReplica, Server, Shop, over_both},
    stream::length,
    support::{browser::Browser, replicas::until},
};

/// Unoptimised, the same work takes about ten times as long. `.ci/run` runs this test optimised.
const MANY: u32 = if cfg!(debug_assertions) {
    20_000
} else {
    1_000_000
};
const CHECKED: u32 = 1000;

over_both!(a_replica_that_starts_during_a_restore_lets_no_ended_session_in);

async fn a_replica_that_starts_during_a_restore_lets_no_ended_session_in(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    fill(&shop, &server, MANY).await;
    let survivor = shop.replica(&server.url(), |builder| builder);
    survivor.layer.warm_up().await.unwrap();
    let ended: Vec<Browser> = (0..CHECKED)
        .map(|number| ended(&survivor, number * (MANY / CHECKED)))
        .collect();
    let _: redis::Value = cmd("FLUSHALL").query(&mut server.operator()).unwrap();
    let began = Instant::now();
    // The first replica starts at once, and the second one when some entries are restored.
    let first = shop.replica(&server.url(), |builder| builder);
    assert!(!first.layer.is_ready());
    until(async || length(&server) > 0).await;
    let second = shop.replica(&server.url(), |builder| builder);
    for replica in [&first, &second] {
        while !replica.layer.is_ready() {
            assert!(!replica.lets_in(&ended[7]).await);
            tokio::task::yield_now().await;
        }
    }
    println!(
        "{kind:?}: {MANY} restored and trusted after {:?}",
        began.elapsed()
    );
    for replica in [&first, &second] {
        let mut let_in = 0;
        for browser in &ended {
            let_in += usize::from(replica.lets_in(browser).await);
        }
        assert_eq!(let_in, 0, "of {CHECKED}");
    }
    let back = length(&server);
    assert!(
        (u64::from(MANY)..u64::from(MANY) + 100).contains(&back),
        "{back}"
    );
    // This is three times the time of two such tests that run in parallel on two cores.
    assert!(began.elapsed() < Duration::from_secs(150));
}

fn ended(replica: &RedisReplica, number: u32) -> Browser {
    let id: SessionId = format!("{number:032x}").parse().unwrap();
    let user = TestUser::new("+82 10-1234-5678").unwrap();
    let cookie = user.session_id(id).cookie(&replica.layer).unwrap();
    let (name, value) = cookie.split_once('=').unwrap();
    let mut browser = replica.browser();
    browser.cookies.insert(name.to_owned(), value.to_owned());
    browser
}
