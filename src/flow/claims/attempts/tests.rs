use std::{
    future::{pending, ready},
    sync::atomic::{AtomicU64, Ordering},
};

use super::{
    entries::{FORGOTTEN, MOST},
    *,
};

/// The calls at a time that a test sets.
struct Calls {
    attempts: Attempts,
    millis: Arc<AtomicU64>,
    clock: Clock,
}

impl Calls {
    fn new() -> Self {
        let millis = Arc::new(AtomicU64::new(0));
        let now = Arc::clone(&millis);
        let now = move || Duration::from_millis(now.load(Ordering::Relaxed));
        Self {
            attempts: Attempts::default(),
            millis,
            clock: Clock::system().with_monotonic(now),
        }
    }

    fn pass(&self, time: Duration) {
        let millis = u64::try_from(time.as_millis()).unwrap();
        self.millis.fetch_add(millis, Ordering::Relaxed);
    }

    fn turn(&self, session: SessionId) -> Turn {
        self.attempts.turn(session, 0, &self.clock)
    }

    /// The call that a request makes. It neither waits nor is refused.
    fn call(&self, session: SessionId) -> Option<Call> {
        match self.turn(session) {
            Turn::Call(call) => Some(call),
            Turn::Wait(_) | Turn::Refuse(_) | Turn::Reuse(_) => None,
        }
    }

    /// Whether a request calls the hook, which fails.
    fn fails(&self, session: SessionId) -> bool {
        let call = self.call(session);
        call.map(|call| call.end(Err(busy()))).is_some()
    }

    fn remembered(&self) -> usize {
        self.attempts.entries().len()
    }
}

fn busy() -> LoginError {
    LoginError::new(LoginErrorKind::ApplicationBusy)
}

fn drop_error(_: &LoginError) {}

fn session() -> SessionId {
    SessionId::random().unwrap()
}

#[test]
fn pauses_double_up_to_thirty_seconds_and_begin_anew_after_a_rest() {
    let (calls, id) = (Calls::new(), session());
    for pause in [1, 2, 4, 8, 16, 30, 30].map(Duration::from_secs) {
        assert!(calls.fails(id));
        calls.pass(pause - Duration::from_millis(1));
        assert!(!calls.fails(id), "{pause:?}");
        calls.pass(Duration::from_millis(1));
    }
    calls.pass(PAUSES[1]);
    assert_eq!(calls.call(id).unwrap().pause, PAUSES[0]);
}

#[test]
fn a_hook_that_fails_for_many_sessions_is_called_a_bounded_number_of_times() {
    let calls = Calls::new();
    let sessions: Vec<_> = (0..3 * MOST).map(|_| session()).collect();
    let failed = |_| sessions.iter().filter(|id| calls.fails(**id)).count();
    let in_first_second: usize = (0..5).map(failed).sum();
    assert_eq!(in_first_second, MOST + FORGOTTEN as usize);
    let mut in_a_minute = 0;
    for _ in 0..60 {
        calls.pass(Duration::from_secs(1));
        in_a_minute += failed(0);
        assert_eq!(calls.remembered(), MOST);
    }
    // Each remembered session after 1, 2, 4, 8, 16 and 30 seconds, and the forgotten ones.
    let most = 6 * MOST + 2 * 60 * FORGOTTEN as usize;
    assert!(in_a_minute <= most, "{in_a_minute}");
}

#[test]
fn calls_that_do_not_end_are_bounded_and_are_not_forgotten() {
    let calls = Calls::new();
    let running: Vec<_> = (0..MOST).map(|_| calls.call(session()).unwrap()).collect();
    assert!(matches!(calls.turn(session()), Turn::Refuse(_)));
    assert!(matches!(calls.turn(running[7].session), Turn::Wait(_)));
    drop(running);
    assert!(matches!(calls.turn(session()), Turn::Call(_)));
}

#[test]
fn the_space_of_calls_that_ended_is_used_in_the_same_second() {
    let calls = Calls::new();
    let running: Vec<_> = (0..MOST).map(|_| calls.call(session()).unwrap()).collect();
    for _ in 0..=FORGOTTEN {
        assert!(matches!(calls.turn(session()), Turn::Refuse(_)));
    }
    for call in running {
        call.end(Ok("staff".to_owned()));
    }
    assert!(matches!(calls.turn(session()), Turn::Call(_)));
}

#[test]
fn claims_that_were_made_are_reused_for_a_minute_unless_new_ones_are_asked_for() {
    let (calls, id) = (Calls::new(), session());
    let call = calls.call(id).unwrap();
    call.end(Ok("staff".to_owned()));
    assert!(matches!(calls.turn(id), Turn::Reuse(made) if made.claims == "staff"));
    let asked = calls.attempts.turn(id, 1, &calls.clock);
    assert!(matches!(asked, Turn::Call(_)));
    drop(asked);
    calls.pass(PAUSES[0]);
    calls.call(id).unwrap().end(Ok("guest".to_owned()));
    calls.pass(Duration::from_secs(60));
    assert!(matches!(calls.turn(id), Turn::Call(_)));
}

#[test]
fn kept_claims_make_space_for_calls() {
    let calls = Calls::new();
    for _ in 0..3 * MOST {
        calls.call(session()).unwrap().end(Ok("staff".to_owned()));
    }
    assert_eq!(calls.remembered(), MOST);
}

#[tokio::test]
async fn a_call_goes_on_when_its_client_leaves_and_the_next_request_waits_for_it() {
    let (calls, id) = (Calls::new(), session());
    let (answer, answered) = tokio::sync::oneshot::channel();
    let hook = || async { Ok(answered.await.unwrap()) };
    let request = calls.attempts.make(id, 0, &calls.clock, hook, drop_error);
    tokio::select! {
        biased;
        _ = request => unreachable!("the hook has not answered"),
        () = tokio::task::yield_now() => {}
    }
    answer.send("staff".to_owned()).unwrap();
    let made = calls
        .attempts
        .make(id, 0, &calls.clock, pending, drop_error)
        .await;
    assert_eq!(made.ok().unwrap().claims, "staff");
}

#[tokio::test]
async fn a_hook_that_panics_has_failed_and_does_not_block_its_session() {
    let (calls, id) = (Calls::new(), session());
    let hook = || async { unreachable!("a fault of the application") };
    let (report, reported) = tokio::sync::oneshot::channel();
    let report = |error: &LoginError| report.send(error.clone()).unwrap();
    let made = calls.attempts.make(id, 0, &calls.clock, hook, report);
    assert_eq!(made.await.err().unwrap().rest, PAUSES[0]);
    let kind = reported.await.unwrap().kind();
    assert_eq!(kind, LoginErrorKind::ApplicationBusy);
    assert!(matches!(calls.turn(id), Turn::Refuse(_)));
    calls.pass(PAUSES[0]);
    let hook = || ready(Ok("staff".to_owned()));
    let made = calls
        .attempts
        .make(id, 0, &calls.clock, hook, drop_error)
        .await;
    assert_eq!(made.ok().unwrap().claims, "staff");
}

#[tokio::test]
async fn a_report_that_panics_does_not_block_its_session() {
    let (calls, id) = (Calls::new(), session());
    let hook = || ready(Err(busy()));
    let report = |_: &LoginError| unreachable!("a fault of the application");
    let made = calls.attempts.make(id, 0, &calls.clock, hook, report);
    assert_eq!(made.await.err().unwrap().rest, PAUSES[0]);
    calls.pass(PAUSES[0]);
    assert!(matches!(calls.turn(id), Turn::Call(_)));
}
