//! The store in Redis or Valkey.
//!
//! The entry of a step is read, changed by `entry` in this process, and written only if no other
//! request has changed it meanwhile. The limits count in the same script that writes the entry. All
//! keys have one hash tag, so that a Cluster holds them in one place.

use std::{fmt, sync::Arc, time::Duration};

use super::{
    entry::Entry,
    error::StoreError,
    operation::{
        CheckOutcome, CheckTicket, Guess, Moment, Outcome, Reserved, StepState, StoreMoment, Take,
        Taken, Ticket,
    },
};
use crate::{
    error::ConfigError,
    phone_step::keys::{CodeHash, StepId},
    revocation::{LogError, SharedServer, check_name},
};

use commands::Keys;

mod commands;
#[cfg(all(test, feature = "_interop-tests"))]
#[allow(clippy::panic)]
mod tests;

/// The most times that a change begins again. A step changes a few times only: by five wrong codes
/// and a few messages.
const ROUNDS: usize = 32;
/// The name of the keys unless the application gives another.
const NAME: &str = "phone-auth-steps";

/// The store.
pub(super) struct InRedis {
    server: Arc<SharedServer>,
    keys: Keys,
    /// The time by the clock of the store. 0 for that of the server.
    #[cfg(test)]
    time: std::sync::atomic::AtomicU64,
}

/// An entry as it was read.
struct Found {
    bytes: Vec<u8>,
    entry: Option<Entry>,
    now: StoreMoment,
}

impl InRedis {
    pub(super) fn new(url: &str) -> Result<Self, ConfigError> {
        Ok(Self {
            server: Arc::new(SharedServer::new(url)?),
            keys: Keys::new(NAME),
            #[cfg(test)]
            time: std::sync::atomic::AtomicU64::new(0),
        })
    }

    /// The store at the same server with another name of its keys.
    pub(super) fn name(&self, name: &str) -> Result<Self, ConfigError> {
        check_name("name", name)?;
        Ok(Self {
            server: Arc::clone(&self.server),
            keys: Keys::new(name),
            #[cfg(test)]
            time: std::sync::atomic::AtomicU64::new(0),
        })
    }

    pub(super) async fn take(&self, take: &Take<'_>, now: Moment) -> Result<Taken, StoreError> {
        for _ in 0..ROUNDS {
            let found = self.read(take.step, now).await?;
            let (entry, undo) = match Entry::take(found.entry, take, found.now) {
                Ok(taken) => taken,
                Err(closed) => return Ok(closed.into()),
            };
            let at = found.now.stamp();
            let command = commands::take(&self.keys, take, &found, &entry);
            let answer: Vec<u64> = self.server.write(&command, &self.keys.tag).await?;
            match answer[..] {
                [1] => {
                    return Ok(Taken::Granted(Ticket {
                        message: entry.messages(),
                        at,
                        charges: take.charges,
                        undo,
                    }));
                }
                [2, which, wait] => return Ok(commands::over(which, Duration::from_secs(wait))),
                _ => {}
            }
        }
        Err(contended())
    }

    pub(super) async fn settle(
        &self,
        step: &StepId,
        ticket: &Ticket,
        outcome: Outcome,
        now: Moment,
    ) -> Result<(), StoreError> {
        let refused = (outcome == Outcome::Refused).then_some(ticket);
        let settle = |entry: Option<Entry>, now| {
            let entry = entry.and_then(|entry| entry.settle(ticket, outcome, now));
            (entry, ())
        };
        self.change(step, now, refused, settle).await
    }

    pub(super) async fn guess(
        &self,
        step: &StepId,
        candidates: &[CodeHash],
        now: Moment,
    ) -> Result<Guess, StoreError> {
        let guess = |entry: &mut Entry, now| entry.guess(candidates, now);
        Ok(self.with(step, now, guess).await?.unwrap_or(Guess::Lost))
    }

    pub(super) async fn reserve(&self, step: &StepId, now: Moment) -> Result<Reserved, StoreError> {
        let reserved = self.with(step, now, Entry::reserve).await?;
        Ok(reserved.unwrap_or(Reserved::Refused(Guess::Lost)))
    }

    pub(super) async fn settle_check(
        &self,
        step: &StepId,
        ticket: &CheckTicket,
        outcome: CheckOutcome,
        now: Moment,
    ) -> Result<Guess, StoreError> {
        let settle = |entry: &mut Entry, now| entry.settle_check(ticket, outcome, now);
        Ok(self.with(step, now, settle).await?.unwrap_or(Guess::Lost))
    }

    pub(super) async fn state(
        &self,
        step: &StepId,
        now: Moment,
    ) -> Result<Option<StepState>, StoreError> {
        let found = self.read(step, now).await?;
        Ok(found.entry.map(|entry| entry.state(found.now)))
    }

    /// Changes an entry. `None` if there is none.
    async fn with<T>(
        &self,
        step: &StepId,
        now: Moment,
        work: impl Fn(&mut Entry, StoreMoment) -> T,
    ) -> Result<Option<T>, StoreError> {
        let work = |entry: Option<Entry>, now| {
            let mut entry = entry;
            let answer = entry.as_mut().map(|entry| work(entry, now));
            (entry, answer)
        };
        self.change(step, now, None, work).await
    }

    /// Changes an entry, and begins again if another request changed it meanwhile. The answer
    /// counts only once the change is written, so a code is counted before its answer is known.
    async fn change<T>(
        &self,
        step: &StepId,
        now: Moment,
        refused: Option<&Ticket>,
        work: impl Fn(Option<Entry>, StoreMoment) -> (Option<Entry>, T),
    ) -> Result<T, StoreError> {
        for _ in 0..ROUNDS {
            let found = self.read(step, now).await?;
            let (entry, answer) = work(found.entry, found.now);
            let bytes = entry.map(|entry| entry.encode()).unwrap_or_default();
            if bytes == found.bytes && refused.is_none() {
                return Ok(answer);
            }
            let command = commands::write(&self.keys, step, &found, entry.as_ref(), bytes, refused);
            if self.server.write::<u64>(&command, &self.keys.tag).await? == 1 {
                return Ok(answer);
            }
        }
        Err(contended())
    }

    async fn read(&self, step: &StepId, now: Moment) -> Result<Found, StoreError> {
        let command = commands::read(&self.keys, step);
        let (bytes, time): (Vec<u8>, u64) = self.server.read(&command, &self.keys.tag).await?;
        #[cfg(test)]
        let time = match self.time.load(std::sync::atomic::Ordering::Relaxed) {
            0 => time,
            fixed => fixed,
        };
        let entry = Entry::decode(&bytes);
        if entry.is_none() && !bytes.is_empty() {
            let (place, keys) = (self.server.place(), &self.keys.tag);
            return Err(StoreError::new(format!(
                "Redis at {place} holds something else under {keys:?}; delete that, or give \
                 AttemptStore another name"
            )));
        }
        Ok(Found {
            bytes,
            entry,
            now: StoreMoment {
                wall: now.wall.as_secs(),
                store: time,
            },
        })
    }
}

impl fmt::Debug for InRedis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Redis at {}, keys {}",
            self.server.place(),
            self.keys.tag
        )
    }
}

impl From<LogError> for StoreError {
    fn from(error: LogError) -> Self {
        Self::new(error.to_string())
    }
}

fn contended() -> StoreError {
    StoreError::new("many requests changed one phone step at once; they may try again")
}
