//! The cause of a call without an answer.

use std::{error::Error, fmt, sync::Arc, time::Duration};

use super::call::CallTarget;

/// A call to a provider that brought no answer.
///
/// Its [`source`](Error::source) is the error of the client, such as a certificate that is not trusted. The layer writes the whole
/// chain of sources into the log, without queries of addresses, and never onto a page.
///
/// ```
/// use std::{error::Error, io};
///
/// use tower_phone_auth::{HttpError, HttpErrorKind};
///
/// let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
/// let error = HttpError::new(HttpErrorKind::Unreachable).caused_by(refused);
/// assert_eq!(error.kind(), HttpErrorKind::Unreachable);
/// assert_eq!(error.source().unwrap().to_string(), "connection refused");
/// ```
#[derive(Clone, Debug)]
pub struct HttpError {
    kind: HttpErrorKind,
    source: Option<Arc<dyn Error + Send + Sync>>,
    target: Option<CallTarget>,
}

impl HttpError {
    /// An error without a source.
    #[must_use]
    pub fn new(kind: HttpErrorKind) -> Self {
        Self {
            kind,
            source: None,
            target: None,
        }
    }

    /// The same with the error of the client, for the log. Its text must not hold a body.
    #[must_use]
    pub fn caused_by(self, source: impl Error + Send + Sync + 'static) -> Self {
        Self {
            source: Some(Arc::new(source)),
            ..self
        }
    }

    pub(crate) fn at(self, target: CallTarget) -> Self {
        Self {
            target: Some(target),
            ..self
        }
    }

    pub(crate) fn target(&self) -> Option<&CallTarget> {
        self.target.as_ref()
    }

    /// The cause.
    #[must_use]
    pub fn kind(&self) -> HttpErrorKind {
        self.kind
    }
}

impl From<HttpErrorKind> for HttpError {
    fn from(kind: HttpErrorKind) -> Self {
        Self::new(kind)
    }
}

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

/// The cause of a call without an answer.
///
/// ```
/// assert_eq!(tower_phone_auth::HttpErrorKind::TimedOut.to_string(), "no answer in time");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HttpErrorKind {
    /// No connection, or it broke.
    Unreachable,
    /// No whole answer in time.
    TimedOut,
    /// The answer is larger than the limit.
    TooLarge,
    /// The answer has this content coding, such as `gzip`, though none was asked for
    /// ([RFC 9110 section 8.4](https://www.rfc-editor.org/rfc/rfc9110#section-8.4)).
    Encoded(&'static str),
    /// Not sent: too many calls are under way, or the provider failed too often. It may be tried again after this time.
    Busy(Duration),
    /// Not sent: the name leads to an address where this provider may not have an endpoint.
    ForbiddenAddress,
}

impl fmt::Display for HttpErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreachable => "no connection, or it broke",
            Self::TimedOut => "no answer in time",
            Self::TooLarge => "the answer is too large",
            Self::Encoded(_) => "the answer has a content coding that was not asked for",
            Self::Busy(_) => "too many calls, or too many failures",
            Self::ForbiddenAddress => "the name leads to an address that is not permitted",
        })
    }
}
