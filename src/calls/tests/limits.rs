//! The limits: calls at once, and the deadline.

use super::*;

/// The calls that got a permit go on until the deadline. The others are refused after one second,
/// and do not add up to a queue.
#[tokio::test(start_paused = true)]
async fn calls_beyond_the_limit_wait_a_second_and_are_refused() {
    let fake = Arc::new(Fake {
        holds: true,
        ..Fake::default()
    });
    let world = World::new(fake, 16);
    let start = Instant::now();
    let visits = futures_util::future::join_all((0..100).map(|_| world.call("/token"))).await;
    let busy = |answer: &Result<u16, _>| matches!(answer, Err(HttpErrorKind::Busy(_)));
    // Two of the 16 permits are for events.
    assert_eq!(visits.iter().filter(|answer| busy(answer)).count(), 86);
    assert_eq!(world.fake.most.load(Ordering::SeqCst), 14);
    assert_eq!(start.elapsed(), Duration::from_secs(10), "the deadline");
}

/// Any host can send a flood of either kind. The other kind must still get its permits at once.
#[tokio::test(start_paused = true)]
async fn sign_ins_and_events_do_not_use_up_the_permits_of_the_other() {
    for (flood, other) in [
        (Purpose::SignIn, Purpose::Event),
        (Purpose::Event, Purpose::SignIn),
    ] {
        let fake = Arc::new(Fake {
            holds: true,
            ..Fake::default()
        });
        let world = World::new(fake, 16);
        let calls = Arc::clone(&world.calls);
        let flood = tokio::spawn(async move {
            let sent = (0..50).map(|_| calls.send(request("/keys")));
            let all = futures_util::future::join_all(sent);
            within(flood, calls.time, all).await;
        });
        // The flood has all its permits now, and its surplus has been refused.
        tokio::time::sleep(Duration::from_secs(2)).await;
        let fake = Arc::clone(&world.fake);
        let answer = tokio::spawn(async move { world.call_for(other, "/token").await });
        tokio::time::sleep(Duration::from_millis(1)).await;
        fake.go_on.notify_waiters();
        assert_eq!(answer.await.unwrap(), Ok(200), "{other:?}");
        flood.abort();
    }
}

/// A callback with several calls must not take several times `provider_timeout`.
#[tokio::test(start_paused = true)]
async fn all_calls_of_one_scope_have_one_deadline() {
    let fake = Arc::new(Fake {
        holds: true,
        ..Fake::default()
    });
    let world = World::new(fake, 64);
    let start = Instant::now();
    let limit = Duration::from_secs(3);
    within(Purpose::SignIn, limit, async {
        assert_eq!(world.call("/token").await, Err(HttpErrorKind::TimedOut));
        assert_eq!(world.call("/profile").await, Err(HttpErrorKind::TimedOut));
        // The deadline has passed, so that waiting for another call ends at once.
        let never = wait(std::future::pending::<()>()).await;
        assert_eq!(never.unwrap_err().kind(), HttpErrorKind::TimedOut);
    })
    .await;
    assert_eq!(start.elapsed(), limit);
}

/// Keys that hang must leave time for the profile, which the sign-in needs.
#[tokio::test(start_paused = true)]
async fn optional_calls_have_half_of_the_time_that_is_left() {
    let fake = Arc::new(Fake {
        holds: true,
        ..Fake::default()
    });
    let world = World::new(fake, 64);
    let start = Instant::now();
    within(Purpose::SignIn, Duration::from_secs(12), async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let keys = optional(world.calls.send(request("/keys"))).await;
        assert_eq!(keys.unwrap_err().kind(), HttpErrorKind::TimedOut);
        assert_eq!(start.elapsed(), Duration::from_secs(7));
        let profile = world.calls.send(request("/profile")).await;
        assert_eq!(profile.unwrap_err().kind(), HttpErrorKind::TimedOut);
    })
    .await;
    assert_eq!(start.elapsed(), Duration::from_secs(12));
}
