//! The task that reads the log, and tells it what it lacks.

use std::{
    sync::{Arc, Weak, atomic::Ordering},
    time::Duration,
};

use tokio::time::{sleep, timeout};

use super::{
    LIMIT, Shared,
    fact::{Revocation, SKEW},
    log::{LogBatch, LogError, LogPosition, RevocationLog},
    replica::Replica,
    voice::Voice,
};

/// How long one reading waits for more.
const WAIT: Duration = Duration::from_millis(500);
/// As many as are published again in one go.
const PAGE: usize = 500;
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How often memory and log are tidied.
const TIDY: Duration = Duration::from_secs(5 * 60);

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
        let began = begin(&shared);
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

/// When this reading begins, by the monotonic clock.
fn begin(shared: &Weak<Shared>) -> Duration {
    let Some(shared) = shared.upgrade() else {
        return Duration::ZERO;
    };
    if let Some(replica) = &shared.replica {
        replica.outbox.begins_reading();
    }
    shared.clock.monotonic()
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
    tidied_at: Option<Duration>,
    voice: Voice,
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
            tidied_at: None,
            voice: Voice::default(),
        }
    }
}

impl Follower {
    fn take(&mut self, shared: &Shared, began: Duration, read: Result<LogBatch, LogError>) -> Step {
        let Some(replica) = &shared.replica else {
            return Step::On;
        };
        match read {
            Ok(batch) => self.read(shared, replica, began, &batch),
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
                self.voice.fails(&error);
                self.voice.tell_age(shared, replica);
                Step::Pause(self.pauses())
            }
        }
    }

    fn read(
        &mut self,
        shared: &Shared,
        replica: &Replica,
        began: Duration,
        batch: &LogBatch,
    ) -> Step {
        let told = self.voice.open(shared, batch);
        let now = shared.clock.unix();
        told.iter()
            .for_each(|revocation| shared.live.add(revocation, now));
        replica.outbox.saw(&told);
        self.position = Some(batch.next.clone());
        self.is_behind = !batch.complete;
        self.voice.works();
        if !batch.complete {
            return Step::On;
        }
        if batch.settled || replica.has_ever_read() {
            replica.has_read(began);
        }
        self.voice.tell_age(shared, replica);
        let missed = replica.outbox.missed();
        if missed > 0 {
            tracing::warn!(
                revocations = missed,
                "the log lost what it had taken: publishing it again"
            );
        }
        let untold = replica.outbox.some(PAGE);
        if untold.is_empty() {
            self.pause = SHORTEST_PAUSE;
            return Step::On;
        }
        Step::Tell(untold)
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
                replica.outbox.told(&untold);
                self.voice.told();
                self.is_behind = !replica.outbox.is_empty();
            }
            Err(error) => {
                self.voice.fails_to_tell(&error);
                let pause = self.pauses();
                drop(shared);
                sleep(pause).await;
            }
        }
    }

    fn pauses(&mut self) -> Duration {
        let pause = self.pause;
        self.pause = (pause * 2).min(LONGEST_PAUSE);
        pause
    }

    async fn tidy(&mut self, shared: &Weak<Shared>, log: &dyn RevocationLog) {
        let Some(held) = shared.upgrade() else {
            return;
        };
        let now = held.clock.monotonic();
        if self.tidied_at.is_some_and(|at| now < at + TIDY) {
            return;
        }
        self.tidied_at = Some(now);
        held.tidy();
        // A session's life after the last of them, with the skews in a revocation's end; the log's clock may differ, too.
        let kept = held.life.saturating_add(4 * SKEW);
        drop(held);
        if !self.voice.is_out()
            && let Err(error) = within(LIMIT, log.prune(kept)).await
        {
            tracing::warn!("the revocation log was not pruned, and grows meanwhile: {error}");
        }
    }
}
