//! A machine that starts while the others put back what the server lost.

use std::time::{Duration, Instant};

use redis::cmd;
use tower_phone_auth::{SessionId, TestUser};

use crate::{
    machines::{Kind, Machine, Server, Shop, over_both},
    replay::fill,
    stream::length,
    support::{browser::Browser, replicas::until},
};

/// Without optimisation, the same work takes some ten times as long: `.ci/run` runs this one optimised.
const MANY: u32 = if cfg!(debug_assertions) {
    20_000
} else {
    1_000_000
};
const CHECKED: u32 = 1000;

over_both!(a_machine_that_starts_while_all_is_put_back_lets_no_ended_session_in);

async fn a_machine_that_starts_while_all_is_put_back_lets_no_ended_session_in(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    fill(&shop, &server, MANY).await;
    let survivor = shop.machine(&server.url(), |builder| builder);
    survivor.layer.warm_up().await.unwrap();
    let ended: Vec<Browser> = (0..CHECKED)
        .map(|number| ended(&survivor, number * (MANY / CHECKED)))
        .collect();
    let _: redis::Value = cmd("FLUSHALL").query(&mut server.operator()).unwrap();
    let began = Instant::now();
    // One that comes first, and one that comes when some of it is back.
    let first = shop.machine(&server.url(), |builder| builder);
    assert!(!first.layer.is_ready());
    until(async || length(&server) > 0).await;
    let second = shop.machine(&server.url(), |builder| builder);
    for machine in [&first, &second] {
        while !machine.layer.is_ready() {
            assert!(!machine.lets_in(&ended[7]).await);
            tokio::task::yield_now().await;
        }
    }
    println!(
        "{kind:?}: {MANY} put back and trusted after {:?}",
        began.elapsed()
    );
    for machine in [&first, &second] {
        let mut let_in = 0;
        for browser in &ended {
            let_in += usize::from(machine.lets_in(browser).await);
        }
        assert_eq!(let_in, 0, "of {CHECKED}");
    }
    let back = length(&server);
    assert!(
        (u64::from(MANY)..u64::from(MANY) + 100).contains(&back),
        "{back}"
    );
    // Three times what two of these take beside each other on two cores.
    assert!(began.elapsed() < Duration::from_secs(150));
}

fn ended(machine: &Machine, number: u32) -> Browser {
    let id: SessionId = format!("{number:032x}").parse().unwrap();
    let user = TestUser::new("+82 10-1234-5678").unwrap();
    let cookie = user
        .with(|user| user.session_id = id)
        .cookie(&machine.layer)
        .unwrap();
    let (name, value) = cookie.split_once('=').unwrap();
    let mut browser = machine.browser();
    browser.cookies.insert(name.to_owned(), value.to_owned());
    browser
}
