//! The task that reads the log and publishes the entries of the outbox.
//!
//! Each layer has one task. The task reads from its position, applies the entries, and publishes at
//! the end of a complete reading. If the runtime ends, so does the task. The next request starts
//! another one, which continues at the same position.
//!
//! Reading comes before publishing, because only a reading shows which entries the log lacks. An
//! error of the log never ends the task.

use std::{
    sync::{Arc, Weak, atomic::Ordering},
    time::Duration,
};

use tokio::time::sleep;

use super::{
    LIMIT, Shared,
    entry::SKEW,
    log::{RevocationLog, within},
    log_error::LogError,
    publisher::Publication,
};

use reading::{Reader, Step};

mod reading;

/// How often expired entries are removed from memory and from the log. The documentation of
/// [`RevocationLog::prune`] names this time.
const PRUNE_EVERY: Duration = Duration::from_secs(5 * 60);

/// Clears `followed` when the task ends, also if its runtime ends or the task panics. The next
/// request then starts another task.
struct Running(Weak<Shared>);

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(shared) = self.0.upgrade()
            && let Some(log_state) = &shared.log_state
        {
            log_state.followed.store(false, Ordering::Release);
        }
    }
}

/// The task ends when the last layer is dropped. Between steps, the task holds only a `Weak`, so it
/// does not keep the layer alive.
pub(super) fn run(shared: &Arc<Shared>) -> impl Future<Output = ()> + Send + 'static {
    let shared = Arc::downgrade(shared);
    // Made outside of the future, so that a task that is dropped before its first poll also clears
    // `followed`.
    let running = Running(Weak::clone(&shared));
    follow(shared, running)
}

/// The loop of the task. Each turn reads once, acts on the result, and prunes if it is time.
async fn follow(shared: Weak<Shared>, _running: Running) {
    let mut follower = Follower {
        reader: Reader::resumed(&shared),
        pruned_at: None,
    };
    while let Some(log) = log(&shared) {
        let wait = follower.reader.wait(&shared);
        // Noted before the call, because an entry that the log accepts after this moment may be
        // missing from the batch.
        let began = start_reading(&shared);
        let reading = log.follow(follower.reader.position.clone(), wait);
        // The log may use the whole wait, and the call itself as long as any other call.
        let read = within(wait + LIMIT, reading).await;
        // The layer may have been dropped during the call, and nothing is left to update.
        let Some(held) = shared.upgrade() else { return };
        let step = follower.reader.handle(&held, began, read);
        drop(held);
        match step {
            Step::Continue => {}
            Step::Pause(pause) => sleep(pause).await,
            Step::Publish(publication) => follower.publish(&shared, &*log, publication).await,
        }
        follower.prune(&shared, &*log).await;
    }
}

/// The log, cloned out of the state. `None` if the layer was dropped, which ends the task.
fn log(shared: &Weak<Shared>) -> Option<Arc<dyn RevocationLog>> {
    let shared = shared.upgrade()?;
    let log_state = shared.log_state.as_ref()?;
    Some(Arc::clone(&log_state.log))
}

/// The beginning of this reading, by the monotonic clock. Tells the outbox, which counts readings,
/// that another one begins.
fn start_reading(shared: &Weak<Shared>) -> Duration {
    let Some(shared) = shared.upgrade() else {
        return Duration::ZERO;
    };
    if let Some(log_state) = &shared.log_state {
        log_state.outbox.start_reading();
    }
    shared.clock.monotonic()
}

/// The state of the task.
struct Follower {
    reader: Reader,
    /// The time of the last pruning, by the monotonic clock. `None` before the first one.
    pruned_at: Option<Duration>,
}

impl Follower {
    /// Publishes some entries of the outbox, and notes the result. The layer may be dropped
    /// meanwhile, so it is not held across the call.
    async fn publish(
        &mut self,
        shared: &Weak<Shared>,
        log: &dyn RevocationLog,
        publication: Publication,
    ) {
        let payloads = shared
            .upgrade()
            .and_then(|shared| publication.seal(&shared.current().sealer, shared.clock.unix()));
        let published = match payloads {
            Some(payloads) => within(LIMIT, log.publish(payloads)).await,
            None => Err(LogError::no_randomness()),
        };
        let Some(shared) = shared.upgrade() else {
            return;
        };
        if let Some(log_state) = &shared.log_state {
            self.reader.published(log_state, &publication, &published);
        }
    }

    /// Removes expired entries every five minutes, from memory and from the log. The log is left
    /// alone while reading fails, because the call would fail as well.
    async fn prune(&mut self, shared: &Weak<Shared>, log: &dyn RevocationLog) {
        let Some(held) = shared.upgrade() else {
            return;
        };
        let now = held.clock.monotonic();
        if self.pruned_at.is_some_and(|at| now < at + PRUNE_EVERY) {
            return;
        }
        self.pruned_at = Some(now);
        held.prune();
        // The documentation of `revocation` says why 4 SKEW.
        let kept = held.life.saturating_add(4 * SKEW);
        drop(held);
        if !self.reader.report.reading_fails()
            && let Err(error) = within(LIMIT, log.prune(kept)).await
        {
            tracing::warn!("the revocation log was not pruned, and grows meanwhile: {error}");
        }
    }
}
