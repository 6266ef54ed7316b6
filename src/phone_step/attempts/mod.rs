//! The store of the phone steps: tries, codes, waits and limits.
//!
//! The cookie of a step is sealed, but a user may send an older one again. So everything that
//! counts is in a store, as keyed hashes and times. `entry` decides about one step, `messages`
//! about the limits, and the stores keep both.

use std::{fmt, sync::Arc};

use super::keys::{CodeHash, StepId};
#[cfg(feature = "redis")]
use crate::error::ConfigError;

use in_process::InProcess;
#[cfg(feature = "redis")]
use redis::InRedis;

pub(crate) use error::StoreError;
pub(crate) use operation::{
    CheckOutcome, CheckTicket, Guess, Moment, Outcome, Reserved, StepState, Take, Taken, Ticket,
};

mod entry;
mod error;
mod in_process;
mod messages;
mod operation;
#[cfg(feature = "redis")]
mod redis;
#[cfg(test)]
#[allow(clippy::panic)]
mod tests;

/// The store of the phone steps. Clones share it.
///
/// It holds wrong tries, waits, limits, and codes as keyed hashes. It holds no number, no user, no
/// address and no code.
///
/// | store | for | takes |
/// |---|---|---|
/// | [`in_process`](Self::in_process) | one replica | 200 bytes of memory for each step |
/// | `redis` (feature `redis`) | several replicas | 200 bytes of Redis for each step |
///
/// A step is kept for its hour. Each further message of it takes 25 bytes for an hour.
///
/// ```
/// use tower_phone_auth::phone_step::AttemptStore;
///
/// let store = AttemptStore::in_process();
/// ```
#[derive(Clone)]
pub struct AttemptStore(Store);

/// The kinds of stores.
#[derive(Clone)]
enum Store {
    InProcess(Arc<InProcess>),
    #[cfg(feature = "redis")]
    Redis(Arc<InRedis>),
}

impl AttemptStore {
    /// A store in the memory of this process, for an application with one replica. With several,
    /// each replica would count on its own.
    ///
    /// ```
    /// use tower_phone_auth::phone_step::{AttemptStore, ConsoleSender, PhoneStep};
    ///
    /// let step = PhoneStep::new(ConsoleSender::new()).attempts(AttemptStore::in_process());
    /// ```
    #[must_use]
    pub fn in_process() -> Self {
        Self(Store::InProcess(Arc::default()))
    }

    /// A store in Redis (6.2 or newer) or Valkey, for several replicas (feature `redis`). It
    /// connects at its first use.
    ///
    /// | the server | |
    /// |---|---|
    /// | keys | `{phone-auth-steps}*`, or those of another [name](Self::name). The braces put all of them into one slot of a Cluster |
    /// | ACL user | `+eval +get +set +del +append +expire +time` on these keys (with Cluster, `+cluster\|slots` too) |
    /// | memory | 200 bytes for each step until its end, and 25 for each message for an hour or two |
    /// | cannot be reached, or is full | 503 with `Retry-After`, and no one is signed in |
    /// | lost a step | the step ends, and the user signs in again |
    /// | eviction | must be off (`maxmemory-policy noeviction`), because a server that evicts the messages of the last hour begins the limits anew |
    ///
    /// ```
    /// use tower_phone_auth::phone_step::AttemptStore;
    ///
    /// let store = AttemptStore::redis("rediss://shop:secret@redis.internal:6379/0")?;
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the address has none of the forms of [`RedisLog`](crate::revocation::RedisLog).
    #[cfg(feature = "redis")]
    pub fn redis(url: &str) -> Result<Self, ConfigError> {
        Ok(Self(Store::Redis(Arc::new(InRedis::new(url)?))))
    }

    /// Sets the name with which the keys of a store in Redis begin (feature `redis`). Default:
    /// `phone-auth-steps`. Applications that share a server need one name each. With one name, they
    /// share the limit on all messages.
    ///
    /// ```
    /// # use tower_phone_auth::phone_step::AttemptStore;
    /// let store = AttemptStore::redis("redis://127.0.0.1")?.name("staff-steps")?;
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the name does not consist of 1 to 128 letters, digits and `-_.:`, or if the store is in
    /// this process.
    #[cfg(feature = "redis")]
    pub fn name(self, name: &str) -> Result<Self, ConfigError> {
        match &self.0 {
            Store::InProcess(_) => {
                let problem =
                    format!("{name:?} is for a store in Redis, and this one is in process");
                Err(ConfigError::new("name", problem, "leave it out"))
            }
            Store::Redis(store) => Ok(Self(Store::Redis(Arc::new(store.name(name)?)))),
        }
    }

    /// Takes one message from all limits and writes the step's entry, in one atomic operation. A
    /// refusal writes nothing.
    pub(crate) async fn take(&self, take: &Take<'_>, now: Moment) -> Result<Taken, StoreError> {
        match &self.0 {
            Store::InProcess(store) => store.take(take, now),
            #[cfg(feature = "redis")]
            Store::Redis(store) => store.take(take, now).await,
        }
    }

    /// Records the answer of the sender.
    pub(crate) async fn settle(
        &self,
        step: &StepId,
        ticket: &Ticket,
        outcome: Outcome,
        now: Moment,
    ) -> Result<(), StoreError> {
        match &self.0 {
            Store::InProcess(store) => {
                store.settle(step, ticket, outcome, now);
                Ok(())
            }
            #[cfg(feature = "redis")]
            Store::Redis(store) => store.settle(step, ticket, outcome, now).await,
        }
    }

    /// Compares a typed code, by its hashes under all keys. Takes one of the five tries before it
    /// compares.
    pub(crate) async fn guess(
        &self,
        step: &StepId,
        candidates: &[CodeHash],
        now: Moment,
    ) -> Result<Guess, StoreError> {
        match &self.0 {
            Store::InProcess(store) => Ok(store.guess(step, candidates, now)),
            #[cfg(feature = "redis")]
            Store::Redis(store) => store.guess(step, candidates, now).await,
        }
    }

    /// Takes one of the five tries for a check by a verification service.
    pub(crate) async fn reserve_check(
        &self,
        step: &StepId,
        now: Moment,
    ) -> Result<Reserved, StoreError> {
        match &self.0 {
            Store::InProcess(store) => Ok(store.reserve(step, now)),
            #[cfg(feature = "redis")]
            Store::Redis(store) => store.reserve(step, now).await,
        }
    }

    /// Records the answer of the verification service. The answer to `Unanswered` has no meaning.
    pub(crate) async fn settle_check(
        &self,
        step: &StepId,
        ticket: &CheckTicket,
        outcome: CheckOutcome,
        now: Moment,
    ) -> Result<Guess, StoreError> {
        match &self.0 {
            Store::InProcess(store) => Ok(store.settle_check(step, ticket, outcome, now)),
            #[cfg(feature = "redis")]
            Store::Redis(store) => store.settle_check(step, ticket, outcome, now).await,
        }
    }

    /// The state of a step. `None` if no message was permitted yet, or the store lost the step.
    pub(crate) async fn state(
        &self,
        step: &StepId,
        now: Moment,
    ) -> Result<Option<StepState>, StoreError> {
        match &self.0 {
            Store::InProcess(store) => Ok(store.state(step, now)),
            #[cfg(feature = "redis")]
            Store::Redis(store) => store.state(step, now).await,
        }
    }
}

impl fmt::Debug for AttemptStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Store::InProcess(_) => f.write_str("AttemptStore(in process)"),
            #[cfg(feature = "redis")]
            Store::Redis(store) => write!(f, "AttemptStore({store:?})"),
        }
    }
}
