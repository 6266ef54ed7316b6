//! Codes: right, wrong, old, replaced, and given by several requests at once.

use std::thread;

use super::{AGAIN, Bench, FIRST, HOUR, STEP, Wanted, code, number};
use crate::phone_step::attempts::operation::{Guess, Outcome, Reserved, Taken};

const WRONG: u32 = 999;

#[test]
fn five_wrong_codes_end_the_step() {
    let mut bench = Bench::with_code();
    for left in (0..5).rev() {
        assert_eq!(bench.guess(WRONG), Guess::Wrong { left });
    }
    bench.pass(60);
    assert_eq!(bench.guess(1), Guess::Ended);
    assert!(matches!(bench.take(AGAIN), Taken::Ended));
    assert!(bench.state().is_ended && !bench.state().has_live_code);
}

#[test]
fn a_resend_and_a_new_number_keep_the_wrong_tries() {
    let mut bench = Bench::with_code();
    assert_eq!(bench.guess(WRONG), Guess::Wrong { left: 4 });
    bench.pass(30);
    bench.sent(AGAIN);
    assert_eq!(bench.guess(WRONG), Guess::Wrong { left: 3 });
    bench.sent(Wanted {
        number: 2,
        code: 3,
        ..AGAIN
    });
    assert_eq!(bench.guess(WRONG), Guess::Wrong { left: 2 });
    assert_eq!(bench.state().tries_left, 2);
}

/// The cookie says in each of them that nothing was sent yet.
#[test]
fn an_old_cookie_and_a_repeated_callback_keep_the_wrong_tries() {
    let mut bench = Bench::with_code();
    for left in (1..5).rev() {
        assert_eq!(bench.guess(WRONG), Guess::Wrong { left });
        bench.pass(500);
        bench.sent(FIRST);
    }
    assert_eq!(bench.guess(WRONG), Guess::Wrong { left: 0 });
    bench.pass(500);
    assert!(matches!(bench.take(FIRST), Taken::Ended));
}

