//! Sessions that ended before their time: known to this machine, told to the others.

use std::{
    fmt,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use bytes::Bytes;
use tokio::runtime::Handle;

use crate::{
    clock::Clock,
    error::ConfigError,
    seal::Sealer,
    session::{
        Binding,
        id::SessionId,
        user::{Known, VerifiedUser},
    },
};

use entry::SKEW;
pub(crate) use entry::{LONGEST_SUBJECT, Revocation};
pub(crate) use examined::LogFacts;
pub use file::FileLog;
pub(crate) use freshness::Readiness;
use freshness::{Freshness, Policy, Progress};
use horizon::Horizon;
pub use in_process::InProcessLog;
pub use log::{LogBatch, LogError, LogPosition, NotEverywhere, RevocationLog};
#[cfg(feature = "redis")]
pub use redis::RedisLog;
use table::Table;
pub(crate) use target::EventId;

mod entry;
mod examined;
mod file;
mod follower;
mod freshness;
mod hasher;
mod horizon;
mod in_process;
mod log;
mod outbox;
mod publisher;
#[cfg(feature = "redis")]
mod redis;
mod report;
mod restoring;
mod table;
mod target;
#[cfg(test)]
mod tests;
mod wire;

/// How long the log may take for one call.
const LIMIT: Duration = Duration::from_secs(2);

/// What a machine does that has not read the [revocation log](crate::Builder::revocation_log) for longer than
/// [`max_revocation_lag`](crate::Builder::max_revocation_lag).
///
/// ```
/// use tower_phone_auth::{InProcessLog, OAuthLayer, WhenStale};
///
/// let builder = OAuthLayer::builder()
///     .revocation_log(InProcessLog::default())
///     .when_stale(WhenStale::FailClosed);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum WhenStale {
    /// Goes on with what it knows, and says so in the log: a session that ended elsewhere meanwhile lives here until the
    /// log is read again. A machine that has not read the log since its start knows nothing, and answers requests with
    /// a session with 503 until it has.
    #[default]
    ServeStale,
    /// Answers protected paths with 503 and `Retry-After`; public paths have nobody signed in.
    FailClosed,
    /// As [`ServeStale`](Self::ServeStale), also on a machine that has not read the log since its start, as soon as it
    /// has failed to. **Sessions that were signed out or revoked are let in again there**, until the log is read: for an
    /// application that prefers that to 503 while the log is away.
    ServeUnread,
}

/// The revocations of one layer.
pub(crate) struct Revocations {
    shared: Arc<Shared>,
}

/// The task that follows the log sees it, and does not keep it alive.
struct Shared {
    live: Table,
    clock: Clock,
    horizon: Horizon,
    sealer: Sealer,
    /// Of a session, at most.
    life: Duration,
    replica: Option<Freshness>,
}

/// What the builder collected.
pub(crate) struct Settings {
    pub(crate) log: Option<Arc<dyn RevocationLog>>,
    pub(crate) max_lag: Duration,
    pub(crate) when_stale: WhenStale,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            log: None,
            max_lag: Duration::from_secs(10),
            when_stale: WhenStale::ServeStale,
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Settings({:?}, {:?})", self.max_lag, self.when_stale)
    }
}

impl Settings {
    fn check(&self) -> Result<(), ConfigError> {
        let limits = Duration::from_secs(1)..=Duration::from_secs(24 * 60 * 60);
        if limits.contains(&self.max_lag) {
            return Ok(());
        }
        let problem = format!("{:?} is no time to be behind", self.max_lag);
        let remedy = "give a second at least, and a day at most; 10 seconds are the default";
        Err(ConfigError::new("max_revocation_lag", problem, remedy))
    }
}

impl Revocations {
    pub(crate) fn new(
        settings: Settings,
        sealer: Sealer,
        clock: Clock,
        life: Duration,
    ) -> Result<Self, ConfigError> {
        settings.check()?;
        let policy = Policy {
            max_lag: settings.max_lag,
            when_stale: settings.when_stale,
        };
        let replica = settings.log.map(|log| Freshness::new(log, policy));
        let shared = Arc::new(Shared {
            live: Table::default(),
            clock,
            horizon: Horizon::new(life.saturating_mul(2).saturating_add(4 * SKEW)),
            sealer,
            life,
            replica,
        });
        Ok(Self { shared })
    }

    /// Whether the session was ended. No lock, no allocation: every request asks.
    pub(crate) fn has_ended(&self, binding: Binding, user: &VerifiedUser) -> bool {
        self.shared.live.has_ended(binding, user)
    }

    pub(crate) fn has_session(&self, id: &SessionId) -> bool {
        self.shared.live.has_session(id)
    }

