//! Sessions that ended before their time, such as by a sign-out.
//!
//! Sessions live in cookies, so no server can delete one. Each replica therefore keeps a list of
//! the revoked sessions in memory, and replicas exchange these lists by a [`RevocationLog`]:
//!
//! - [`InProcessLog`], for tests and for several layers of one process;
//! - [`FileLog`], for one process. Revoked sessions stay revoked after a restart;
//! - `RedisLog` (feature `redis`), for several replicas.
//!
//! [`WhenStale`] decides how a replica answers that is behind its log. A replica that has never
//! read its log answers protected requests that carry a session with 503, unless
//! [`WhenStale::ServeUnread`] is set and a reading has failed.
//!
//! A layer without a log works for one process. Its revocations take effect at once, and are lost
//! when the process ends.

// Revocations: the sessions that end before they expire, on this replica and on all others.
//
// # Entries
//
// Sessions live in cookies, so a revocation is a list of exceptions that every replica holds in
// memory (`Table`). An entry names its `Target`:
//
// - one session, by its id (a sign-out);
// - all sessions of a user, or of one session at the provider (`sid`), up to a
//   `Cutoff`;
// - a provider event (a logout token, an unlink notice) that was handled and must not be handled
//   again;
// - the claims of a user's sessions, which the application wants to be made anew. Such an entry
//   ends no session.
//
// Every entry has an `expires_at`. The entry is dropped then, because every session that it could
// end has expired by itself.
//
// # Dates
//
// A session carries two facts about its beginning: `authenticated_at`, by the clock of the replica
// that signed the user in, and `Known`, the date of the last revocation of the user that this
// replica had applied when the sign-in started. A revocation is dated in milliseconds by the
// replica that revokes, and at least one millisecond after every earlier revocation of the user
// that this replica knows (`Table::date`). A session whose `Known` is as late as the revocation
// began after it, whatever the clocks say. Every other session is compared by its date.
//
// A provider may state the time itself (the `iat` of a logout token). That time is compared with
// the `iat` of the session's ID token where it has one, because both come from the same clock. A
// message that arrives more than `TRANSIT` after its own date ends only sessions that began before
// that date, because the user may have signed in again since.
//
// # Why SKEW
//
// `SKEW` is 60 seconds, the same tolerance as for the times in ID tokens. Two replicas whose
// clocks differ by more than that have a broken time service.
//
// - 1x: an entry about one session is kept for SKEW after the session's end, because the replica
//   that verifies the session may have a clock that is behind. For the same reason a sign-in that
//   is dated up to SKEW after a revocation counts as a sign-in before it, because the clock of its
//   replica may be ahead.
// - 2x, beside two session lifetimes: an entry about a user. One SKEW is for the clock that dated
//   the session, one for the clock that verifies the session. The second lifetime covers a session
//   that a clock far ahead dated into the future, which also expires later.
// - 4x: the log keeps entries for a session lifetime and 4 SKEW. Two SKEW are for the clocks of the
//   two items above. The log's own clock may differ from those of the replica that writes and of
//   the replica that reads, which makes two more. The `Horizon` adds the same margin to two
//   lifetimes, so that its span is longer than any entry lives. A session that is dated more than
//   4 SKEW ahead is not accepted (`session::MOST_AHEAD`), because it could outlive its entry in the
//   log.
//
// # Replicas
//
// `Revocations::publish` applies the entries to its own table first, then appends them to the
// `RevocationLog`. A task (`follower`) reads the log and applies the entries of the other
// replicas. With a log, each replica promises:
//
// - A revocation ends the session on the replica that made it before `publish` returns, also if
//   the log fails.
// - A replica that has just started accepts no session until it has read the whole log
//   (`Readiness::CatchingUp`), unless `WhenStale::ServeUnread` is set and a reading has failed.
// - A replica that has not completed a reading for `max_revocation_lag` is stale, and
//   `WhenStale` decides.
// - An entry stays in the `outbox` until a reading of the log returned it. `publish` returning `Ok`
//   is not enough, because a Redis primary may confirm an entry and lose it in a failover. Only a
//   complete reading that began after the log accepted the entry proves that it is missing. The
//   entry is then published again.
// - If the log reports that it was emptied (`LogError::lost`), every replica publishes all that
//   it knows again, between two marks. A replica that starts meanwhile waits for the second mark
//   (`restoring`), since a log that has just been emptied looks like one in which nothing was
//   ever revoked.
//
// A replica without a log follows the same rules, alone.

use std::{
    fmt,
    sync::{Arc, RwLock},
    time::Duration,
};

use crate::{
    clock::Clock,
    error::ConfigError,
    seal::Sealer,
    session::{
        Binding,
        id::SessionId,
        user::{Known, VerifiedUser},
    },
};

