//! The settings for tests of an application.

use super::Builder;
use crate::clock::Clock;

impl Builder {
    /// Permits a provider on this machine, although the [`public_url`](Self::public_url) is
    /// elsewhere: an `endpoint_base`, a loopback issuer, or loopback endpoints of a
    /// [`CustomProvider`](crate::CustomProvider). Default: [`build`](Self::build) refuses that
    /// combination, because a provider for tests, left in production, signs any client in as any
    /// user.
    ///
    /// For tests behind a proxy of their own, and nothing else.
    ///
    /// ```
    /// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
    ///
    /// let kakao = || Kakao::new("key", "secret").endpoint_base("http://127.0.0.1:9000");
    /// let builder = || OAuthLayer::builder()
    ///     .public_url("https://shop.example.com")
    ///     .session_key(SessionKey::random())
    ///     .provider(kakao());
    /// assert_eq!(builder().build().unwrap_err().setting(), "endpoint_base");
    /// assert!(builder().allow_test_endpoints().build().is_ok());
    /// ```
    pub fn allow_test_endpoints(mut self) -> Self {
        self.settings.plain.allows_test_endpoints = true;
        self
    }

    /// An origin on loopback that replaces the hosts of every [`Kakao`](crate::Kakao),
    /// [`Naver`](crate::Naver) and [`Google`](crate::Google) of this layer in tests; the paths
    /// stay. A provider's own [`endpoint_base`](crate::Kakao::endpoint_base) has precedence.
    /// Default: none.
    ///
    /// For tests of an application whose providers [come from variables](Self::from_env).
    ///
    /// ```
    /// use tower_phone_auth::{Kakao, OAuthLayer};
    ///
    /// let builder = OAuthLayer::builder()
    ///     .provider(Kakao::new("key", "secret"))
    ///     .endpoint_base("http://127.0.0.1:9000");
    /// ```
    pub fn endpoint_base(mut self, origin: impl Into<String>) -> Self {
        self.settings.endpoint_base = Some(origin.into());
        self
    }

    /// The clock. Default: the system's. For tests.
    ///
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    /// use tower_phone_auth::{Clock, OAuthLayer};
    ///
    /// let fixed = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    /// let builder = OAuthLayer::builder().clock(Clock::new(move || fixed));
    /// ```
    pub fn clock(mut self, clock: Clock) -> Self {
        self.settings.clock = clock;
        self
    }
}
