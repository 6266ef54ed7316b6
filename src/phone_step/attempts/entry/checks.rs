//! Checks by a verification service, which keeps the code. A try is taken before the call, because
//! the answers of parallel calls come late.

use super::{Entry, TRIES};
use crate::phone_step::attempts::operation::{
    CheckOutcome, CheckTicket, Guess, Reserved, StoreMoment,
};

/// The most checks without an answer for one code. They take no try, so they need a bound of their
/// own. Afterwards a new message is needed, which the limits count.
const MOST_UNANSWERED: u8 = 20;

impl Entry {
    /// Takes a try for a check.
    pub(in super::super) fn reserve(&mut self, now: StoreMoment) -> Reserved {
        if let Err(guess) = self.open(now) {
            return Reserved::Refused(guess);
        }
        if self.wrong + self.checking >= TRIES {
            return Reserved::Busy;
        }
        self.checking += 1;
        Reserved::Granted(CheckTicket {
            number: self.number,
        })
    }

    /// Settles a check.
    pub(in super::super) fn settle_check(
        &mut self,
        ticket: &CheckTicket,
        outcome: CheckOutcome,
        now: StoreMoment,
    ) -> Guess {
        self.checking = self.checking.saturating_sub(1);
        let time = self.see(now);
        match outcome {
            _ if self.is_done => Guess::Done,
            _ if self.is_ended(time) => Guess::Ended,
            CheckOutcome::Wrong => self.miss(),
            CheckOutcome::Right if self.number == ticket.number => self.finish(),
            CheckOutcome::Right => Guess::NoCode,
            // A check of an earlier number says nothing about the code of this one.
            CheckOutcome::Unanswered if self.number != ticket.number => Guess::NoCode,
            CheckOutcome::NotAsked => Guess::NoCode,
            CheckOutcome::Unanswered => {
                self.unanswered += 1;
                if self.unanswered >= MOST_UNANSWERED {
                    self.unanswered = 0;
                    self.codes.void();
                }
                Guess::NoCode
            }
            CheckOutcome::Over => {
                if self.number == ticket.number {
                    self.codes.void();
                }
                Guess::NoCode
            }
        }
    }
}
