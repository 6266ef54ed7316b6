//! The circuit breaker of an endpoint.

use proptest::prelude::*;

use super::*;

/// A failure of each kind that counts for a circuit.
const FAILURES: [Result<u16, HttpErrorKind>; 4] = [
    Err(HttpErrorKind::TimedOut),
    Err(HttpErrorKind::Unreachable),
    Ok(500),
    Ok(503),
];

/// The error says how much of the pause is left, because the page shows the user when to try again.
#[tokio::test]
async fn five_failures_in_a_row_open_the_circuit_and_after_ten_seconds_one_call_probes_it() {
    for failure in FAILURES {
        let world = failing(failure);
        five_times(&world).await;
        assert!(world.calls.is_down());
        let ten = Duration::from_secs(10);
        assert_eq!(world.call("/token").await, Err(HttpErrorKind::Busy(ten)));
        world.pass(9);
        let one = Duration::from_secs(1);
        assert_eq!(world.call("/token").await, Err(HttpErrorKind::Busy(one)));
        assert_eq!(world.sent(), 5);
        // The pause ends exactly now, and the next call is the probe.
        world.pass(1);
        assert!(!world.calls.is_down());
        assert_eq!(world.call("/token").await, Ok(200));
        assert_eq!(world.call("/token").await, Ok(200));
    }
}

/// One failure is enough after the pause. Five more would make five users wait for the deadline.
#[tokio::test]
async fn a_failed_probe_keeps_the_circuit_open_for_as_long_again() {
    let world = World::new(Fake::answering(vec![Ok(502); 6]), 64);
    five_times(&world).await;
    world.pass(10);
    assert_eq!(world.call("/token").await, Ok(502));
    let ten = Duration::from_secs(10);
    assert_eq!(world.call("/token").await, Err(HttpErrorKind::Busy(ten)));
    world.pass(10);
    assert_eq!(world.call("/token").await, Ok(200));
}

/// Any host can send a callback with an invented code, which the token endpoint answers with 400.
/// If such responses counted, any host could stop the sign-ins of all users.
#[tokio::test]
async fn failures_that_strangers_can_cause_open_no_circuit() {
    let answers = [Ok(400), Ok(401), Ok(403), Ok(404), Ok(429), Ok(302)];
    let answers = answers.into_iter().cycle().take(100);
    let world = World::new(Fake::answering(answers), 64);
    for _ in 0..100 {
        assert!(world.call("/token").await.is_ok());
    }
    // A response that is too large is a response.
    let world = failing(Err(HttpErrorKind::TooLarge));
    five_times(&world).await;
    assert_eq!(world.call("/token").await, Ok(200));
}

/// The failures must be in a row. A provider that fails now and then is not down.
#[tokio::test]
async fn one_response_between_failures_keeps_the_circuit_closed() {
    let failures = [Ok(500), Ok(500), Ok(500), Ok(500), Ok(400)];
    let world = World::new(Fake::answering(failures.repeat(10)), 64);
    for _ in 0..50 {
        assert!(world.call("/token").await.is_ok());
    }
}

/// The key set may be served from a cache while the token endpoint is down, so neither says
/// anything about the other.
#[tokio::test]
async fn an_endpoint_that_is_down_does_not_stop_another() {
    let world = failing(Ok(500));
    five_times(&world).await;
    assert!(world.call("/token").await.is_err());
    assert_eq!(world.call("/keys").await, Ok(200));
    assert!(world.call("/token").await.is_err(), "keys prove nothing");
}

/// An event has less time than a sign-in, and the application may revoke a token at any time.
/// Neither may make the provider unavailable for sign-ins.
#[tokio::test]
async fn time_outs_of_events_and_revocations_do_not_make_a_provider_unavailable() {
    let world = failing(Err(HttpErrorKind::TimedOut));
    for _ in 0..5 {
        let _ = world.call_for(Purpose::Event, "/keys").await;
    }
    assert_eq!(world.call("/keys").await, Ok(200));
    // A failure of a revocation opens the circuit of its endpoint, but says nothing about sign-ins.
    let world = failing(Ok(500));
    for _ in 0..5 {
        let _ = world.call_for(Purpose::Application, "/revoke").await;
    }
    assert!(!world.calls.is_down());
    assert!(
        world
            .call_for(Purpose::Application, "/revoke")
            .await
            .is_err()
    );
}

