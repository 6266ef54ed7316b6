//! Checks by a verification service.

use super::{AGAIN, Bench, STEP, Wanted};
use crate::phone_step::attempts::operation::{CheckOutcome, Guess, Reserved};

#[test]
fn a_check_by_a_service_takes_a_try_before_the_call() {
    let bench = Bench::with_code();
    let reserve = || match bench.store.reserve(&STEP, bench.now()) {
        Reserved::Granted(ticket) => Some(ticket),
        _ => None,
    };
    let settle = |ticket, outcome| {
        bench
            .store
            .settle_check(&STEP, ticket, outcome, bench.now())
    };
    let tickets: Vec<_> = (0..50).map_while(|_| reserve()).collect();
    assert_eq!(tickets.len(), 5, "only five calls run at once");
    assert_eq!(
        settle(&tickets[0], CheckOutcome::Wrong),
        Guess::Wrong { left: 4 }
    );
    assert!(reserve().is_none());
    settle(&tickets[1], CheckOutcome::Unanswered);
    let sixth = reserve().unwrap();
    assert_eq!(settle(&tickets[2], CheckOutcome::Right), Guess::Right);
    assert_eq!(settle(&sixth, CheckOutcome::Right), Guess::Done);
    assert_eq!(settle(&tickets[3], CheckOutcome::Wrong), Guess::Done);
}

#[test]
fn a_check_of_the_number_before_is_not_right() {
    let bench = Bench::with_code();
    let Reserved::Granted(ticket) = bench.store.reserve(&STEP, bench.now()) else {
        panic!("no ticket");
    };
    bench.sent(Wanted { number: 2, ..AGAIN });
    let guess = bench
        .store
        .settle_check(&STEP, &ticket, CheckOutcome::Right, bench.now());
    assert_eq!(guess, Guess::NoCode);
    assert!(!bench.state().is_done);
}

#[test]
fn a_verification_that_is_over_needs_a_new_message() {
    let mut bench = Bench::with_code();
    let Reserved::Granted(ticket) = bench.store.reserve(&STEP, bench.now()) else {
        panic!("no ticket");
    };
    bench
        .store
        .settle_check(&STEP, &ticket, CheckOutcome::Over, bench.now());
    assert!(matches!(
        bench.store.reserve(&STEP, bench.now()),
        Reserved::Refused(Guess::NoCode)
    ));
    assert_eq!(bench.state().tries_left, 5);
    bench.pass(30);
    bench.sent(AGAIN);
    assert!(matches!(
        bench.store.reserve(&STEP, bench.now()),
        Reserved::Granted(_)
    ));
}

#[test]
fn checks_without_an_answer_have_a_bound() {
    let mut bench = Bench::with_code();
    let mut asked = 0;
    while let Reserved::Granted(ticket) = bench.store.reserve(&STEP, bench.now()) {
        asked += 1;
        assert!(asked <= 1000, "without end");
        bench
            .store
            .settle_check(&STEP, &ticket, CheckOutcome::Unanswered, bench.now());
    }
    assert_eq!(asked, 20);
    assert_eq!(bench.state().tries_left, 5);
    // A new message is needed, and the limits count it.
    bench.pass(30);
    bench.sent(AGAIN);
    assert!(matches!(
        bench.store.reserve(&STEP, bench.now()),
        Reserved::Granted(_)
    ));
}

/// One check with this outcome, if the store permits it.
fn check(bench: &Bench, outcome: CheckOutcome) -> bool {
    let Reserved::Granted(ticket) = bench.store.reserve(&STEP, bench.now()) else {
        return false;
    };
    bench
        .store
        .settle_check(&STEP, &ticket, outcome, bench.now());
    true
}

#[test]
fn checks_of_a_code_before_do_not_count_against_the_new_one() {
    let mut bench = Bench::with_code();
    for _ in 0..19 {
        assert!(check(&bench, CheckOutcome::Unanswered));
    }
    bench.pass(30);
    bench.sent(AGAIN);
    for number in 0..20 {
        assert!(check(&bench, CheckOutcome::Unanswered), "{number}");
    }
    assert!(!check(&bench, CheckOutcome::Unanswered));
}

#[test]
fn a_check_that_called_no_service_voids_nothing() {
    let bench = Bench::with_code();
    for number in 0..100 {
        assert!(check(&bench, CheckOutcome::NotAsked), "{number}");
    }
    assert_eq!(bench.state().tries_left, 5);
    assert!(check(&bench, CheckOutcome::Right));
    assert!(bench.state().is_done);
}

#[test]
fn an_unanswered_check_of_the_number_before_does_not_count() {
    let bench = Bench::with_code();
    let tickets: Vec<_> = (0..5)
        .filter_map(|_| match bench.store.reserve(&STEP, bench.now()) {
            Reserved::Granted(ticket) => Some(ticket),
            _ => None,
        })
        .collect();
    assert_eq!(tickets.len(), 5);
    bench.sent(Wanted { number: 2, ..AGAIN });
    for ticket in &tickets {
        bench
            .store
            .settle_check(&STEP, ticket, CheckOutcome::Unanswered, bench.now());
    }
    for number in 0..20 {
        assert!(check(&bench, CheckOutcome::Unanswered), "{number}");
    }
    assert!(!check(&bench, CheckOutcome::Unanswered));
}
