//! The facts that a refused sign-in and a failed request to a provider share.

use std::{borrow::Cow, error::Error, fmt, time::Duration};

use super::{FailedCall, LoginErrorKind, Mismatch, quoted::replaces};

/// The facts about a failure. `Display` shows the cause and the code; the call is for the log only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Details {
    /// The cause.
    pub(super) kind: LoginErrorKind,
    /// A code that this crate recognised, or the name of the provider's error.
    pub(super) code: Option<Cow<'static, str>>,
    /// The code is a name that only this provider defines, so pages do not show it.
    pub(super) is_foreign_name: bool,
    /// `Some` if the call was not made.
    pub(super) retry_after: Option<Duration>,
    /// The call that failed. Boxed, because errors are returned by value and most have none.
    pub(super) call: Option<Box<FailedCall>>,
}

impl Details {
    /// A cause without further facts.
    pub(super) fn new(kind: LoginErrorKind) -> Self {
        Self {
            kind,
            code: None,
            is_foreign_name: false,
            retry_after: None,
            call: None,
        }
    }

    /// Sets the code.
    pub(super) fn coded(self, code: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code: Some(code.into()),
            ..self
        }
    }

    /// Sets a code that only the provider defines.
    pub(super) fn foreign(self, name: String) -> Self {
        Self {
            is_foreign_name: true,
            ..self.coded(name)
        }
    }

    /// Sets the time after which a call may be made again.
    pub(super) fn retried_after(self, rest: Duration) -> Self {
        Self {
            retry_after: Some(rest),
            ..self
        }
    }

    /// Adds the call that failed. A call that was added before stays, as `FailedCall::or` decides.
    pub(super) fn in_call(mut self, call: FailedCall) -> Self {
        let known = self.call.take().map(|known| *known).unwrap_or_default();
        self.call = Some(Box::new(known.or(call)));
        self.with_harmless_code()
    }

    /// Adds the expected and the found value to the call.
    pub(super) fn differing(self, mismatch: Mismatch) -> Self {
        self.in_call(FailedCall {
            mismatch: Box::new(mismatch),
            ..FailedCall::default()
        })
    }

    /// The error of the HTTP client, if the call ended without an answer.
    pub(super) fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.call.as_deref()?.source.as_ref()?;
        Some(source)
    }

    /// Removes a name in which the log's quotation had to replace something. Such a name repeats a
    /// value that was sent, so it is no code. The status takes its place, if there is one.
    fn with_harmless_code(self) -> Self {
        let call = self.call.as_deref();
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
}

impl fmt::Display for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())?;
        match &self.code {
            Some(code) => write!(f, " ({code})"),
            None => Ok(()),
        }
    }
}