    /// Whether this event was handled, here or on another replica.
    pub(crate) fn has_event(&self, id: &EventId) -> bool {
        self.shared.live.has_event(id)
    }

    pub(crate) fn readiness(&self) -> Readiness {
        let Shared { replica, clock, .. } = &*self.shared;
        let replica = replica.as_ref();
        replica.map_or(Readiness::Ready, |replica| replica.readiness(clock))
    }

    /// How many revocations are known by now: a sign-in takes it before it asks the provider.
    pub(crate) fn step(&self) -> u64 {
        self.shared.live.step()
    }

    /// The revocations that a sign-in comes after which began at that step.
    pub(crate) fn known(&self, binding: Binding, user: &VerifiedUser, step: u64) -> Known {
        self.shared.live.known(binding, user, step)
    }

    /// Follows the log, if there is one and nobody does: begun where a runtime is.
    pub(crate) fn start(&self) {
        if let Some(replica) = &self.shared.replica
            && !replica.followed.load(Ordering::Acquire)
        {
            self.follow(replica);
        }
    }

    #[cold]
    fn follow(&self, replica: &Freshness) {
        replica.start(self.shared.clock.monotonic());
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        if !replica.followed.swap(true, Ordering::AcqRel) {
            runtime.spawn(follower::run(&self.shared));
        }
    }

    /// Waits until the log was read once; its first failure from now on.
    pub(crate) async fn caught_up(&self) -> Result<(), LogError> {
        let Some(replica) = &self.shared.replica else {
            return Ok(());
        };
        let mut progress = replica.progress.subscribe();
        self.start();
        if matches!(*progress.borrow_and_update(), Progress::Read) {
            return Ok(());
        }
        // The sender is in `replica`: it does not go away.
        while progress.changed().await.is_ok() {
            match &*progress.borrow_and_update() {
                Progress::Reading => {}
                Progress::Read => break,
                Progress::Failed(error) => return Err(error.clone()),
            }
        }
        Ok(())
    }

    pub(crate) fn lag(&self) -> Option<Duration> {
        self.start();
        let now = self.shared.clock.monotonic();
        self.shared.replica.as_ref().map(|replica| replica.lag(now))
    }

    /// Ends them here at once, then everywhere.
    pub(crate) async fn publish(
        &self,
        mut revocations: Vec<Revocation>,
    ) -> Result<(), NotEverywhere> {
        // Somebody must retry, also where no service was ever made.
        self.start();
        let shared = &self.shared;
        let now = shared.clock.unix_millis();
        for revocation in &mut revocations {
            shared.live.date(revocation, now);
        }
        shared.learn(revocations.clone());
        let now = shared.horizon.now(&shared.clock);
        // What can end nothing any more is nothing to the others either.
        revocations.retain(|one| one.expires_at >= now);
        let Some(replica) = &shared.replica else {
            return Ok(());
        };
        if revocations.is_empty() {
            return Ok(());
        }
        let payloads = shared.seal(&revocations);
        // From here on, what is not told is told later: also if the caller goes away.
        let sending = replica.outbox.sending(revocations);
        match tell(replica, payloads).await {
            Ok(()) => {
                sending.taken();
                Ok(())
            }
            Err(error) => Err(NotEverywhere::new(error)),
        }
    }
}

async fn tell(replica: &Freshness, payloads: Option<Vec<Bytes>>) -> Result<(), LogError> {
    let payloads = payloads.ok_or_else(LogError::no_randomness)?;
    if Handle::try_current().is_err() {
        return Err(LogError::new(
            "there is no tokio runtime; call it from within one",
        ));
    }
    follower::within(LIMIT, replica.log.publish(payloads)).await
}

impl Shared {
    /// Forgets what can end nothing any more.
    fn tidy(&self) {
        let now = self.horizon.now(&self.clock);
        self.live.prune(now);
        if let Some(replica) = &self.replica {
            replica.outbox.prune(now);
        }
    }

    /// Ends what they say, unless that is over.
    fn learn(&self, revocations: Vec<Revocation>) {
        let (date, now) = (self.clock.unix(), self.horizon.now(&self.clock));
        for revocation in revocations.into_iter().filter(|one| one.expires_at >= now) {
            self.live.add(&revocation.bounded(date), now);
        }
    }

    fn seal(&self, revocations: &[Revocation]) -> Option<Vec<Bytes>> {
        let now = self.clock.unix();
        revocations
            .iter()
            .map(|one| one.seal(&self.sealer, now))
            .collect()
    }
}

impl fmt::Debug for Revocations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let log = self.shared.replica.is_some();
        f.debug_struct("Revocations")
            .field("log", &log)
            .finish_non_exhaustive()
    }
}
