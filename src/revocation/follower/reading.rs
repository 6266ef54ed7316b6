//! Decides what follows from each reading of the log.

use std::{sync::Weak, time::Duration};

use tokio::time::Instant;

use crate::revocation::{
    Shared,
    backoff::Backoff,
    log::{LogBatch, LogError, LogPosition},
    log_state::LogState,
    publisher::{Publication, Publisher},
    report::Report,
    restoring::RestoreWatch,
    wire::{Entry, OpenedBatch},
};

/// How long one reading waits for more entries.
const WAIT: Duration = Duration::from_millis(500);
/// The first and the longest pause after a reading that failed. With the longest one, a log that
/// came back empty is still noticed before a replica that starts meanwhile accepts it
/// (`restoring::QUIET`).
const READ_PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(1)];
/// The first and the longest pause after a loss of the log that follows another one within a
/// minute.
const LOSS_PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(30)];
const MINUTE: Duration = Duration::from_secs(60);

pub(super) enum Step {
    Continue,
    Pause(Duration),
    Publish(Publication),
}

pub(super) struct Reader {
    pub(super) position: Option<LogPosition>,
    /// The last batch was not the end of the log.
    is_behind: bool,
    /// The log is to be read again from its beginning, after the reading from this position is
    /// complete: a log that lost its entries is recognised by the position alone.
    rereads: bool,
    read_backoff: Backoff,
    loss_backoff: Backoff,
    lost_at: Option<Instant>,
    publisher: Publisher,
    restore_watch: RestoreWatch,
    pub(super) report: Report,
}

impl Reader {
    /// Continues at the position of an earlier task. From the beginning, it could not notice that
    /// the log lost entries since.
    pub(super) fn resumed(shared: &Weak<Shared>) -> Self {
        let shared = shared.upgrade();
        let log_state = shared.as_ref().and_then(|shared| shared.log_state.as_ref());
        Self {
            position: log_state.and_then(LogState::read_to),
            is_behind: true,
            rereads: false,
            read_backoff: Backoff::new(READ_PAUSES),
            loss_backoff: Backoff::new(LOSS_PAUSES),
            lost_at: None,
            publisher: Publisher::default(),
            restore_watch: RestoreWatch::new(Instant::now()),
            report: Report::default(),
        }
    }

    /// How long the next reading may wait for more entries.
    pub(super) fn wait(&mut self, shared: &Weak<Shared>) -> Duration {
        let Some(shared) = shared.upgrade() else {
            return Duration::ZERO;
        };
        if shared.horizon.went_back(&shared.clock) {
            // An entry that was passed over as expired may be live.
            self.rereads = self.position.is_some();
        }
        if self.is_behind || self.rereads {
            return Duration::ZERO;
        }
        let outbox = shared.log_state.as_ref().map(|log_state| &log_state.outbox);
        let publishes = outbox.and_then(|outbox| self.publisher.wait(outbox, Instant::now()));
        publishes.unwrap_or(WAIT).min(WAIT)
    }

    pub(super) fn handle(
        &mut self,
        shared: &Shared,
        began: Duration,
        read: Result<LogBatch, LogError>,
    ) -> Step {
        let Some(log_state) = &shared.log_state else {
            return Step::Continue;
        };
        match read {
            Ok(batch) => self.read(shared, log_state, began, &batch),
            Err(error) if error.is_lost() => self.lost(shared, log_state, &error),
            Err(error) => {
                log_state.reading_failed(&error);
                self.report.reading_failed(&error);
                self.report.staleness(shared, log_state);
                Step::Pause(self.read_backoff.next())
            }
        }
    }

    /// The log was emptied or lost its end. It is read from the beginning, and everything that this
    /// replica knows and the log lacks is published.
    fn lost(&mut self, shared: &Shared, log_state: &LogState, error: &LogError) -> Step {
        let now = shared.horizon.now(&shared.clock);
        let live = shared.table.all(now);
        tracing::warn!(
            revocations = live.len(),
            "{error}: publishing again what this replica knows"
        );
        log_state.outbox.add(live, now);
        if log_state.has_ever_read() {
            self.publisher.start_restore(shared.clock.unix());
        }
        let at = Instant::now();
        self.restore_watch = RestoreWatch::new(at);
        (self.position, self.is_behind, self.rereads) = (None, true, false);
        let before = self.lost_at.replace(at);
        if before.is_some_and(|before| at.duration_since(before) < MINUTE) {
            return Step::Pause(self.loss_backoff.next());
        }
        self.loss_backoff.reset();
        Step::Continue
    }

    fn read(
        &mut self,
        shared: &Shared,
        log_state: &LogState,
        began: Duration,
        batch: &LogBatch,
    ) -> Step {
        let at = Instant::now();
        let opened = Entry::open_all(&shared.sealer, &batch.payloads, shared.clock.unix());
        let OpenedBatch { entries, skipped } = opened;
        self.report.skipped(skipped, shared.clock.monotonic());
        self.restore_watch
            .saw_entries(entries.len(), batch.settled, at);
        self.apply(shared, log_state, entries);
        self.position = Some(batch.next.clone());
        self.is_behind = !batch.complete;
        self.report.reading_succeeded();
        self.read_backoff.reset();
        if !batch.complete {
            return Step::Continue;
        }
        if std::mem::take(&mut self.rereads) {
            (self.position, self.is_behind) = (None, true);
            return Step::Continue;
        }
        self.completed(shared, log_state, began, batch)
    }

    /// The end of a complete reading, which began at `began`.
    fn completed(
        &mut self,
        shared: &Shared,
        log_state: &LogState,
        began: Duration,
        batch: &LogBatch,
    ) -> Step {
        let (at, date) = (Instant::now(), shared.clock.unix());
        if log_state.has_ever_read() || self.restore_watch.is_complete(batch.settled, date, at) {
            log_state.has_read(began, &batch.next);
        }
        self.report.staleness(shared, log_state);
        let lost = log_state.outbox.requeue_lost(at);
        self.report.entries_lost(lost, log_state.outbox.is_empty());
        let now = shared.horizon.now(&shared.clock);
        let publication = self.publisher.next(&log_state.outbox, now, at);
        publication.map_or(Step::Continue, Step::Publish)
    }

    fn apply(&mut self, shared: &Shared, log_state: &LogState, entries: Vec<Entry>) {
        let mut revocations = Vec::with_capacity(entries.len());
        for entry in entries {
            match entry {
                Entry::Revocation(revocation) => revocations.push(revocation),
                Entry::Mark(mark) => self.restore_watch.saw_mark(mark),
            }
        }
        // Expired entries are confirmed too: they stand in the log.
        log_state.outbox.confirm(revocations.iter());
        shared.apply(revocations);
    }

    pub(super) fn published(
        &mut self,
        log_state: &LogState,
        publication: &Publication,
        result: &Result<(), LogError>,
    ) {
        match result {
            Ok(()) => {
                self.report.publishing_succeeded();
                self.publisher.accepted(&log_state.outbox, publication);
            }
            Err(error) => {
                self.report.publishing_failed(error);
                self.publisher.rejected(Instant::now());
            }
        }
    }
}
