//! Waits between the messages of one step.

use std::time::Duration;

use super::{AGAIN, Bench, FIRST, STEP, Wanted};
use crate::phone_step::attempts::operation::{Outcome, Taken};

fn wait(taken: Taken) -> u64 {
    match taken {
        Taken::TooEarly { wait } => wait.as_secs(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_wait_is_twice_as_long_as_the_one_before() {
    let mut bench = Bench::with_code();
    for seconds in [30, 60, 120, 240] {
        assert_eq!(bench.state().wait, Duration::from_secs(seconds));
        assert_eq!(wait(bench.take(AGAIN)), seconds);
        bench.pass(seconds - 1);
        assert_eq!(wait(bench.take(AGAIN)), 1);
        bench.pass(1);
        assert_eq!(bench.state().wait, Duration::ZERO);
        bench.sent(AGAIN);
    }
}

#[test]
fn the_first_change_of_the_number_needs_no_wait_and_further_ones_do() {
    let mut bench = Bench::with_code();
    bench.pass(5);
    let changed = Wanted { number: 2, ..AGAIN };
    bench.sent(changed);
    assert_eq!(wait(bench.take(changed)), 60);
    assert_eq!(wait(bench.take(AGAIN)), 60);
    assert_eq!(wait(bench.take(Wanted { number: 3, ..AGAIN })), 60);
}

#[test]
fn a_message_that_the_sender_refused_takes_no_wait_and_leaves_no_step() {
    let bench = Bench::new();
    for _ in 0..20 {
        bench.refused(FIRST);
    }
    assert!(bench.store.state(&STEP, bench.now()).is_none());
    let content = bench.content();
    assert!(content.contains("messages: Messages([])"), "{content}");
}

#[test]
fn a_message_waits_while_another_of_the_step_is_on_its_way() {
    let bench = Bench::new();
    let ticket = bench.ticket(FIRST);
    assert_eq!(wait(bench.take(FIRST)), 30);
    bench
        .store
        .settle(&STEP, &ticket, Outcome::Unknown, bench.now());
    assert_eq!(wait(bench.take(AGAIN)), 30);
}

#[test]
fn a_wait_does_not_grow_when_the_wall_clock_is_set_back() {
    let mut bench = Bench::with_code();
    bench.wall -= 100_000;
    assert_eq!(wait(bench.take(AGAIN)), 30);
    bench.monotonic += 30;
    bench.sent(AGAIN);
}

#[test]
fn a_wait_of_zero_seconds_is_none() {
    let mut bench = Bench::new();
    bench.limits = bench.limits.wait(Duration::ZERO);
    bench.sent(FIRST);
    bench.sent(AGAIN);
    bench.sent(AGAIN);
}
