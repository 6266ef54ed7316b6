//! Whether the log takes an entry and gives it back: for the doctor.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, timeout_at};

use super::{
    EventId, LIMIT, LogError, LogPosition, Readiness, Revocation, RevocationLog, Revocations,
    follower::within, freshness::Freshness,
};

/// The entry counts so long: it is the name of an event that no provider sent, and ends no session.
const LIFE: Duration = Duration::from_secs(60);
/// What stood in the log before is read in this time, or the report says so.
const CATCH_UP: Duration = Duration::from_secs(8);
/// One reading waits so long for more.
const WAIT: Duration = Duration::from_millis(200);

/// The state of the log.
pub(crate) struct LogFacts {
    /// The time that it took to append an entry, or why it was not.
    pub(crate) written: Result<Duration, LogError>,
    /// The time until the entry was read. None if it was not written.
    pub(crate) read: Option<Result<Duration, LogError>>,
    /// How old this machine's knowledge is; none if it has read nothing yet.
    pub(crate) lag: Option<Duration>,
    pub(crate) is_trusted: bool,
}

impl Revocations {
    /// One entry is appended, and read back. The value is `None` if no log is set.
    pub(crate) async fn examine(&self) -> Option<LogFacts> {
        let replica = self.shared.replica.as_ref()?;
        // A long log is read once, by the task that follows it.
        let caught_up = within(CATCH_UP, self.caught_up()).await;
        let began = Instant::now();
        let payload = self.harmless();
        let published = match &payload {
            Ok(payload) => within(LIMIT, replica.log.publish(vec![payload.clone()])).await,
            Err(error) => Err(error.clone()),
        };
        let written = published.map(|()| began.elapsed());
        let read = match (&written, payload, caught_up) {
            (Ok(_), Ok(payload), Ok(())) => {
                Some(read_back(&*replica.log, replica.read_to(), &payload).await)
            }
            (Ok(_), _, Err(error)) => Some(Err(error)),
            _ => None,
        };
        Some(LogFacts {
            written,
            read,
            lag: self.known_lag(replica),
            is_trusted: self.readiness() == Readiness::Ready,
        })
    }

    fn known_lag(&self, replica: &Freshness) -> Option<Duration> {
        let lag = replica.lag(self.shared.clock.monotonic());
        replica.has_ever_read().then_some(lag)
    }

    fn harmless(&self) -> Result<Bytes, LogError> {
        let mut id = EventId::default();
        aws_lc_rs::rand::fill(&mut id).map_err(|_| LogError::no_randomness())?;
        let now = self.shared.clock.unix();
        let entry = Revocation::of_event(id, now.after(LIFE));
        let payload = entry.seal(&self.shared.sealer, now);
        payload.ok_or_else(LogError::no_randomness)
    }
}

/// From where this machine has read to, or from the beginning.
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
        // A log that answers at once for ever leaves others their turn.
        tokio::task::yield_now().await;
        from = Some(batch.next);
    }
}

fn not_found() -> LogError {
    LogError::new(
        "the entry that was just appended is not read; check that reading and writing reach the same server and stream",
    )
}
