//! The number of published entries is bounded, in every outage and for every clock change.

use std::{sync::atomic::Ordering, time::Duration};

use tokio::time::sleep;
use tower_phone_auth::{TestUser, VerifiedUser};

use crate::support::{
    log::Log,
    replicas::{LogConnection, Replica, Replicas},
};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// A replica whose sessions last two minutes.
async fn ready(shop: &Replicas) -> Replica {
    let settings = |builder: tower_phone_auth::Builder| builder.session_lifetime(2 * MINUTE);
    let replica = shop.start_with(LogConnection::to(&shop.log).at_most(20_000), settings);
    replica.layer.warm_up().await.unwrap();
    replica
}

fn published(replica: &Replica) -> usize {
    replica.connection.published.load(Ordering::SeqCst)
}

fn user(subject: &str) -> VerifiedUser {
    let user = TestUser::new("+82 10-1234-5678").unwrap();
    user.with(|user| user.subject = subject.into()).user()
}

/// A server without persistence is empty after each restart.
#[tokio::test(start_paused = true)]
async fn a_log_that_was_emptied_gets_no_revocation_that_has_expired() {
    let shop = Replicas::new().await;
    let (one, other) = (ready(&shop).await, ready(&shop).await);
    one.layer
        .revoke_session(user("1").session_id())
        .await
        .unwrap();
    sleep(SECOND).await;
    for replica in [&one, &other] {
        // The replica removed expired entries before this, and its other entries expire now.
        replica.time.pass(4 * MINUTE);
    }
    shop.log.lose_everything();
    sleep(5 * MINUTE).await;
    let written = published(&one) + published(&other);
    // One entry is the sign-out, and each replica writes the begin and the end of a restore.
    assert!(written <= 5, "{written}");
}

#[tokio::test(start_paused = true)]
async fn revocations_that_expire_during_an_outage_are_not_published_after_it() {
    let shop = Replicas::new().await;
    let one = ready(&shop).await;
    one.connection.cut();
    for _ in 0..300 {
        let id = user("1").session_id();
        assert!(one.layer.revoke_session(id).await.is_err());
    }
    sleep(MINUTE).await;
    // The replica has not removed the expired entries yet.
    one.time.pass(4 * MINUTE);
    one.connection.restore();
    sleep(5 * MINUTE).await;
    assert_eq!(published(&one), 0);
}

/// No other replica could read such an entry.
#[tokio::test(start_paused = true)]
async fn a_subject_that_is_too_long_for_an_entry_is_refused_and_not_published() {
    let shop = Replicas::new().await;
    let one = ready(&shop).await;
    for length in [256, 900, 1000, 100_000] {
        let result = one.layer.revoke("kakao", &"s".repeat(length)).await;
        assert!(result.is_err(), "{length}");
    }
    assert_eq!(published(&one), 0);
    let longest = "s".repeat(255);
    one.layer.revoke("kakao", &longest).await.unwrap();
    sleep(5 * MINUTE).await;
    assert_eq!(published(&one), 1);
    let other = ready(&shop).await;
    assert!(other.layer.has_ended(&user(&longest)));
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_back_while_a_revocation_waits_costs_one_entry() {
    for back in [
        3 * MINUTE,
        60 * MINUTE,
        24 * 60 * MINUTE,
        300 * 24 * 60 * MINUTE,
    ] {
        let shop = Replicas::new().await;
        let (one, other) = (ready(&shop).await, ready(&shop).await);
        one.connection.cut();
        assert!(one.layer.revoke("kakao", "1").await.is_err());
        one.time.set_back(back);
        one.connection.restore();
        sleep(5 * MINUTE).await;
        assert_eq!(published(&one), 1, "{back:?}");
        assert!(other.layer.has_ended(&user("1")), "{back:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_log_that_loses_every_entry_is_retried_with_growing_pauses_and_logged_once() {
    let log = Log::capture();
    let shop = Replicas::new().await;
    let (one, other) = (ready(&shop).await, ready(&shop).await);
    one.connection.lose_all(true);
    let user = user("1");
    one.layer.revoke("kakao", "1").await.unwrap();
    one.layer.revoke_session(user.session_id()).await.unwrap();
    sleep(MINUTE).await;
    // The retries follow at once, and after 1, 2, 4, 8, 16 and 32 seconds.
    let written = published(&one);
    assert!((8..=20).contains(&written), "{written}");
    let text = log.text();
    assert_eq!(
        text.matches("the log lost entries that it had accepted")
            .count(),
        1,
        "{text}"
    );
    one.connection.lose_all(false);
    sleep(2 * MINUTE).await;
    assert!(other.layer.has_ended(&user));
    assert!(published(&one) <= written + 4);
}

#[tokio::test(start_paused = true)]
async fn a_log_that_is_emptied_repeatedly_is_refilled_with_growing_pauses() {
    let shop = Replicas::new().await;
    let one = ready(&shop).await;
    for _ in 0..10 {
        one.layer
            .revoke_session(user("1").session_id())
            .await
            .unwrap();
    }
    for _ in 0..120 {
        sleep(SECOND / 2).await;
        shop.log.lose_everything();
    }
    // Without pauses it would be 120 times ten entries.
    let written = published(&one);
    assert!(written <= 10 + 12 * 12, "{written}");
    sleep(2 * MINUTE).await;
    let late = ready(&shop).await;
    assert!(late.layer.is_ready());
    assert!(shop.log.entries().await.len() >= 10);
}

#[tokio::test(start_paused = true)]
async fn a_log_that_refuses_writes_for_hours_is_tried_with_one_entry_at_a_time() {
    let shop = Replicas::new().await;
    let one = ready(&shop).await;
    one.connection.refuse_all(true);
    for _ in 0..1000 {
        let id = user("1").session_id();
        assert!(one.layer.revoke_session(id).await.is_err());
    }
    sleep(60 * MINUTE).await;
    let tried = one.connection.refused.load(Ordering::SeqCst) - 1000;
    // The first attempt sends a page of entries, and each later one a single entry every five
    // seconds.
    assert!(tried <= 1000 + 12 * 60 + 20, "{tried}");
    one.connection.refuse_all(false);
    sleep(MINUTE).await;
    assert_eq!(published(&one), 1000);
}

/// Only the position in the log shows that it lost entries.
#[tokio::test(start_paused = true)]
async fn a_log_that_is_emptied_while_a_clock_is_set_back_is_filled_again() {
    for back in [2 * MINUTE, 60 * MINUTE, 300 * 24 * 60 * MINUTE] {
        let shop = Replicas::new().await;
        let one = ready(&shop).await;
        one.layer.revoke("kakao", "1").await.unwrap();
        sleep(SECOND).await;
        shop.log.lose_everything();
        one.time.set_back(back);
        sleep(MINUTE).await;
        one.time.set_forward(back);
        sleep(SECOND).await;
        let late = ready(&shop).await;
        assert!(late.layer.has_ended(&user("1")), "{back:?}");
    }
}

#[test]
fn a_log_that_is_emptied_while_no_runtime_follows_it_is_filled_again() {
    let runtime = || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_all().start_paused(true).build().unwrap()
    };
    let (shop, one) = runtime().block_on(async {
        let shop = Replicas::new().await;
        let one = ready(&shop).await;
        one.layer.revoke("kakao", "1").await.unwrap();
        sleep(SECOND).await;
        (shop, one)
    });
    shop.log.lose_everything();
    runtime().block_on(async {
        // The provider's runtime has ended too, so only the log is checked.
        let _ = one.layer.warm_up().await;
        sleep(MINUTE).await;
        assert_eq!(shop.log.entries().await.len(), 3);
    });
}
