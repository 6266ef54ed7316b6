//! [`OAuthLayer::warm_up`](crate::OAuthLayer::warm_up). Its error names the part that failed,
//! because an unreadable log and an unreachable provider have different remedies.

use std::{error::Error, fmt, sync::Arc};

use tokio::task::{JoinHandle, spawn_blocking};

use super::Flow;
use crate::{
    calls::{Purpose, within},
    error::{LoginError, ProviderError},
    http_client::HttpError,
    phone, random,
    revocation::LogError,
};

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

impl Flow {
    /// Reads the revocations, and the metadata and keys of every provider, before the first
    /// request needs them. Every provider is tried, and the first failure is returned.
    pub(crate) async fn warm_up(&self) -> Result<(), WarmUpError> {
        let loaded = self.load();
        // The log comes first, because requests of signed-in users depend on it alone.
        let caught_up = self.config.revocations.caught_up().await;
        let mut result = caught_up.map_err(WarmUpError::Log);
        // An error is a panic, which has been reported. The first sign-in then tries again.
        let mut unprepared = loaded.await.unwrap_or_default().into_iter();
        for provider in &self.providers {
            let warm = match unprepared.next().flatten() {
                Some(error) => Err(error.into()),
                None => within(Purpose::SignIn, provider.time, provider.client.warm_up()).await,
            };
            let (shown, audit) = (&*provider.name, &self.config.audit);
            match &warm {
                Ok(()) => audit.provider_ready(shown, &provider.client.ready()),
                Err(error) => audit.provider_not_ready(shown, &LoginError::from(error.clone())),
            }
            // `and` keeps the first error, and the loop goes on to log the others.
            let name = Arc::clone(&provider.name);
            result = result.and(warm.map_err(|error| WarmUpError::Provider { name, error }));
        }
        result
    }

    /// Loads what the first sign-in would load: the certificate authorities, the numbering plans of
    /// phone numbers, and the seed of the generator for TLS. That takes the processor for some tens
    /// of milliseconds, so it has a thread of its own. The result has the error of each provider's
    /// client, in their order.
    fn load(&self) -> JoinHandle<Vec<Option<HttpError>>> {
        let clients = self.providers.iter().map(|known| known.prepare.clone());
        let clients: Vec<_> = clients.collect();
        spawn_blocking(move || {
            random::warm_up();
            phone::warm_up();
            let prepared = clients.into_iter().map(|prepare| prepare?().err());
            prepared.collect()
        })
    }
}
