//! Any sequence of messages, answers, guesses and moves of the clocks.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{Bench, FIRST, HOUR, START, Wanted, code, step};
use crate::phone_step::attempts::operation::{
    CheckOutcome, CheckTicket, Guess, Outcome, Reserved, Taken, Ticket,
};

#[derive(Clone, Copy, Debug)]
enum Move {
    Take {
        step: u32,
        number: u32,
        is_first: bool,
    },
    Settle {
        ticket: usize,
        outcome: Outcome,
    },
    /// One of the codes that were made, the latest first, or one that was not.
    Guess {
        step: u32,
        code: Option<usize>,
    },
    Reserve {
        step: u32,
    },
    SettleCheck {
        ticket: usize,
        outcome: CheckOutcome,
    },
    Pass(u64),
    SetWall(i64),
}

/// Steps below this have codes of this crate, the others a verification service.
const WITH_CODE: u32 = 2;
const STEPS: u32 = 3;

fn moves() -> impl Strategy<Value = Move> {
    let outcome = prop_oneof![
        Just(Outcome::Accepted),
        Just(Outcome::Refused),
        Just(Outcome::Unknown)
    ];
    let checked = prop_oneof![
        1 => Just(CheckOutcome::Right),
        3 => Just(CheckOutcome::Wrong),
        1 => Just(CheckOutcome::Over),
        1 => Just(CheckOutcome::Unanswered),
    ];
    prop_oneof![
        4 => (0..STEPS, 0..3_u32, any::<bool>())
            .prop_map(|(step, number, is_first)| Move::Take { step, number, is_first }),
        3 => (0..4_usize, outcome).prop_map(|(ticket, outcome)| Move::Settle { ticket, outcome }),
        5 => (0..WITH_CODE, proptest::option::weighted(0.2, 0..4_usize))
            .prop_map(|(step, code)| Move::Guess { step, code }),
        2 => (WITH_CODE..STEPS).prop_map(|step| Move::Reserve { step }),
        2 => (0..4_usize, checked)
            .prop_map(|(ticket, outcome)| Move::SettleCheck { ticket, outcome }),
        3 => prop_oneof![0..40_u64, 0..400_u64, 0..4000_u64].prop_map(Move::Pass),
        1 => (-5000..5000_i64).prop_map(Move::SetWall),
    ]
}

/// A message that was granted.
struct Sent {
    step: u32,
    ticket: Ticket,
    wanted: Wanted,
    at: u64,
    is_refused: bool,
    is_settled: bool,
}

#[derive(Default)]
struct Seen {
    sent: Vec<Sent>,
    checks: Vec<(u32, CheckTicket)>,
    /// The wrong tries of each step, and whether a code was right.
    wrong: [u8; STEPS as usize],
    right: [bool; STEPS as usize],
    /// The steps that were said to be over.
    over: BTreeSet<u32>,
}

impl Seen {
    fn guessed(&mut self, step: u32, guess: Guess) {
        let index = step as usize;
        let lives = matches!(guess, Guess::Right | Guess::Wrong { .. });
        assert!(
            !lives || !self.over.contains(&step),
            "{step} lives again: {guess:?}"
        );
        match guess {
            Guess::Right => {
                assert!(!self.right[index]);
                self.right[index] = true;
            }
            Guess::Wrong { left } => {
                self.wrong[index] += 1;
                assert_eq!(left, 5 - self.wrong[index]);
            }
            _ => {}
        }
        let is_over = matches!(guess, Guess::Right | Guess::Ended | Guess::Done)
            || matches!(guess, Guess::Wrong { left: 0 });
        if is_over {
            self.over.insert(step);
        }
    }

    fn take(&mut self, bench: &Bench, index: u32, number: u32, is_first: bool) {
        let wanted = Wanted {
            step: step(index),
            number,
            person: index % 2,
            prefix: number / 2,
            code: 1 + u32::try_from(self.sent.len()).unwrap(),
            is_first,
            ..FIRST
        };
        let before = bench.content();
        match bench.take(wanted) {
            Taken::Granted(ticket) => {
                assert!(!self.over.contains(&index), "{index} lives again");
                self.sent.push(Sent {
                    step: index,
                    ticket,
                    wanted,
                    at: bench.monotonic,
                    is_refused: false,
                    is_settled: false,
                });
                self.limits_hold(bench);
            }
            taken => {
                assert_eq!(bench.content(), before, "a refusal writes nothing");
                let is_known = bench.store.state(&step(index), bench.now()).is_some();
                if is_known && matches!(taken, Taken::Ended | Taken::Done) {
                    self.over.insert(index);
                }
            }
        }
    }

