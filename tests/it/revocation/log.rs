//! The entries of the log, and foreign entries.

use std::{sync::atomic::Ordering, time::Duration};

use axum::body::Bytes;
use http::Method;
use tower_phone_auth::{OAuthLayer, SessionKey, revocation::RevocationLog};

use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Browser, JIWOO},
    log::Log,
    replicas::{LogConnection, Replica, Replicas, SharedLog, until},
    shop::{ORIGIN, Time},
};

const ENDED: (u16, &str) = (401, "ended");

async fn signed_in(replica: &Replica) -> Browser {
    let mut browser = replica.browser();
    let away = browser.visit("/auth/login?provider=kakao").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    browser
}

async fn sign_out(browser: &mut Browser) {
    let copy = browser.cookies.clone();
    browser.fetch(Method::POST, "/auth/logout").await;
    browser.cookies = copy;
}

#[tokio::test]
async fn entries_are_sealed_and_name_no_user() {
    let shop = Replicas::new().await;
    let one = shop.ready().await;
    one.layer
        .revoke("kakao", "1376016924429759228")
        .await
        .unwrap();
    let entries = shop.log.entries().await;
    assert_eq!(entries.len(), 1);
    let text = String::from_utf8(entries[0].to_vec()).unwrap();
    assert!(text.len() < 200 && !text.contains("1376016924429759228"));
}

#[tokio::test]
async fn damaged_forged_and_foreign_entries_are_skipped_with_one_line() {
    let shop = Replicas::new().await;
    let one = shop.ready().await;
    let mut browser = signed_in(&one).await;
    sign_out(&mut browser).await;
    let sealed = shop.log.entries().await.remove(0);

    let stranger = Replicas {
        key: SessionKey::random(),
        ..Replicas::new().await
    };
    let other = stranger.ready().await;
    other.layer.revoke("kakao", "1").await.unwrap();
    let mut junk = stranger.log.entries().await;
    let mut flipped = sealed.to_vec();
    flipped[30] ^= 1;
    junk.extend([
        Bytes::new(),
        Bytes::from_static(b"\xff\x00 not base64"),
        Bytes::from(vec![b'A'; 100_000]),
        sealed.slice(..sealed.len() - 4),
        flipped.into(),
        // A session cookie is sealed for another purpose.
        Bytes::from(browser.session().unwrap().to_owned()),
    ]);
    let log = Log::capture();
    let mut second = signed_in(&one).await;
    shop.log.now().publish(junk).await.unwrap();
    sign_out(&mut second).await;
    let late = shop.ready().await;
    assert_eq!(late.answer_to(&browser).await, (401, "ended".to_owned()));
    assert_eq!(late.answer_to(&second).await, (401, "ended".to_owned()));
    let text = log.text();
    assert!(
        text.contains("foreign=7") && text.contains("were skipped"),
        "{text}"
    );
    let lines = text.lines().filter(|line| line.contains("were skipped"));
    assert!(lines.count() <= 2, "one for each replica: {text}");
}

#[tokio::test]
async fn a_copied_entry_ends_nothing_new() {
    let shop = Replicas::new().await;
    let (one, other) = (shop.ready().await, shop.ready().await);
    let mut browser = signed_in(&one).await;
    browser.fetch(Method::POST, "/auth/logout?everywhere").await;
    let entries = shop.log.entries().await;
    until(async || other.layer.revocation_lag() == Some(Duration::ZERO)).await;
    let again = signed_in(&one).await;
    shop.log.now().publish(entries).await.unwrap();
    let mut marker = signed_in(&one).await;
    sign_out(&mut marker).await;
    other.eventually_answers(&marker, ENDED).await;
    assert!(one.lets_in(&again).await && other.lets_in(&again).await);
}

#[tokio::test]
async fn a_key_rotation_loses_no_revocation() {
    let (old, new) = (SessionKey::random(), SessionKey::random());
    let shop = Replicas {
        key: old.clone().and(new.clone()),
        ..Replicas::new().await
    };
    let one = shop.ready().await;
    let mut browser = signed_in(&one).await;
    sign_out(&mut browser).await;
    let shop = Replicas {
        key: new.and(old),
        ..shop
    };
    let rotated = shop.ready().await;
    assert_eq!(rotated.answer_to(&browser).await, (401, "ended".to_owned()));
    let mut second = signed_in(&rotated).await;
    assert!(one.lets_in(&second).await);
    sign_out(&mut second).await;
    one.eventually_answers(&second, ENDED).await;
}

#[tokio::test]
async fn entries_that_can_end_no_session_any_more_leave_the_log() {
    let time = Time::default();
    let log = SharedLog::by(time.clock());
    let shop = Replicas {
        log,
        ..Replicas::new().await
    };
    let one = shop.ready().await;
    one.layer.revoke("kakao", "1").await.unwrap();
    assert_eq!(shop.log.entries().await.len(), 1);
    for clock in [&time, &one.time] {
        clock.pass(Duration::from_secs(13 * 60 * 60));
    }
    until(async || shop.log.entries().await.is_empty()).await;
}

/// A worker process has a layer and never makes a service.
#[tokio::test]
async fn a_layer_without_a_service_retries_a_failed_revocation() {
    let shop = Replicas::new().await;
    let (line, replica) = (LogConnection::to(&shop.log), shop.ready().await);
    let worker = OAuthLayer::builder()
        .public_url(ORIGIN)
        .session_key(shop.key.clone())
        .provider(shop.provider.kakao())
        .revocation_log(line.clone());
    let worker = worker.build().unwrap();
    let browser = signed_in(&replica).await;
    line.cut();
    let result = worker.revoke("kakao", "1376016924429759228").await;
    assert!(result.is_err());
    assert!(replica.lets_in(&browser).await);
    line.restore();
    replica.eventually_answers(&browser, ENDED).await;
}

/// A server may lose an entry if it fails over right after its answer.
#[tokio::test]
async fn an_entry_that_the_log_lost_unread_is_published_again() {
    let shop = Replicas::new().await;
    let (one, other) = (shop.ready().await, shop.ready().await);
    let mut browser = signed_in(&one).await;
    one.connection.lose_next();
    sign_out(&mut browser).await;
    other.eventually_answers(&browser, ENDED).await;
    // The entry was published twice, and the log has it once.
    assert_eq!(one.connection.published.load(Ordering::SeqCst), 2);
    assert_eq!(shop.log.entries().await.len(), 1);
}