#[test]
fn of_fifty_guesses_at_once_five_are_compared() {
    let bench = Bench::with_code();
    let guesses: Vec<Guess> = thread::scope(|scope| {
        let threads: Vec<_> = (0..50)
            .map(|index| {
                scope.spawn({
                    let bench = &bench;
                    move || bench.guess(1000 + index)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let compared = guesses
        .iter()
        .filter(|guess| matches!(guess, Guess::Wrong { .. }));
    assert_eq!(compared.count(), 5);
    assert_eq!(
        guesses
            .iter()
            .filter(|guess| **guess == Guess::Ended)
            .count(),
        45
    );
    assert_eq!(bench.guess(1), Guess::Ended);
}

#[test]
fn of_two_right_codes_at_once_one_wins() {
    let bench = Bench::with_code();
    let guesses: Vec<Guess> = thread::scope(|scope| {
        let threads = [(); 2].map(|()| scope.spawn(|| bench.guess(1)));
        threads.map(|thread| thread.join().unwrap()).to_vec()
    });
    assert!(guesses.contains(&Guess::Right) && guesses.contains(&Guess::Done));
}

#[test]
fn the_right_code_is_of_use_once() {
    let mut bench = Bench::with_code();
    assert_eq!(bench.guess(1), Guess::Right);
    assert_eq!(bench.guess(1), Guess::Done);
    bench.pass(60);
    assert!(matches!(bench.take(FIRST), Taken::Done));
    assert!(bench.state().is_done);
}

#[test]
fn a_new_number_voids_the_code_before_the_sender_answers() {
    let bench = Bench::with_code();
    let changed = Wanted { number: 2, ..AGAIN };
    let ticket = bench.ticket(changed);
    assert_eq!(bench.guess(1), Guess::Wrong { left: 4 });
    assert_eq!(bench.state().number, number(2));
    bench
        .store
        .settle(&STEP, &ticket, Outcome::Refused, bench.now());
    assert_eq!(bench.guess(1), Guess::NoCode);
    assert!(!bench.state().has_live_code);
}

#[test]
fn the_first_number_again_does_not_revive_its_code() {
    let mut bench = Bench::with_code();
    bench.sent(Wanted { number: 2, ..AGAIN });
    bench.pass(60);
    bench.sent(Wanted { code: 3, ..AGAIN });
    assert_eq!(bench.guess(1), Guess::Wrong { left: 4 });
    assert_eq!(bench.guess(3), Guess::Right);
}

#[test]
fn a_code_ends_five_minutes_after_its_message() {
    let mut bench = Bench::with_code();
    bench.pass(299);
    assert!(bench.state().has_live_code);
    bench.pass(1);
    assert!(!bench.state().has_live_code);
    assert_eq!(bench.guess(1), Guess::Expired);
    assert_eq!(bench.guess(WRONG), Guess::Expired);
    assert_eq!(bench.state().tries_left, 5, "nothing was compared");
}

#[test]
fn a_wall_clock_that_is_set_back_revives_no_code() {
    // After a guess by the later clock.
    let mut bench = Bench::with_code();
    bench.wall += 301;
    assert_eq!(bench.guess(1), Guess::Expired);
    bench.wall -= 200;
    assert_eq!(bench.guess(1), Guess::Expired);
    // Although nothing was asked meanwhile.
    let mut bench = Bench::with_code();
    bench.pass(301);
    bench.wall -= 200;
    assert_eq!(bench.guess(1), Guess::Expired);
}

#[test]
fn a_wall_clock_that_goes_forward_and_back_lengthens_no_code() {
    let mut bench = Bench::with_code();
    bench.pass(30);
    bench.wall += 94;
    bench.sent(AGAIN);
    bench.wall -= 94;
    bench.pass(300);
    assert_eq!(bench.guess(2), Guess::Expired);
}

#[test]
fn a_wall_clock_that_is_set_back_revives_no_step() {
    let mut bench = Bench::with_code();
    bench.pass(HOUR);
    bench.wall -= 1000;
    assert_eq!(bench.guess(1), Guess::Ended);
    assert!(matches!(bench.take(AGAIN), Taken::Ended));
    assert!(matches!(bench.take(FIRST), Taken::Ended));
}

#[test]
fn a_step_ends_an_hour_after_the_callback() {
    let mut bench = Bench::new();
    bench.pass(HOUR - 10);
    bench.sent(FIRST);
    bench.pass(9);
    assert_eq!(bench.guess(WRONG), Guess::Wrong { left: 4 });
    bench.pass(1);
    assert_eq!(bench.guess(1), Guess::Ended);
    assert!(matches!(
        Bench {
            wall: bench.wall,
            ..Bench::new()
        }
        .take(FIRST),
        Taken::Ended
    ));
}

#[test]
fn a_resend_that_is_too_early_leaves_the_code() {
    let bench = Bench::with_code();
    let before = bench.content();
    assert!(matches!(bench.take(AGAIN), Taken::TooEarly { .. }));
    assert_eq!(bench.content(), before);
    assert_eq!(bench.guess(1), Guess::Right);
}

#[test]
fn an_accepted_resend_voids_the_earlier_code() {
    let mut bench = Bench::with_code();
    bench.pass(30);
    bench.sent(AGAIN);
    assert_eq!(bench.guess(1), Guess::Wrong { left: 4 });
    assert_eq!(bench.guess(2), Guess::Right);
}

#[test]
fn a_refused_resend_leaves_the_earlier_code_and_voids_the_new_one() {
    let mut bench = Bench::with_code();
    bench.pass(30);
    let before = bench.state();
    let ticket = bench.ticket(AGAIN);
    bench
        .store
        .settle(&STEP, &ticket, Outcome::Refused, bench.now());
    assert_eq!(bench.state(), before, "wait and messages are given back");
    assert_eq!(bench.guess(2), Guess::Wrong { left: 4 });
    assert_eq!(bench.guess(1), Guess::Right);
}

#[test]
fn both_codes_count_while_the_outcome_is_unknown_and_one_is_of_use() {
    for (given, settles) in [(1, true), (2, true), (1, false), (2, false)] {
        let mut bench = Bench::with_code();
        bench.pass(30);
        let ticket = bench.ticket(AGAIN);
        if settles {
            bench
                .store
                .settle(&STEP, &ticket, Outcome::Unknown, bench.now());
        }
        assert_eq!(bench.guess(given), Guess::Right);
        assert_eq!(bench.guess(3 - given), Guess::Done);
    }
}

#[test]
fn an_answer_that_comes_late_does_not_void_a_later_code() {
    let mut bench = Bench::with_code();
    bench.pass(30);
    let second = bench.ticket(AGAIN);
    bench.pass(60);
    bench.sent(Wanted { code: 3, ..AGAIN });
    bench
        .store
        .settle(&STEP, &second, Outcome::Accepted, bench.now());
    assert_eq!(bench.guess(2), Guess::Wrong { left: 4 });
    assert_eq!(bench.guess(3), Guess::Right);
}

#[test]
fn a_step_that_the_store_lost_does_not_begin_again() {
    let bench = Bench::new();
    assert!(matches!(bench.take(AGAIN), Taken::Lost));
    assert_eq!(bench.guess(1), Guess::Lost);
    assert_eq!(bench.store.state(&STEP, bench.now()), None);
    assert!(matches!(
        bench.store.reserve(&STEP, bench.now()),
        Reserved::Refused(Guess::Lost)
    ));
}

#[test]
fn another_step_and_another_code_under_several_keys_are_not_right() {
    let bench = Bench::with_code();
    bench.sent(Wanted {
        step: super::step(2),
        code: 5,
        person: 2,
        number: 2,
        ..FIRST
    });
    assert_eq!(bench.guess(5), Guess::Wrong { left: 4 });
    let under_two_keys = [code(77), code(1)];
    assert_eq!(
        bench.store.guess(&STEP, &under_two_keys, bench.now()),
        Guess::Right
    );
}
