//! Outages: a server that is away, comes back empty, or is slow.

use std::time::Duration;

use http::{Method, StatusCode};
use tower_phone_auth::revocation::WhenStale;

use crate::{
    setup::{Kind, Line, Server, Shop, copied, over_both, sign_out},
    support::replicas::until,
};

const ENDED: (u16, &str) = (401, "ended");

over_both!(
    a_killed_server_costs_no_session_and_loses_no_sign_out,
    a_replica_that_starts_after_the_server_came_back_empty_knows_the_earlier_sign_outs,
    a_replica_that_was_cut_off_for_30_seconds_catches_up,
    a_replica_that_fails_closed_lets_no_user_in_while_it_is_cut_off,
    a_slow_server_loses_nothing,
);

async fn a_killed_server_costs_no_session_and_loses_no_sign_out(kind: Kind) {
    let mut server = Server::start(kind);
    let shop = Shop::open().await;
    let replicas = shop.several(2, &server.url()).await;
    let (stays, leaves, later) = (
        shop.signed_in(&replicas[0]),
        shop.signed_in(&replicas[0]),
        shop.signed_in(&replicas[0]),
    );
    sign_out(&replicas[0], &leaves).await;
    replicas[1].eventually_answers(&leaves, ENDED).await;
    server.kill();
    assert_eq!(sign_out(&replicas[0], &later).await, StatusCode::ACCEPTED);
    for replica in &replicas {
        assert!(replica.lets_in(&stays).await);
        assert_eq!(replica.answer_to(&leaves).await, (401, "ended".to_owned()));
    }
    assert!(replicas[1].lets_in(&later).await);
    server.restart_empty();
    replicas[1].eventually_answers(&later, ENDED).await;
    for replica in &replicas {
        assert!(replica.lets_in(&stays).await);
        assert_eq!(replica.answer_to(&leaves).await, (401, "ended".to_owned()));
    }
}

async fn a_replica_that_starts_after_the_server_came_back_empty_knows_the_earlier_sign_outs(
    kind: Kind,
) {
    let mut server = Server::start(kind);
    let shop = Shop::open().await;
    let replicas = shop.several(2, &server.url()).await;
    let mut gone = Vec::new();
    for _ in 0..20 {
        let browser = shop.signed_in(&replicas[0]);
        sign_out(&replicas[0], &browser).await;
        gone.push(browser);
    }
    let stays = shop.signed_in(&replicas[0]);
    replicas[1].eventually_answers(&gone[19], ENDED).await;
    server.kill();
    server.restart_empty();
    // The new replica starts before the others can notice the loss.
    let late = shop.ready(&server.url()).await;
    for browser in &gone {
        assert_eq!(late.answer_to(browser).await, (401, "ended".to_owned()));
    }
    assert!(late.lets_in(&stays).await);
}

async fn a_replica_that_was_cut_off_for_30_seconds_catches_up(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    for stall in [false, true] {
        let line = Line::to(server.port).await;
        let (here, cut_off) = (
            shop.ready(&server.url()).await,
            shop.ready(&line.url()).await,
        );
        let (stays, leaves, there) = (
            shop.signed_in(&here),
            shop.signed_in(&here),
            shop.signed_in(&here),
        );
        if stall {
            line.stall()
        } else {
            line.cut().await
        }
        cut_off.time.pass(Duration::from_secs(30));
        sign_out(&here, &leaves).await;
        // The replica reports its lag, and uses the revocations that it knows.
        assert!(cut_off.layer.revocation_lag() >= Some(Duration::from_secs(30)));
        assert!(cut_off.lets_in(&stays).await && cut_off.lets_in(&leaves).await);
        assert_eq!(sign_out(&cut_off, &there).await, StatusCode::ACCEPTED);
        assert!(here.lets_in(&there).await);
        line.mend();
        cut_off.eventually_answers(&leaves, ENDED).await;
        here.eventually_answers(&there, ENDED).await;
        assert!(here.lets_in(&stays).await && cut_off.lets_in(&stays).await);
        let is_fresh = || async { cut_off.layer.revocation_lag() == Some(Duration::ZERO) };
        until(is_fresh).await;
    }
}

async fn a_replica_that_fails_closed_lets_no_user_in_while_it_is_cut_off(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let line = Line::to(server.port).await;
    let closed = shop.replica(&line.url(), |builder| {
        builder.when_stale(WhenStale::FailClosed)
    });
    closed.layer.warm_up().await.unwrap();
    let here = shop.ready(&server.url()).await;
    let (stays, leaves) = (shop.signed_in(&here), shop.signed_in(&here));
    line.stall();
    sign_out(&here, &leaves).await;
    closed.time.pass(Duration::from_secs(30));
    assert_eq!(closed.answer_to(&leaves).await.0, 503);
    assert_eq!(closed.answer_to(&stays).await.0, 503);
    line.mend();
    // The answer changes from 503 to 401 and is never 200.
    until(async || match closed.answer_to(&leaves).await.0 {
        503 => false,
        401 => true,
        other => panic!("a session that was ended got {other}"),
    })
    .await;
    closed.eventually_answers(&stays, (200, "")).await;
}

async fn a_slow_server_loses_nothing(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let line = Line::to(server.port).await;
    let (here, far) = (
        shop.ready(&server.url()).await,
        shop.ready(&line.url()).await,
    );
    line.slow_down(Duration::from_millis(200));
    let (stays, leaves, second) = (
        shop.signed_in(&here),
        shop.signed_in(&here),
        shop.signed_in(&here),
    );
    sign_out(&here, &leaves).await;
    far.eventually_answers(&leaves, ENDED).await;
    assert_eq!(sign_out(&far, &second).await, StatusCode::NO_CONTENT);
    here.eventually_answers(&second, ENDED).await;
    // The server is slower than the time limit of a call, so the sign-out is published later.
    line.slow_down(Duration::from_secs(5));
    let mut third = copied(&far, &stays);
    let page = third.fetch(Method::POST, "/auth/logout").await;
    assert_eq!(page.status(), StatusCode::ACCEPTED);
    line.mend();
    here.eventually_answers(&stays, ENDED).await;
}
