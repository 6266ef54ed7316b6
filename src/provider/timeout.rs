//! The setting `timeout` of each provider.

use std::time::Duration;

use super::{custom::CustomProvider, google::Google, kakao::Kakao, naver::Naver, oidc::Oidc};
use crate::error::ConfigError;

/// The longest accepted timeout. Browsers and proxies give up earlier.
const LONGEST: Duration = Duration::from_secs(10 * 60);

/// The setting, if it is in range. Zero is refused, because every call would fail.
pub(super) fn checked(given: Option<Duration>) -> Result<Option<Duration>, ConfigError> {
    match given {
        Some(limit) if limit.is_zero() || limit > LONGEST => Err(ConfigError::new(
            "timeout",
            format!("{limit:?} is not between zero and ten minutes"),
            "give the time that the provider may take, such as 20 seconds, or leave it out",
        )),
        given => Ok(given),
    }
}

impl Oidc {
    /// The time for all calls to this provider during one callback, or during one page visit. More
    /// than zero, at most ten minutes. Default: the layer's
    /// [`provider_timeout`](crate::Builder::provider_timeout), 10 seconds.
    ///
    /// Raise it for a provider that is slow at times. For example, a server that creates a signing
    /// key at its first use may need half a minute. A sign-in that takes longer is refused with
    /// 504, and its code is used up. A call outside sign-ins has this time for itself. An event has
    /// 2.5 seconds at most. [`Builder::build`](crate::Builder::build) refuses a time out of range.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use tower_phone_auth::Oidc;
    /// let oidc = Oidc::new("https://id.example.com", "client-id", "client-secret")
    ///     .timeout(Duration::from_secs(30));
    /// ```
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.registration.timeout = Some(limit);
        self
    }
}

impl Kakao {
    /// The time for all calls to Kakao during one callback. More than zero, at most ten minutes.
    /// Default: the layer's [`provider_timeout`](crate::Builder::provider_timeout), 10 seconds. See
    /// [`Oidc::timeout`].
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use tower_phone_auth::Kakao;
    /// let kakao = Kakao::new("key", "secret").timeout(Duration::from_secs(5));
    /// ```
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.registration.timeout = Some(limit);
        self
    }
}

impl Naver {
    /// The time for all calls to Naver during one callback. More than zero, at most ten minutes.
    /// Default: the layer's [`provider_timeout`](crate::Builder::provider_timeout), 10 seconds. See
    /// [`Oidc::timeout`].
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use tower_phone_auth::Naver;
    /// let naver = Naver::new("client-id", "client-secret").timeout(Duration::from_secs(5));
    /// ```
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.registration.timeout = Some(limit);
        self
    }
}

impl Google {
    /// The time for all calls to Google during one callback. More than zero, at most ten minutes.
    /// Default: the layer's [`provider_timeout`](crate::Builder::provider_timeout), 10 seconds. See
    /// [`Oidc::timeout`].
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use tower_phone_auth::Google;
    /// let google = Google::new("client-id", "client-secret").timeout(Duration::from_secs(5));
    /// ```
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.registration.timeout = Some(limit);
        self
    }
}

impl CustomProvider {
    /// The time for all calls to this provider during one callback. More than zero, at most ten
    /// minutes. Default: the layer's [`provider_timeout`](crate::Builder::provider_timeout), 10
    /// seconds. See [`Oidc::timeout`].
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use tower_phone_auth::{provider::ReadProfile, CustomProvider};
    /// # fn club(club: impl ReadProfile) -> CustomProvider {
    /// CustomProvider::new("club", "client-id", "client-secret", club)
    ///     .endpoints("https://club.example/authorize", "https://club.example/token")
    ///     .timeout(Duration::from_secs(20))
    /// # }
    /// ```
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.registration.timeout = Some(limit);
        self
    }
}