/// Users can sign in at Kakao while its keys cannot be read.
#[tokio::test]
async fn failures_of_optional_calls_do_not_make_a_provider_unavailable() {
    let world = failing(Err(HttpErrorKind::TimedOut));
    for _ in 0..5 {
        let keys = optional(world.calls.send(request("/keys")));
        let _ = within(Purpose::SignIn, world.calls.time, keys).await;
    }
    assert!(world.call("/keys").await.is_err(), "the circuit is open");
    assert!(!world.calls.is_down());
}

/// A browser that closes its connection drops the call. If the probe then counted as under way, the
/// endpoint would never be called again.
#[tokio::test(start_paused = true)]
async fn a_dropped_call_frees_its_permit_and_its_probe() {
    let world = World::new(Fake::answering(vec![Ok(500); 5]), 2);
    five_times(&world).await;
    world.pass(10);
    let fake = Arc::new(Fake {
        holds: true,
        ..Fake::default()
    });
    // The same circuits with a client that never responds. Each probe is dropped before its result
    // is known, and must not block the next one.
    let calls = Calls {
        breaks: true,
        difference: Arc::default(),
        client: Arc::new(fake),
        time: world.calls.time,
        sign_ins: Semaphore::new(1),
        events: Semaphore::new(1),
        circuits: Mutex::new(std::mem::take(&mut *world.calls.circuits())),
        clock: world.calls.clock.clone(),
        observer: (Observer::default(), Arc::from("")),
    };
    for _ in 0..3 {
        let sent = calls.send(request("/token"));
        assert!(
            tokio::time::timeout(Duration::from_millis(1), sent)
                .await
                .is_err()
        );
    }
}

/// One step of a generated history of an endpoint.
#[derive(Clone, Debug)]
enum Step {
    /// A call with this result.
    Call(Result<u16, HttpErrorKind>),
    /// These seconds pass.
    Pass(u64),
}

/// Histories of up to 200 steps, four of five of which are calls. A pause has up to 14 seconds, so
/// that some are longer than that of a circuit and some are shorter.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    let answers = prop_oneof![
        Just(Ok(200)),
        Just(Ok(400)),
        Just(Ok(500)),
        Just(Err(HttpErrorKind::TimedOut)),
        Just(Err(HttpErrorKind::Unreachable)),
        Just(Err(HttpErrorKind::TooLarge)),
    ];
    let step = prop_oneof![4 => answers.prop_map(Step::Call), 1 => (0..15u64).prop_map(Step::Pass)];
    prop::collection::vec(step, 0..200)
}

// A call is refused only after five failures in a row, in every order of results and pauses. Ten
// seconds later, the provider is called again.
proptest! {
    #[test]
    fn no_order_of_answers_shuts_a_provider_out_for_longer_than_ten_seconds(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let world = World::new(Arc::default(), 64);
            // The failures in a row, as a model of the circuit.
            let mut row = 0;
            for step in steps {
                match step {
                    Step::Pass(seconds) => world.pass(seconds),
                    Step::Call(answer) => {
                        *world.fake.answers.lock().unwrap() = [answer].into();
                        let sent = world.sent();
                        let result = world.call("/token").await;
                        let called = world.sent() > sent;
                        assert_eq!(matches!(result, Err(HttpErrorKind::Busy(_))), !called);
                        assert!(called || row >= 5, "refused after {row} failures");
                        let failed = matches!(result, Ok(500)
                            | Err(HttpErrorKind::TimedOut | HttpErrorKind::Unreachable));
                        row = if !called || failed { row + u32::from(called) } else { 0 };
                    }
                }
            }
            // Ten seconds later, the provider is called again in every case.
            world.pass(10);
            world.fake.answers.lock().unwrap().clear();
            assert_eq!(world.call("/token").await, Ok(200));
            assert!(!world.calls.is_down());
        });
    }
}
