//! The entry of one step: its wrong tries, its codes and its waits. Synchronous and without a
//! store, so that a store only keeps what this module decides.

use std::time::Duration;

use sent_codes::{SentCode, SentCodes};

use super::operation::{Guess, Outcome, StepState, StoreMoment, Take, Ticket, Undo};
use crate::phone_step::keys::{CodeHash, NumberId};

mod checks;
mod sent_codes;
#[cfg(feature = "redis")]
mod written;

/// The most wrong codes of a step.
const TRIES: u8 = 5;
/// How long a code is of use after its message.
const CODE_LIFE: u64 = 5 * 60;

/// The seconds that are left until the end of the step. Times of a step are kept in this form,
/// because it takes two bytes. A time after the end counts as the end.
type Left = u16;

/// The entry of one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// One hour after the callback, by the wall clock.
    ends_at: u64,
    /// How far the wall clock was ahead of the store's clock, at most, when the entry was used. The
    /// sum with the store's clock is a wall clock that is not set back.
    ahead: i64,
    /// The number of the last message.
    number: NumberId,
    /// The codes that can be right, the oldest first.
    codes: SentCodes,
    /// The latest time at which the entry was used, so that a clock that is set back revives
    /// nothing.
    seen: Left,
    /// The time from which a further message is permitted.
    next: Left,
    /// The messages, without those that the sender refused.
    messages: u8,
    /// The wrong codes, over all messages and numbers.
    wrong: u8,
    /// The tries that checks of a verification service have taken and not settled.
    checking: u8,
    /// The checks that a verification service did not answer, since the codes were void.
    unanswered: u8,
    /// Whether the number changed without a wait once.
    has_changed: bool,
    /// Whether the right code was given.
    is_done: bool,
}

/// The reason why an entry permits no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closed {
    TooEarly(Duration),
    Ended,
    Done,
    Lost,
}

impl Entry {
    /// The entry after a further message, and what a refusal of the sender takes back. `entry` is
    /// `None` if the store has none.
    pub(super) fn take(
        entry: Option<Self>,
        take: &Take<'_>,
        now: StoreMoment,
    ) -> Result<(Self, Undo), Closed> {
        if now.wall >= take.ends_at.as_secs() {
            return Err(Closed::Ended);
        }
        let mut entry = match entry {
            Some(entry) => entry,
            None if take.is_first => Self::new(take, now),
            None => return Err(Closed::Lost),
        };
        let time = entry.see(now);
        entry.permits(take, time)?;
        let undo = entry.send(take, time);
        Ok((entry, undo))
    }

    fn new(take: &Take<'_>, now: StoreMoment) -> Self {
        let ends_at = take.ends_at.as_secs();
        let mut entry = Self {
            ends_at,
            ahead: now.ahead(),
            number: take.number,
            codes: SentCodes::default(),
            seen: Left::MAX,
            next: Left::MAX,
            messages: 0,
            wrong: 0,
            checking: 0,
            unanswered: 0,
            has_changed: false,
            is_done: false,
        };
        entry.seen = entry.left(now.wall);
        entry.next = entry.seen;
        entry
    }

    /// Whether the step goes on, and the wait has passed. The first change of the number needs no
    /// wait, because a mistake in a number is noticed at once.
    fn permits(&self, take: &Take<'_>, time: u64) -> Result<(), Closed> {
        if self.is_done {
            return Err(Closed::Done);
        }
        if self.is_ended(time) {
            return Err(Closed::Ended);
        }
        let is_free_change = !take.is_to(self.number) && !self.has_changed;
        let wait = self.left(time).saturating_sub(self.next);
        if wait > 0 && !is_free_change {
            return Err(Closed::TooEarly(seconds(wait)));
        }
        Ok(())
    }

    /// Adds a message. A new number voids all codes at once.
    fn send(&mut self, take: &Take<'_>, time: u64) -> Undo {
        let undo = Undo {
            next: self.next,
            has_changed: self.has_changed,
        };
        if !take.is_to(self.number) {
            self.codes.void();
            self.number = take.number;
            self.has_changed = true;
        }
        let wait = take.limits.wait.as_secs();
        let wait = wait.saturating_mul(1 << self.messages.min(16));
        self.messages = self.messages.saturating_add(1);
        self.next = self.left(time.saturating_add(wait));
        self.codes.keep(SentCode {
            hash: take.code,
            message: self.messages,
            ends: self.left(time.saturating_add(CODE_LIFE)),
        });
        undo
    }

