//! The limits on messages, against toll fraud.

use std::time::Duration;

use crate::error::ConfigError;

/// The most messages in any hour, and the wait before a second message.
///
/// A message that was refused, or that the sender did not accept, does not count. Calls that the
/// sender refused have limits of their own: four times those for one user, for one client address
/// and in all, and at least 20.
///
/// | limit | default | counts the messages |
/// |---|---|---|
/// | [`number`](Self::number) | 5 | to one number |
/// | [`person`](Self::person) | 5 | for one user at a provider |
/// | [`address`](Self::address) | 20 | from one client address (IPv6: one `/64` network) |
/// | [`prefix`](Self::prefix) | 50 | to numbers that differ in the last four digits only |
/// | [`total`](Self::total) | 500 | in all |
/// | [`wait`](Self::wait) | 30 s | until the first resend; each further wait is twice as long |
///
/// ```
/// use std::time::Duration;
/// use tower_phone_auth::phone_step::PhoneLimits;
///
/// let limits = PhoneLimits::new().total(2_000).wait(Duration::from_secs(60));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneLimits {
    pub(crate) number: u32,
    pub(crate) person: u32,
    pub(crate) address: u32,
    pub(crate) prefix: u32,
    pub(crate) total: u32,
    pub(crate) wait: Duration,
}

/// A limit that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    Number,
    Person,
    Address,
    Prefix,
    Total,
}

impl PhoneLimits {
    /// The defaults.
    ///
    /// ```
    /// use tower_phone_auth::phone_step::PhoneLimits;
    ///
    /// let limits = PhoneLimits::new().total(200);
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self {
            number: 5,
            person: 5,
            address: 20,
            prefix: 50,
            total: 500,
            wait: Duration::from_secs(30),
        }
    }

    /// The most messages an hour to one number. Default: 5.
    ///
    /// ```
    /// use tower_phone_auth::phone_step::PhoneLimits;
    ///
    /// let limits = PhoneLimits::new().number(3);
    /// ```
    #[must_use]
    pub fn number(self, number: u32) -> Self {
        Self { number, ..self }
    }

    /// The most messages an hour for one user at a provider. Default: 5.
    ///
    /// ```
    /// use tower_phone_auth::phone_step::PhoneLimits;
    ///
    /// let limits = PhoneLimits::new().person(3);
    /// ```
    #[must_use]
    pub fn person(self, person: u32) -> Self {
        Self { person, ..self }
    }

    /// The most messages an hour from one client address, or from one `/64` network of IPv6.
    /// Default: 20.
    ///
    /// ```
    /// use tower_phone_auth::phone_step::PhoneLimits;
    ///
    /// let limits = PhoneLimits::new().address(10);
    /// ```
    #[must_use]
    pub fn address(self, address: u32) -> Self {
        Self { address, ..self }
    }

    /// The most messages an hour to numbers that differ in the last four digits only. Default: 50.
    ///
    /// ```
    /// use tower_phone_auth::phone_step::PhoneLimits;
    ///
    /// let limits = PhoneLimits::new().prefix(20);
    /// ```
    #[must_use]
    pub fn prefix(self, prefix: u32) -> Self {
        Self { prefix, ..self }
    }

    /// The most messages an hour in all. Default: 500.
    ///
    /// ```
    /// use tower_phone_auth::phone_step::PhoneLimits;
    ///
    /// let limits = PhoneLimits::new().total(200);
    /// ```
    #[must_use]
    pub fn total(self, total: u32) -> Self {
        Self { total, ..self }
    }

    /// The wait before the first resend, in whole seconds. Each further wait is twice as long.
    /// Default: 30 seconds.
    ///
    /// ```
    /// use std::time::Duration;
    /// use tower_phone_auth::phone_step::PhoneLimits;
    ///
    /// let limits = PhoneLimits::new().wait(Duration::from_secs(60));
    /// ```
    #[must_use]
    pub fn wait(self, wait: Duration) -> Self {
        Self { wait, ..self }
    }

    /// The limits on calls that the sender refused. Without them, a user whose number is refused
    /// could have the sender called for ever.
    pub(crate) fn of_refused(&self) -> Self {
        let most = |limit: u32| limit.saturating_mul(4).max(20);
        Self {
            number: u32::MAX,
            person: most(self.person),
            address: most(self.address),
            prefix: u32::MAX,
            total: most(self.total),
            wait: self.wait,
        }
    }

    /// Checks the limits.
    ///
    /// # Errors
    /// If a limit is 0, or the wait is no whole number of seconds or longer than an hour.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let limits = [
            ("number", self.number),
            ("person", self.person),
            ("address", self.address),
            ("prefix", self.prefix),
            ("total", self.total),
        ];
        if let Some((name, _)) = limits.into_iter().find(|(_, most)| *most == 0) {
            let problem = format!("{name} is 0, so no message is sent");
            let remedy = format!("give {name} at least 1, or leave the phone step out");
            return Err(ConfigError::new(SETTING, problem, remedy));
        }
        if self.wait.subsec_nanos() > 0 || self.wait > LONGEST_WAIT {
            let problem = format!("the wait {:?} cannot be kept", self.wait);
            let remedy = "give whole seconds, at most 3600";
            return Err(ConfigError::new(SETTING, problem, remedy));
        }
        Ok(())
    }
}

/// The setting in errors.
const SETTING: &str = "limits";
/// The life of a step.
const LONGEST_WAIT: Duration = Duration::from_secs(60 * 60);

impl Default for PhoneLimits {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_that_cannot_be_kept_are_refused_with_the_remedy() {
        let new = PhoneLimits::new;
        assert_eq!(new().check(), Ok(()));
        assert_eq!(new().wait(Duration::ZERO).check(), Ok(()));
        for (limits, part) in [
            (new().number(0), "number is 0"),
            (new().person(0), "person is 0"),
            (new().address(0), "address is 0"),
            (new().prefix(0), "prefix is 0"),
            (new().total(0), "total is 0"),
            (new().wait(Duration::from_millis(1500)), "whole seconds"),
            (new().wait(Duration::from_secs(3601)), "at most 3600"),
        ] {
            let error = limits.check().unwrap_err().to_string();
            assert!(
                error.starts_with("limits: ") && error.contains(part),
                "{error}"
            );
        }
    }
}
