//! An expected value and the value that came instead, for the log alone.

use std::fmt;

use super::escaped;

/// Each member is a field of the audit log. None of them holds a token, a number, a subject or a nonce.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Mismatch {
    pub(crate) expected: Option<String>,
    pub(crate) found: Option<String>,
    /// The provider's clock less this server's, in seconds.
    pub(crate) difference_s: Option<i64>,
}

impl Mismatch {
    /// Both texts may be foreign: they are escaped and cut.
    pub(crate) fn new(expected: &str, found: &str) -> Self {
        Self {
            expected: Some(escaped(expected)),
            found: Some(escaped(found)),
            difference_s: None,
        }
    }

    /// The same with the provider's clock less this server's, in seconds.
    pub(crate) fn of_clocks(self, difference_s: Option<i64>) -> Self {
        Self {
            difference_s,
            ..self
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a clock that is wrong explains it: this server's, or the provider's.
    pub(crate) fn is_of_clocks(&self) -> bool {
        const FORGIVEN: u64 = 60;
        /// Twenty-six hours lie between the first and the last time zone.
        const MOST: u64 = 26 * 60 * 60;

        let difference = self.difference_s.map(i64::unsigned_abs);
        difference.is_some_and(|seconds| (FORGIVEN + 1..=MOST).contains(&seconds))
    }
}

/// The texts are the provider's: the audit log alone has them.
impl fmt::Debug for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mismatch").finish_non_exhaustive()
    }
}