    /// The messages of the hour that ends with the last one.
    fn limits_hold(&self, bench: &Bench) {
        let last = self.sent.last().unwrap();
        let count = |same: fn(&Wanted, &Wanted) -> bool| {
            let hour = self.sent.iter().filter(|sent| last.at - sent.at <= HOUR);
            let counted = hour.filter(|sent| !sent.is_refused && same(&sent.wanted, &last.wanted));
            u32::try_from(counted.count()).unwrap()
        };
        assert!(count(|a, b| a.number == b.number) <= bench.limits.number);
        assert!(count(|a, b| a.person == b.person) <= bench.limits.person);
        assert!(count(|a, b| a.address == b.address) <= bench.limits.address);
        assert!(count(|a, b| a.prefix == b.prefix) <= bench.limits.prefix);
        assert!(count(|_, _| true) <= bench.limits.total);
    }

    /// A right code is one of a message to the last number, at most five minutes old by both
    /// clocks, and not refused.
    fn is_plausible(&self, bench: &Bench, index: u32, guessed: usize) -> bool {
        let sent = &self.sent[guessed];
        let of_step = |sent: &&Sent| sent.step == index;
        let last = self.sent.iter().rev().find(of_step).unwrap();
        sent.step == index
            && !sent.is_refused
            && sent.wanted.number == last.wanted.number
            && bench.monotonic - sent.at < 300
    }

    fn apply(&mut self, bench: &mut Bench, made: Move) {
        match made {
            Move::Take {
                step,
                number,
                is_first,
            } => self.take(bench, step, number, is_first),
            Move::Settle { ticket, outcome } => {
                let mut open = self.sent.iter_mut().rev().filter(|sent| !sent.is_settled);
                if let Some(sent) = open.nth(ticket) {
                    (sent.is_settled, sent.is_refused) = (true, outcome == Outcome::Refused);
                    bench
                        .store
                        .settle(&sent.wanted.step, &sent.ticket, outcome, bench.now());
                }
            }
            Move::Guess {
                step: index,
                code: back,
            } => {
                let guessed = back.and_then(|back| self.sent.len().checked_sub(back + 1));
                let hash = guessed.map_or(code(0), |guessed| code(self.sent[guessed].wanted.code));
                let guess = bench.store.guess(&step(index), &[hash], bench.now());
                let plausible = guessed.is_some_and(|guessed| {
                    guess != Guess::Right || self.is_plausible(bench, index, guessed)
                });
                assert!(guess != Guess::Right || plausible);
                self.guessed(index, guess);
            }
            Move::Reserve { step: index } => match bench.store.reserve(&step(index), bench.now()) {
                Reserved::Granted(ticket) => {
                    assert!(!self.over.contains(&index));
                    self.checks.push((index, ticket));
                    assert!(self.checks.len() + usize::from(self.wrong[index as usize]) <= 5);
                }
                Reserved::Busy => {}
                Reserved::Refused(guess) => self.guessed(index, guess),
            },
            Move::SettleCheck { ticket, outcome } => {
                if ticket < self.checks.len() {
                    let (index, ticket) = self.checks.remove(ticket);
                    let guess =
                        bench
                            .store
                            .settle_check(&step(index), &ticket, outcome, bench.now());
                    self.guessed(index, guess);
                }
            }
            Move::Pass(seconds) => bench.pass(seconds),
            Move::SetWall(by) => {
                let wall = bench.wall.saturating_add_signed(by);
                // Nothing is kept for longer than the wall clock needs for the end.
                let has_ended = bench.wall >= START + HOUR;
                bench.wall = if has_ended {
                    wall.max(START + HOUR)
                } else {
                    wall
                };
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_sequence_passes_a_limit_or_revives_a_step(
        made in prop::collection::vec(moves(), 1..120),
    ) {
        let mut bench = Bench::new();
        bench.limits = bench.limits.number(4).person(5).address(9).prefix(6).total(8);
        let mut seen = Seen::default();
        for made in made {
            seen.apply(&mut bench, made);
        }
        prop_assert!(seen.wrong.iter().all(|wrong| *wrong <= 5));
    }
}
