//! The error of [`OAuthLayer::warm_up`](crate::OAuthLayer::warm_up). It names the part that failed,
//! because an unreadable log and an unreachable provider have different remedies.

use std::{error::Error, fmt};

use crate::{error::ProviderError, revocation::LogError};

/// The reason why [`OAuthLayer::warm_up`](crate::OAuthLayer::warm_up) failed. A failure is not
/// cached, so a later call tries again.
///
/// ```
/// use tower_phone_auth::{layer::WarmUpError, revocation::LogError};
///
/// let error = WarmUpError::Log(LogError::new("no connection; check the network"));
/// assert_eq!(error.to_string(), "the revocation log: no connection; check the network");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WarmUpError {
    /// The metadata or keys of a provider could not be fetched. Users cannot sign in there yet.
    Provider(ProviderError),
    /// The revocation log could not be read. This replica cannot check sessions yet.
    Log(LogError),
}

impl fmt::Display for WarmUpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Provider(error) => write!(f, "the provider: {error}"),
            Self::Log(error) => write!(f, "the revocation log: {error}"),
        }
    }
}

impl Error for WarmUpError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Provider(error) => Some(error),
            Self::Log(error) => Some(error),
        }
    }
}
