//! The error of [`OAuthLayer::warm_up`](crate::OAuthLayer::warm_up). It names the part that failed,
//! because an unreadable log and an unreachable provider have different remedies.

use std::{error::Error, fmt, sync::Arc};

use crate::{error::ProviderError, revocation::LogError};

/// The reason why [`OAuthLayer::warm_up`](crate::OAuthLayer::warm_up) failed. A failure is not
/// cached, so a later call tries again. [`source`](Error::source) is the error of the provider or
/// of the log.
///
/// ```
/// use std::error::Error;
/// use tower_phone_auth::{layer::WarmUpError, revocation::LogError};
///
/// let error = WarmUpError::Log(LogError::new("no connection; check the network"));
/// assert_eq!(error.to_string(), "the revocation log could not be read");
/// assert_eq!(error.source().unwrap().to_string(), "no connection; check the network");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WarmUpError {
    /// The metadata or keys of a provider could not be fetched. Users cannot sign in there yet.
    #[non_exhaustive]
    Provider {
        /// The name of the provider in this layer, such as `oidc`.
        name: Arc<str>,
        /// The failed request.
        error: ProviderError,
    },
    /// The revocation log could not be read. This replica cannot check sessions yet.
    Log(LogError),
}

impl fmt::Display for WarmUpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Provider { name, .. } => write!(f, "the provider {name:?} is not ready"),
            Self::Log(_) => f.write_str("the revocation log could not be read"),
        }
    }
}

impl Error for WarmUpError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Provider { error, .. } => Some(error),
            Self::Log(error) => Some(error),
        }
    }
}
