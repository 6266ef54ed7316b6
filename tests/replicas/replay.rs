//! A machine that starts with much to read.

use std::time::{Duration, Instant};

use tower_phone_auth::{RedisLog, RevocationLog, SessionId};

use crate::{
    machines::{Kind, Server, Shop, log_out, over_both},
    support::replicas::LogConnection,
};

const MANY: u32 = 100_000;

/// Without optimisation, the same work takes some ten times as long: `.ci/run` runs this one optimised.
const LIMIT: Duration = Duration::from_secs(if cfg!(debug_assertions) { 30 } else { 2 });

over_both!(a_hundred_thousand_revocations_are_read_at_start_in_under_two_seconds);

async fn a_hundred_thousand_revocations_are_read_at_start_in_under_two_seconds(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let first = shop.ready(&server.url()).await;
    let last = shop.signed_in(&first);
    fill(&shop, &server, MANY).await;
    log_out(&first, &last).await;

    let machine = shop.machine(&server.url(), |builder| builder);
    let began = Instant::now();
    machine.layer.warm_up().await.unwrap();
    let took = began.elapsed();
    println!("{kind:?}: {MANY} revocations read at start in {took:?}");
    assert_eq!(machine.answer_to(&last).await, (401, "ended".to_owned()));
    assert!(took < LIMIT, "{took:?}");
}

/// What a machine of the same shop published elsewhere, carried over.
pub(crate) async fn fill(shop: &Shop, server: &Server, many: u32) {
    let line = LogConnection::to(&shop.replicas.log);
    let elsewhere = shop.replicas.start_with(line, |builder| builder);
    for number in 0..many {
        let id: SessionId = format!("{number:032x}").parse().unwrap();
        elsewhere.layer.revoke_session(id).await.unwrap();
    }
    let (from, to) = (
        shop.replicas.log.now(),
        RedisLog::new(&server.url()).unwrap(),
    );
    let (mut after, mut carried) = (None, 0);
    while carried < many as usize {
        let batch = from.follow(after, Duration::ZERO).await.unwrap();
        carried += batch.payloads.len();
        to.publish(batch.payloads).await.unwrap();
        after = Some(batch.next);
    }
}
