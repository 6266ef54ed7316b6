//! What is published is bounded by what happened, whatever becomes of the log and of clocks.

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

fn person(subject: &str) -> VerifiedUser {
    let user = TestUser::new("+82 10-1234-5678").unwrap();
    user.with(|user| user.subject = subject.into()).user()
}

/// Case 1: every restart of a server that keeps nothing.
#[tokio::test(start_paused = true)]
async fn a_log_that_was_emptied_gets_no_revocation_that_has_expired() {
    let shop = Replicas::new().await;
    let (one, other) = (ready(&shop).await, ready(&shop).await);
    one.layer
        .revoke_session(person("1").session_id)
        .await
        .unwrap();
    sleep(SECOND).await;
    for replica in [&one, &other] {
        // Memory was tidied a moment ago: what is in it has expired since.
        replica.time.pass(4 * MINUTE);
    }
    shop.log.lose_everything();
    sleep(5 * MINUTE).await;
    let written = published(&one) + published(&other);
    // The logout, and for each of the two that the log is restored: begun and done.
    assert!(written <= 5, "{written}");
}

/// Case 2.
#[tokio::test(start_paused = true)]
async fn revocations_that_expire_during_an_outage_are_not_published_after_it() {
    let shop = Replicas::new().await;
    let one = ready(&shop).await;
    one.connection.cut();
    for _ in 0..300 {
        let id = person("1").session_id;
        assert!(one.layer.revoke_session(id).await.is_err());
    }
    sleep(MINUTE).await;
    // Memory is not tidied yet.
    one.time.pass(4 * MINUTE);
    one.connection.restore();
    sleep(5 * MINUTE).await;
    assert_eq!(published(&one), 0);
}

/// Case 3: no other replica could read it.
#[tokio::test(start_paused = true)]
async fn a_subject_that_is_too_long_for_an_entry_is_refused_and_not_published() {
    let shop = Replicas::new().await;
    let one = ready(&shop).await;
    for length in [256, 900, 1000, 100_000] {
        let told = one.layer.revoke("kakao", &"s".repeat(length)).await;
        assert!(told.is_err(), "{length}");
    }
    assert_eq!(published(&one), 0);
    let longest = "s".repeat(255);
    one.layer.revoke("kakao", &longest).await.unwrap();
    sleep(5 * MINUTE).await;
    assert_eq!(published(&one), 1);
    let other = ready(&shop).await;
    assert!(other.layer.has_ended(&person(&longest)));
}

/// Case 4.
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
        assert!(other.layer.has_ended(&person("1")), "{back:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_log_that_loses_all_that_it_takes_is_tried_ever_more_seldom_and_logged_once() {
    let log = Log::capture();
    let shop = Replicas::new().await;
    let (one, other) = (ready(&shop).await, ready(&shop).await);
    one.connection.lose_all(true);
    let user = person("1");
    one.layer.revoke("kakao", "1").await.unwrap();
    one.layer.revoke_session(user.session_id).await.unwrap();
    sleep(MINUTE).await;
    // At once, after 1, 2, 4, 8, 16 and 32 seconds.
    let written = published(&one);
    assert!((8..=20).contains(&written), "{written}");
    let text = log.text();
    assert_eq!(
        text.matches("the log lost what it had taken").count(),
        1,
        "{text}"
    );
    one.connection.lose_all(false);
    sleep(2 * MINUTE).await;
    assert!(other.layer.has_ended(&user));
    assert!(published(&one) <= written + 4);
}

#[tokio::test(start_paused = true)]
async fn a_log_that_is_lost_again_and_again_is_filled_ever_more_seldom() {
    let shop = Replicas::new().await;
    let one = ready(&shop).await;
    for _ in 0..10 {
        one.layer
            .revoke_session(person("1").session_id)
            .await
            .unwrap();
    }
    for _ in 0..120 {
        sleep(SECOND / 2).await;
        shop.log.lose_everything();
    }
    // Without a pause, 120 times ten.
    let written = published(&one);
    assert!(written <= 10 + 12 * 12, "{written}");
    sleep(2 * MINUTE).await;
    let late = ready(&shop).await;
    assert!(late.layer.is_ready());
    assert!(shop.log.entries().await.len() >= 10);
}

#[tokio::test(start_paused = true)]
async fn a_log_that_takes_nothing_for_hours_is_tried_with_one_entry_at_a_time() {
    let shop = Replicas::new().await;
    let one = ready(&shop).await;
    one.connection.refuse_all(true);
    for _ in 0..1000 {
        let id = person("1").session_id;
        assert!(one.layer.revoke_session(id).await.is_err());
    }
    sleep(60 * MINUTE).await;
    let tried = one.connection.refused.load(Ordering::SeqCst) - 1000;
    // A page once, then one entry every five seconds.
    assert!(tried <= 1000 + 12 * 60 + 20, "{tried}");
    one.connection.refuse_all(false);
    sleep(MINUTE).await;
    assert_eq!(published(&one), 1000);
}

/// The position in the log alone says that it lost entries.
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
        assert!(late.layer.has_ended(&person("1")), "{back:?}");
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
        // The provider's runtime ended, too: the log alone is asked.
        let _ = one.layer.warm_up().await;
        sleep(MINUTE).await;
        assert_eq!(shop.log.entries().await.len(), 3);
    });
}
