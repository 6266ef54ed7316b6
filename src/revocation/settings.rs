//! The settings of a layer's revocations.

use std::{fmt, time::Duration};

use super::log_choice::LogChoice;
use crate::{error::ConfigError, observe::Observer};

/// How a replica answers when it has not read the
/// [revocation log](crate::Builder::revocation_log) for longer than
/// [`max_revocation_lag`](crate::Builder::max_revocation_lag).
///
/// The default is [`ServeStale`](Self::ServeStale).
///
/// ```
/// use tower_phone_auth::{revocation::{InProcessLog, WhenStale}, OAuthLayer};
///
/// let builder = OAuthLayer::builder()
///     .revocation_log(InProcessLog::default())
///     .when_stale(WhenStale::FailClosed);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum WhenStale {
    /// Continues with the revocations that the replica knows, and logs a warning. A session that
    /// was revoked on another replica meanwhile stays signed in on this replica until the log is
    /// read again.
    ///
    /// A replica that has not read the log since its start knows no revocations. It answers
    /// requests that carry a session with 503 until it has read the log.
    #[default]
    ServeStale,
    /// Answers protected requests that carry a session with 503 and `Retry-After`. Public paths are
    /// served without a user.
    FailClosed,
    /// Like [`ServeStale`](Self::ServeStale), but a replica that has not read the log since its
    /// start also serves sessions, once its first attempt to read has failed.
    ///
    /// **Sessions that were signed out or revoked are accepted again on that replica** until it has
    /// read the log. Choose this only if 503 during an outage of the log is worse.
    ServeUnread,
}

/// The values of the builder that concern revocations.
pub(crate) struct Settings {
    /// The log, if the layer has one.
    pub(crate) log: LogChoice,
    /// The age of the last complete reading from which a replica is stale. The default is 10
    /// seconds.
    pub(crate) max_lag: Duration,
    /// How a stale replica answers.
    pub(crate) when_stale: WhenStale,
    /// Events of the application.
    pub(crate) observer: Observer,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            log: LogChoice::None,
            max_lag: Duration::from_secs(10),
            when_stale: WhenStale::ServeStale,
            observer: Observer::default(),
        }
    }
}

/// Without the log, which may hold the password of a server.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Settings({:?}, {:?})", self.max_lag, self.when_stale)
    }
}

impl Settings {
    /// The same, with the function of the application for events.
    pub(crate) fn observed(self, observer: Observer) -> Self {
        Self { observer, ..self }
    }

    /// Checks `max_lag`. A reading waits up to half a second for entries, so a limit of less than a
    /// second would make a healthy replica stale. A limit of more than a day would not be a limit.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let limits = Duration::from_secs(1)..=Duration::from_secs(24 * 60 * 60);
        if limits.contains(&self.max_lag) {
            return Ok(());
        }
        let problem = format!("{:?} is outside of one second to one day", self.max_lag);
        let remedy = "set at least a second and at most a day; the default is 10 seconds";
        Err(ConfigError::new("max_revocation_lag", problem, remedy))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lag_of_one_second_to_one_day_is_accepted() {
        let (second, day) = (Duration::from_secs(1), Duration::from_secs(86_400));
        let moment = Duration::from_millis(1);
        for (max_lag, is_accepted) in [
            (Duration::ZERO, false),
            (second - moment, false),
            (second, true),
            (day, true),
            (day + moment, false),
        ] {
            let settings = Settings {
                max_lag,
                ..Settings::default()
            };
            assert_eq!(settings.check().is_ok(), is_accepted, "{max_lag:?}");
        }
    }
}
