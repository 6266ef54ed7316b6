//! The server goes away, comes back empty, or is slow.

use std::time::Duration;

use http::{Method, StatusCode};
use tower_phone_auth::WhenStale;

use crate::{
    machines::{Kind, Line, Server, Shop, copied, log_out, over_both},
    support::replicas::until,
};

const ENDED: (u16, &str) = (401, "ended");

over_both!(
    a_killed_server_costs_no_session_and_forgets_no_logout,
    a_machine_that_starts_after_the_server_came_back_empty_knows_the_logouts_of_before,
    a_machine_that_was_cut_off_for_30_seconds_catches_up,
    a_machine_that_fails_closed_lets_nobody_in_while_it_is_cut_off,
    a_slow_server_loses_nothing,
);

async fn a_killed_server_costs_no_session_and_forgets_no_logout(kind: Kind) {
    let mut server = Server::start(kind);
    let shop = Shop::open().await;
    let machines = shop.several(2, &server.url()).await;
    let (stays, leaves, later) = (
        shop.signed_in(&machines[0]),
        shop.signed_in(&machines[0]),
        shop.signed_in(&machines[0]),
    );
    log_out(&machines[0], &leaves).await;
    machines[1].eventually_answers(&leaves, ENDED).await;
    server.kill();
    assert_eq!(log_out(&machines[0], &later).await, StatusCode::ACCEPTED);
    for machine in &machines {
        assert!(machine.lets_in(&stays).await);
        assert_eq!(machine.answer_to(&leaves).await, (401, "ended".to_owned()));
    }
    assert!(machines[1].lets_in(&later).await);
    server.restart_empty();
    machines[1].eventually_answers(&later, ENDED).await;
    for machine in &machines {
        assert!(machine.lets_in(&stays).await);
        assert_eq!(machine.answer_to(&leaves).await, (401, "ended".to_owned()));
    }
}

async fn a_machine_that_starts_after_the_server_came_back_empty_knows_the_logouts_of_before(
    kind: Kind,
) {
    let mut server = Server::start(kind);
    let shop = Shop::open().await;
    let machines = shop.several(2, &server.url()).await;
    let mut gone = Vec::new();
    for _ in 0..20 {
        let browser = shop.signed_in(&machines[0]);
        log_out(&machines[0], &browser).await;
        gone.push(browser);
    }
    let stays = shop.signed_in(&machines[0]);
    machines[1].eventually_answers(&gone[19], ENDED).await;
    server.kill();
    server.restart_empty();
    // At once: before the others could have noticed.
    let late = shop.ready(&server.url()).await;
    for browser in &gone {
        assert_eq!(late.answer_to(browser).await, (401, "ended".to_owned()));
    }
    assert!(late.lets_in(&stays).await);
}

async fn a_machine_that_was_cut_off_for_30_seconds_catches_up(kind: Kind) {
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
        log_out(&here, &leaves).await;
        // It says so, and serves what it knows.
        assert!(cut_off.layer.revocation_lag() >= Some(Duration::from_secs(30)));
        assert!(cut_off.lets_in(&stays).await && cut_off.lets_in(&leaves).await);
        assert_eq!(log_out(&cut_off, &there).await, StatusCode::ACCEPTED);
        assert!(here.lets_in(&there).await);
        line.mend();
        cut_off.eventually_answers(&leaves, ENDED).await;
        here.eventually_answers(&there, ENDED).await;
        assert!(here.lets_in(&stays).await && cut_off.lets_in(&stays).await);
        let is_fresh = || async { cut_off.layer.revocation_lag() == Some(Duration::ZERO) };
        until(is_fresh).await;
    }
}

async fn a_machine_that_fails_closed_lets_nobody_in_while_it_is_cut_off(kind: Kind) {
    let server = Server::start(kind);
    let shop = Shop::open().await;
    let line = Line::to(server.port).await;
    let closed = shop.machine(&line.url(), |builder| {
        builder.when_stale(WhenStale::FailClosed)
    });
    closed.layer.warm_up().await.unwrap();
    let here = shop.ready(&server.url()).await;
    let (stays, leaves) = (shop.signed_in(&here), shop.signed_in(&here));
    line.stall();
    log_out(&here, &leaves).await;
    closed.time.pass(Duration::from_secs(30));
    assert_eq!(closed.answer_to(&leaves).await.0, 503);
    assert_eq!(closed.answer_to(&stays).await.0, 503);
    line.mend();
    // From 503 straight to the right answer, and never to 200 between.
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
    log_out(&here, &leaves).await;
    far.eventually_answers(&leaves, ENDED).await;
    assert_eq!(log_out(&far, &second).await, StatusCode::NO_CONTENT);
    here.eventually_answers(&second, ENDED).await;
    // Slower than a call may take: told later, and no request waits longer than the limit.
    line.slow_down(Duration::from_secs(5));
    let mut third = copied(&far, &stays);
    let page = third.fetch(Method::POST, "/auth/logout").await;
    assert_eq!(page.status(), StatusCode::ACCEPTED);
    line.mend();
    here.eventually_answers(&stays, ENDED).await;
}