    /// The entry after the sender's answer. `None` if nothing is left to keep.
    pub(super) fn settle(
        mut self,
        ticket: &Ticket,
        outcome: Outcome,
        now: StoreMoment,
    ) -> Option<Self> {
        let message = ticket.message;
        let is_live = self.codes.any(|code| code.message == message);
        match outcome {
            // Without its code, the message was to a number that has changed since.
            Outcome::Accepted if is_live => {
                self.codes.retain(|code| code.message >= message);
                // The checks of the code before say nothing about this one.
                self.unanswered = 0;
            }
            Outcome::Accepted | Outcome::Unknown => {}
            Outcome::Refused => {
                self.codes.retain(|code| code.message != message);
                // A later message has its own wait.
                if self.messages == message && !self.is_done {
                    self.messages -= 1;
                    self.next = ticket.undo.next;
                    self.has_changed = ticket.undo.has_changed;
                }
            }
        }
        let is_unused = self.messages == 0 && self.wrong == 0 && self.checking == 0;
        let is_kept = !is_unused || self.is_done || self.is_over(now);
        is_kept.then_some(self)
    }

    /// Compares a typed code with all codes that can be right.
    pub(super) fn guess(&mut self, candidates: &[CodeHash], now: StoreMoment) -> Guess {
        let time = match self.open(now) {
            Ok(time) => time,
            Err(guess) => return guess,
        };
        if self.wrong + self.checking >= TRIES {
            return Guess::Ended;
        }
        let left = self.left(time);
        let is_right = self.codes.fit(candidates, |code| left > code.ends);
        if is_right { self.finish() } else { self.miss() }
    }

    /// The number of the last message within the step.
    pub(super) fn messages(&self) -> u8 {
        self.messages
    }

    /// The state for the pages.
    pub(super) fn state(&self, now: StoreMoment) -> StepState {
        let time = self.time(now);
        let (is_ended, is_done) = (self.is_ended(time), self.is_done);
        StepState {
            tries_left: TRIES.saturating_sub(self.wrong),
            wait: seconds(self.left(time).saturating_sub(self.next)),
            number: self.number,
            has_live_code: !is_ended && !is_done && self.has_live_code(time),
            is_ended,
            is_done,
        }
    }

    /// Whether the step has ended by time.
    pub(super) fn is_over(&self, now: StoreMoment) -> bool {
        self.time(now) >= self.ends_at
    }

    /// Whether a cookie of the step is too old by the wall clock. Before, a store that forgot the
    /// entry would let the step begin again.
    pub(super) fn is_forgotten(&self, now: StoreMoment) -> bool {
        now.wall >= self.ends_at
    }

    /// How long the store must keep the entry.
    #[cfg(feature = "redis")]
    pub(super) fn remaining(&self, now: StoreMoment) -> Duration {
        seconds(self.left(self.time(now)))
    }

    /// The time now, if a code can be given.
    fn open(&mut self, now: StoreMoment) -> Result<u64, Guess> {
        let time = self.see(now);
        if self.is_done {
            return Err(Guess::Done);
        }
        if self.is_ended(time) {
            return Err(Guess::Ended);
        }
        if !self.codes.any(|_| true) {
            return Err(Guess::NoCode);
        }
        if !self.has_live_code(time) {
            return Err(Guess::Expired);
        }
        Ok(time)
    }

    fn finish(&mut self) -> Guess {
        self.is_done = true;
        self.codes.void();
        Guess::Right
    }

    fn miss(&mut self) -> Guess {
        self.wrong = self.wrong.saturating_add(1).min(TRIES);
        if self.wrong == TRIES {
            self.codes.void();
        }
        Guess::Wrong {
            left: TRIES - self.wrong,
        }
    }

    fn has_live_code(&self, time: u64) -> bool {
        let left = self.left(time);
        self.codes.any(|code| left > code.ends)
    }

    fn is_ended(&self, time: u64) -> bool {
        self.wrong >= TRIES || time >= self.ends_at
    }

    /// The time of the step: the latest of the wall clock, the time that the entry has seen, and
    /// the time that has passed by the store's clock.
    fn time(&self, now: StoreMoment) -> u64 {
        let seen = self.ends_at.saturating_sub(self.seen.into());
        now.wall
            .max(seen)
            .max(now.store.saturating_add_signed(self.ahead))
    }

    /// Records the time of a use. A clock that is set back later neither revives a code nor
    /// lengthens its life.
    fn see(&mut self, now: StoreMoment) -> u64 {
        let time = self.time(now);
        self.seen = self.left(time);
        self.ahead = self.ahead.max(StoreMoment { wall: time, ..now }.ahead());
        time
    }

    fn left(&self, time: u64) -> Left {
        let left = self.ends_at.saturating_sub(time);
        Left::try_from(left).unwrap_or(Left::MAX)
    }
}

fn seconds(left: Left) -> Duration {
    Duration::from_secs(left.into())
}
