//! The reasons for refusing a token.

use super::algorithm::Algorithm;
use crate::error::{LoginErrorKind, Mismatch, ProviderError};

/// The reason for refusing a token, with the expected and the found value for the log. No value in
/// it identifies the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(super) why: Why,
    pub(crate) mismatch: Mismatch,
}

/// The kinds of reasons. A token that is refused for one of the first two may pass once keys or
/// metadata are refetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// No key of the set made the signature. The provider may have rotated its keys.
    Key,
    /// The algorithm is secure and not among the accepted ones. The provider may have changed it.
    Unannounced(Algorithm),
    /// The algorithm is never accepted.
    Algorithm(&'static str),
    /// The named part of the token is missing or wrong.
    Part(&'static str),
}

impl Refusal {
    /// A refusal for this reason.
    pub(super) fn new(why: Why, mismatch: Mismatch) -> Self {
        Self { why, mismatch }
    }

    /// The refusal for a part that is missing or wrong.
    pub(super) fn of_part(part: &'static str, mismatch: Mismatch) -> Self {
        Self::new(Why::Part(part), mismatch)
    }

    /// The part that is missing or wrong. It becomes the code of the error, so the names do not
    /// change.
    pub(crate) fn part(&self) -> &'static str {
        match self.why {
            Why::Key => "signature",
            Why::Unannounced(_) | Why::Algorithm(_) => "alg",
            Why::Part(part) => part,
        }
    }

    /// Whether newer keys may verify the token.
    pub(crate) fn is_of_key(&self) -> bool {
        self.why == Why::Key
    }

    /// Whether newer metadata may announce the token's algorithm.
    pub(super) fn is_unannounced(&self) -> bool {
        matches!(self.why, Why::Unannounced(_))
    }

    /// The refused algorithm. `None` if the algorithm is not the reason.
    pub(super) fn algorithm(&self) -> Option<&'static str> {
        match self.why {
            Why::Unannounced(algorithm) => Some(algorithm.name()),
            Why::Algorithm(name) => Some(name),
            Why::Key | Why::Part(_) => None,
        }
    }

    /// The error of a sign-in with this token.
    pub(crate) fn error(self) -> ProviderError {
        let kind = LoginErrorKind::IdTokenRejected;
        ProviderError::with_code(kind, self.part()).differing(self.mismatch)
    }
}
