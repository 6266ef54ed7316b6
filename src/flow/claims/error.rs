//! The error of a request for new claims.

use std::{error::Error, fmt};

use crate::revocation::{LONGEST_SUBJECT, NotEverywhere};

/// The reason why [`OAuthLayer::refresh_claims`](crate::OAuthLayer::refresh_claims) did not reach
/// all replicas.
///
/// ```
/// use tower_phone_auth::layer::RefreshClaimsError;
///
/// let error = RefreshClaimsError::UnknownProvider("kakoa".to_owned());
/// assert_eq!(error.to_string(), "the layer has no provider named \"kakoa\"; no claims are made anew");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefreshClaimsError {
    /// The layer has no provider of this name. No claims are made anew.
    UnknownProvider(String),
    /// The subject has this many bytes. No session has a subject of more than 255, so no claims are
    /// made anew.
    SubjectTooLong(usize),
    /// This replica makes new claims. The other replicas learn it as soon as the log is reachable.
    NotEverywhere(NotEverywhere),
}

impl From<NotEverywhere> for RefreshClaimsError {
    fn from(error: NotEverywhere) -> Self {
        Self::NotEverywhere(error)
    }
}

impl fmt::Display for RefreshClaimsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownProvider(name) => write!(
                f,
                "the layer has no provider named {name:?}; no claims are made anew"
            ),
            Self::SubjectTooLong(length) => write!(
                f,
                "the subject has {length} bytes, and no session's has more than {LONGEST_SUBJECT}; no claims are made anew"
            ),
            Self::NotEverywhere(_) => {
                f.write_str("the other replicas do not know yet that the claims are old")
            }
        }
    }
}

/// The source of [`RefreshClaimsError::NotEverywhere`] is the error of the log.
impl Error for RefreshClaimsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NotEverywhere(error) => error.source(),
            Self::UnknownProvider(_) | Self::SubjectTooLong(_) => None,
        }
    }
}
