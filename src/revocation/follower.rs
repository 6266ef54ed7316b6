//! The task that reads the log, and tells it what it lacks.

use std::{
    sync::{Arc, Weak, atomic::Ordering},
    time::{Duration, SystemTime},
};

use tokio::time::{sleep, timeout};

use super::{
    LIMIT, Shared,
    fact::{Revocation, SKEW, Unreadable},
    log::{LogBatch, LogError, LogPosition, RevocationLog},
    replica::Replica,
};

/// How long one reading waits for more.
const WAIT: Duration = Duration::from_millis(500);
/// As many as are published again in one go.
const PAGE: usize = 500;
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How often memory and log are tidied.
const TIDY: Duration = Duration::from_secs(60);

/// Says when the task is gone, also with its runtime.
struct Running(Weak<Shared>);

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(shared) = self.0.upgrade()
            && let Some(replica) = &shared.replica
        {
            replica.followed.store(false, Ordering::Release);
        }
    }
}

/// Ends when the last layer is gone. It must not keep it alive: between two steps it holds nothing of it.
pub(super) fn run(shared: &Arc<Shared>) -> impl Future<Output = ()> + Send + 'static {
    let shared = Arc::downgrade(shared);
    // Made here: a task that is dropped before its first step is gone, too.
    let running = Running(Weak::clone(&shared));
    follow(shared, running)
}

async fn follow(shared: Weak<Shared>, _running: Running) {
    let mut follower = Follower::default();
    while let Some(log) = log(&shared) {
        let wait = if follower.is_behind {
            Duration::ZERO
        } else {
            WAIT
        };
        let began = now(&shared);
        let reading = log.follow(follower.position.clone(), wait);
        let read = within(wait + LIMIT, reading).await;
        let Some(held) = shared.upgrade() else { return };
        let step = follower.take(&held, began, read);
        drop(held);
        match step {
            Step::On => {}
            Step::Pause(pause) => sleep(pause).await,
            Step::Tell(untold) => follower.tell(&shared, &*log, untold).await,
        }
        follower.tidy(&shared, &*log).await;
    }
}

fn log(shared: &Weak<Shared>) -> Option<Arc<dyn RevocationLog>> {
    let shared = shared.upgrade()?;
    shared
        .replica
        .as_ref()
        .map(|replica| Arc::clone(&replica.log))
}

fn now(shared: &Weak<Shared>) -> SystemTime {
    shared
        .upgrade()
        .map_or(SystemTime::UNIX_EPOCH, |shared| shared.clock.now())
}

/// A log of somebody else's making may hang.
pub(super) async fn within<T>(
    limit: Duration,
    answer: impl Future<Output = Result<T, LogError>>,
) -> Result<T, LogError> {
    timeout(limit, answer)
        .await
        .unwrap_or_else(|_| Err(LogError::late()))
}

struct Follower {
    position: Option<LogPosition>,
    /// More stands in the log, or is to be told to it.
    is_behind: bool,
    pause: Duration,
    is_out: bool,
    is_stale: bool,
    tidied_at: Option<SystemTime>,
    complained_at: Option<SystemTime>,
}

enum Step {
    On,
    Pause(Duration),
    Tell(Vec<Revocation>),
}

impl Default for Follower {
    fn default() -> Self {
        Self {
            position: None,
            is_behind: true,
            pause: SHORTEST_PAUSE,
            is_out: false,
            is_stale: false,
            tidied_at: None,
            complained_at: None,
        }
    }
}

impl Follower {
    fn take(
        &mut self,
        shared: &Shared,
        began: SystemTime,
        read: Result<LogBatch, LogError>,
    ) -> Step {
        let Some(replica) = &shared.replica else {
            return Step::On;
        };
        match read {
            Ok(batch) => self.read(shared, replica, began, batch),
            Err(error) if error.is_lost() => {
                let live = shared.live.all();
                tracing::warn!(
                    revocations = live.len(),
                    "{error}: publishing again what this machine knows"
                );
                replica.outbox.add(live);
                (self.position, self.is_behind) = (None, true);
                Step::On
            }
            Err(error) => {
                replica.failed(&error);
                self.fails(&error);
                self.tell_age(shared, replica);
                Step::Pause(self.pauses())
            }
        }
    }

