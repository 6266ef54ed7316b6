//! The interface between the layer and the store that carries revocations to the other replicas.
//!
//! The trait is public, so that an application can use a store that it has. The contract is weak on
//! purpose. Payloads may come in any order, twice, or late. The layer makes up for all of that, and
//! for a store that loses entries.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::timeout;

use super::log_error::LogError;
use crate::http_client::BoxFuture;

/// An append-only list that carries revocations between the replicas of an application.
///
/// The log transports sealed payloads and nothing else. Access to the log discloses no user, and
/// allows to forge no revocation. [`FileLog`](crate::revocation::FileLog), `RedisLog` (feature
/// `redis`) and [`InProcessLog`](crate::revocation::InProcessLog) implement it. Another
/// implementation needs a store that keeps the order of what it is given.
///
/// The layer limits every call to 2 seconds, and [`follow`](Self::follow) to 2 seconds more than
/// its `wait`. A future that is not ready by then is dropped, and counts as an error.
///
/// ```
/// use std::time::Duration;
/// use bytes::Bytes;
/// use tower_phone_auth::{provider::BoxFuture, revocation::{InProcessLog, LogBatch, LogError, LogPosition, RevocationLog}};
///
/// /// Counts the published payloads, and passes them to another log.
/// struct Counting(InProcessLog);
///
/// impl RevocationLog for Counting {
///     fn publish(&self, payloads: Vec<Bytes>) -> BoxFuture<'_, Result<(), LogError>> {
///         println!("{} more", payloads.len());
///         self.0.publish(payloads)
///     }
///
///     fn follow(
///         &self,
///         after: Option<LogPosition>,
///         wait: Duration,
///     ) -> BoxFuture<'_, Result<LogBatch, LogError>> {
///         self.0.follow(after, wait)
///     }
///
///     fn prune(&self, age: Duration) -> BoxFuture<'_, Result<(), LogError>> {
///         self.0.prune(age)
///     }
/// }
/// ```
pub trait RevocationLog: Send + Sync + 'static {
    /// Appends `payloads`, in any order, and returns when they are stored. A reading that begins
    /// afterwards must return them. The layer publishes payloads again that no reading returns.
    ///
    /// # Errors
    /// If the payloads may not be stored. The layer publishes them again later, so some may be
    /// stored twice.
    fn publish(&self, payloads: Vec<Bytes>) -> BoxFuture<'_, Result<(), LogError>>;

    /// Returns the payloads that were appended after a position, or from the beginning if `after`
    /// is `None`. If there are none, it waits for more, at most for `wait`, and then returns an
    /// empty batch.
    ///
    /// # Errors
    /// [`LogError::lost`] if the log holds no such position, because it was emptied or lost its end
    /// meanwhile. Any other error if the log cannot be read; the layer tries again after a pause.
    fn follow(
        &self,
        after: Option<LogPosition>,
        wait: Duration,
    ) -> BoxFuture<'_, Result<LogBatch, LogError>>;

    /// Removes payloads that were appended longer than `age` ago by the log's own clock. A log
    /// may keep some of them. Called every five minutes.
    ///
    /// # Errors
    /// If nothing could be removed. The layer logs that, and tries again at the next time.
    fn prune(&self, age: Duration) -> BoxFuture<'_, Result<(), LogError>>;
}

/// A position in a [`RevocationLog`]. Only the log reads the text.
///
/// ```
/// let position = tower_phone_auth::revocation::LogPosition::new("1700000000000-0");
/// assert_eq!(position.as_str(), "1700000000000-0");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogPosition(String);

impl LogPosition {
    /// Makes a position from a text that the log can read later.
    ///
    /// ```
    /// use tower_phone_auth::revocation::LogPosition;
    ///
    /// assert_eq!(LogPosition::new("1526919030474-55").as_str(), "1526919030474-55");
    /// ```
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text that was given to [`new`](Self::new).
    ///
    /// ```
    /// use tower_phone_auth::revocation::LogPosition;
    ///
    /// assert_eq!(LogPosition::new("7").as_str(), "7");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The result of one reading of a [`RevocationLog`].
///
/// ```
/// use tower_phone_auth::revocation::{LogBatch, LogPosition};
///
/// let nothing_new = LogBatch::new(Vec::new(), LogPosition::new("7"), true);
/// assert!(nothing_new.complete);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LogBatch {
    /// The payloads, as they were published.
    pub payloads: Vec<Bytes>,
    /// The position at which the next reading continues.
    pub next: LogPosition,
    /// Whether this was the end of the log.
    pub complete: bool,
    /// Whether the log is older than a few seconds. The default is `true`.
    ///
    /// After a loss of the log, the running replicas publish again what they know. A replica that
    /// starts at that time must not take the empty log for one in which nothing was revoked.
    /// `false` means that the other replicas may not have noticed the loss yet. Three seconds are
    /// enough, because the entries of the other replicas then show when they are done.
    ///
    /// A log that always says `true` works too. A replica that starts within these seconds may then
    /// accept a revoked session for a moment.
    pub settled: bool,
}

impl LogBatch {
    /// A batch of a log that is [settled](Self::settled).
    ///
    /// ```
    /// use bytes::Bytes;
    /// use tower_phone_auth::revocation::{LogBatch, LogPosition};
    ///
    /// let entries = vec![Bytes::from_static(b"sealed")];
    /// let batch = LogBatch::new(entries, LogPosition::new("7"), true);
    /// assert!(batch.complete && batch.settled);
    /// ```
    #[must_use]
    pub fn new(payloads: Vec<Bytes>, next: LogPosition, complete: bool) -> Self {
        Self {
            payloads,
            next,
            complete,
            settled: true,
        }
    }

    /// The same batch of a log that is younger than a few seconds. See [`settled`](Self::settled).
    ///
    /// ```
    /// use bytes::Bytes;
    /// use tower_phone_auth::revocation::{LogBatch, LogPosition};
    ///
    /// let entries = vec![Bytes::from_static(b"sealed")];
    /// let batch = LogBatch::new(entries, LogPosition::new("7"), true).unsettled();
    /// assert!(!batch.settled);
    /// ```
    #[must_use]
    pub fn unsettled(self) -> Self {
        Self {
            settled: false,
            ..self
        }
    }
}

/// Bounds a call to a log, because an implementation may hang. The future of the call is dropped at
/// the limit, and the result is [`LogError::late`].
pub(super) async fn within<T>(
    limit: Duration,
    call: impl Future<Output = Result<T, LogError>>,
) -> Result<T, LogError> {
    timeout(limit, call)
        .await
        .unwrap_or_else(|_| Err(LogError::late()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_of_a_settled_log_unless_the_log_says_otherwise() {
        let batch = LogBatch::new(vec![Bytes::from_static(b"7")], LogPosition::new("1"), true);
        assert!(batch.settled);
        let unsettled = batch.unsettled();
        assert!(!unsettled.settled && unsettled.complete);
        assert_eq!(
            (unsettled.payloads.len(), unsettled.next.as_str()),
            (1, "1")
        );
    }
}
