//! What carries revocations from one machine to the others.

use std::{borrow::Cow, error::Error, fmt, time::Duration};

use bytes::Bytes;

use crate::http_client::BoxFuture;

/// Carries revocations between the replicas of an application: an append-only list that all of them read.
///
/// It transports sealed payloads and nothing else: who can read or write it learns nothing of anybody, and can
/// forge nothing. [`FileLog`](crate::FileLog), `RedisLog` (feature `redis`) and
/// [`InProcessLog`](crate::InProcessLog) are three; another one needs a list that keeps its order.
///
/// ```
/// use std::time::Duration;
/// use bytes::Bytes;
/// use tower_phone_auth::{BoxFuture, InProcessLog, LogBatch, LogError, LogPosition, RevocationLog};
///
/// /// Counts what is published, and leaves the rest to another log.
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
    /// Appends `payloads`, in any order. It returns when they are kept: readings that begin afterwards bring them. What
    /// they do not bring is published again.
    fn publish(&self, payloads: Vec<Bytes>) -> BoxFuture<'_, Result<(), LogError>>;

    /// Reads what was appended after a position, or from the beginning. If nothing was, it waits for more,
    /// for `wait` at most.
    ///
    /// A position that this log never gave, because it was emptied or lost its end meanwhile, is
    /// [`LogError::lost`].
    fn follow(
        &self,
        after: Option<LogPosition>,
        wait: Duration,
    ) -> BoxFuture<'_, Result<LogBatch, LogError>>;

    /// Drops what was appended longer ago than `age` by the log's own clock, or some of it.
    fn prune(&self, age: Duration) -> BoxFuture<'_, Result<(), LogError>>;
}

/// A place in a [`RevocationLog`], in the log's own words.
///
/// ```
/// let position = tower_phone_auth::LogPosition::new("1700000000000-0");
/// assert_eq!(position.as_str(), "1700000000000-0");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogPosition(String);

impl LogPosition {
    /// A position that the log understands.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// What the log wrote.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What one reading of a [`RevocationLog`] gave.
///
/// ```
/// use tower_phone_auth::{LogBatch, LogPosition};
///
/// let nothing_new = LogBatch::new(Vec::new(), LogPosition::new("7"), true);
/// assert!(nothing_new.complete);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LogBatch {
    /// The payloads, as they were published.
    pub payloads: Vec<Bytes>,
    /// Where the next reading goes on.
    pub next: LogPosition,
    /// Whether nothing more stood in the log.
    pub complete: bool,
    /// Whether the log is old enough to hold what was revoked before: one that was just lost is filled again by the
    /// replicas that know, and a replica that starts then must not trust it at once.
    ///
    /// It says that those have had time to begin, three seconds say, and no more: they mark the log in entries of their own
    /// while they fill it and when it is whole, and a replica that has just started waits for that. A log that always says
    /// `true` works too; then a replica may trust it that starts in the moment between the loss and the first of these.
    pub settled: bool,
}

impl LogBatch {
    /// What was read, where to go on, and whether nothing more stood there.
    #[must_use]
    pub fn new(payloads: Vec<Bytes>, next: LogPosition, complete: bool) -> Self {
        Self {
            payloads,
            next,
            complete,
            settled: true,
        }
    }

    /// The log began a moment ago: it may be one that was just lost.
    #[must_use]
    pub fn unsettled(self) -> Self {
        Self {
            settled: false,
            ..self
        }
    }
}

/// Why a [`RevocationLog`] did not do its work.
///
/// ```
/// use tower_phone_auth::LogError;
///
/// let error = LogError::new("no connection to redis.internal:6379; check that it runs and may be reached");
/// assert!(error.to_string().contains("check"));
/// assert!(LogError::lost().is_lost());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogError {
    message: Cow<'static, str>,
    lost: bool,
}

impl LogError {
    /// The cause and the remedy, without any password: this is logged.
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            message: message.into(),
            lost: false,
        }
    }

    /// The log no longer holds what was read from it: each replica then publishes again what it knows.
    #[must_use]
    pub const fn lost() -> Self {
        Self {
            message: Cow::Borrowed("the log was emptied, or lost its end"),
            lost: true,
        }
    }

    /// Whether it is [`lost`](Self::lost).
    #[must_use]
    pub const fn is_lost(&self) -> bool {
        self.lost
    }

    pub(super) const fn no_randomness() -> Self {
        Self {
            message: Cow::Borrowed("the system gives no random bytes; check it"),
            lost: false,
        }
    }

    pub(super) const fn late() -> Self {
        Self {
            message: Cow::Borrowed(
                "the log did not answer in time; check its load and the network to it",
            ),
            lost: false,
        }
    }
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for LogError {}

/// It ended on this machine, and the others could not be told yet: that is retried until it succeeds.
///
/// ```
/// # async fn example(auth: tower_phone_auth::OAuthLayer, id: tower_phone_auth::SessionId) {
/// if let Err(error) = auth.revoke_session(id).await {
///     eprintln!("{error}"); // other machines let this session in until the log is back
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotEverywhere {
    cause: LogError,
}

impl NotEverywhere {
    pub(super) const fn new(cause: LogError) -> Self {
        Self { cause }
    }
}

impl fmt::Display for NotEverywhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cause = &self.cause;
        write!(
            f,
            "ended on this machine; telling the others is being retried: {cause}"
        )
    }
}

impl Error for NotEverywhere {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.cause)
    }
}