    fn read(
        &mut self,
        shared: &Shared,
        replica: &Replica,
        began: SystemTime,
        batch: LogBatch,
    ) -> Step {
        let told = self.open(shared, &batch);
        let now = shared.clock.unix();
        told.iter()
            .for_each(|revocation| shared.live.add(revocation, now));
        replica.outbox.remove(&told);
        self.position = Some(batch.next);
        self.is_behind = !batch.complete;
        if self.is_out {
            self.is_out = false;
            tracing::info!("the revocation log is read again");
        }
        if !batch.complete {
            return Step::On;
        }
        replica.has_read(began);
        self.tell_age(shared, replica);
        let untold = replica.outbox.some(PAGE);
        if untold.is_empty() {
            self.pause = SHORTEST_PAUSE;
            return Step::On;
        }
        Step::Tell(untold)
    }

    /// The live revocations of a batch. What cannot be read is skipped: it must stop nobody.
    fn open(&mut self, shared: &Shared, batch: &LogBatch) -> Vec<Revocation> {
        let (mut told, mut foreign, mut newer) = (Vec::new(), 0_usize, 0_usize);
        let now = shared.clock.unix();
        for payload in &batch.payloads {
            match Revocation::open(&shared.sealer, payload, now) {
                Ok(revocation) if revocation.until < now => {}
                Ok(revocation) => told.push(revocation),
                Err(Unreadable::Foreign) => foreign += 1,
                Err(Unreadable::Newer) => newer += 1,
            }
        }
        let now = shared.clock.now();
        let may_complain = self.complained_at.is_none_or(|at| is_over(at, TIDY, now));
        if foreign + newer > 0 && may_complain {
            self.complained_at = Some(now);
            tracing::warn!(
                foreign,
                newer,
                "entries of the revocation log were skipped: foreign ones are sealed with a key that this \
                 machine does not have, or damaged; newer ones are of a newer version of tower-phone-auth"
            );
        }
        told
    }

    async fn tell(
        &mut self,
        shared: &Weak<Shared>,
        log: &dyn RevocationLog,
        untold: Vec<Revocation>,
    ) {
        let Some(payloads) = shared.upgrade().and_then(|shared| shared.seal(&untold)) else {
            return;
        };
        let told = within(LIMIT, log.publish(payloads)).await;
        let Some(shared) = shared.upgrade() else {
            return;
        };
        let Some(replica) = &shared.replica else {
            return;
        };
        match told {
            Ok(()) => {
                replica.outbox.remove(&untold);
                self.is_behind = !replica.outbox.is_empty();
            }
            Err(error) => {
                self.fails(&error);
                let pause = self.pauses();
                drop(shared);
                sleep(pause).await;
            }
        }
    }

    /// One line for an outage, however long it lasts.
    fn fails(&mut self, error: &LogError) {
        if !self.is_out {
            self.is_out = true;
            tracing::error!(
                "the revocation log fails: {error}; sessions that end elsewhere stay alive here meanwhile"
            );
        }
    }

    fn pauses(&mut self) -> Duration {
        let pause = self.pause;
        self.pause = (pause * 2).min(LONGEST_PAUSE);
        pause
    }

    /// One event when the lag passes its limit, and one when it is back.
    fn tell_age(&mut self, shared: &Shared, replica: &Replica) {
        let now = shared.clock.now();
        let (is_stale, policy) = (replica.is_stale(now), replica.policy);
        let lag = replica.lag(now).as_millis();
        match (self.is_stale, is_stale) {
            (false, true) => tracing::warn!(
                lag_ms = lag,
                policy = ?policy.when_stale,
                "revocations are stale"
            ),
            (true, false) => tracing::info!(lag_ms = lag, "revocations are fresh again"),
            _ => {}
        }
        self.is_stale = is_stale;
    }

    async fn tidy(&mut self, shared: &Weak<Shared>, log: &dyn RevocationLog) {
        let Some(held) = shared.upgrade() else {
            return;
        };
        let now = held.clock.now();
        if self.tidied_at.is_some_and(|at| !is_over(at, TIDY, now)) {
            return;
        }
        self.tidied_at = Some(now);
        held.tidy();
        // A session's life after the last of them, with the skews in a revocation's end; the log's clock may differ, too.
        let kept = held.life.saturating_add(4 * SKEW);
        drop(held);
        if let Some(before) = now.checked_sub(kept).filter(|_| !self.is_out)
            && let Err(error) = within(LIMIT, log.prune(before)).await
        {
            tracing::warn!("the revocation log was not pruned, and grows meanwhile: {error}");
        }
    }
}

/// A clock that was set back ends every wait.
fn is_over(since: SystemTime, span: Duration, now: SystemTime) -> bool {
    !now.duration_since(since).is_ok_and(|passed| passed < span)
}
