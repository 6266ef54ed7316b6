use super::*;

/// The call that a request makes. It neither waits nor is refused.
fn called(turn: Turn) -> Call {
    let call = match turn {
        Turn::Call(call) => Some(call),
        Turn::Wait(_) | Turn::Refuse(_) => None,
    };
    call.unwrap()
}

fn attempts(number: usize) -> Attempts {
    let attempts = Attempts::default();
    for _ in 0..number {
        let call = called(attempts.turn(SessionId::random().unwrap(), 0, Duration::ZERO));
        drop(call);
    }
    attempts
}

#[test]
fn memory_is_bounded() {
    assert_eq!(attempts(3 * MOST).entries().len(), MOST);
    let attempts = Attempts::default();
    let error = || Err(LoginError::new(LoginErrorKind::ApplicationBusy));
    for _ in 0..3 * MOST {
        let id = SessionId::random().unwrap();
        let call = called(attempts.turn(id, 0, Duration::ZERO));
        attempts.finish(id, 0, Duration::ZERO, &call, &error());
    }
    assert_eq!(attempts.entries().len(), MOST);
}

#[test]
fn pauses_double_up_to_thirty_seconds_and_begin_anew_after_a_rest() {
    let (attempts, id) = (Attempts::default(), SessionId::random().unwrap());
    let error = || Err(LoginError::new(LoginErrorKind::ApplicationBusy));
    let mut now = Duration::ZERO;
    for pause in [1, 2, 4, 8, 16, 30, 30].map(Duration::from_secs) {
        let call = called(attempts.turn(id, 0, now));
        attempts.finish(id, 0, now, &call, &error());
        let before = now + pause - Duration::from_millis(1);
        assert!(
            matches!(attempts.turn(id, 0, before), Turn::Refuse(_)),
            "{pause:?}"
        );
        now += pause;
    }
    now += PAUSES[1];
    let call = called(attempts.turn(id, 0, now));
    assert_eq!(call.pause, PAUSES[0]);
}
