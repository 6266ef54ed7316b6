//! The errors of services that send messages.

use std::{error::Error, fmt, sync::Arc, time::Duration};

use crate::http_client::{HttpError, HttpErrorKind};

/// The error of a [`CodeSender`](super::CodeSender) or a
/// [`NumberVerifier`](super::NumberVerifier).
///
/// Its [kind](Self::kind) decides the page for the user, and whether the limits count the message.
/// Code, remedy and [`source`](Error::source) are for the log, and never on a page.
///
/// ```
/// use tower_phone_auth::phone_step::{SendError, SendErrorKind};
///
/// let error = SendError::new(SendErrorKind::Misconfigured)
///     .code("1062")
///     .remedy("register the sender number in the console of the service");
/// assert_eq!(error.kind(), SendErrorKind::Misconfigured);
/// assert_eq!(error.to_string(), "the sender is not set up right: 1062");
/// ```
#[derive(Clone, Debug)]
pub struct SendError {
    /// Decides the answer to the user.
    kind: SendErrorKind,
    /// The service's code of the error, for the log.
    code: Option<Box<str>>,
    /// The remedy of a set-up that is wrong, for the log.
    remedy: Option<&'static str>,
    /// The cause, for the log. Shared, so that the error can be cloned.
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl SendError {
    /// The longest code, in bytes.
    const LONGEST: usize = 64;

    /// An error without a code, a remedy and a source.
    ///
    /// ```
    /// use tower_phone_auth::phone_step::{SendError, SendErrorKind};
    ///
    /// let error = SendError::new(SendErrorKind::Refused);
    /// assert_eq!(error.kind(), SendErrorKind::Refused);
    /// ```
    #[must_use]
    pub fn new(kind: SendErrorKind) -> Self {
        Self {
            kind,
            code: None,
            remedy: None,
            source: None,
        }
    }

    /// Adds the service's own code of the error, such as `1062` or `NotEnoughBalance`, for the log.
    ///
    /// A code must have at most 64 ASCII letters, digits, `.`, `-` and `_`. It must not have six
    /// digits in a row, because those may be a one-time code or part of a phone number. Another
    /// text is logged as `unreadable`.
    ///
    /// ```
    /// # use tower_phone_auth::phone_step::{SendError, SendErrorKind};
    /// let error = SendError::new(SendErrorKind::Refused).code("no credit for 01012345678");
    /// assert_eq!(error.provider_code(), Some("unreadable"));
    /// ```
    #[must_use]
    pub fn code(self, code: &str) -> Self {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
        let is_readable = (1..=Self::LONGEST).contains(&code.len())
            && code.bytes().all(is_plain)
            && !code
                .as_bytes()
                .windows(6)
                .any(|bytes| bytes.iter().all(u8::is_ascii_digit));
        let code = if is_readable { code } else { "unreadable" };
        Self {
            code: Some(code.into()),
            ..self
        }
    }

    /// Adds the remedy, for the log: a sentence for the operator of the application.
    ///
    /// ```
    /// use tower_phone_auth::phone_step::{SendError, SendErrorKind};
    ///
    /// let error = SendError::new(SendErrorKind::Refused).remedy("register the sender number");
    /// assert_eq!(error.operator_remedy(), Some("register the sender number"));
    /// ```
    #[must_use]
    pub fn remedy(self, remedy: &'static str) -> Self {
        Self {
            remedy: Some(remedy),
            ..self
        }
    }

    /// Adds the cause, for the log. Its text must not contain a body, a number or a code.
    ///
    /// ```
    /// use tower_phone_auth::phone_step::{SendError, SendErrorKind};
    ///
    /// let error = SendError::new(SendErrorKind::Refused).caused_by(std::fmt::Error);
    /// assert!(std::error::Error::source(&error).is_some());
    /// ```
    #[must_use]
    pub fn caused_by(self, source: impl Error + Send + Sync + 'static) -> Self {
        Self {
            source: Some(Arc::new(source)),
            ..self
        }
    }

    /// The kind, which decides the answer to the user.
    ///
    /// ```
    /// use tower_phone_auth::phone_step::{SendError, SendErrorKind};
    ///
    /// let error = SendError::new(SendErrorKind::Refused);
    /// assert!(!error.kind().may_have_sent());
    /// ```
    #[must_use]
    pub fn kind(&self) -> SendErrorKind {
        self.kind
    }

    /// The service's own code of the error. It is safe to log.
    ///
    /// ```
    /// use tower_phone_auth::phone_step::{SendError, SendErrorKind};
    ///
    /// let error = SendError::new(SendErrorKind::Refused).code("1062");
    /// assert_eq!(error.provider_code(), Some("1062"));
    /// ```
    #[must_use]
    pub fn provider_code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The remedy for the operator of the application.
    ///
    /// ```
    /// use tower_phone_auth::phone_step::{SendError, SendErrorKind};
    ///
    /// let error = SendError::new(SendErrorKind::Refused).remedy("register the sender number");
    /// assert_eq!(error.operator_remedy(), Some("register the sender number"));
    /// ```
    #[must_use]
    pub fn operator_remedy(&self) -> Option<&'static str> {
        self.remedy
    }
}

