//! What can go wrong: at build, and during a login.

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

/// Why a login was refused.
///
/// It rides in the response's extensions, for an outer layer that counts or renders refusals,
/// and its [`reference`](Self::reference) stands both on the page and in the log.
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
    /// The code is a name that the provider made up.
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
            // The provider says so, of a code that anybody can invent.
            by_browser: kind == LoginErrorKind::CodeRejected,
            call: None,
        }
    }

    /// The same with the call that failed, for the log. The first one that is named counts.
    pub(crate) fn in_call(mut self, call: FailedCall) -> Self {
        let known = self.call.take().map(|known| *known).unwrap_or_default();
        self.call = Some(Box::new(known.or(call)));
        self.with_harmless_code()
    }

    /// A name in which the log's quotation replaces something is no code: the status is, where there is one.
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

    /// The same with what was expected and what came, for the log.
    pub(crate) fn differing(self, mismatch: Mismatch) -> Self {
        self.in_call(FailedCall {
            mismatch: Box::new(mismatch),
            ..FailedCall::default()
        })
    }

    pub(crate) fn call(&self) -> Option<&FailedCall> {
        self.call.as_deref()
    }

    /// `code` is one of our own reading (`KOE320`, `-401`), never the provider's text.
    pub(crate) fn with_code(kind: LoginErrorKind, code: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code: Some(code.into()),
            ..Self::new(kind)
        }
    }

    /// `name` is the provider's own for an error, without a meaning here: for the log, and not for a page.
    pub(crate) fn with_foreign_name(kind: LoginErrorKind, name: String) -> Self {
        Self {
            is_foreign_name: true,
            ..Self::with_code(kind, name)
        }
    }

    /// RFC 9207 section 2.4: the metadata announce the callback's `iss`, and it is not there.
    pub(crate) fn issuer_missing() -> Self {
        Self::with_code(LoginErrorKind::IssuerMismatch, "iss_missing").by_browser()
    }

    /// The code that a page shows.
    pub(crate) fn shown_code(&self) -> Option<&str> {
        self.code().filter(|_| !self.is_foreign_name)
    }

    /// The same with this code.
    pub(crate) fn coded(self, code: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code: Some(code.into()),
            ..self
        }
    }

    /// A call that was not even made.
    pub(crate) fn busy(retry_after: Duration) -> Self {
        Self {
            retry_after: Some(retry_after),
            ..Self::new(LoginErrorKind::ProviderBusy)
        }
    }

    /// The time after which trying again makes sense, if the call to the provider was not even made: too many calls were under
    /// way, or the provider failed too often. The layer's answer says it in `Retry-After`.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Whether it tells about the caller's own time or turn, and nothing about an answer.
    pub(crate) fn is_the_callers(&self) -> bool {
        self.kind == LoginErrorKind::ProviderTimeout || self.retry_after.is_some()
    }

    pub(crate) fn denied(denied: Denied) -> Self {
        Self {
            denied: Some(Box::new(denied)),
            ..Self::new(LoginErrorKind::Denied)
        }
    }

    /// Nothing but what the browser brought says so, and a browser can bring anything.
    pub(crate) fn by_browser(self) -> Self {
        Self {
            by_browser: true,
            ..self
        }
    }

    pub(crate) fn is_by_browser(&self) -> bool {
        self.by_browser
    }

    /// Whom it concerns, as the audit log names users: never the subject itself.
    pub(crate) fn about(self, masked: String) -> Self {
        Self {
            subject: Some(masked.into()),
            ..self
        }
    }

    pub(crate) fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// Whether only the application's operator can mend it, and the provider or the settings say so. What a
    /// browser brought, such as an `error` of a callback, is no reason to call anybody.
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

    /// The same refusal of another login, with a reference of its own.
    pub(crate) fn of_another(&self) -> Self {
        Self {
            reference: Reference::random(),
            ..self.clone()
        }
    }

    /// What the application said when it refused.
    #[must_use]
    pub fn denial(&self) -> Option<&Denied> {
        self.denied.as_deref()
    }

    /// The cause.
    #[must_use]
    pub fn kind(&self) -> LoginErrorKind {
        self.kind
    }

    /// The provider's own short code, such as `KOE320`, or the name of its error. A name that no standard has consists of at most
    /// 64 letters, digits, `_`, `-` and `.`, and the layer's pages do not show it.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Eight characters that tie the page a person saw to the line in the log.
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
        // Without randomness the page still has its cause; only the link to the log is lost.
        let _ = aws_lc_rs::rand::fill(&mut bytes);
        Self(format!("{:08X}", u32::from_be_bytes(bytes)))
    }
}
