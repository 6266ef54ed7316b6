//! Messages that the sender refuses.

use std::time::Duration;

use super::{Bench, HOUR, STEP, Wanted, own};
use crate::phone_step::{
    attempts::operation::{Outcome, Taken},
    limits::{Limit, PhoneLimits},
};

#[test]
fn a_message_that_the_sender_refused_is_given_back_to_all_limits() {
    let bench = Bench::new();
    for index in 0..19 {
        let wanted = Wanted {
            step: STEP,
            ..of_one(index)
        };
        bench.refused(wanted);
    }
    for index in 0..5 {
        bench.sent(of_one(index));
    }
}

/// A message of one user, from one address, to one number.
fn of_one(index: u32) -> Wanted {
    Wanted {
        number: 1,
        person: 1,
        address: 1,
        ..own(index)
    }
}

/// The calls of 3,000 that are granted, and the limit that refused the next one. The service
/// refuses each of them.
fn refusals(bench: &Bench, wanted: impl Fn(u32) -> Wanted) -> (usize, Option<Limit>) {
    for index in 0..3000 {
        let limit = match bench.take(wanted(index)) {
            Taken::OverLimit { which, wait } if wait == Duration::from_secs(HOUR + 1) => which,
            Taken::Total { .. } => Limit::Total,
            Taken::Granted(ticket) => {
                let step = wanted(index).step;
                bench
                    .store
                    .settle(&step, &ticket, Outcome::Refused, bench.now());
                continue;
            }
            other => panic!("{other:?}"),
        };
        return (usize::try_from(index).unwrap(), Some(limit));
    }
    (3000, None)
}

#[test]
fn calls_that_the_sender_refuses_have_limits_of_their_own() {
    let of_person = |index| Wanted {
        person: 1,
        ..own(index)
    };
    let of_address = |index| Wanted {
        address: 1,
        ..own(index)
    };
    let refused = |wanted: fn(u32) -> Wanted| refusals(&Bench::new(), wanted);
    assert_eq!(refused(of_person), (20, Some(Limit::Person)));
    assert_eq!(refused(of_address), (80, Some(Limit::Address)));
    assert_eq!(refused(own), (2000, Some(Limit::Total)));
    // An hour later, the user may try again.
    let mut bench = Bench::new();
    refusals(&bench, of_person);
    bench.pass(HOUR - 1);
    bench.wall -= HOUR;
    assert!(matches!(bench.take(of_person(21)), Taken::OverLimit { .. }));
    bench.monotonic += 2;
    bench.sent(of_person(21));
}

/// The sender refuses all messages, and wrong codes keep the entries.
#[test]
fn the_store_has_a_bound_although_the_sender_refuses_all() {
    let mut bench = Bench::new();
    bench.limits = PhoneLimits::new().total(10);
    let mut stored = 0;
    for index in 0..100 {
        let wanted = own(index);
        let Ok(Taken::Granted(ticket)) = bench.store.take(&bench.request(&wanted), bench.now())
        else {
            continue;
        };
        bench
            .store
            .guess(&wanted.step, &[super::code(1)], bench.now());
        bench
            .store
            .settle(&wanted.step, &ticket, Outcome::Refused, bench.now());
        stored += 1;
    }
    assert_eq!(stored, 36);
    bench.pass(HOUR);
    bench.wall -= HOUR;
    // All of them are over by the monotonic clock.
    bench.sent(own(1000));
}
