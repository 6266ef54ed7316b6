//! A failed request to a provider.

use std::{borrow::Cow, error::Error, fmt, time::Duration};

use super::{FailedCall, LoginErrorKind, Mismatch, details::Details};

/// The reason that a request to a provider failed. Requests read the provider's metadata and keys,
/// exchange a code for tokens, read a profile, and revoke or unlink.
///
/// [`OAuthLayer::warm_up`](crate::OAuthLayer::warm_up) and the methods of
/// [`ProviderHandle`](crate::layer::ProviderHandle) return it. A sign-in that fails for the same
/// reason is refused with a [`LoginError`](crate::error::LoginError) of the same kind and code.
/// Neither `Display` nor `Debug` shows a token, a subject or a text of the provider.
///
/// ```
/// use tower_phone_auth::error::{LoginErrorKind, ProviderError};
///
/// fn is_worth_a_retry(error: &ProviderError) -> bool {
///     let passing = [LoginErrorKind::ProviderTimeout, LoginErrorKind::ProviderUnavailable];
///     error.retry_after().is_some() || passing.contains(&error.kind())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderError(pub(super) Details);

impl ProviderError {
    /// An error of this kind, without further facts.
    pub(crate) fn new(kind: LoginErrorKind) -> Self {
        Self(Details::new(kind))
    }

    /// An error with a code. `code` must be one that this crate recognised (`KOE320`, `-401`),
    /// never the provider's text.
    pub(crate) fn with_code(kind: LoginErrorKind, code: impl Into<Cow<'static, str>>) -> Self {
        Self(Details::new(kind).coded(code))
    }

    /// An error with a name that only the provider defines. The name has no meaning here, so it is
    /// for the log, and not for a page.
    pub(crate) fn with_foreign_name(kind: LoginErrorKind, name: String) -> Self {
        Self(Details::new(kind).foreign(name))
    }

    /// The error of a callback without `iss`, although the metadata announce that callbacks have
    /// one (RFC 9207 section 2.4).
    pub(crate) fn issuer_missing() -> Self {
        Self::with_code(LoginErrorKind::IssuerMismatch, "iss_missing")
    }

    /// The error of a request that was not made, because too many were running or the provider
    /// failed too often.
    pub(crate) fn busy(retry_after: Duration) -> Self {
        Self(Details::new(LoginErrorKind::ProviderBusy).retried_after(retry_after))
    }

    /// Sets the code.
    pub(crate) fn coded(self, code: impl Into<Cow<'static, str>>) -> Self {
        Self(self.0.coded(code))
    }

    /// Adds the call that failed, for the log. A call that was added before stays, because it is
    /// nearer to the cause.
    pub(crate) fn in_call(self, call: FailedCall) -> Self {
        Self(self.0.in_call(call))
    }

    /// Adds the expected and the found value, for the log.
    pub(crate) fn differing(self, mismatch: Mismatch) -> Self {
        Self(self.0.differing(mismatch))
    }

    /// The call that failed, for the log and the doctor.
    pub(crate) fn call(&self) -> Option<&FailedCall> {
        self.0.call.as_deref()
    }

    /// Whether the error is about the time limit or the turn of this caller alone. Other callers
    /// that wait for the same request must not receive it.
    pub(crate) fn is_the_callers(&self) -> bool {
        self.kind() == LoginErrorKind::ProviderTimeout || self.retry_after().is_some()
    }

    /// The cause.
    ///
    /// ```
    /// use tower_phone_auth::error::{LoginErrorKind, ProviderError};
    ///
    /// let error = ProviderError::from(LoginErrorKind::ProviderTimeout);
    /// assert_eq!(error.kind(), LoginErrorKind::ProviderTimeout);
    /// ```
    #[must_use]
    pub fn kind(&self) -> LoginErrorKind {
        self.0.kind
    }

    /// The provider's own short code, such as `KOE320`, or the name of its error. A name that no
    /// standard has consists of at most 64 letters, digits, `_`, `-` and `.`.
    ///
    /// ```
    /// use tower_phone_auth::error::ProviderError;
    ///
    /// fn quota_is_used_up(error: &ProviderError) -> bool {
    ///     error.code() == Some("-10")
    /// }
    /// ```
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The time after which a new attempt makes sense. `Some` if the request was not made, because
    /// too many were running or the provider failed too often.
    ///
    /// ```
    /// use tower_phone_auth::error::ProviderError;
    ///
    /// async fn wait(error: &ProviderError) {
    ///     if let Some(time) = error.retry_after() {
    ///         tokio::time::sleep(time).await;
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }
}

/// The error of a [`ReadProfile`](crate::provider::ReadProfile).
impl From<LoginErrorKind> for ProviderError {
    fn from(kind: LoginErrorKind) -> Self {
        Self::new(kind)
    }
}

/// The error of a request that a [`ReadProfile`](crate::provider::ReadProfile) could not build.
impl From<http::Error> for ProviderError {
    fn from(_: http::Error) -> Self {
        Self::new(LoginErrorKind::InvalidAnswer)
    }
}

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The source is the error of the HTTP client, if there was no answer.
impl Error for ProviderError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}
