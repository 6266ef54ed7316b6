//! The operations of a store, and their answers.

use std::time::Duration;

use crate::{
    clock::{Clock, UnixTime},
    phone_step::{
        keys::{Charges, CodeHash, Hashes, NumberId, StepId},
        limits::{Limit, PhoneLimits},
    },
};

/// A time by both clocks of the replica. Codes and steps end by the wall clock. Limits and waits
/// follow a clock that is not set back: the monotonic one in process, the server's with Redis.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) wall: UnixTime,
    pub(crate) monotonic: Duration,
}

impl Moment {
    pub(crate) fn now(clock: &Clock) -> Self {
        Self {
            wall: clock.unix(),
            monotonic: clock.monotonic(),
        }
    }
}

/// A time by the wall clock of the replica and the clock of the store, in seconds. The zero of the
/// store's clock has no meaning.
#[derive(Clone, Copy, Debug)]
pub(super) struct StoreMoment {
    pub(super) wall: u64,
    pub(super) store: u64,
}

impl StoreMoment {
    /// The seconds that the wall clock is ahead of the store's.
    pub(super) fn ahead(self) -> i64 {
        let ahead = i128::from(self.wall) - i128::from(self.store);
        i64::try_from(ahead).unwrap_or_default()
    }

    /// The store's clock, as messages are dated. It turns over every 136 years.
    pub(super) fn stamp(self) -> u32 {
        let [.., a, b, c, d] = self.store.to_be_bytes();
        u32::from_be_bytes([a, b, c, d])
    }
}

/// The request for one message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Take<'a> {
    pub(crate) step: &'a StepId,
    /// The end of the step: one hour after the callback.
    pub(crate) ends_at: UnixTime,
    /// The cookie says that the step has sent no message yet. Otherwise a step that the store does
    /// not know is lost.
    pub(crate) is_first: bool,
    pub(crate) number: NumberId,
    /// The hash of the new code. `None` with a `NumberVerifier`, which keeps its code.
    pub(crate) code: Option<CodeHash>,
    pub(crate) charges: Charges,
    /// The hashes of the same message under retired keys.
    pub(crate) retired: &'a [Hashes],
    pub(crate) limits: &'a PhoneLimits,
}

impl Take<'_> {
    /// Whether the message goes to this number.
    pub(super) fn is_to(&self, number: NumberId) -> bool {
        self.number == number || self.retired.iter().any(|hashes| hashes.number == number)
    }

    /// The hashes by which earlier messages count, the own ones first.
    pub(super) fn charges(&self) -> impl Iterator<Item = &Charges> {
        let retired = self.retired.iter().map(|hashes| &hashes.charges);
        std::iter::once(&self.charges).chain(retired)
    }
}

/// The answer to [`AttemptStore::take`].
#[derive(Debug)]
pub(crate) enum Taken {
    /// The message may be sent. The ticket settles it.
    Granted(Ticket),
    /// The wait since the last message has not passed.
    TooEarly { wait: Duration },
    /// A limit is reached.
    OverLimit { which: Limit, wait: Duration },
    /// The limit on all messages is reached.
    Total { wait: Duration },
    /// Five wrong codes, or the step is over by time.
    Ended,
    /// The right code was given.
    Done,
    /// The store lost the step.
    Lost,
}

/// One message that was permitted and is not settled yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticket {
    /// The number of the message within its step.
    pub(super) message: u8,
    /// When the limits counted the message, by the clock of the store.
    pub(super) at: u32,
    pub(super) charges: Charges,
    pub(super) undo: Undo,
}

/// The part of an entry that a refusal of the sender takes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Undo {
    pub(super) next: u16,
    pub(super) has_changed: bool,
}

/// The sender's answer about one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The new code replaces the old ones.
    Accepted,
    /// Nothing was sent. The old code stays, and all that was counted is given back.
    Refused,
    /// The message may have arrived. Each code is accepted, one of them once.
    Unknown,
}

/// The answer to a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guess {
    /// Right. At most one guess of a step is.
    Right,
    /// Wrong. With 0 tries left, the step is over.
    Wrong { left: u8 },
    /// Five wrong codes, or the step is over by time.
    Ended,
    /// The right code was given before.
    Done,
    /// The code is too old. A new one can be sent.
    Expired,
    /// There is no code: none was sent, or the number changed.
    NoCode,
    /// The store lost the step.
    Lost,
}

/// The answer to [`AttemptStore::reserve_check`].
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reserved {
    /// The service may be asked. One of the five tries is taken.
    Granted(CheckTicket),
    /// All tries that are left are taken by checks that run.
    Busy,
    /// As [`Guess`] says: `Ended`, `Done`, `Expired`, `NoCode` or `Lost`.
    Refused(Guess),
}

/// One check that is not settled yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CheckTicket {
    pub(crate) number: NumberId,
}

/// The answer of a verification service to one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CheckOutcome {
    /// The code is right.
    Right,
    /// The code is wrong.
    Wrong,
    /// The verification of the service is over. A new message can be sent.
    Over,
    /// The service was not reached. The try is given back.
    Unanswered,
    /// The service was not called, because the cookie is of an earlier number. The try is given back.
    NotAsked,
}

/// The state of a step, for its pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StepState {
    /// The wrong codes that are left.
    pub(crate) tries_left: u8,
    /// The time until the next message is permitted. Zero if it is now.
    pub(crate) wait: Duration,
    /// The number of the last message.
    pub(crate) number: NumberId,
    /// Whether a code can be given.
    pub(crate) has_live_code: bool,
    /// Five wrong codes, or over by time.
    pub(crate) is_ended: bool,
    /// The right code was given.
    pub(crate) is_done: bool,
}
