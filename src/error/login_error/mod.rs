//! A refused sign-in.

use std::{borrow::Cow, error::Error, fmt, time::Duration};

use super::{Denied, FailedCall, Fault, LoginErrorKind, Mismatch, ProviderError, details::Details};

pub(crate) use kept::KeptError;
use reference::Reference;

mod kept;
mod reference;

/// The error of a refused sign-in.
///
/// The error is in the extensions of the response, for an outer layer that counts or renders
/// refusals. Its [`reference`](Self::reference) is on the page and in the log.
///
/// ```
/// use http::Response;
/// use tower_phone_auth::error::{LoginError, LoginErrorKind};
///
/// fn person_cancelled<B>(response: &Response<B>) -> bool {
///     let error = response.extensions().get::<LoginError>();
///     error.is_some_and(|error| error.kind() == LoginErrorKind::Cancelled)
/// }
/// # assert!(!person_cancelled(&Response::new(())));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginError {
    /// The facts that a [`ProviderError`] has too.
    details: Details,
    /// `Some` if a hook of the application refused the user.
    denied: Option<Box<Denied>>,
    /// Joins the page, the line of the log and the extension of the response.
    reference: Reference,
    /// The masked user, if the sign-in went far enough to know one.
    subject: Option<Box<str>>,
    /// Only the browser reported the error, so any client can cause it.
    by_browser: bool,
}

impl LoginError {
    /// An error with a new reference.
    pub(crate) fn new(kind: LoginErrorKind) -> Self {
        Self::of(Details::new(kind))
    }

    /// An error of these facts, with a new reference.
    fn of(details: Details) -> Self {
        let by_browser = matches!(
            details.kind,
            // The code and the issuer come from the browser, which can send anything.
            LoginErrorKind::CodeRejected | LoginErrorKind::IssuerMismatch
        );
        Self {
            details,
            denied: None,
            reference: Reference::random(),
            subject: None,
            by_browser,
        }
    }

    /// Adds the call that failed, for the log. A call that was added before stays, because it is
    /// nearer to the cause.
    pub(crate) fn in_call(self, call: FailedCall) -> Self {
        Self {
            details: self.details.in_call(call),
            ..self
        }
    }

    /// Adds the expected and the found value, for the log.
    pub(crate) fn differing(self, mismatch: Mismatch) -> Self {
        Self {
            details: self.details.differing(mismatch),
            ..self
        }
    }

    /// The call that failed, for the log and the doctor.
    pub(crate) fn call(&self) -> Option<&FailedCall> {
        self.details.call.as_deref()
    }