use entry::SKEW;
pub(crate) use entry::{LONGEST_SUBJECT, Revocation};
pub(crate) use examined::LogFacts;
pub use file::FileLog;
use horizon::Horizon;
pub use in_process::InProcessLog;
pub use log::{LogBatch, LogPosition, RevocationLog};
pub(crate) use log_choice::{LogChoice, NamedLog};
pub use log_error::{LogError, NotEverywhere};
pub(crate) use log_state::Readiness;
use log_state::{LogState, Policy};
use rebuilt::Current;
#[cfg(feature = "redis")]
pub use redis::RedisLog;
#[cfg(feature = "redis")]
pub(crate) use redis::{SharedServer, check_name};
pub(crate) use settings::Settings;
pub use settings::WhenStale;
use table::Table;
pub(crate) use target::EventId;

mod backoff;
mod effect;
mod entry;
mod examined;
mod file;
mod follower;
mod horizon;
mod in_process;
mod log;
mod log_choice;
mod log_error;
mod log_reading;
mod log_state;
mod outbox;
mod person;
mod publisher;
mod rebuilt;
#[cfg(feature = "redis")]
mod redis;
mod report;
mod restoring;
mod settings;
mod table;
mod target;
#[cfg(test)]
mod tests;
mod wire;

/// The time limit of one call to the log. A sign-out waits for one such call, so the limit is a
/// delay that a user still accepts. The revocation is in effect on this replica before the call
/// begins.
const LIMIT: Duration = Duration::from_secs(2);

/// The revocations of one layer.
///
/// The layer owns this value, together with the layers that were rebuilt from it. The follower's
/// task holds a `Weak` to the state inside it, so dropping all of them ends the task.
pub(crate) struct Revocations {
    shared: Arc<Shared>,
    /// The values of this layer, which [`adopt`](Self::adopt) puts into effect.
    own: Arc<Current>,
}

/// The state that the layer and the follower's task share.
struct Shared {
    /// The revocations in effect on this replica.
    table: Table,
    /// Dates revocations, and measures the age of the last reading.
    clock: Clock,
    /// Decides which entries have expired, although the wall clock may be wrong.
    horizon: Horizon,
    /// The values of the layer that was built last.
    current: RwLock<Arc<Current>>,
    /// The longest life of a session, which decides how long the log keeps its entries.
    life: Duration,
    /// `None` if the layer has no log. The layer is then always ready, and `publish` only changes
    /// the table.
    log_state: Option<LogState>,
}

impl Revocations {
    /// The revocations of a new layer, without any entry. The log is not read before
    /// [`start`](Self::start).
    ///
    /// # Errors
    /// If `max_lag` is out of bounds, or if a log of a variable cannot be opened.
    pub(crate) fn new(
        settings: Settings,
        sealer: Sealer,
        clock: Clock,
        life: Duration,
    ) -> Result<Self, ConfigError> {
        settings.check()?;
        let policy = Policy::of(&settings);
        let own = Arc::new(Current::new(sealer, settings.observer));
        let log = settings.log.open()?;
        let shared = Arc::new(Shared {
            table: Table::default(),
            clock,
            horizon: Horizon::new(life.saturating_mul(2).saturating_add(4 * SKEW)),
            current: RwLock::new(Arc::clone(&own)),
            life,
            log_state: log.map(|opened| LogState::new(opened, policy)),
        });
        Ok(Self { shared, own })
    }

    /// Whether the session was ended. Runs in every request, so it takes no lock and allocates
    /// nothing.
    pub(crate) fn has_ended(&self, binding: Binding, user: &VerifiedUser) -> bool {
        self.shared.table.has_ended(binding, user)
    }

    /// The date of the latest request for new claims of a user, in milliseconds since 1970. 0 if
    /// there was none. Like [`has_ended`](Self::has_ended), it takes no lock.
    pub(crate) fn claims_date(&self, binding: Binding, subject: &str) -> u64 {
        self.shared.table.claims_date(binding, subject)
    }

    /// Whether this one session was revoked, whatever was revoked of its user.
    pub(crate) fn has_session(&self, id: &SessionId) -> bool {
        self.shared.table.has_session(id)
    }

    /// Whether this event was handled, here or on another replica. The handler of a provider's
    /// report asks before it acts, so that a copy of the report has no second effect.
    pub(crate) fn has_event(&self, id: &EventId) -> bool {
        self.shared.table.has_event(id)
    }

    /// The number of revocations applied so far. A sign-in notes it before it calls the provider,
    /// and passes it to [`known`](Self::known) afterwards.
    pub(crate) fn step(&self) -> u64 {
        self.shared.table.step()
    }

    /// The revocations of this user that a new session began after. `step` is the value of
    /// [`step`](Self::step) when the sign-in started.
    ///
    /// A revocation that was applied while the provider answered has a later step. Such a
    /// revocation is not among the known ones, so it ends the new session. The user may have asked
    /// for it because of that very sign-in.
    pub(crate) fn known(&self, binding: Binding, user: &VerifiedUser, step: u64) -> Known {
        self.shared.table.known(binding, user, step)
    }
}

impl fmt::Debug for Revocations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let log = self.shared.log_state.is_some();
        f.debug_struct("Revocations")
            .field("log", &log)
            .finish_non_exhaustive()
    }
}
