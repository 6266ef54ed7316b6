//! Steps and limits while the session key is exchanged.

use super::{Bench, FIRST, Wanted, charges, number, own};
use crate::phone_step::{
    attempts::operation::{Guess, Take, Taken},
    keys::Hashes,
};

#[test]
fn messages_under_a_retired_key_count() {
    type Change = fn(&mut Hashes, &Hashes);
    let changes: [(Change, bool); 3] = [
        (|new, old| new.charges.number = old.charges.number, true),
        (|new, old| new.charges.person = old.charges.person, true),
        (|_, _| {}, false),
    ];
    for (change, is_over) in changes {
        let bench = Bench::new();
        let of_one = |index| Wanted {
            number: 1,
            person: 1,
            ..own(index)
        };
        for index in 0..5 {
            bench.sent(of_one(index));
        }
        let hashes = |wanted| Hashes {
            number: number(1),
            charges: charges(&wanted),
        };
        let mut retired = [hashes(own(501))];
        change(&mut retired[0], &hashes(of_one(0)));
        let wanted = own(500);
        let take = Take {
            retired: &retired,
            ..bench.request(&wanted)
        };
        let taken = bench.store.take(&take, bench.now()).unwrap();
        assert_eq!(matches!(taken, Taken::OverLimit { .. }), is_over);
    }
}

#[test]
fn a_resend_after_a_rotation_is_no_change_of_the_number() {
    let mut bench = Bench::with_code();
    let retired = [Hashes {
        number: number(1),
        charges: charges(&FIRST),
    }];
    let again = Wanted {
        step: FIRST.step,
        code: 2,
        is_first: false,
        ..own(1)
    };
    let take = |bench: &Bench| {
        let take = Take {
            retired: &retired,
            ..bench.request(&again)
        };
        bench.store.take(&take, bench.now()).unwrap()
    };
    assert!(matches!(take(&bench), Taken::TooEarly { .. }));
    bench.pass(30);
    assert!(matches!(take(&bench), Taken::Granted(_)));
    // The sender has not answered yet, so either code counts.
    assert_eq!(bench.guess(1), Guess::Right);
}
