//! An expected value and the value that was found, for the log only.
//!
//! An operator who reads "the issuer differs" needs both values to find the wrong setting.

use std::fmt;

use super::escaped;

/// The values of a check that failed. Each member is a field of the audit log. None of them holds a
/// token, a number, a subject or a nonce.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// The value of the settings, or the one that the request named.
    pub(crate) expected: Option<String>,
    /// The value of the provider, escaped and shortened.
    pub(crate) found: Option<String>,
    /// The clock of the provider minus the clock of this server, in seconds.
    pub(crate) difference_s: Option<i64>,
}

impl Mismatch {
    /// The values of a check. Both texts may come from the provider, so both are escaped and
    /// shortened.
    pub(crate) fn new(expected: &str, found: &str) -> Self {
        Self {
            expected: Some(escaped(expected)),
            found: Some(escaped(found)),
            difference_s: None,
        }
    }

    /// Adds the clock of the provider minus the clock of this server, in seconds.
    pub(crate) fn of_clocks(self, difference_s: Option<i64>) -> Self {
        Self {
            difference_s,
            ..self
        }
    }

    /// Whether no value is known.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a wrong clock explains the failure. A difference of up to a minute is tolerated
    /// everywhere. A difference of more than 26 hours comes from a forged or old token, not from a
    /// clock.
    pub(crate) fn is_of_clocks(&self) -> bool {
        /// The tolerance for times in tokens, in seconds.
        const FORGIVEN: u64 = 60;
        /// The largest difference that a wrong time zone explains, in seconds. Time zones span 26
        /// hours.
        const MOST: u64 = 26 * 60 * 60;

        let difference = self.difference_s.map(i64::unsigned_abs);
        difference.is_some_and(|seconds| (FORGIVEN + 1..=MOST).contains(&seconds))
    }
}

/// Hides the texts, which only the audit log may show.
impl fmt::Debug for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mismatch").finish_non_exhaustive()
    }
}
