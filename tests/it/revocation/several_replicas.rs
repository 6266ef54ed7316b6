//! Several replicas with one log.

use std::{error::Error, sync::atomic::Ordering, time::Duration};

use http::{Method, StatusCode};

use crate::support::{
    browser::{Browser, JIWOO, location, text},
    replicas::{LogConnection, Replica, Replicas, until},
};

const ENDED: (u16, &str) = (401, "ended");
const MINUTE: Duration = Duration::from_secs(60);

async fn signed_in(replica: &Replica) -> Browser {
    let mut browser = replica.browser();
    let away = browser.visit("/auth/login?provider=kakao").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    assert!(replica.lets_in(&browser).await);
    browser
}

async fn sign_out(browser: &mut Browser) {
    let mut copy = browser.cookies.clone();
    let page = browser.fetch(Method::POST, "/auth/logout").await;
    assert_eq!(page.status(), StatusCode::NO_CONTENT);
    // The browser gets its cookies back, as a thief has who copied them before.
    std::mem::swap(&mut browser.cookies, &mut copy);
}

#[tokio::test]
async fn a_sign_in_begun_on_one_replica_is_finished_on_another_and_counts_on_all() {
    let shop = Replicas::new().await;
    let (one, other) = (shop.ready().await, shop.ready().await);
    let mut browser = one.browser();
    let away = browser.visit("/auth/login?provider=kakao").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.moves_to(other.app.clone());
    browser.visit(&callback).await;
    assert!(one.lets_in(&browser).await && other.lets_in(&browser).await);
}

#[tokio::test]
async fn a_sign_out_on_one_replica_ends_the_session_on_all() {
    let shop = Replicas::new().await;
    let replicas = [shop.ready().await, shop.ready().await, shop.ready().await];
    let mut browser = signed_in(&replicas[0]).await;
    let other = signed_in(&replicas[0]).await;
    sign_out(&mut browser).await;
    for replica in &replicas {
        replica.eventually_answers(&browser, ENDED).await;
        assert!(replica.lets_in(&other).await);
    }
}

#[tokio::test]
async fn signing_out_everywhere_ends_the_sessions_of_all_replicas() {
    let shop = Replicas::new().await;
    let (one, other) = (shop.ready().await, shop.ready().await);
    let (mut first, second) = (signed_in(&one).await, signed_in(&other).await);
    first.fetch(Method::POST, "/auth/logout?everywhere").await;
    other.eventually_answers(&second, ENDED).await;
    assert_eq!(one.answer_to(&second).await, (401, "ended".to_owned()));
}

#[tokio::test]
async fn a_replica_that_starts_later_knows_earlier_revocations() {
    let shop = Replicas::new().await;
    let one = shop.ready().await;
    let mut browser = signed_in(&one).await;
    sign_out(&mut browser).await;
    let late = shop.ready().await;
    assert_eq!(late.answer_to(&browser).await, (401, "ended".to_owned()));
}

#[tokio::test]
async fn a_revocation_ends_a_session_of_a_replica_whose_clock_is_ahead() {
    let shop = Replicas::new().await;
    let (one, ahead) = (shop.ready().await, shop.ready().await);
    ahead.time.pass(Duration::from_secs(59));
    let (mut here, there) = (signed_in(&one).await, signed_in(&ahead).await);
    here.fetch(Method::POST, "/auth/logout?everywhere").await;
    ahead.eventually_answers(&there, ENDED).await;
}

#[tokio::test]
async fn a_sign_in_on_a_replica_whose_clock_is_behind_survives_an_earlier_revocation() {
    let shop = Replicas::new().await;
    let (ahead, behind) = (shop.ready().await, shop.ready().await);
    ahead.time.pass(Duration::from_secs(59));
    let mut before = signed_in(&ahead).await;
    let copy = before.cookies.clone();
    before.fetch(Method::POST, "/auth/logout?everywhere").await;
    before.cookies = copy;
    behind.eventually_answers(&before, ENDED).await;
    let after = signed_in(&behind).await;
    assert!(ahead.lets_in(&after).await);
    ahead.time.pass(10 * MINUTE);
    behind.time.pass(10 * MINUTE);
    assert!(ahead.lets_in(&after).await && behind.lets_in(&after).await);
}

#[tokio::test]
async fn a_sign_out_during_an_outage_of_the_log_is_not_called_global_and_is_published_later() {
    let shop = Replicas::new().await;
    let (one, other) = (shop.ready().await, shop.ready().await);
    let mut browser = signed_in(&one).await;
    let copy = browser.cookies.clone();
    one.connection.cut();
    let page = browser.fetch(Method::POST, "/auth/logout").await;
    assert_eq!(page.status(), StatusCode::ACCEPTED);
    assert!(text(&page).contains("not_everywhere"), "{}", text(&page));
    assert_eq!(browser.session(), None);
    browser.cookies = copy;
    assert_eq!(one.answer_to(&browser).await, (401, "ended".to_owned()));
    assert!(other.lets_in(&browser).await);
    one.connection.restore();
    other.eventually_answers(&browser, ENDED).await;
}

