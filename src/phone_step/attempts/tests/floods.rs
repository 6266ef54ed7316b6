//! The limits under floods of messages, against toll fraud.

use std::{thread, time::Duration};

use super::{Bench, HOUR, Wanted, own};
use crate::phone_step::{
    attempts::operation::Taken,
    limits::{Limit, PhoneLimits},
};

/// The messages that are granted of 1,000, and the limits that refused the others.
fn flood(bench: &Bench, wanted: impl Fn(u32) -> Wanted) -> (usize, Vec<Limit>) {
    let mut limits = Vec::new();
    let mut granted = 0;
    for index in 0..1000 {
        match bench.take(wanted(index)) {
            Taken::Granted(_) => granted += 1,
            Taken::OverLimit { which, .. } if !limits.contains(&which) => limits.push(which),
            Taken::Total { .. } if !limits.contains(&Limit::Total) => limits.push(Limit::Total),
            _ => {}
        }
    }
    (granted, limits)
}

#[test]
fn a_thousand_numbers_from_one_address_get_twenty_messages() {
    let flooded = flood(&Bench::new(), |index| Wanted {
        address: 1,
        ..own(index)
    });
    assert_eq!(flooded, (20, vec![Limit::Address]));
}

#[test]
fn one_number_from_a_thousand_addresses_gets_five_messages() {
    let flooded = flood(&Bench::new(), |index| Wanted {
        number: 1,
        ..own(index)
    });
    assert_eq!(flooded, (5, vec![Limit::Number]));
}

#[test]
fn a_thousand_numbers_in_a_row_get_fifty_messages() {
    let flooded = flood(&Bench::new(), |index| Wanted {
        prefix: 1,
        ..own(index)
    });
    assert_eq!(flooded, (50, vec![Limit::Prefix]));
}

#[test]
fn a_thousand_steps_of_one_user_get_five_messages() {
    let flooded = flood(&Bench::new(), |index| Wanted {
        person: 1,
        ..own(index)
    });
    assert_eq!(flooded, (5, vec![Limit::Person]));
}

#[test]
fn a_thousand_users_get_five_hundred_messages_in_all() {
    assert_eq!(flood(&Bench::new(), own), (500, vec![Limit::Total]));
}

/// Fifty threads ask for the last of the messages.
#[test]
fn requests_at_once_do_not_pass_a_limit() {
    let bench = Bench::new();
    let granted: usize = thread::scope(|scope| {
        let ask = |index: u32| {
            let wanted = Wanted {
                number: 1,
                ..own(index)
            };
            usize::from(matches!(bench.take(wanted), Taken::Granted(_)))
        };
        let threads: Vec<_> = (0..50)
            .map(|index| scope.spawn(move || ask(index)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum()
    });
    assert_eq!(granted, 5);
}

#[test]
fn a_new_step_of_another_user_keeps_the_count_of_the_number() {
    let mut bench = Bench::new();
    for index in 0..5 {
        bench.sent(Wanted {
            number: 1,
            ..own(index)
        });
        bench.pass(100);
    }
    let sixth = Wanted {
        number: 1,
        ..own(6)
    };
    let Taken::OverLimit {
        which: Limit::Number,
        wait,
    } = bench.take(sixth)
    else {
        panic!("permitted");
    };
    // The first of the five is 500 s old.
    assert_eq!(wait, Duration::from_secs(HOUR + 1 - 500));
}

/// The hour slides: each message counts for an hour, and not for a calendar hour.
#[test]
fn a_message_counts_for_an_hour_and_the_wait_says_for_how_long() {
    let mut bench = Bench::new();
    bench.limits = PhoneLimits::new().total(2);
    bench.sent(own(1));
    bench.pass(HOUR - 100);
    bench.wall -= HOUR;
    bench.sent(own(2));
    let Taken::Total { wait } = bench.take(own(3)) else {
        panic!("permitted");
    };
    assert_eq!(wait, Duration::from_secs(101));
    bench.monotonic += 100;
    assert!(matches!(bench.take(own(3)), Taken::Total { .. }));
    bench.monotonic += 1;
    bench.sent(own(3));
    assert!(matches!(bench.take(own(4)), Taken::Total { .. }));
}

#[test]
fn of_several_limits_the_longest_wait_counts() {
    let mut bench = Bench::new();
    bench.limits = PhoneLimits::new().number(1).person(1);
    bench.sent(Wanted {
        person: 1,
        ..own(1)
    });
    bench.pass(100);
    bench.sent(Wanted {
        number: 1,
        ..own(2)
    });
    let both = Wanted {
        person: 1,
        number: 1,
        ..own(3)
    };
    let Taken::OverLimit {
        which: Limit::Number,
        wait,
    } = bench.take(both)
    else {
        panic!("permitted");
    };
    assert_eq!(wait, Duration::from_secs(HOUR + 1));
}

#[test]
fn a_refused_request_writes_nothing() {
    let bench = Bench::new();
    for index in 0..5 {
        bench.sent(Wanted {
            number: 1,
            ..own(index)
        });
    }
    let before = bench.content();
    for index in 100..200 {
        assert!(matches!(
            bench.take(Wanted {
                number: 1,
                ..own(index)
            }),
            Taken::OverLimit { .. }
        ));
    }
    assert_eq!(bench.content(), before);
}
