//! What happens to the stream, and in it.

use redis::cmd;

use crate::{
    machines::{Kind, Line, Server, Shop, log_out, over_both},
    support::replicas::until,
};

const ENDED: (u16, &str) = (401, "ended");
const STREAM: &str = "phone-auth-revocations";

over_both!(
    a_trimmed_stream_is_not_a_lost_one,
    a_deleted_stream_is_filled_again,
    a_stream_that_lost_its_end_is_filled_again,
    a_failover_that_lost_entries_between_is_noticed,
    a_cluster_that_lost_entries_between_is_noticed,
    entries_of_others_stop_nobody,
);

pub(crate) fn length(server: &Server) -> u64 {
    cmd("XLEN")
        .arg(STREAM)
        .query(&mut server.operator())
        .unwrap()
}

async fn a_trimmed_stream_is_not_a_lost_one(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let machines = shop.several(2, &server.url()).await;
    let (before, after) = (shop.signed_in(&machines[0]), shop.signed_in(&machines[0]));
    log_out(&machines[0], &before).await;
    machines[1].eventually_answers(&before, ENDED).await;
    let trim = cmd("XTRIM").arg(STREAM).arg("MAXLEN").arg(0).to_owned();
    let trimmed: u64 = trim.query(&mut server.operator()).unwrap();
    assert_eq!(trimmed, 1);
    log_out(&machines[0], &after).await;
    machines[1].eventually_answers(&after, ENDED).await;
    for machine in &machines {
        assert_eq!(machine.answer_to(&before).await, (401, "ended".to_owned()));
    }
    // Nothing was published again.
    assert_eq!(length(&server), 1);
}

async fn a_deleted_stream_is_filled_again(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let machines = shop.several(2, &server.url()).await;
    let browser = shop.signed_in(&machines[0]);
    log_out(&machines[0], &browser).await;
    machines[1].eventually_answers(&browser, ENDED).await;
    for command in [cmd("DEL").arg(STREAM).to_owned(), cmd("FLUSHALL")] {
        let _: redis::Value = command.query(&mut server.operator()).unwrap();
        until(async || length(&server) > 0).await;
        let late = shop.ready(&server.url()).await;
        assert_eq!(late.answer_to(&browser).await, (401, "ended".to_owned()));
    }
}

/// As after a failover to a server that did not get the last entries.
async fn a_stream_that_lost_its_end_is_filled_again(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let machines = shop.several(2, &server.url()).await;
    let browser = shop.signed_in(&machines[0]);
    log_out(&machines[0], &browser).await;
    machines[1].eventually_answers(&browser, ENDED).await;
    let mut operator = server.operator();
    let _: redis::Value = cmd("DEL").arg(STREAM).query(&mut operator).unwrap();
    // An older entry, so that the stream is there and ends before what was read.
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

/// The new server has entries from before and after those that it did not get.
async fn a_failover_that_lost_entries_between_is_noticed(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let line = Line::to(server.port).await;
    let machine = shop.ready(&line.url()).await;
    let browser = shop.signed_in(&machine);
    log_out(&machine, &browser).await;
    let seen =
        || async { length(&server) == 1 && machine.layer.revoke("kakao", "1").await.is_ok() };
    until(seen).await;
    line.cut().await;
    lose_entries_between(&server);
    line.mend();
    until(async || length(&server) >= 4).await;
    let late = shop.ready(&server.url()).await;
    assert_eq!(late.answer_to(&browser).await, (401, "ended".to_owned()));
}

fn lose_entries_between(server: &Server) {
    let mut operator = server.operator();
    let _: redis::Value = cmd("DEL").arg(STREAM).query(&mut operator).unwrap();
    for id in ["1-1", "*"] {
        let mut add = cmd("XADD");
        add.arg(STREAM).arg(id).arg("p").arg("x");
        let _: redis::Value = add.query(&mut operator).unwrap();
    }
}

/// Its connection goes on with another server by itself: nothing breaks that could be noticed.
async fn a_cluster_that_lost_entries_between_is_noticed(kind: Kind) {
    let server = Server::cluster(kind).await;
    let shop = Shop::open().await;
    let machines = shop.several(2, &server.cluster_url()).await;
    let browser = shop.signed_in(&machines[0]);
    log_out(&machines[0], &browser).await;
    machines[1].eventually_answers(&browser, ENDED).await;
    lose_entries_between(&server);
    until(async || length(&server) >= 3).await;
    let late = shop.ready(&server.cluster_url()).await;
    assert_eq!(late.answer_to(&browser).await, (401, "ended".to_owned()));
}

async fn entries_of_others_stop_nobody(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let machines = shop.several(2, &server.url()).await;
    let (first, second) = (shop.signed_in(&machines[0]), shop.signed_in(&machines[0]));
    log_out(&machines[0], &first).await;
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
    log_out(&machines[0], &second).await;
    machines[1].eventually_answers(&second, ENDED).await;
    let late = shop.ready(&server.url()).await;
    assert_eq!(late.answer_to(&first).await, (401, "ended".to_owned()));
    assert_eq!(late.answer_to(&second).await, (401, "ended".to_owned()));
}
