//! The task that reads the log, and publishes what it lacks.

use std::{
    sync::{Arc, Weak, atomic::Ordering},
    time::Duration,
};

use tokio::time::{Instant, sleep, timeout};

use super::{
    LIMIT, Shared,
    entry::SKEW,
    freshness::Freshness,
    log::{LogBatch, LogError, LogPosition, RevocationLog},
    publisher::{Publisher, Share},
    report::Report,
    restoring::Wholeness,
    wire::Entry,
};

/// How long one reading waits for more.
const WAIT: Duration = Duration::from_millis(500);
/// Between two readings that failed. A log that came back empty is noticed in so much time: less than a replica that
/// starts then waits.
const PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(1)];
/// Between two losses of the log, if one follows the other within a minute.
const LOSSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(30)];
const MINUTE: Duration = Duration::from_secs(60);
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
    let mut follower = Follower::resumed(&shared);
    while let Some(log) = log(&shared) {
        let wait = follower.wait(&shared);
        let began = begin(&shared);
        let reading = log.follow(follower.position.clone(), wait);
        let read = within(wait + LIMIT, reading).await;
        let Some(held) = shared.upgrade() else { return };
        let step = follower.take(&held, began, read);
        drop(held);
        match step {
            Step::On => {}
            Step::Pause(pause) => sleep(pause).await,
            Step::Publish(share) => follower.publish(&shared, &*log, share).await,
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
    /// More stands in the log.
    is_behind: bool,
    /// The log is to be read again from its beginning, once it was read to its end from here. A log that lost its
    /// entries is recognised by the position alone.
    starts_over: bool,
    reading: Pauses,
    losing: Pauses,
    lost_at: Option<Instant>,
    publisher: Publisher,
    wholeness: Wholeness,
    tidied_at: Option<Duration>,
    report: Report,
}

/// Each twice as long as the one before.
struct Pauses {
    next: Duration,
    bounds: [Duration; 2],
}

enum Step {
    On,
    Pause(Duration),
    Publish(Share),
}

impl Default for Follower {
    fn default() -> Self {
        Self {
            position: None,
            is_behind: true,
            starts_over: false,
            reading: Pauses::within(PAUSES),
            losing: Pauses::within(LOSSES),
            lost_at: None,
            publisher: Publisher::default(),
            wholeness: Wholeness::new(Instant::now()),
            tidied_at: None,
            report: Report::default(),
        }
    }
}

impl Pauses {
    fn within(bounds: [Duration; 2]) -> Self {
        Self {
            next: bounds[0],
            bounds,
        }
    }

    fn next(&mut self) -> Duration {
        let pause = self.next;
        self.next = (pause * 2).min(self.bounds[1]);
        pause
    }

    fn reset(&mut self) {
        self.next = self.bounds[0];
    }
}

impl Follower {
    /// From where the task before stopped, if its runtime ended: the log may have lost entries since.
    fn resumed(shared: &Weak<Shared>) -> Self {
        let shared = shared.upgrade();
        let replica = shared.as_ref().and_then(|shared| shared.replica.as_ref());
        Self {
            position: replica.and_then(Freshness::read_to),
            ..Self::default()
        }
    }

    /// How long the next reading may wait for more.
    fn wait(&mut self, shared: &Weak<Shared>) -> Duration {
        let Some(shared) = shared.upgrade() else {
            return Duration::ZERO;
        };
        if shared.horizon.went_back(&shared.clock) {
            // A revocation that seemed to have expired may still be live.
            self.starts_over = self.position.is_some();
        }
        if self.is_behind || self.starts_over {
            return Duration::ZERO;
        }
        let publishes = shared.replica.as_ref().map(|replica| &replica.outbox);
        let publishes = publishes.and_then(|outbox| self.publisher.wait(outbox, Instant::now()));
        publishes.unwrap_or(WAIT).min(WAIT)
    }

    fn take(&mut self, shared: &Shared, began: Duration, read: Result<LogBatch, LogError>) -> Step {
        let Some(replica) = &shared.replica else {
            return Step::On;
        };
        match read {
            Ok(batch) => self.read(shared, replica, began, &batch),
            Err(error) if error.is_lost() => self.lost(shared, replica, &error),
            Err(error) => {
                replica.failed(&error);
                self.report.fails(&error);
                self.report.tell_age(shared, replica);
                Step::Pause(self.reading.next())
            }
        }
    }

    /// The log was emptied, or lost its end: it is read again from its beginning, and what it lacks is put back.
    fn lost(&mut self, shared: &Shared, replica: &Freshness, error: &LogError) -> Step {
        let now = shared.horizon.now(&shared.clock);
        let live = shared.live.all(now);
        tracing::warn!(
            revocations = live.len(),
            "{error}: publishing again what this machine knows"
        );
        replica.outbox.add(live, now);
        if replica.has_ever_read() {
            self.publisher.restores(shared.clock.unix());
        }
        let at = Instant::now();
        self.wholeness = Wholeness::new(at);
        (self.position, self.is_behind, self.starts_over) = (None, true, false);
        let before = self.lost_at.replace(at);
        if before.is_some_and(|before| at.duration_since(before) < MINUTE) {
            return Step::Pause(self.losing.next());
        }
        self.losing.reset();
        Step::On
    }

    fn read(
        &mut self,
        shared: &Shared,
        replica: &Freshness,
        began: Duration,
        batch: &LogBatch,
    ) -> Step {
        let at = Instant::now();
        let entries = self.report.open(shared, batch);
        self.wholeness.came(entries.len(), batch.settled, at);
        self.learn(shared, replica, entries);
        self.position = Some(batch.next.clone());
        self.is_behind = !batch.complete;
        self.report.works();
        self.reading.reset();
        if !batch.complete {
            return Step::On;
        }
        if std::mem::take(&mut self.starts_over) {
            (self.position, self.is_behind) = (None, true);
            return Step::On;
        }
        let date = shared.clock.unix();
        if replica.has_ever_read() || self.wholeness.is_trusted(batch.settled, date, at) {
            replica.has_read(began, &batch.next);
        }
        self.report.tell_age(shared, replica);
        let lost = replica.outbox.lost(at);
        self.report.lost(lost, replica.outbox.is_empty());
        let now = shared.horizon.now(&shared.clock);
        let share = self.publisher.share(&replica.outbox, now, at);
        share.map_or(Step::On, Step::Publish)
    }

    fn learn(&mut self, shared: &Shared, replica: &Freshness, entries: Vec<Entry>) {
        let mut revocations = Vec::with_capacity(entries.len());
        for entry in entries {
            match entry {
                Entry::Revocation(revocation) => revocations.push(revocation),
                Entry::Mark(mark) => self.wholeness.note(mark),
            }
        }
        // Whatever they are worth by now, they stand there.
        replica.outbox.confirm(revocations.iter());
        shared.learn(revocations);
    }

    async fn publish(&mut self, shared: &Weak<Shared>, log: &dyn RevocationLog, share: Share) {
        let payloads = shared
            .upgrade()
            .and_then(|shared| share.seal(&shared.sealer, shared.clock.unix()));
        let published = match payloads {
            Some(payloads) => within(LIMIT, log.publish(payloads)).await,
            None => Err(LogError::no_randomness()),
        };
        let Some(shared) = shared.upgrade() else {
            return;
        };
        let Some(replica) = &shared.replica else {
            return;
        };
        match &published {
            Ok(()) => self.report.published(),
            Err(error) => self.report.fails_to_tell(error),
        }
        self.publisher
            .published(&replica.outbox, &share, published.is_ok(), Instant::now());
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
        if !self.report.is_out()
            && let Err(error) = within(LIMIT, log.prune(kept)).await
        {
            tracing::warn!("the revocation log was not pruned, and grows meanwhile: {error}");
        }
    }
}
