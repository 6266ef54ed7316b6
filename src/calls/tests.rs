use std::{
    collections::VecDeque,
    sync::atomic::{AtomicUsize, Ordering},
};

use http::StatusCode;
use proptest::prelude::*;
use tokio::sync::Notify;

use super::*;

/// A client without a network. It is shared with the test, which reads its counts.
///
/// Sends prepared responses. With `holds`, each call waits for `go_on`.
#[derive(Default)]
/// The next responses and errors. After the last one, every response is a 200.
struct Fake {
    /// Calls wait until `go_on` is notified.
    answers: Mutex<VecDeque<Result<u16, HttpErrorKind>>>,
    holds: bool,
    go_on: Notify,
    /// The calls under way.
    open: AtomicUsize,
    /// The most calls that were under way at once.
    most: AtomicUsize,
    /// The calls that reached the client.
    sent: AtomicUsize,
}

impl Fake {
    /// A client that gives these answers, one after the other. An answer is a status or the kind of
    /// an error.
    fn answering(answers: impl IntoIterator<Item = Result<u16, HttpErrorKind>>) -> Arc<Self> {
        let answers = Mutex::new(answers.into_iter().collect());
        Arc::new(Self {
            answers,
            ..Self::default()
        })
    }
}

/// Counts the call, waits if it must, and gives the next prepared answer.
impl HttpClient for Arc<Fake> {
    fn send(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, HttpError>> {
        Box::pin(async {
            self.sent.fetch_add(1, Ordering::SeqCst);
            let open = self.open.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(open, Ordering::SeqCst);
            if self.holds {
                self.go_on.notified().await;
            }
            self.open.fetch_sub(1, Ordering::SeqCst);
            let next = self.answers.lock().unwrap().pop_front();
            let status = next.unwrap_or(Ok(200))?;
            let mut answer = Response::new(Bytes::new());
            *answer.status_mut() = StatusCode::from_u16(status).unwrap();
            Ok(answer)
        })
    }
}

/// Calls with limits, over a fake client and a clock that tests move. The clock is a parameter, so
/// no test waits for a circuit.
struct World {
    calls: Arc<Calls>,
    fake: Arc<Fake>,
    /// The time by the monotonic clock.
    passed: Arc<Mutex<Duration>>,
}

impl World {
    /// `most` is the setting `provider_concurrency`.
    fn new(fake: Arc<Fake>, most: usize) -> Self {
        let passed = Arc::new(Mutex::new(Duration::ZERO));
        let time = Arc::clone(&passed);
        let clock = Clock::system().with_monotonic(move || *time.lock().unwrap());
        let limits = Limits {
            time: Duration::from_secs(10),
            calls: most,
        };
        let client: Arc<dyn HttpClient> = Arc::new(Arc::clone(&fake));
        Self {
            calls: Arc::new(Calls::new(client, limits, clock)),
            fake,
            passed,
        }
    }

    /// Moves the clock.
    fn pass(&self, seconds: u64) {
        *self.passed.lock().unwrap() += Duration::from_secs(seconds);
    }

    /// A call for a sign-in. The result is its status, or the kind of its error, which is all that
    /// the tests compare.
    async fn call(&self, path: &str) -> Result<u16, HttpErrorKind> {
        self.call_for(Purpose::SignIn, path).await
    }

    /// A call in a scope of its own.
    async fn call_for(&self, purpose: Purpose, path: &str) -> Result<u16, HttpErrorKind> {
        let sent = self.calls.send(request(path));
        let answer = within(purpose, self.calls.time, sent).await;
        answer
            .map(|answer| answer.status().as_u16())
            .map_err(|error| error.kind())
    }

    /// The calls that were not refused before they were sent.
    fn sent(&self) -> usize {
        self.fake.sent.load(Ordering::SeqCst)
    }
}

/// A request to this path. Its query must not matter, because callbacks of two users differ in it
/// and still use one endpoint.
fn request(path: &str) -> Request<Bytes> {
    let uri = format!("https://id.example.com{path}?not=seen");
    Request::get(uri).body(Bytes::new()).unwrap()
}

/// Five failures of this kind, which are enough to open a circuit.
fn failing(failure: Result<u16, HttpErrorKind>) -> World {
    World::new(Fake::answering(vec![failure; 5]), 64)
}

/// Makes five calls, and requires that each of them is sent. The fifth one opens the circuit if all
/// of them fail.
async fn five_times(world: &World) {
    for _ in 0..5 {
        assert!(!matches!(
            world.call("/token").await,
            Err(HttpErrorKind::Busy(_))
        ));
    }
}

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
        difference: Arc::default(),
        client: Arc::new(fake),
        time: world.calls.time,
        sign_ins: Semaphore::new(1),
        events: Semaphore::new(1),
        circuits: Mutex::new(std::mem::take(&mut *world.calls.circuits())),
        clock: world.calls.clock.clone(),
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
