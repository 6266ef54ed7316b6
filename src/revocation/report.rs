//! What the follower says: each thing once, however often it happens.

use std::time::Duration;

use super::{
    Shared,
    freshness::Freshness,
    log::{LogBatch, LogError},
    wire::{Entry, Unreadable},
};

/// Between two complaints about entries that cannot be read.
const QUIET: Duration = Duration::from_secs(60);

#[derive(Debug, Default)]
pub(super) struct Report {
    is_out: bool,
    /// What ended here cannot be told: also where reading goes well.
    is_mute: bool,
    is_stale: bool,
    /// The log loses what it took.
    is_lossy: bool,
    complained_at: Option<Duration>,
}

impl Report {
    pub(super) fn is_out(&self) -> bool {
        self.is_out
    }

    pub(super) fn works(&mut self) {
        if std::mem::take(&mut self.is_out) {
            tracing::info!("the revocation log is read again");
        }
    }

    /// The entries of a batch. What cannot be read is skipped: it must stop nothing.
    pub(super) fn open(&mut self, shared: &Shared, batch: &LogBatch) -> Vec<Entry> {
        let (mut opened, mut foreign, mut newer) = (Vec::new(), 0_usize, 0_usize);
        let now = shared.clock.unix();
        for payload in &batch.payloads {
            match Entry::open(&shared.sealer, payload, now) {
                Ok(entry) => opened.push(entry),
                Err(Unreadable::Foreign) => foreign += 1,
                Err(Unreadable::Newer) => newer += 1,
            }
        }
        let now = shared.clock.monotonic();
        let may_complain = self.complained_at.is_none_or(|at| now >= at + QUIET);
        if foreign + newer > 0 && may_complain {
            self.complained_at = Some(now);
            tracing::warn!(
                foreign,
                newer,
                "entries of the revocation log were skipped: foreign ones are sealed with a key that this \
                 machine does not have, or damaged; newer ones are of a newer version of tower-phone-auth"
            );
        }
        opened
    }

    /// One line for an outage, however long it lasts.
    pub(super) fn fails(&mut self, error: &LogError) {
        if !std::mem::replace(&mut self.is_out, true) {
            tracing::error!(
                "the revocation log fails: {error}; sessions that end elsewhere stay alive here meanwhile"
            );
        }
    }

    pub(super) fn fails_to_tell(&mut self, error: &LogError) {
        if !std::mem::replace(&mut self.is_mute, true) {
            tracing::error!(
                "the revocation log takes nothing: {error}; what ends on this machine is not known to others meanwhile"
            );
        }
    }

    pub(super) fn published(&mut self) {
        if std::mem::take(&mut self.is_mute) {
            tracing::info!("the revocation log takes what ends again");
        }
    }

    /// One line, however often the log loses what it took.
    pub(super) fn lost(&mut self, revocations: usize, is_all_there: bool) {
        if revocations > 0 && !std::mem::replace(&mut self.is_lossy, true) {
            tracing::warn!(
                revocations,
                "the log lost what it had taken: publishing it again"
            );
        }
        self.is_lossy &= !is_all_there;
    }

    /// One event when the lag passes its limit, and one when it is back.
    pub(super) fn tell_age(&mut self, shared: &Shared, replica: &Freshness) {
        let now = shared.clock.monotonic();
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
}
