//! Errors of calls that ended without a response.

use std::{error::Error, fmt, sync::Arc, time::Duration};

use super::call::CallTarget;

/// The error of a call that ended without a response.
///
/// Its [`source`](Error::source) is the client's error, such as an untrusted certificate. The layer
/// logs the whole chain of sources without the queries of URLs, and never shows it on a page.
///
/// ```
/// use std::{error::Error, io};
///
/// use tower_phone_auth::provider::{HttpError, HttpErrorKind};
///
/// let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
/// let error = HttpError::new(HttpErrorKind::Unreachable).caused_by(refused);
/// assert_eq!(error.kind(), HttpErrorKind::Unreachable);
/// assert_eq!(error.source().unwrap().to_string(), "connection refused");
/// ```
#[derive(Clone, Debug)]
pub struct HttpError {
    /// The cause, which decides the refusal page.
    kind: HttpErrorKind,
    /// Whether the client knows that no connection was made.
    unsent: bool,
    /// The client's error, for the log. It is shared, because the error is cloned for all callers
    /// that waited for one call.
    source: Option<Arc<dyn Error + Send + Sync>>,
    /// The target of the call, for the log.
    target: Option<CallTarget>,
}

impl HttpError {
    /// An error without a source. A client adds its own error by [`caused_by`](Self::caused_by).
    ///
    /// ```
    /// use tower_phone_auth::provider::{HttpError, HttpErrorKind};
    ///
    /// let error = HttpError::new(HttpErrorKind::TimedOut);
    /// assert_eq!(error.kind(), HttpErrorKind::TimedOut);
    /// ```
    #[must_use]
    pub fn new(kind: HttpErrorKind) -> Self {
        Self {
            kind,
            unsent: false,
            source: None,
            target: None,
        }
    }

    /// Adds the client's error, or a text, for the log. It must not contain a body.
    ///
    /// ```
    /// use tower_phone_auth::provider::{HttpError, HttpErrorKind};
    ///
    /// let error = HttpError::new(HttpErrorKind::Unreachable).caused_by("the gateway is closed");
    /// ```
    #[must_use]
    pub fn caused_by(self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let source: Box<dyn Error + Send + Sync> = source.into();
        Self {
            source: Some(source.into()),
            ..self
        }
    }

    /// Says that no connection was made, so that the service got nothing of the request.
    ///
    /// ```
    /// use tower_phone_auth::provider::{HttpError, HttpErrorKind};
    ///
    /// assert!(!HttpError::new(HttpErrorKind::Unreachable).is_unsent());
    /// assert!(HttpError::new(HttpErrorKind::Unreachable).unsent().is_unsent());
    /// ```
    #[must_use]
    pub fn unsent(self) -> Self {
        Self {
            unsent: true,
            ..self
        }
    }

    /// Whether it is certain that nothing was sent: the client made no connection, or the kind is
    /// [`Busy`](HttpErrorKind::Busy) or [`ForbiddenAddress`](HttpErrorKind::ForbiddenAddress).
    ///
    /// A code that the phone step sent then counts in no limit.
    ///
    /// ```
    /// use tower_phone_auth::provider::{HttpError, HttpErrorKind};
    ///
    /// let error = HttpError::new(HttpErrorKind::Unreachable);
    /// assert!(!error.is_unsent());
    /// assert!(error.unsent().is_unsent());
    /// ```
    #[must_use]
    pub fn is_unsent(&self) -> bool {
        use HttpErrorKind::{Busy, ForbiddenAddress};

        self.unsent || matches!(self.kind, Busy(_) | ForbiddenAddress)
    }

    /// Adds the target of the call, for the log.
    pub(crate) fn at(self, target: CallTarget) -> Self {
        Self {
            target: Some(target),
            ..self
        }
    }

    /// The target of the call. `None` for an error that a client has made and the layer has not
    /// seen yet.
    pub(crate) fn target(&self) -> Option<&CallTarget> {
        self.target.as_ref()
    }

    /// The cause, which decides the page for the user and whether the circuit breaker counts a
    /// failure.
    ///
    /// ```
    /// use tower_phone_auth::provider::{HttpError, HttpErrorKind};
    ///
    /// assert_eq!(HttpError::new(HttpErrorKind::TooLarge).kind(), HttpErrorKind::TooLarge);
    /// ```
    #[must_use]
    pub fn kind(&self) -> HttpErrorKind {
        self.kind
    }
}

/// An error without a source and without a target.
impl From<HttpErrorKind> for HttpError {
    fn from(kind: HttpErrorKind) -> Self {
        Self::new(kind)
    }
}

/// The text is that of the kind. The source is logged separately, because it may be long.
impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl Error for HttpError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.source.as_deref()?;
        Some(source)
    }
}

/// The cause of an error without a response.
///
/// ```
/// assert_eq!(tower_phone_auth::provider::HttpErrorKind::TimedOut.to_string(), "no answer in time");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HttpErrorKind {
    /// No connection was made, or it broke. A certificate that is not trusted is such an error as
    /// well.
    Unreachable,
    /// The response did not arrive completely in time.
    TimedOut,
    /// The response is larger than the limit of the client, which is 256 KiB in the default one.
    TooLarge,
    /// The response has this content coding, such as `gzip`, although none was asked for ([RFC 9110
    /// section 8.4](https://www.rfc-editor.org/rfc/rfc9110#section-8.4)).
    Encoded(&'static str),
    /// The request was not sent, because too many calls are under way, or because the provider
    /// failed too often. The request may be sent again after this time.
    Busy(Duration),
    /// The request was not sent, because the host resolves to an internal address that this
    /// provider may not use; see
    /// [`Oidc::allow_internal_endpoints`](crate::Oidc::allow_internal_endpoints).
    ForbiddenAddress,
}

/// The text is for the log. It has no value of the request or the response in it.
impl fmt::Display for HttpErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreachable => "no connection, or it broke",
            Self::TimedOut => "no answer in time",
            Self::TooLarge => "the answer is too large",
            Self::Encoded(_) => "the answer has a content coding that was not asked for",
            Self::Busy(_) => "too many calls, or too many failures",
            Self::ForbiddenAddress => "the host resolves to an address that is not permitted",
        })
    }
}
