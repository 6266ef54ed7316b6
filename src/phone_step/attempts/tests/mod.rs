//! The store in process, through its operations.

mod checks;
mod codes;
mod floods;
mod memory;
mod property;
mod refusals;
mod rotation;
mod waits;

use std::time::Duration;

use super::{
    in_process::InProcess,
    operation::{Guess, Moment, Outcome, StepState, Take, Taken, Ticket},
};
use crate::{
    clock::UnixTime,
    phone_step::{
        keys::{Charges, CodeHash, NumberId, StepId, Tag},
        limits::PhoneLimits,
    },
};

/// The wall clock at the start.
const START: u64 = 1_800_000_000;
const HOUR: u64 = 3600;
const STEP: StepId = StepId([1; 16]);

/// A store with clocks that move together, or the wall clock alone.
struct Bench {
    store: InProcess,
    wall: u64,
    monotonic: u64,
    limits: PhoneLimits,
}

/// A message that a test asks for.
#[derive(Clone, Copy)]
struct Wanted {
    step: StepId,
    number: u32,
    person: u32,
    address: u32,
    prefix: u32,
    code: u32,
    is_first: bool,
}

/// The first message of `STEP`, to the number 1 with the code 1.
const FIRST: Wanted = Wanted {
    step: STEP,
    number: 1,
    person: 1,
    address: 1,
    prefix: 1,
    code: 1,
    is_first: true,
};
const AGAIN: Wanted = Wanted {
    is_first: false,
    code: 2,
    ..FIRST
};

fn step(index: u32) -> StepId {
    let mut id = [0; 16];
    // Spread like hashes.
    id[..8].copy_from_slice(
        &u64::from(index)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .to_be_bytes(),
    );
    StepId(id)
}

/// A message of a step of its own, which shares nothing with other ones.
fn own(index: u32) -> Wanted {
    Wanted {
        step: step(index),
        number: 10_000 + index,
        person: 20_000 + index,
        address: 30_000 + index,
        prefix: 40_000 + index,
        code: index,
        is_first: true,
    }
}

fn code(index: u32) -> CodeHash {
    CodeHash((u64::from(index) << 20).to_be_bytes())
}

fn number(index: u32) -> NumberId {
    NumberId(u64::from(index).to_be_bytes())
}

fn charges(wanted: &Wanted) -> Charges {
    let tag = |index: u32| Tag(index.to_be_bytes());
    Charges {
        number: tag(wanted.number),
        person: tag(wanted.person),
        address: tag(wanted.address),
        prefix: tag(wanted.prefix),
    }
}

impl Bench {
    fn new() -> Self {
        Self {
            store: InProcess::default(),
            wall: START,
            monotonic: 7,
            limits: PhoneLimits::new(),
        }
    }

    /// A bench on which `STEP` has the code 1 for the number 1.
    fn with_code() -> Self {
        let bench = Self::new();
        bench.sent(FIRST);
        bench
    }

    fn now(&self) -> Moment {
        Moment {
            wall: UnixTime::from_secs(self.wall),
            monotonic: Duration::from_secs(self.monotonic),
        }
    }

    /// Moves both clocks.
    fn pass(&mut self, seconds: u64) {
        self.wall += seconds;
        self.monotonic += seconds;
    }

    fn request<'a>(&'a self, wanted: &'a Wanted) -> Take<'a> {
        Take {
            step: &wanted.step,
            ends_at: UnixTime::from_secs(START + HOUR),
            is_first: wanted.is_first,
            number: number(wanted.number),
            code: Some(code(wanted.code)),
            charges: charges(wanted),
            retired: &[],
            limits: &self.limits,
        }
    }

    fn take(&self, wanted: Wanted) -> Taken {
        self.store.take(&self.request(&wanted), self.now()).unwrap()
    }

    fn ticket(&self, wanted: Wanted) -> Ticket {
        match self.take(wanted) {
            Taken::Granted(ticket) => ticket,
            other => panic!("{other:?}"),
        }
    }

    /// Takes a message that the sender accepts.
    fn sent(&self, wanted: Wanted) {
        let ticket = self.ticket(wanted);
        self.store
            .settle(&wanted.step, &ticket, Outcome::Accepted, self.now());
    }

    /// Takes a message that the sender refuses.
    fn refused(&self, wanted: Wanted) {
        let ticket = self.ticket(wanted);
        self.store
            .settle(&wanted.step, &ticket, Outcome::Refused, self.now());
    }

    fn guess(&self, index: u32) -> Guess {
        self.store.guess(&STEP, &[code(index)], self.now())
    }

    fn state(&self) -> StepState {
        self.store.state(&STEP, self.now()).unwrap()
    }

    /// Everything that the store holds.
    fn content(&self) -> String {
        format!("{:?}", self.store)
    }
}