/// An error without a code, a remedy and a source.
impl From<SendErrorKind> for SendError {
    fn from(kind: SendErrorKind) -> Self {
        Self::new(kind)
    }
}

/// A call that ended without an answer. [`Unavailable`](SendErrorKind::Unavailable) if nothing was
/// sent ([`HttpError::is_unsent`]), and [`Unknown`](SendErrorKind::Unknown) otherwise.
impl From<HttpError> for SendError {
    fn from(error: HttpError) -> Self {
        let kind = if error.is_unsent() {
            SendErrorKind::Unavailable
        } else {
            SendErrorKind::Unknown
        };
        let code = match error.kind() {
            HttpErrorKind::Unreachable => "unreachable",
            HttpErrorKind::TimedOut => "timed_out",
            HttpErrorKind::TooLarge => "too_large",
            HttpErrorKind::Encoded(_) => "encoded",
            HttpErrorKind::Busy(_) => "busy",
            HttpErrorKind::ForbiddenAddress => "forbidden_address",
        };
        Self::new(kind).code(code).caused_by(error)
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => write!(f, "{}: {code}", self.kind),
            None => self.kind.fmt(f),
        }
    }
}

impl Error for SendError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.source.as_deref()?;
        Some(source)
    }
}

/// The kinds of a [`SendError`]: the knowledge about a message that was not accepted.
///
/// ```
/// use tower_phone_auth::phone_step::SendErrorKind;
///
/// assert!(SendErrorKind::Unknown.may_have_sent());
/// assert!(!SendErrorKind::Refused.may_have_sent());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SendErrorKind {
    /// The number cannot get messages. Nothing was sent. The user may enter another number.
    NumberRefused,
    /// The service refused for another reason, such as an empty balance. Nothing was sent.
    Refused,
    /// The service refused because of the set-up: credentials, the clock, a sender number that is
    /// not registered. Nothing was sent. The log has an ERROR line with the remedy.
    Misconfigured,
    /// A limit of the service was reached. Nothing was sent.
    Busy {
        /// The time until the service accepts a message again, if it said so.
        retry_after: Option<Duration>,
    },
    /// No connection was made. Nothing was sent.
    Unavailable,
    /// The outcome is unknown: the call timed out, or the answer was broken or an error of the
    /// server. The message may arrive.
    Unknown,
}

impl SendErrorKind {
    /// Whether the message may arrive. Otherwise nothing was sent, and the limits do not count the
    /// message.
    ///
    /// ```
    /// use tower_phone_auth::phone_step::SendErrorKind;
    ///
    /// assert!(SendErrorKind::Unknown.may_have_sent());
    /// assert!(!SendErrorKind::NumberRefused.may_have_sent());
    /// ```
    #[must_use]
    pub fn may_have_sent(self) -> bool {
        self == Self::Unknown
    }
}

/// The text is for the log.
impl fmt::Display for SendErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NumberRefused => "the number cannot get messages",
            Self::Refused => "the service refused the message",
            Self::Misconfigured => "the sender is not set up right",
            Self::Busy { .. } => "a limit of the service was reached",
            Self::Unavailable => "no connection to the service was made",
            Self::Unknown => "it is not known whether the message was sent",
        })
    }
}
