//! A trial entry that is written to the log and read back, for the doctor.
//!
//! A log that accepts entries and never returns them looks healthy to each replica alone. Only
//! reading an entry back shows that writing and reading reach the same log.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, timeout_at};

use super::{
    EventId, LIMIT, LogError, LogPosition, Readiness, Revocation, RevocationLog, Revocations,
    log::within, log_state::LogState,
};

#[cfg(test)]
mod tests;

/// The life of the trial entry. The entry has the id of an event that no provider sent, so it ends
/// no session.
const LIFE: Duration = Duration::from_secs(60);
/// The time limit for reading the entries that stand in the log already. A long log takes several
/// calls.
const CATCH_UP: Duration = Duration::from_secs(8);
/// How long one reading waits for more entries. Short, because [`LIMIT`] bounds all readings
/// together.
const WAIT: Duration = Duration::from_millis(200);

/// The facts about the log that the doctor reports.
pub(crate) struct LogFacts {
    /// How long it took to append the entry, or why that failed.
    pub(crate) written: Result<Duration, LogError>,
    /// How long it took until the entry was read, or why it was not. `None` if it was not written.
    pub(crate) read: Option<Result<Duration, LogError>>,
    /// The age of the last complete reading of this replica. `None` if there was none yet.
    pub(crate) lag: Option<Duration>,
    /// Whether this replica accepts sessions at the moment.
    pub(crate) is_trusted: bool,
}

impl Revocations {
    /// Appends one entry and reads it back. `None` if the layer has no log. Takes at most 8 seconds
    /// for catching up and twice 2 seconds for the entry.
    pub(crate) async fn examine(&self) -> Option<LogFacts> {
        let log_state = self.shared.log_state.as_ref()?;
        // The follower reads a long log, so that it is not read twice.
        let caught_up = within(CATCH_UP, self.caught_up()).await;
        let began = Instant::now();
        let payload = self.trial_entry();
        let published = match &payload {
            Ok(payload) => within(LIMIT, log_state.log.publish(vec![payload.clone()])).await,
            Err(error) => Err(error.clone()),
        };
        let written = published.map(|()| began.elapsed());
        // If the replica has not caught up, reading back from the beginning could take long, so the
        // error of the follower is reported in its place.
        let read = match (&written, payload, caught_up) {
            (Ok(_), Ok(payload), Ok(())) => {
                Some(read_back(&*log_state.log, log_state.read_to(), &payload).await)
            }
            (Ok(_), _, Err(error)) => Some(Err(error)),
            _ => None,
        };
        Some(LogFacts {
            written,
            read,
            lag: self.known_lag(log_state),
            is_trusted: self.readiness() == Readiness::Ready,
        })
    }

    /// The lag, without the time since the start that `lag` counts before the first reading.
    fn known_lag(&self, log_state: &LogState) -> Option<Duration> {
        let lag = log_state.lag(self.shared.clock.monotonic());
        log_state.has_ever_read().then_some(lag)
    }

    /// An event with a random id. Other replicas note it and drop it after a minute.
    ///
    /// # Errors
    /// If the system gives no random bytes.
    fn trial_entry(&self) -> Result<Bytes, LogError> {
        let mut id = EventId::default();
        crate::random::fill(&mut id).ok_or_else(LogError::no_randomness)?;
        let now = self.shared.clock.unix();
        let entry = Revocation::of_event(id, now.after(LIFE));
        let payload = entry.seal(&self.shared.current().sealer, now);
        payload.ok_or_else(LogError::no_randomness)
    }
}

/// Reads until the entry is found, from the position of this replica, or from the beginning if the
/// log no longer knows that position.
async fn read_back(
    log: &dyn RevocationLog,
    mut from: Option<LogPosition>,
    payload: &Bytes,
) -> Result<Duration, LogError> {
    let began = Instant::now();
    let end = began + LIMIT;
    loop {
        let batch = match timeout_at(end, log.follow(from.clone(), WAIT)).await {
            Err(_) => return Err(not_found()),
            Ok(Err(error)) if error.is_lost() && from.is_some() => {
                from = None;
                continue;
            }
            Ok(batch) => batch?,
        };
        if batch.payloads.contains(payload) {
            return Ok(began.elapsed());
        }
        if Instant::now() >= end {
            return Err(not_found());
        }
        // A log that always answers at once must not keep the thread.
        tokio::task::yield_now().await;
        from = Some(batch.next);
    }
}

fn not_found() -> LogError {
    LogError::new(
        "the entry that was just appended was not read back; check that reading and writing reach the same server and stream",
    )
}
