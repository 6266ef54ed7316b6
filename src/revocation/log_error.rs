//! The errors of a log, and of a revocation that a log did not accept.

use std::{borrow::Cow, error::Error, fmt};

/// An error of a [`RevocationLog`](crate::revocation::RevocationLog).
///
/// ```
/// use tower_phone_auth::revocation::LogError;
///
/// let error = LogError::new("no connection to redis.internal:6379; check that it runs");
/// assert!(error.to_string().contains("check"));
/// assert!(LogError::lost().is_lost());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogError {
    /// The cause and the remedy, separated by a semicolon. The doctor shows them apart.
    message: Cow<'static, str>,
    /// The layer treats this error by publishing everything again, not by a pause.
    lost: bool,
}

impl LogError {
    /// An error with a message that names the cause and the remedy. The message is logged, so it
    /// must not hold a password.
    ///
    /// ```
    /// use tower_phone_auth::revocation::LogError;
    ///
    /// let error = LogError::new("the database is read-only: give the user INSERT");
    /// assert!(!error.is_lost());
    /// ```
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            message: message.into(),
            lost: false,
        }
    }

    /// The log no longer holds entries that were read from it. Each replica then publishes the
    /// revocations of its memory again.
    ///
    /// ```
    /// use tower_phone_auth::revocation::LogError;
    ///
    /// assert!(LogError::lost().is_lost());
    /// ```
    #[must_use]
    pub const fn lost() -> Self {
        Self {
            message: Cow::Borrowed("the log was emptied, or lost its end"),
            lost: true,
        }
    }

    /// Whether this is [`lost`](Self::lost).
    ///
    /// ```
    /// use tower_phone_auth::revocation::LogError;
    ///
    /// assert!(!LogError::new("no connection: start the server").is_lost());
    /// ```
    #[must_use]
    pub const fn is_lost(&self) -> bool {
        self.lost
    }

    /// The error of sealing entries. Every seal needs a random nonce.
    pub(super) const fn no_randomness() -> Self {
        Self {
            message: Cow::Borrowed("the system gives no random bytes; check it"),
            lost: false,
        }
    }

    /// The error of a call that exceeded its time limit.
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

/// A revocation took effect on this replica, but did not reach the [revocation
/// log](crate::Builder::revocation_log).
///
/// The layer retries until the log accepts it. Until then, the other replicas accept the session.
/// [`source`](Error::source) is the [`LogError`].
///
/// ```
/// # async fn example(auth: tower_phone_auth::OAuthLayer, id: tower_phone_auth::SessionId) {
/// if let Err(error) = auth.revoke_session(id).await {
///     eprintln!("{error}"); // other replicas accept the session until the log is back
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotEverywhere {
    /// The error of the log, as `source`.
    cause: LogError,
}

impl NotEverywhere {
    /// A revocation that is in effect here, and waits in the outbox.
    pub(super) const fn new(cause: LogError) -> Self {
        Self { cause }
    }
}

impl fmt::Display for NotEverywhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("revoked on this replica only; publishing it to the others is being retried")
    }
}

impl Error for NotEverywhere {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.cause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revocation_of_this_replica_alone_names_the_cause() {
        let error = NotEverywhere::new(LogError::new("down"));
        assert!(!error.to_string().contains("down"));
        let cause = error.source().map(ToString::to_string);
        assert_eq!(cause.as_deref(), Some("down"));
    }
}
