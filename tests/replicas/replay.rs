//! A replica that starts with a large log.

use std::time::{Duration, Instant};

use tower_phone_auth::{
    SessionId,
    revocation::{RedisLog, RevocationLog},
};

use crate::{
    setup::{Kind, Server, Shop, over_both, sign_out},
    support::replicas::LogConnection,
};

const MANY: u32 = 100_000;

/// Unoptimised, the same work takes about ten times as long. `.ci/run` runs this test optimised.
const LIMIT: Duration = Duration::from_secs(if cfg!(debug_assertions) { 30 } else { 2 });

over_both!(a_hundred_thousand_revocations_are_read_at_start_in_under_two_seconds);

async fn a_hundred_thousand_revocations_are_read_at_start_in_under_two_seconds(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let first = shop.ready(&server.url()).await;
    let last = shop.signed_in(&first);
    fill(&shop, &server, MANY).await;
    sign_out(&first, &last).await;

    let replica = shop.replica(&server.url(), |builder| builder);
    let began = Instant::now();
    replica.layer.warm_up().await.unwrap();
    let took = began.elapsed();
    println!("{kind:?}: {MANY} revocations read at start in {took:?}");
    assert_eq!(replica.answer_to(&last).await, (401, "ended".to_owned()));
    assert!(took < LIMIT, "{took:?}");
}

/// Publishes revocations to a log in memory, and copies them to the server.
pub(crate) async fn fill(shop: &Shop, server: &Server, many: u32) {
    let line = LogConnection::to(&shop.replicas.log);
    let publisher = shop.replicas.start_with(line, |builder| builder);
    for number in 0..many {
        let id: SessionId = format!("{number:032x}").parse().unwrap();
        publisher.layer.revoke_session(id).await.unwrap();
    }
    let (from, to) = (
        shop.replicas.log.now(),
        RedisLog::new(&server.url()).unwrap(),
    );
    let (mut after, mut copied) = (None, 0);
    while copied < many as usize {
        let batch = from.follow(after, Duration::ZERO).await.unwrap();
        copied += batch.payloads.len();
        to.publish(batch.payloads).await.unwrap();
        after = Some(batch.next);
    }
}
