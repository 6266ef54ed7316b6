//! The store in Redis and the one in process give the same answers.

use std::sync::atomic::Ordering;

use proptest::{prelude::*, test_runner::TestRunner};

use super::{InRedis, START, Server, at, code, request, step};
use crate::phone_step::{
    attempts::{
        in_process::InProcess,
        operation::{CheckOutcome, Outcome, Reserved, Taken},
    },
    limits::PhoneLimits,
};

#[derive(Clone, Debug)]
enum Move {
    Take { step: u32, index: u32 },
    Settle { ticket: usize, outcome: Outcome },
    Guess { step: u32, code: u32 },
    Check { step: u32, outcome: CheckOutcome },
    Pass(u64),
}

fn moves() -> impl Strategy<Value = Move> {
    let outcomes = [Outcome::Accepted, Outcome::Refused, Outcome::Unknown];
    let checks = [
        CheckOutcome::Wrong,
        CheckOutcome::Over,
        CheckOutcome::Unanswered,
        CheckOutcome::NotAsked,
    ];
    prop_oneof![
        4 => (0..6_u32, 0..5_u32).prop_map(|(step, index)| Move::Take { step, index }),
        2 => (0..4_usize, 0..3_usize)
            .prop_map(move |(ticket, at)| Move::Settle { ticket, outcome: outcomes[at] }),
        2 => (0..6_u32, 0..5_u32).prop_map(|(step, code)| Move::Guess { step, code }),
        1 => (0..6_u32, 0..4_usize)
            .prop_map(move |(step, at)| Move::Check { step, outcome: checks[at] }),
        3 => prop_oneof![0..40_u64, 0..400_u64, 0..1500_u64].prop_map(Move::Pass),
    ]
}

/// Both stores get the same moves and give the same answers, with the same waits.
async fn agree(store: &InRedis, made: Vec<Move>) {
    let (process, limits) = (InProcess::default(), PhoneLimits::new().number(3).total(6));
    let (mut now, mut tickets) = (0, Vec::new());
    for made in made {
        store.time.store(START + now, Ordering::Relaxed);
        match made {
            Move::Take { step: id, index } => {
                let id = step(id);
                let take = request(&id, index, &limits);
                let ours = process.take(&take, at(now)).unwrap();
                let theirs = store.take(&take, at(now)).await.unwrap();
                match (ours, theirs) {
                    (Taken::Granted(ours), Taken::Granted(theirs)) => {
                        tickets.push((id, ours, theirs));
                    }
                    (ours, theirs) => assert_eq!(format!("{ours:?}"), format!("{theirs:?}")),
                }
            }
            Move::Settle { ticket, outcome } if ticket < tickets.len() => {
                let (id, ours, theirs) = tickets.remove(ticket);
                process.settle(&id, &ours, outcome, at(now));
                store.settle(&id, &theirs, outcome, at(now)).await.unwrap();
            }
            Move::Settle { .. } => {}
            Move::Guess {
                step: id,
                code: index,
            } => {
                let (id, codes) = (step(id), [code(index)]);
                let ours = process.guess(&id, &codes, at(now));
                assert_eq!(store.guess(&id, &codes, at(now)).await.unwrap(), ours);
            }
            Move::Check { step: id, outcome } => {
                let id = step(id);
                let ours = process.reserve(&id, at(now));
                let theirs = store.reserve(&id, at(now)).await.unwrap();
                assert_eq!(format!("{ours:?}"), format!("{theirs:?}"));
                if let Reserved::Granted(ticket) = ours {
                    let ours = process.settle_check(&id, &ticket, outcome, at(now));
                    let theirs = store.settle_check(&id, &ticket, outcome, at(now)).await;
                    assert_eq!(theirs.unwrap(), ours);
                }
            }
            Move::Pass(seconds) => now += seconds,
        }
        for index in 0..6 {
            let ours = process.state(&step(index), at(now));
            store.time.store(START + now, Ordering::Relaxed);
            assert_eq!(store.state(&step(index), at(now)).await.unwrap(), ours);
        }
    }
}

#[test]
fn redis_answers_like_the_store_in_process() {
    let server = Server::start(&[]);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let store = server.store();
    let mut runner = TestRunner::new(ProptestConfig::with_cases(100));
    let sequences = prop::collection::vec(moves(), 1..60);
    let ran = runner.run(&sequences, |made| {
        let _: redis::Value = server.query(&[b"FLUSHALL"]);
        runtime.block_on(agree(&store, made));
        Ok(())
    });
    ran.unwrap();
}
