//! Streams that are trimmed, deleted, incomplete, or have foreign entries.

use redis::cmd;

use crate::{
    setup::{Kind, Line, Server, Shop, over_both, sign_out},
    support::replicas::until,
};

const ENDED: (u16, &str) = (401, "ended");
const STREAM: &str = "phone-auth-revocations";

over_both!(
    a_trimmed_stream_does_not_count_as_lost,
    a_deleted_stream_is_refilled,
    a_stream_that_lost_its_end_is_refilled,
    a_failover_that_lost_entries_in_the_middle_is_noticed,
    a_cluster_that_lost_entries_in_the_middle_is_noticed,
    foreign_entries_stop_no_replica,
);

pub(crate) fn length(server: &Server) -> u64 {
    cmd("XLEN")
        .arg(STREAM)
        .query(&mut server.operator())
        .unwrap()
}

async fn a_trimmed_stream_does_not_count_as_lost(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let replicas = shop.several(2, &server.url()).await;
    let (before, after) = (shop.signed_in(&replicas[0]), shop.signed_in(&replicas[0]));
    sign_out(&replicas[0], &before).await;
    replicas[1].eventually_answers(&before, ENDED).await;
    let trim = cmd("XTRIM").arg(STREAM).arg("MAXLEN").arg(0).to_owned();
    let trimmed: u64 = trim.query(&mut server.operator()).unwrap();
    assert_eq!(trimmed, 1);
    sign_out(&replicas[0], &after).await;
    replicas[1].eventually_answers(&after, ENDED).await;
    for replica in &replicas {
        assert_eq!(replica.answer_to(&before).await, (401, "ended".to_owned()));
    }
    // No replica published its entries again.
    assert_eq!(length(&server), 1);
}

async fn a_deleted_stream_is_refilled(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let replicas = shop.several(2, &server.url()).await;
    let browser = shop.signed_in(&replicas[0]);
    sign_out(&replicas[0], &browser).await;
    replicas[1].eventually_answers(&browser, ENDED).await;
    for command in [cmd("DEL").arg(STREAM).to_owned(), cmd("FLUSHALL")] {
        let _: redis::Value = command.query(&mut server.operator()).unwrap();
        until(async || length(&server) > 0).await;
        let late = shop.ready(&server.url()).await;
        assert_eq!(late.answer_to(&browser).await, (401, "ended".to_owned()));
    }
}

/// This is the state after a failover to a server without the last entries.
async fn a_stream_that_lost_its_end_is_refilled(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let replicas = shop.several(2, &server.url()).await;
    let browser = shop.signed_in(&replicas[0]);
    sign_out(&replicas[0], &browser).await;
    replicas[1].eventually_answers(&browser, ENDED).await;
    let mut operator = server.operator();
    let _: redis::Value = cmd("DEL").arg(STREAM).query(&mut operator).unwrap();
    // The stream has an older entry, so it exists and ends before the last entry that was read.
    let _: redis::Value = cmd("XADD")
        .arg(STREAM)
        .arg("1-1")
        .arg("p")
        .arg("x")
        .query(&mut operator)
        .unwrap();
    until(async || length(&server) > 1).await;
    let late = shop.ready(&server.url()).await;
    assert_eq!(late.answer_to(&browser).await, (401, "ended".to_owned()));
}

/// The new server has entries from before and after the lost ones.
async fn a_failover_that_lost_entries_in_the_middle_is_noticed(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let line = Line::to(server.port).await;
    let replica = shop.ready(&line.url()).await;
    let browser = shop.signed_in(&replica);
    sign_out(&replica, &browser).await;
    let seen =
        || async { length(&server) == 1 && replica.layer.revoke("kakao", "1").await.is_ok() };
    until(seen).await;
    line.cut().await;
    lose_entries_in_the_middle(&server);
    line.mend();
    until(async || length(&server) >= 4).await;
    let late = shop.ready(&server.url()).await;
    assert_eq!(late.answer_to(&browser).await, (401, "ended".to_owned()));
}

fn lose_entries_in_the_middle(server: &Server) {
    let mut operator = server.operator();
    let _: redis::Value = cmd("DEL").arg(STREAM).query(&mut operator).unwrap();
    for id in ["1-1", "*"] {
        let mut add = cmd("XADD");
        add.arg(STREAM).arg(id).arg("p").arg("x");
        let _: redis::Value = add.query(&mut operator).unwrap();
    }
}

/// A cluster connection switches to another server by itself, so no broken connection shows the
/// failover.
async fn a_cluster_that_lost_entries_in_the_middle_is_noticed(kind: Kind) {
    let server = Server::cluster(kind).await;
    let shop = Shop::open().await;
    let replicas = shop.several(2, &server.cluster_url()).await;
    let browser = shop.signed_in(&replicas[0]);
    sign_out(&replicas[0], &browser).await;
    replicas[1].eventually_answers(&browser, ENDED).await;
    lose_entries_in_the_middle(&server);
    until(async || length(&server) >= 3).await;
    let late = shop.ready(&server.cluster_url()).await;
    assert_eq!(late.answer_to(&browser).await, (401, "ended".to_owned()));
}

async fn foreign_entries_stop_no_replica(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let replicas = shop.several(2, &server.url()).await;
    let (first, second) = (shop.signed_in(&replicas[0]), shop.signed_in(&replicas[0]));
    sign_out(&replicas[0], &first).await;
    let mut operator = server.operator();
    for (field, value) in [
        ("p", &b"not sealed"[..]),
        ("p", b""),
        ("p", b"\xff\xfe\x00"),
        ("another", b"field"),
        ("p", &[b'A'; 1_000_000]),
    ] {
        let mut add = cmd("XADD");
        add.arg(STREAM).arg("*").arg(field).arg(value);
        let _: redis::Value = add.query(&mut operator).unwrap();
    }
    sign_out(&replicas[0], &second).await;
    replicas[1].eventually_answers(&second, ENDED).await;
    let late = shop.ready(&server.url()).await;
    assert_eq!(late.answer_to(&first).await, (401, "ended".to_owned()));
    assert_eq!(late.answer_to(&second).await, (401, "ended".to_owned()));
}
