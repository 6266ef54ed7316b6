//! Decides what follows from each reading of the log.
//!
//! The functions here call no log and wait for nothing. The loop in `follower` does what the
//! returned [`Step`] says.

use std::{
    sync::{Weak, atomic::Ordering},
    time::Duration,
};

use tokio::time::Instant;

use crate::revocation::{
    Shared,
    backoff::Backoff,
    log::{LogBatch, LogPosition},
    log_error::LogError,
    log_state::LogState,
    publisher::{Publication, Publisher},
    report::Report,
    restoring::RestoreWatch,
    table::Source,
    wire::{Entry, OpenedBatch},
};

/// How long one reading waits for more entries. A reading that returns every half second keeps the
/// measured lag small while nothing happens.
const WAIT: Duration = Duration::from_millis(500);
/// The first and the longest pause after a reading that failed. With the longest one, a log that
/// came back empty is still noticed before a replica that starts meanwhile accepts it
/// (`restoring::QUIET`).
const READ_PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(1)];
/// The first and the longest pause after a loss of the log that follows another one within a
/// minute.
const LOSS_PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(30)];
/// Losses that are farther apart than this each count as the first one.
const MINUTE: Duration = Duration::from_secs(60);

/// The next action of the follower.
pub(super) enum Step {
    /// The next reading, at once.
    Continue,
    /// A pause, then the next reading.
    Pause(Duration),
    /// One publication, then the next reading.
    Publish(Publication),
}

/// The state of the follower between two readings.
pub(super) struct Reader {
    /// The position after the last entry that was read. `None` for the beginning of the log.
    pub(super) position: Option<LogPosition>,
    /// The last batch was not the end of the log, so the next reading does not wait.
    is_behind: bool,
    /// The log is to be read again from its beginning, once the reading from this position is
    /// complete. That order matters, because a log that lost its entries is recognised by the
    /// position alone.
    rereads: bool,
    /// Pauses after readings that failed.
    read_backoff: Backoff,
    /// Pauses between losses. A log that reports a loss at each reading would otherwise make every
    /// replica publish its whole table without end.
    loss_backoff: Backoff,
    /// The time of the last loss.
    lost_at: Option<Instant>,
    /// Decides what is published at the end of a complete reading.
    publisher: Publisher,
    /// Decides whether the first complete reading counts, after a loss of the log.
    restore_watch: RestoreWatch,
    /// Writes log lines, one at the start and one at the end of an outage.
    pub(super) report: Report,
}

impl Reader {
    /// Continues at the position of an earlier task of this layer. A reading from the beginning
    /// could not notice that the log lost entries since.
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

    /// How long the next reading may wait for more entries. Zero if the log has more already.
    /// Otherwise half a second, or less if something is to be published sooner.
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

    /// Takes the result of one reading, which began at `began` by the monotonic clock.
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

    /// The log was emptied or lost its end. The next reading begins at the start of the log, and
    /// everything that this replica knows and the log lacks is published.
    ///
    /// The first loss is handled at once, because every replica must notice it before a new one
    /// accepts the empty log. Further losses within a minute wait.
    fn lost(&mut self, shared: &Shared, log_state: &LogState, error: &LogError) -> Step {
        let now = shared.horizon.now(&shared.clock);
        let live = shared.table.all(now);
        tracing::warn!(
            revocations = live.len(),
            "{error}: publishing again what this replica knows"
        );
        log_state.outbox.add(live, now);
        // Only a replica that had read the log knows what was in it, so only its marks have a
        // meaning.
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

    /// Applies a batch. Nothing is published before the end of the log was reached, because entries
    /// of the outbox may still be found until then.
    fn read(
        &mut self,
        shared: &Shared,
        log_state: &LogState,
        began: Duration,
        batch: &LogBatch,
    ) -> Step {
        let at = Instant::now();
        let sealer = &shared.current().sealer;
        let opened = Entry::open_all(sealer, &batch.payloads, shared.clock.unix());
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
        // The position proved that the log is whole. Now the entries that were passed over as
        // expired are read, or those that the keys of a rebuilt layer open.
        let has_new_keys = log_state.rereads.swap(false, Ordering::AcqRel);
        if std::mem::take(&mut self.rereads) || has_new_keys {
            (self.position, self.is_behind) = (None, true);
            return Step::Continue;
        }
        self.completed(shared, log_state, began, batch)
    }

    /// The end of a complete reading, which began at `began`. Everything that the log held at that
    /// time is applied.
    fn completed(
        &mut self,
        shared: &Shared,
        log_state: &LogState,
        began: Duration,
        batch: &LogBatch,
    ) -> Step {
        let (at, date) = (Instant::now(), shared.clock.unix());
        // A first reading of a log that was just emptied does not count. Later readings do, because
        // the position shows a loss.
        if log_state.has_ever_read() || self.restore_watch.is_complete(batch.settled, date, at) {
            let is_first = !log_state.has_ever_read();
            log_state.has_read(began, &batch.next);
            if is_first {
                let now = shared.horizon.now(&shared.clock);
                Report::first_reading(shared.table.all(now).len());
            }
        }
        self.report.staleness(shared, log_state);
        // Queued before the next publication is chosen, so that lost entries are part of it.
        let lost = log_state.outbox.requeue_lost(at);
        self.report.entries_lost(lost, log_state.outbox.is_empty());
        let now = shared.horizon.now(&shared.clock);
        let publication = self.publisher.next(&log_state.outbox, now, at);
        publication.map_or(Step::Continue, Step::Publish)
    }

    /// Puts the entries of a batch into effect, and confirms those of this replica.
    fn apply(&mut self, shared: &Shared, log_state: &LogState, entries: Vec<Entry>) {
        let mut revocations = Vec::with_capacity(entries.len());
        for entry in entries {
            match entry {
                Entry::Revocation(revocation) => revocations.push(revocation),
                Entry::Mark(mark) => self.restore_watch.saw_mark(mark),
            }
        }
        // Expired entries are confirmed too, because the log holds them.
        log_state.outbox.confirm(revocations.iter());
        shared.apply(revocations, Source::Log);
    }

    /// Takes the result of a publication. The outbox keeps the entries either way, until a reading
    /// returns them.
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
