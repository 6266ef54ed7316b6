//! Two and five machines behind a proxy that takes turns.

use std::time::{Duration, Instant};

use http::{Method, StatusCode};

use crate::{
    machines::{Kind, Server, Shop, log_out, over_both},
    support::{
        browser::{JIWOO, location, text},
        replicas::until,
    },
};

over_both!(
    two_machines_in_turn_are_one_shop,
    five_machines_in_turn_are_one_shop
);
over_both!(a_logout_is_seen_by_all_within_a_second);

async fn two_machines_in_turn_are_one_shop(kind: Kind) {
    in_turn(kind, 2).await;
}

async fn five_machines_in_turn_are_one_shop(kind: Kind) {
    in_turn(kind, 5).await;
}

/// Each step of the login is answered by another machine.
async fn in_turn(kind: Kind, count: usize) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let machines = shop.several(count, &server.url()).await;
    let mut browser = Shop::round_robin(&machines);
    let away = browser
        .visit("/auth/login?provider=kakao&return_to=/orders")
        .await;
    let callback = browser.act(&away, JIWOO).await;
    let back = browser.visit(&callback).await;
    assert_eq!(location(&back), "/orders");
    for _ in 0..2 * count {
        assert_eq!(text(&browser.visit("/").await), "+821012345678");
    }
    let mut copy = Shop::round_robin(&machines);
    copy.cookies.clone_from(&browser.cookies);
    let status = browser.fetch(Method::POST, "/auth/logout").await.status();
    assert_eq!(status, StatusCode::NO_CONTENT);
    for machine in &machines {
        machine.eventually_answers(&copy, (401, "ended")).await;
    }
    // From now on no turn lets it in.
    for _ in 0..2 * count {
        assert_eq!(copy.fetch(Method::GET, "/").await.status(), 401);
    }
}

async fn a_logout_is_seen_by_all_within_a_second(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let machines = shop.several(5, &server.url()).await;
    let mut took = Vec::new();
    for turn in 0..100 {
        let first = &machines[turn % machines.len()];
        let browser = shop.signed_in(first);
        for machine in &machines {
            assert!(machine.lets_in(&browser).await);
        }
        let began = Instant::now();
        assert_eq!(log_out(first, &browser).await, StatusCode::NO_CONTENT);
        for machine in &machines {
            until(async || !machine.lets_in(&browser).await).await;
        }
        took.push(began.elapsed());
    }
    took.sort_unstable();
    let (median, slowest) = (took[took.len() / 2], took[took.len() - 1]);
    println!(
        "{kind:?}: 100 logouts seen by all of 5 machines: median {median:?}, slowest {slowest:?}"
    );
    assert!(slowest < Duration::from_secs(1), "{took:?}");
}
