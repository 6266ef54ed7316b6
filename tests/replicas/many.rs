//! Two and five replicas behind a proxy that sends each request to the next replica.

use std::time::{Duration, Instant};

use http::{Method, StatusCode};

use crate::{
    setup::{Kind, Server, Shop, over_both, sign_out},
    support::{
        browser::{JIWOO, location, text},
        replicas::until,
    },
};

over_both!(
    two_replicas_in_turn_are_one_application,
    five_replicas_in_turn_are_one_application
);
over_both!(a_sign_out_is_seen_by_all_replicas_within_a_second);

async fn two_replicas_in_turn_are_one_application(kind: Kind) {
    in_turn(kind, 2).await;
}

async fn five_replicas_in_turn_are_one_application(kind: Kind) {
    in_turn(kind, 5).await;
}

/// Each step of the sign-in is answered by another replica.
async fn in_turn(kind: Kind, count: usize) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let replicas = shop.several(count, &server.url()).await;
    let mut browser = Shop::round_robin(&replicas);
    let away = browser
        .visit("/auth/login?provider=kakao&return_to=/orders")
        .await;
    let callback = browser.act(&away, JIWOO).await;
    let back = browser.visit(&callback).await;
    assert_eq!(location(&back), "/orders");
    for _ in 0..2 * count {
        assert_eq!(text(&browser.visit("/").await), "+821012345678");
    }
    let mut copy = Shop::round_robin(&replicas);
    copy.cookies.clone_from(&browser.cookies);
    let status = browser.fetch(Method::POST, "/auth/logout").await.status();
    assert_eq!(status, StatusCode::NO_CONTENT);
    for replica in &replicas {
        replica.eventually_answers(&copy, (401, "ended")).await;
    }
    // No replica accepts the copied session any more.
    for _ in 0..2 * count {
        assert_eq!(copy.fetch(Method::GET, "/").await.status(), 401);
    }
}

async fn a_sign_out_is_seen_by_all_replicas_within_a_second(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let replicas = shop.several(5, &server.url()).await;
    let mut took = Vec::new();
    for turn in 0..100 {
        let first = &replicas[turn % replicas.len()];
        let browser = shop.signed_in(first);
        for replica in &replicas {
            assert!(replica.lets_in(&browser).await);
        }
        let began = Instant::now();
        assert_eq!(sign_out(first, &browser).await, StatusCode::NO_CONTENT);
        for replica in &replicas {
            until(async || !replica.lets_in(&browser).await).await;
        }
        took.push(began.elapsed());
    }
    took.sort_unstable();
    let (median, slowest) = (took[took.len() / 2], took[took.len() - 1]);
    println!(
        "{kind:?}: 100 sign-outs seen by all of 5 replicas: median {median:?}, slowest {slowest:?}"
    );
    assert!(slowest < Duration::from_secs(1), "{took:?}");
}
