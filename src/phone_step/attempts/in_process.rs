//! The store in the memory of one process.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{
    entry::{Closed, Entry},
    error::StoreError,
    messages::{Messages, Reached},
    operation::{
        CheckOutcome, CheckTicket, Guess, Moment, Outcome, Reserved, StepState, StoreMoment, Take,
        Taken, Ticket,
    },
};
use crate::phone_step::keys::{CodeHash, StepId};

/// How often the entries of steps that are over are looked for.
const SWEEP: u64 = 60;
/// Places beside those for twice the messages of an hour.
const SPARE: usize = 16;

/// The store. Every operation holds the lock once, so it is atomic.
#[derive(Debug, Default)]
pub(super) struct InProcess(Mutex<Content>);

/// The content. A tree, because a hash table doubles, and would have more than twice the size of
/// its content.
#[derive(Debug, Default)]
struct Content {
    steps: BTreeMap<StepId, Entry>,
    messages: Messages,
    /// The calls that the sender refused.
    refused: Messages,
    /// The time of the last sweep, by the store's clock.
    swept_at: u64,
}

impl InProcess {
    pub(super) fn take(&self, take: &Take<'_>, now: Moment) -> Result<Taken, StoreError> {
        let now = moment(now);
        let mut content = self.lock();
        let known = content.steps.get(take.step).copied();
        let (entry, undo) = match Entry::take(known, take, now) {
            Ok(taken) => taken,
            Err(closed) => return Ok(closed.into()),
        };
        if let Err(reached) = content.permit(take, now.stamp()) {
            return Ok(reached.into());
        }
        if !content.has_place(take, now) {
            return Err(StoreError::full());
        }
        content.messages.add(take.charges, now.stamp());
        content.steps.insert(*take.step, entry);
        Ok(Taken::Granted(Ticket {
            message: entry.messages(),
            at: now.stamp(),
            charges: take.charges,
            undo,
        }))
    }

    /// A message without the check of the limits, for a test with very many of them.
    #[cfg(test)]
    pub(super) fn take_unchecked(&self, take: &Take<'_>, now: Moment) {
        let now = moment(now);
        let mut content = self.lock();
        if let Ok((entry, _)) = Entry::take(None, take, now) {
            content.messages.add(take.charges, now.stamp());
            content.steps.insert(*take.step, entry);
        }
    }

    pub(super) fn settle(&self, step: &StepId, ticket: &Ticket, outcome: Outcome, now: Moment) {
        let mut content = self.lock();
        if outcome == Outcome::Refused {
            content.messages.give_back(ticket.charges, ticket.at);
            content.refused.add(ticket.charges, moment(now).stamp());
        }
        let Some(entry) = content.steps.remove(step) else {
            return;
        };
        if let Some(entry) = entry.settle(ticket, outcome, moment(now)) {
            content.steps.insert(*step, entry);
        }
    }

    pub(super) fn guess(&self, step: &StepId, candidates: &[CodeHash], now: Moment) -> Guess {
        let guess = |entry: &mut Entry| entry.guess(candidates, moment(now));
        self.with(step, guess).unwrap_or(Guess::Lost)
    }

    pub(super) fn reserve(&self, step: &StepId, now: Moment) -> Reserved {
        self.with(step, |entry| entry.reserve(moment(now)))
            .unwrap_or(Reserved::Refused(Guess::Lost))
    }

    pub(super) fn settle_check(
        &self,
        step: &StepId,
        ticket: &CheckTicket,
        outcome: CheckOutcome,
        now: Moment,
    ) -> Guess {
        let settle = |entry: &mut Entry| entry.settle_check(ticket, outcome, moment(now));
        self.with(step, settle).unwrap_or(Guess::Lost)
    }

    pub(super) fn state(&self, step: &StepId, now: Moment) -> Option<StepState> {
        self.with(step, |entry| entry.state(moment(now)))
    }

    /// Runs `work` with the entry. `None` if there is none.
    fn with<T>(&self, step: &StepId, work: impl FnOnce(&mut Entry) -> T) -> Option<T> {
        self.lock().steps.get_mut(step).map(work)
    }

    fn lock(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Content {
    /// Checks the limits on messages, and those on refused calls.
    fn permit(&self, take: &Take<'_>, now: u32) -> Result<(), Reached> {
        self.messages.check(take, take.limits, now)?;
        self.refused.check(take, &take.limits.of_refused(), now)
    }

    /// Forgets the steps that are over, and returns whether there is a place for one more.
    ///
    /// A step lives for an hour at most, so there are as many as messages of an hour. There are
    /// more if the sender refuses messages, or if the wall clock is set back.
    fn has_place(&mut self, take: &Take<'_>, now: StoreMoment) -> bool {
        if now.store.saturating_sub(self.swept_at) >= SWEEP {
            self.swept_at = now.store;
            self.steps.retain(|_, entry| !entry.is_forgotten(now));
        }
        let most = usize::try_from(take.limits.total).unwrap_or(usize::MAX);
        let most = most.saturating_mul(2).saturating_add(SPARE);
        if self.steps.len() >= most {
            self.steps.retain(|_, entry| !entry.is_over(now));
        }
        self.steps.len() < most || self.steps.contains_key(take.step)
    }
}

impl From<Closed> for Taken {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::TooEarly(wait) => Self::TooEarly { wait },
            Closed::Ended => Self::Ended,
            Closed::Done => Self::Done,
            Closed::Lost => Self::Lost,
        }
    }
}

/// The monotonic clock is the store's.
fn moment(Moment { wall, monotonic }: Moment) -> StoreMoment {
    StoreMoment {
        wall: wall.as_secs(),
        store: monotonic.as_secs(),
    }
}
