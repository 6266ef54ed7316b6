use std::{
    collections::VecDeque,
    sync::atomic::{AtomicUsize, Ordering},
};

use http::StatusCode;
use tokio::sync::Notify;

use super::*;

mod circuit;
mod limits;

/// A client without a network, which sends prepared responses. It is shared with the test, which
/// reads its counts.
#[derive(Default)]
struct Fake {
    /// The next responses and errors. After the last one, every response is a 200.
    answers: Mutex<VecDeque<Result<u16, HttpErrorKind>>>,
    /// Calls wait until `go_on` is notified.
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