#[tokio::test]
async fn a_page_says_that_a_sign_out_is_not_known_everywhere_yet() {
    let shop = Replicas::new().await;
    let one = shop.ready().await;
    let mut browser = signed_in(&one).await;
    one.connection.cut();
    let page = [
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-site", "same-origin"),
    ];
    let done = browser.send(Method::POST, "/auth/logout", &page).await;
    assert_eq!(done.status(), StatusCode::SEE_OTHER);
    let done = browser.visit(location(&done)).await;
    assert!(text(&done).contains("Some of our servers do not know it yet"));
    assert_eq!(browser.session(), None);
}

#[tokio::test]
async fn a_revocation_known_on_this_replica_alone_is_an_error_that_says_so() {
    let shop = Replicas::new().await;
    let one = shop.ready().await;
    one.connection.cut();
    let error = one.layer.revoke("kakao", "1").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "revoked on this replica only; publishing it to the others is being retried"
    );
    let cause = error.source().unwrap().to_string();
    assert_eq!(cause, "the connection is cut; restore it");
}

#[tokio::test]
async fn a_revocation_whose_caller_goes_away_is_still_published() {
    let shop = Replicas::new().await;
    let (one, other) = (shop.ready().await, shop.ready().await);
    let browser = signed_in(&one).await;
    one.connection.hang();
    let mut aborted = one.browser();
    aborted.cookies.clone_from(&browser.cookies);
    let request = aborted.fetch(Method::POST, "/auth/logout");
    let outcome = tokio::time::timeout(Duration::from_millis(1), request).await;
    assert!(outcome.is_err());
    one.connection.restore();
    other.eventually_answers(&browser, ENDED).await;
}

#[tokio::test]
async fn during_an_outage_of_the_log_a_sign_in_succeeds_and_ends_the_old_session_later() {
    let shop = Replicas::new().await;
    let (one, other) = (shop.ready().await, shop.ready().await);
    let mut browser = signed_in(&one).await;
    let replaced = one.browser();
    let mut old = replaced;
    old.cookies.clone_from(&browser.cookies);
    one.connection.cut();
    let away = browser.visit("/auth/login?provider=kakao").await;
    let callback = browser.act(&away, JIWOO).await;
    let back = browser.visit(&callback).await;
    assert_eq!(back.status(), StatusCode::SEE_OTHER);
    assert!(one.lets_in(&browser).await && other.lets_in(&browser).await);
    one.connection.restore();
    other.eventually_answers(&old, ENDED).await;
}

#[tokio::test]
async fn a_log_that_was_emptied_is_refilled_by_the_replicas() {
    let shop = Replicas::new().await;
    let (one, other) = (shop.ready().await, shop.ready().await);
    let mut browsers = Vec::new();
    for _ in 0..3 {
        let mut browser = signed_in(&one).await;
        sign_out(&mut browser).await;
        other.eventually_answers(&browser, ENDED).await;
        browsers.push(browser);
    }
    let published = one.connection.published.load(Ordering::SeqCst);
    assert_eq!(published, 3);
    shop.log.lose_everything();
    until(async || shop.log.entries().await.len() >= 3).await;
    let late = shop.ready().await;
    for browser in &browsers {
        assert_eq!(late.answer_to(browser).await, (401, "ended".to_owned()));
    }
}

#[tokio::test]
async fn the_follower_ends_with_the_last_layer() {
    let shop = Replicas::new().await;
    let line = LogConnection::to(&shop.log);
    let replica = shop.start_with(line.clone(), |builder| builder);
    replica.layer.warm_up().await.unwrap();
    assert!(line.holders() > 1);
    drop(replica);
    until(async || line.holders() == 1).await;
}

/// A new replica has no expired revocation. A replica that has run for a day may still have one.
#[tokio::test]
async fn a_sign_in_after_a_revocation_expired_counts_at_a_replica_that_still_holds_it() {
    for hours in [25, 27, 100] {
        let shop = Replicas::new().await;
        let one = shop.ready().await;
        let mut browser = signed_in(&one).await;
        browser.fetch(Method::POST, "/auth/logout?everywhere").await;
        shop.log.lose_everything();
        let other = shop.start();
        for replica in [&one, &other] {
            replica.time.pass(hours * 60 * MINUTE);
        }
        other.layer.warm_up().await.unwrap();
        let again = signed_in(&other).await;
        assert!(one.lets_in(&again).await, "{hours} hours later");
    }
}

/// Otherwise a replica that has read one of two entries would end a new session of the user.
#[tokio::test]
async fn signing_out_everywhere_is_published_in_one_piece_with_the_user_first() {
    let shop = Replicas::new().await;
    let (one, other) = (shop.ready().await, shop.ready().await);
    let mut browser = signed_in(&one).await;
    let copy = browser.cookies.clone();
    other.connection.cut();
    browser.fetch(Method::POST, "/auth/logout?everywhere").await;
    // The other replica reads one of the two entries.
    one.connection.cut();
    shop.log.lose_last(1).await;
    other.connection.restore();
    browser.cookies = copy;
    other.eventually_answers(&browser, ENDED).await;
    let again = signed_in(&other).await;
    assert!(one.lets_in(&again).await);
}
