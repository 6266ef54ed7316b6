//! The settings of calls to providers.

use std::{sync::Arc, time::Duration};

use super::Builder;
use crate::{config::Http, http_client::HttpClient};

impl Builder {
    /// The time that a sign-in waits for its provider. It covers all calls of one callback
    /// together, repeats included, from the first connection to the last byte. Default: 10 seconds.
    /// The same time bounds a page visit that needs the provider's metadata or a pushed request,
    /// and each call outside of sign-ins. Events have 2.5 seconds at most.
    ///
    /// The sign-in is then refused with 504. A [client of your own](Self::http_client) is bounded
    /// by it too. The system's proxy settings hold, except for a provider whose endpoints are on
    /// loopback. A provider may have another time ([`Oidc::timeout`](crate::Oidc::timeout),
    /// [`Kakao::timeout`](crate::Kakao::timeout)).
    ///
    /// ```
    /// # use tower_phone_auth::OAuthLayer;
    /// # use std::time::Duration;
    /// let builder = OAuthLayer::builder().provider_timeout(Duration::from_secs(5));
    /// ```
    pub fn provider_timeout(mut self, limit: Duration) -> Self {
        self.settings.limits.time = limit;
        self
    }

    /// The number of calls to one provider that are made at once, in this process. Default: 64; at
    /// least 2. One in eight is kept for the provider's events and the others for sign-ins, so that
    /// a flood of either leaves the other alone.
    ///
    /// A further call waits for a second at most. The sign-in is then refused with 503 and
    /// `Retry-After`
    /// ([`LoginErrorKind::ProviderBusy`](crate::error::LoginErrorKind::ProviderBusy)).
    ///
    /// Apart from that number, an endpoint that failed five times in a row (no connection, no
    /// answer in time, or a 5xx; never a 4xx) is not called for 10 seconds, and then by one call at
    /// first. Until the endpoint answers, sign-ins that need it are refused in the same way, at
    /// once. The page where users choose a provider shows the provider as not available. The times
    /// are read from the monotonic side of the [clock](Self::clock).
    ///
    /// ```
    /// # use tower_phone_auth::OAuthLayer;
    /// let builder = OAuthLayer::builder().provider_concurrency(16);
    /// ```
    pub fn provider_concurrency(mut self, calls: usize) -> Self {
        self.settings.limits.calls = calls;
        self
    }

    /// The client for requests to providers. Default: `reqwest` with rustls. See [`HttpClient`].
    ///
    /// Without this crate's feature `reqwest` there is no default, and [`build`](Self::build) gives
    /// an error if no client is set.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use http::{Request, Response};
    /// use tower_phone_auth::{
    ///     OAuthLayer,
    ///     provider::{BoxFuture, HttpClient, HttpError, HttpErrorKind},
    /// };
    ///
    /// /// For a test of what users see while every provider is down.
    /// struct Offline;
    ///
    /// impl HttpClient for Offline {
    ///     fn send(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, HttpError>> {
    ///         Box::pin(async { Err(HttpErrorKind::Unreachable.into()) })
    ///     }
    /// }
    ///
    /// let builder = OAuthLayer::builder().http_client(Offline);
    /// ```
    pub fn http_client(mut self, client: impl HttpClient) -> Self {
        self.settings.http = Some(Http(Arc::new(client)));
        self
    }
}
