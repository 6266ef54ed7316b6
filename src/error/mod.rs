//! Errors: of a setting, found by [`build`](crate::Builder::build), and of a refused sign-in.
//!
//! A [`LoginError`] carries two kinds of information. The kind, the code and the reference are for the application and for the
//! page. The failed call, the provider's own words and the expected and found values are for the log only, because they may hold
//! text of strangers ([`FailedCall`], [`Mismatch`]).
//!
//! [`Fault`] decides the level of the log line and the links of the page. An error that only the browser reported is never the
//! operator's fault, because any client can send it.

use std::{borrow::Cow, error::Error, fmt, time::Duration};

pub use config_error::ConfigError;
pub use denied::Denied;
pub(crate) use escaped::escaped;
pub(crate) use failed_call::{FailedCall, sources};
pub(crate) use fault::Fault;
pub(crate) use kept::KeptError;
pub use kind::LoginErrorKind;
pub(crate) use mismatch::Mismatch;
use quoted::replaces;
pub(crate) use quoted::{Sent, quoted};
pub(crate) use remedy::remedy;

mod config_error;
mod denied;
mod escaped;
mod failed_call;
mod fault;
mod kept;
mod kind;
mod mismatch;
mod quoted;
pub(crate) mod refusal;
mod remedy;
mod words;

/// The error of a refused sign-in.
///
/// It is in the extensions of the response, for an outer layer that counts or renders refusals. Its
/// [`reference`](Self::reference) is on the page and in the log.
///
/// ```
/// use http::Response;
/// use tower_phone_auth::{LoginError, LoginErrorKind};
///
/// fn person_cancelled<B>(response: &Response<B>) -> bool {
///     let error = response.extensions().get::<LoginError>();
///     error.is_some_and(|error| error.kind() == LoginErrorKind::Cancelled)
/// }
/// # assert!(!person_cancelled(&Response::new(())));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginError {
    kind: LoginErrorKind,
    code: Option<Cow<'static, str>>,
    /// The code is a name that only the provider defines.
    is_foreign_name: bool,
    denied: Option<Box<Denied>>,
    retry_after: Option<Duration>,
    reference: Reference,
    subject: Option<Box<str>>,
    by_browser: bool,
    call: Option<Box<FailedCall>>,
}

impl LoginError {
    pub(crate) fn new(kind: LoginErrorKind) -> Self {
        Self {
            kind,
            code: None,
            is_foreign_name: false,
            denied: None,
            retry_after: None,
            reference: Reference::random(),
            subject: None,
            // The provider rejected a code that the browser sent, and any client can invent one.
            by_browser: kind == LoginErrorKind::CodeRejected,
            call: None,
        }
    }

    /// Adds the call that failed, for the log. A call that was added before stays.
    pub(crate) fn in_call(mut self, call: FailedCall) -> Self {
        let known = self.call.take().map(|known| *known).unwrap_or_default();
        self.call = Some(Box::new(known.or(call)));
        self.with_harmless_code()
    }

    /// Replaces the code by the status if the name contains a value that the log must not show.
    fn with_harmless_code(self) -> Self {
        let call = self.call();
        let name = call.and_then(|call| call.error.as_deref());
        if !self.is_foreign_name || !name.is_some_and(replaces) {
            return self;
        }
        let status = call.and_then(|call| call.status);
        Self {
            code: status.map(|status| status.to_string().into()),
            is_foreign_name: false,
            ..self
        }
    }

    /// Adds the expected and the found value, for the log.
    pub(crate) fn differing(self, mismatch: Mismatch) -> Self {
        self.in_call(FailedCall {
            mismatch: Box::new(mismatch),
            ..FailedCall::default()
        })
    }

    pub(crate) fn call(&self) -> Option<&FailedCall> {
        self.call.as_deref()
    }

    /// `code` must be one that this crate recognised (`KOE320`, `-401`), never text copied from the provider.
    pub(crate) fn with_code(kind: LoginErrorKind, code: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code: Some(code.into()),
            ..Self::new(kind)
        }
    }

    /// `name` is an error that only the provider defines. The log shows it, the page does not.
    pub(crate) fn with_foreign_name(kind: LoginErrorKind, name: String) -> Self {
        Self {
            is_foreign_name: true,
            ..Self::with_code(kind, name)
        }
    }

    /// The callback has no `iss`, although the metadata announce one (RFC 9207 section 2.4).
    pub(crate) fn issuer_missing() -> Self {
        Self::with_code(LoginErrorKind::IssuerMismatch, "iss_missing").by_browser()
    }

    /// The code, if the page may show it.
    pub(crate) fn shown_code(&self) -> Option<&str> {
        self.code().filter(|_| !self.is_foreign_name)
    }

    /// Sets the code.
    pub(crate) fn coded(self, code: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code: Some(code.into()),
            ..self
        }
    }

    /// The error of a call that was not made.
    pub(crate) fn busy(retry_after: Duration) -> Self {
        Self {
            retry_after: Some(retry_after),
            ..Self::new(LoginErrorKind::ProviderBusy)
        }
    }

    /// When to try again, if the layer did not call the provider, because too many calls were running or the provider failed
    /// too often. The response has the same time in `Retry-After`.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Whether this call ran out of time or was not made. Other callers that wait for the same answer are not affected.
    pub(crate) fn is_the_callers(&self) -> bool {
        self.kind == LoginErrorKind::ProviderTimeout || self.retry_after.is_some()
    }

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

    pub(crate) fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// Whether only the operator of the application can solve it, by the settings or at the provider. An error that only the
    /// browser reported, such as the `error` of a callback, is not for the operator.
    ///
    /// ```
    /// use tower_phone_auth::{Cause, Failure};
    ///
    /// fn is_worth_an_alarm(failure: &Failure<'_>) -> bool {
    ///     matches!(failure.cause, Cause::Login(error) if error.is_for_operator())
    /// }
    /// ```
    #[must_use]
    pub fn is_for_operator(&self) -> bool {
        self.fault() == Fault::Application
    }

    pub(crate) fn fault(&self) -> Fault {
        match (Fault::of(self.kind), self.by_browser) {
            (fault, true) => fault.by_browser(),
            (fault, false) => fault,
        }
    }

    /// The same error for another sign-in, with another reference.
    pub(crate) fn of_another(&self) -> Self {
        Self {
            reference: Reference::random(),
            ..self.clone()
        }
    }

    /// The texts of the application, if its hook refused the user.
    #[must_use]
    pub fn denial(&self) -> Option<&Denied> {
        self.denied.as_deref()
    }

    /// The cause.
    #[must_use]
    pub fn kind(&self) -> LoginErrorKind {
        self.kind
    }

    /// The short code of the provider, such as `KOE320`, or the name of its error. A name that no standard defines has at most 64
    /// letters, digits, `_`, `-` and `.`, and is not shown on the layer's pages.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Eight characters that are on the page of the user and in the line of the log.
    #[must_use]
    pub fn reference(&self) -> &str {
        &self.reference.0
    }
}

impl fmt::Display for LoginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())?;
        if let Some(code) = &self.code {
            write!(f, " ({code})")?;
        }
        write!(f, " [{}]", self.reference.0)
    }
}

impl Error for LoginError {}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Reference(String);

impl Reference {
    fn random() -> Self {
        let mut bytes = [0; 4];
        // Without random bytes, the reference is `00000000`. The page still has its cause.
        let _ = aws_lc_rs::rand::fill(&mut bytes);
        Self(format!("{:08X}", u32::from_be_bytes(bytes)))
    }
}
