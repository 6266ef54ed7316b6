//! The server stops, is emptied or is full: what is written to it stays bounded by what happened.

use std::time::Duration;

use futures_util::future::join_all;
use redis::cmd;
use tower_phone_auth::{Builder, TestUser, VerifiedUser};

use crate::{
    machines::{Kind, Machine, Server, Shop, over_both},
    support::replicas::until,
};

const MINUTE: Duration = Duration::from_secs(60);
/// For each replica, that it puts back what it knows, and that it is through.
const MARKS: u64 = 2;

over_both!(
    revocations_that_expired_while_the_server_stood_still_are_not_written_afterwards,
    an_emptied_server_gets_no_revocation_that_has_expired,
    a_server_that_was_restarted_empty_gets_each_revocation_once_from_each_replica,
    a_full_server_gets_each_revocation_once_when_there_is_room,
    a_subject_that_is_too_long_is_not_written,
    a_clock_that_is_set_back_while_the_server_is_away_costs_one_entry,
);

/// A replica whose sessions last two minutes.
async fn ready(shop: &Shop, server: &Server) -> Machine {
    let settings = |builder: Builder| builder.session_lifetime(2 * MINUTE);
    let machine = shop.machine(&server.url(), settings);
    machine.layer.warm_up().await.unwrap();
    machine
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

/// How many entries were written since the server started.
fn written(server: &Server) -> u64 {
    info(server, "commandstats", "cmdstat_xadd:calls=").unwrap_or(0)
}

fn memory(server: &Server) -> u64 {
    info(server, "memory", "used_memory:").unwrap()
}

/// Revokes so many sessions at once, and gives back how many are not known everywhere.
async fn revokes(machine: &Machine, count: usize) -> (Vec<VerifiedUser>, usize) {
    let users: Vec<_> = std::iter::repeat_with(user).take(count).collect();
    let told = users
        .iter()
        .map(|user| machine.layer.revoke_session(user.session_id));
    let told = join_all(told).await;
    (users, told.iter().filter(|told| told.is_err()).count())
}

/// What is written from now on are the revocations of now.
async fn is_quiet(server: &Server, machines: &[Machine]) {
    let last = &machines[machines.len() - 1];
    let (before, size) = (written(server), memory(server));
    for _ in 0..20 {
        let user = user();
        machines[0]
            .layer
            .revoke_session(user.session_id)
            .await
            .unwrap();
        until(async || last.layer.has_ended(&user)).await;
    }
    assert_eq!(written(server) - before, 20);
    // Some blocks of a stream, and what the connections hold.
    let grown = memory(server).saturating_sub(size);
    assert!(grown < 1024 * 1024, "{grown}");
}

async fn revocations_that_expired_while_the_server_stood_still_are_not_written_afterwards(
    kind: Kind,
) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let machines = [ready(&shop, &server).await, ready(&shop, &server).await];
    server.stands_still();
    let (_, untold) = revokes(&machines[0], 300).await;
    assert_eq!(untold, 300);
    machines
        .iter()
        .for_each(|machine| machine.time.pass(4 * MINUTE));
    server.goes_on();
    let fresh = async || {
        machines
            .iter()
            .all(|it| it.layer.revocation_lag() == Some(Duration::ZERO))
    };
    until(fresh).await;
    // What stood in the connection when the server went on.
    let once = written(&server);
    assert!(once <= 300, "{once}");
    is_quiet(&server, &machines).await;
}

async fn an_emptied_server_gets_no_revocation_that_has_expired(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let machines = [ready(&shop, &server).await, ready(&shop, &server).await];
    let (users, untold) = revokes(&machines[0], 10).await;
    assert_eq!(untold, 0);
    until(async || users.iter().all(|user| machines[1].layer.has_ended(user))).await;
    machines
        .iter()
        .for_each(|machine| machine.time.pass(4 * MINUTE));
    let _: redis::Value = cmd("FLUSHALL").query(&mut server.operator()).unwrap();
    // The two say that the log is whole.
    until(async || written(&server) >= 12).await;
    is_quiet(&server, &machines).await;
}

async fn a_server_that_was_restarted_empty_gets_each_revocation_once_from_each_replica(kind: Kind) {
    let mut server = Server::start(kind);
    let shop = Shop::open().await;
    let machines = [ready(&shop, &server).await, ready(&shop, &server).await];
    let (users, _) = revokes(&machines[0], 500).await;
    until(async || users.iter().all(|user| machines[1].layer.has_ended(user))).await;
    server.kill();
    server.restart_empty();
    let late = ready(&shop, &server).await;
    assert!(users.iter().all(|user| late.layer.has_ended(user)));
    until(async || written(&server) >= 500 + MARKS * 2).await;
    let bound = 2 * 500 + MARKS * 2;
    assert!(written(&server) <= bound, "{}", written(&server));
    is_quiet(&server, &machines).await;
    assert!(written(&server) <= bound + 20, "{}", written(&server));
}

async fn a_full_server_gets_each_revocation_once_when_there_is_room(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let machines = [ready(&shop, &server).await, ready(&shop, &server).await];
    let set = |name: &str, value: &str| {
        let set = cmd("CONFIG").arg("SET").arg(name).arg(value).to_owned();
        let _: redis::Value = set.query(&mut server.operator()).unwrap();
    };
    set("maxmemory-policy", "noeviction");
    set("maxmemory", "1");
    let (users, untold) = revokes(&machines[0], 300).await;
    assert_eq!(untold, 300);
    assert_eq!(written(&server), 0);
    set("maxmemory", "0");
    until(async || users.iter().all(|user| machines[1].layer.has_ended(user))).await;
    assert_eq!(written(&server), 300);
    is_quiet(&server, &machines).await;
}

async fn a_subject_that_is_too_long_is_not_written(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let machines = [ready(&shop, &server).await, ready(&shop, &server).await];
    for length in [256, 900, 1000] {
        let told = machines[0].layer.revoke("kakao", &"s".repeat(length)).await;
        assert!(told.is_err(), "{length}");
    }
    is_quiet(&server, &machines).await;
    assert_eq!(written(&server), 20);
}

async fn a_clock_that_is_set_back_while_the_server_is_away_costs_one_entry(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let machines = [ready(&shop, &server).await, ready(&shop, &server).await];
    server.stands_still();
    assert!(machines[0].layer.revoke("kakao", "1").await.is_err());
    machines[0].time.set_back(10 * MINUTE);
    server.goes_on();
    until(async || machines[1].layer.has_ended(&user())).await;
    is_quiet(&server, &machines).await;
    // Once when the server went on, and once more where it was seen too late.
    assert!(written(&server) <= 2 + 20, "{}", written(&server));
}
