//! A server that stops, is emptied or is full. The number of written entries stays bounded.

use std::time::Duration;

use futures_util::future::join_all;
use redis::cmd;
use tower_phone_auth::{Builder, TestUser, VerifiedUser};

use crate::{
    setup::{Kind, RedisReplica, Server, Shop, over_both},
    support::replicas::until,
};

const MINUTE: Duration = Duration::from_secs(60);
/// Entries that each replica writes for one restore: its begin and its end.
const MARKS: u64 = 2;

over_both!(
    revocations_that_expired_while_the_server_was_suspended_are_not_written_afterwards,
    an_emptied_server_gets_no_revocation_that_has_expired,
    a_server_that_was_restarted_empty_gets_each_revocation_once_from_each_replica,
    a_full_server_gets_each_revocation_once_when_it_has_memory_again,
    a_subject_that_is_too_long_is_not_written,
    a_clock_that_is_set_back_while_the_server_is_away_costs_one_entry,
);

/// A replica whose sessions last two minutes.
async fn ready(shop: &Shop, server: &Server) -> RedisReplica {
    let settings = |builder: Builder| builder.session_lifetime(2 * MINUTE);
    let replica = shop.replica(&server.url(), settings);
    replica.layer.warm_up().await.unwrap();
    replica
}

fn user() -> VerifiedUser {
    TestUser::new("+82 10-1234-5678").unwrap().user()
}

fn info(server: &Server, section: &str, name: &str) -> Option<u64> {
    let info: String = cmd("INFO")
        .arg(section)
        .query(&mut server.operator())
        .unwrap();
    let line = info.lines().find_map(|line| line.strip_prefix(name))?;
    let digits = line.chars().take_while(char::is_ascii_digit);
    digits.collect::<String>().parse().ok()
}

/// The number of entries written since the start of the server.
fn written(server: &Server) -> u64 {
    info(server, "commandstats", "cmdstat_xadd:calls=").unwrap_or(0)
}

fn memory(server: &Server) -> u64 {
    info(server, "memory", "used_memory:").unwrap()
}

/// Revokes `count` sessions at once; their users, and the number of revocations not published.
async fn revoke_sessions(replica: &RedisReplica, count: usize) -> (Vec<VerifiedUser>, usize) {
    let users: Vec<_> = std::iter::repeat_with(user).take(count).collect();
    let revocations = users
        .iter()
        .map(|user| replica.layer.revoke_session(user.session_id()));
    let results = join_all(revocations).await;
    (
        users,
        results.iter().filter(|result| result.is_err()).count(),
    )
}

/// Each new revocation is written once, and nothing else.
async fn assert_writes_new_revocations_alone(server: &Server, replicas: &[RedisReplica]) {
    let last = &replicas[replicas.len() - 1];
    let (before, size) = (written(server), memory(server));
    for _ in 0..20 {
        let user = user();
        replicas[0]
            .layer
            .revoke_session(user.session_id())
            .await
            .unwrap();
        until(async || last.layer.has_ended(&user)).await;
    }
    assert_eq!(written(server) - before, 20);
    // A stream grows in blocks, and connections have buffers.
    let grown = memory(server).saturating_sub(size);
    assert!(grown < 1024 * 1024, "{grown}");
}

async fn revocations_that_expired_while_the_server_was_suspended_are_not_written_afterwards(
    kind: Kind,
) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let replicas = [ready(&shop, &server).await, ready(&shop, &server).await];
    server.suspend();
    let (_, unpublished) = revoke_sessions(&replicas[0], 300).await;
    assert_eq!(unpublished, 300);
    replicas
        .iter()
        .for_each(|replica| replica.time.pass(4 * MINUTE));
    server.resume();
    let fresh = async || {
        replicas
            .iter()
            .all(|replica| replica.layer.revocation_lag() == Some(Duration::ZERO))
    };
    until(fresh).await;
    // Entries that were in the connection when the server resumed may be written.
    let late = written(&server);
    assert!(late <= 300, "{late}");
    assert_writes_new_revocations_alone(&server, &replicas).await;
}

async fn an_emptied_server_gets_no_revocation_that_has_expired(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let replicas = [ready(&shop, &server).await, ready(&shop, &server).await];
    let (users, unpublished) = revoke_sessions(&replicas[0], 10).await;
    assert_eq!(unpublished, 0);
    until(async || users.iter().all(|user| replicas[1].layer.has_ended(user))).await;
    replicas
        .iter()
        .for_each(|replica| replica.time.pass(4 * MINUTE));
    let _: redis::Value = cmd("FLUSHALL").query(&mut server.operator()).unwrap();
    // Both replicas mark the log as complete.
    until(async || written(&server) >= 12).await;
    assert_writes_new_revocations_alone(&server, &replicas).await;
}

async fn a_server_that_was_restarted_empty_gets_each_revocation_once_from_each_replica(kind: Kind) {
    let mut server = Server::start(kind);
    let shop = Shop::open().await;
    let replicas = [ready(&shop, &server).await, ready(&shop, &server).await];
    let (users, _) = revoke_sessions(&replicas[0], 500).await;
    until(async || users.iter().all(|user| replicas[1].layer.has_ended(user))).await;
    server.kill();
    server.restart_empty();
    let late = ready(&shop, &server).await;
    assert!(users.iter().all(|user| late.layer.has_ended(user)));
    until(async || written(&server) >= 500 + MARKS * 2).await;
    let bound = 2 * 500 + MARKS * 2;
    assert!(written(&server) <= bound, "{}", written(&server));
    assert_writes_new_revocations_alone(&server, &replicas).await;
    assert!(written(&server) <= bound + 20, "{}", written(&server));
}

async fn a_full_server_gets_each_revocation_once_when_it_has_memory_again(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let replicas = [ready(&shop, &server).await, ready(&shop, &server).await];
    let set = |name: &str, value: &str| {
        let set = cmd("CONFIG").arg("SET").arg(name).arg(value).to_owned();
        let _: redis::Value = set.query(&mut server.operator()).unwrap();
    };
    set("maxmemory-policy", "noeviction");
    set("maxmemory", "1");
    let (users, unpublished) = revoke_sessions(&replicas[0], 300).await;
    assert_eq!(unpublished, 300);
    assert_eq!(written(&server), 0);
    set("maxmemory", "0");
    until(async || users.iter().all(|user| replicas[1].layer.has_ended(user))).await;
    assert_eq!(written(&server), 300);
    assert_writes_new_revocations_alone(&server, &replicas).await;
}

async fn a_subject_that_is_too_long_is_not_written(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let replicas = [ready(&shop, &server).await, ready(&shop, &server).await];
    for length in [256, 900, 1000] {
        let result = replicas[0].layer.revoke("kakao", &"s".repeat(length)).await;
        assert!(result.is_err(), "{length}");
    }
    assert_writes_new_revocations_alone(&server, &replicas).await;
    assert_eq!(written(&server), 20);
}

async fn a_clock_that_is_set_back_while_the_server_is_away_costs_one_entry(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let replicas = [ready(&shop, &server).await, ready(&shop, &server).await];
    server.suspend();
    assert!(replicas[0].layer.revoke("kakao", "1").await.is_err());
    replicas[0].time.set_back(10 * MINUTE);
    server.resume();
    until(async || replicas[1].layer.has_ended(&user())).await;
    assert_writes_new_revocations_alone(&server, &replicas).await;
    // The entry is written when the server resumes, and again if that is noticed too late.
    assert!(written(&server) <= 2 + 20, "{}", written(&server));
}