    /// The cause in words, for the log.
    pub(crate) fn words(&self) -> &'static str {
        self.details.words()
    }

    /// An error with a code. `code` must be one that this crate recognised (`KOE320`, `-401`),
    /// never text copied from the provider, because the log shows it.
    pub(crate) fn with_code(kind: LoginErrorKind, code: impl Into<Cow<'static, str>>) -> Self {
        Self::of(Details::new(kind).coded(code))
    }

    /// An error with the name of an error that only the provider defines.
    pub(crate) fn with_foreign_name(kind: LoginErrorKind, name: String) -> Self {
        Self::of(Details::new(kind).foreign(name))
    }

    /// The code, if the page may show it.
    pub(crate) fn shown_code(&self) -> Option<&str> {
        self.code().filter(|_| !self.details.is_foreign_name)
    }

    /// Sets the code.
    pub(crate) fn coded(self, code: impl Into<Cow<'static, str>>) -> Self {
        Self {
            details: self.details.coded(code),
            ..self
        }
    }

    /// The error of a call that was not made, with the time after which one may be made again.
    pub(crate) fn busy(retry_after: Duration) -> Self {
        Self::of(Details::new(LoginErrorKind::ProviderBusy).retried_after(retry_after))
    }

    /// Sets the time after which a new attempt makes sense.
    pub(crate) fn retried_after(self, rest: Duration) -> Self {
        Self {
            details: self.details.retried_after(rest),
            ..self
        }
    }

    /// The time after which a new attempt makes sense. `Some` if the layer did not call the
    /// provider, because too many calls were running or the provider failed too often, and after
    /// an error of the hook [`Builder::claims`](crate::Builder::claims). The response has the same
    /// time in `Retry-After`.
    ///
    /// ```
    /// use tower_phone_auth::error::LoginError;
    ///
    /// fn seconds(error: &LoginError) -> Option<u64> {
    ///     error.retry_after().map(|time| time.as_secs())
    /// }
    /// ```
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.details.retry_after
    }

    /// The error of a user whom a hook of the application refused.
    pub(crate) fn denied(denied: Denied) -> Self {
        Self {
            denied: Some(Box::new(denied)),
            ..Self::new(LoginErrorKind::Denied)
        }
    }

    /// Marks an error that only the browser reported. Any client can send it.
    pub(crate) fn by_browser(self) -> Self {
        Self {
            by_browser: true,
            ..self
        }
    }

    /// Whether only the browser reported the error.
    pub(crate) fn is_by_browser(&self) -> bool {
        self.by_browser
    }

    /// Adds the user, as the hash that the audit log has in place of the subject.
    pub(crate) fn about(self, masked: String) -> Self {
        Self {
            subject: Some(masked.into()),
            ..self
        }
    }

    /// The masked user, for the audit log.
    pub(crate) fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// Whether only the operator of the application can solve the cause, by the settings or at the
    /// provider. An error that only the browser reported, such as the `error` of a callback, is not
    /// for the operator, because any client can send it.
    ///
    /// ```
    /// use tower_phone_auth::hooks::{Cause, Failure};
    ///
    /// fn is_worth_an_alarm(failure: &Failure<'_>) -> bool {
    ///     matches!(failure.cause, Cause::Login(error) if error.is_for_operator())
    /// }
    /// ```
    #[must_use]
    pub fn is_for_operator(&self) -> bool {
        self.fault() == Fault::Application
    }

    /// The side that can solve the cause.
    pub(crate) fn fault(&self) -> Fault {
        match (Fault::of(self.kind()), self.by_browser) {
            (fault, true) => fault.by_browser(),
            (fault, false) => fault,
        }
    }

    /// The texts of the application, if its hook refused the user.
    ///
    /// ```
    /// use tower_phone_auth::error::LoginError;
    ///
    /// fn reason(error: &LoginError) -> Option<&str> {
    ///     error.denial().map(|denied| denied.text().in_language("en"))
    /// }
    /// ```
    #[must_use]
    pub fn denial(&self) -> Option<&Denied> {
        self.denied.as_deref()
    }

    /// The cause.
    ///
    /// ```
    /// use tower_phone_auth::error::{LoginError, LoginErrorKind};
    ///
    /// fn changed_their_mind(error: &LoginError) -> bool {
    ///     error.kind() == LoginErrorKind::Cancelled
    /// }
    /// ```
    #[must_use]
    pub fn kind(&self) -> LoginErrorKind {
        self.details.kind
    }

    /// The short code of the provider, such as `KOE320`, or the name of its error. A name that no
    /// standard defines has at most 64 letters, digits, `_`, `-` and `.`, and is not shown on the
    /// layer's pages.
    ///
    /// ```
    /// use tower_phone_auth::error::LoginError;
    ///
    /// fn is_used_code(error: &LoginError) -> bool {
    ///     error.code() == Some("KOE320")
    /// }
    /// ```
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.details.code.as_deref()
    }

    /// Eight characters that are on the page of the user and in the line of the log.
    ///
    /// ```
    /// use tower_phone_auth::error::LoginError;
    ///
    /// fn for_support(error: &LoginError) -> String {
    ///     format!("Please tell our support this code: {}", error.reference())
    /// }
    /// ```
    #[must_use]
    pub fn reference(&self) -> &str {
        &self.reference.0
    }
}

impl fmt::Display for LoginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}]", self.details, self.reference.0)
    }
}

/// The source is the error of the HTTP client, if there was no answer.
impl Error for LoginError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.details.source()
    }
}

/// The reference is drawn here and not with the [`ProviderError`]. Many users may wait for one
/// request that fails, and each of them gets a line of the log.
impl From<ProviderError> for LoginError {
    fn from(error: ProviderError) -> Self {
        Self::of(error.0)
    }
}
