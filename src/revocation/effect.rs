//! Putting revocations into effect: on this replica first, and then, by the log, on the others.

use bytes::Bytes;
use tokio::runtime::Handle;

use super::{
    LIMIT, LogError, NotEverywhere, Revocation, Revocations, Shared, log, log_state::LogState,
    table::Source,
};

impl Revocations {
    /// Applies the revocations on this replica at once, then appends them to the log.
    ///
    /// The future may be dropped at any time, for example with the connection of the browser. The
    /// revocations stay in effect here, and the follower publishes them.
    ///
    /// # Errors
    /// If the log did not accept them. They are in effect on this replica, and the follower
    /// publishes them to the others later.
    pub(crate) async fn publish(
        &self,
        mut revocations: Vec<Revocation>,
    ) -> Result<(), NotEverywhere> {
        // The follower retries a failed publication, so it must run even if no service was made
        // yet.
        self.start();
        let shared = &self.shared;
        let now = shared.clock.unix_millis();
        // Dated before they are applied and before they are published, so that this replica and all
        // others hold the same entries.
        for revocation in &mut revocations {
            shared.table.date(revocation, now);
        }
        shared.apply(revocations.clone(), Source::Here);
        let now = shared.horizon.now(&shared.clock);
        // An expired revocation has no effect on other replicas either.
        revocations.retain(|revocation| revocation.expires_at >= now);
        let Some(log_state) = &shared.log_state else {
            return Ok(());
        };
        if revocations.is_empty() {
            return Ok(());
        }
        let payloads = shared.seal(&revocations);
        // From here on, the outbox holds them. If this future is dropped, the follower publishes
        // them.
        let publication = log_state.outbox.publish(revocations);
        match append(log_state, payloads).await {
            Ok(()) => {
                publication.accepted();
                Ok(())
            }
            Err(error) => Err(NotEverywhere::new(error)),
        }
    }
}

impl Shared {
    /// Drops expired revocations from the table and from the outbox.
    pub(super) fn prune(&self) {
        let now = self.horizon.now(&self.clock);
        self.table.prune(now);
        if let Some(log_state) = &self.log_state {
            log_state.outbox.prune(now);
        }
    }

    /// Puts revocations into effect on this replica, except expired ones.
    pub(super) fn apply(&self, revocations: Vec<Revocation>, from: Source) {
        let (date, now) = (self.clock.unix(), self.horizon.now(&self.clock));
        let live = revocations.into_iter().filter(|one| one.expires_at >= now);
        for revocation in live {
            // Bounded by this replica's own date, because an entry of a replica with a clock years
            // ahead would otherwise stay for years.
            self.table.add(&revocation.bounded(date), from, now);
        }
    }

    /// The payloads of these revocations. `None` if one of them cannot be sealed, because the
    /// system gives no random bytes. A part of them is not published, because the caller reports
    /// the success or failure of all.
    pub(super) fn seal(&self, revocations: &[Revocation]) -> Option<Vec<Bytes>> {
        let (now, current) = (self.clock.unix(), self.current());
        let sealed = revocations.iter().map(|one| one.seal(&current.sealer, now));
        sealed.collect()
    }
}

/// Appends sealed entries to the log, within [`LIMIT`].
///
/// # Errors
/// If `payloads` is `None`, because the system gave no random bytes for sealing, if the caller has
/// no tokio runtime, or if the log fails.
async fn append(log_state: &LogState, payloads: Option<Vec<Bytes>>) -> Result<(), LogError> {
    let payloads = payloads.ok_or_else(LogError::no_randomness)?;
    if Handle::try_current().is_err() {
        return Err(LogError::new(
            "there is no tokio runtime; call it from within one",
        ));
    }
    log::within(LIMIT, log_state.log.publish(payloads)).await
}
