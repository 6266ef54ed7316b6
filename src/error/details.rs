//! The facts that a refused login and a failed request to a provider share.

use std::{borrow::Cow, fmt, time::Duration};

use super::{FailedCall, LoginErrorKind, Mismatch, quoted::replaces};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Details {
    pub(super) kind: LoginErrorKind,
    pub(super) code: Option<Cow<'static, str>>,
    /// The code is a name that the provider made up.
    pub(super) is_foreign_name: bool,
    pub(super) retry_after: Option<Duration>,
    pub(super) call: Option<Box<FailedCall>>,
}

impl Details {
    pub(super) fn new(kind: LoginErrorKind) -> Self {
        Self {
            kind,
            code: None,
            is_foreign_name: false,
            retry_after: None,
            call: None,
        }
    }

    pub(super) fn coded(self, code: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code: Some(code.into()),
            ..self
        }
    }

    pub(super) fn foreign(self, name: String) -> Self {
        Self {
            is_foreign_name: true,
            ..self.coded(name)
        }
    }

    pub(super) fn retried_after(self, rest: Duration) -> Self {
        Self {
            retry_after: Some(rest),
            ..self
        }
    }

    /// The call that is named first counts.
    pub(super) fn in_call(mut self, call: FailedCall) -> Self {
        let known = self.call.take().map(|known| *known).unwrap_or_default();
        self.call = Some(Box::new(known.or(call)));
        self.with_harmless_code()
    }

    pub(super) fn differing(self, mismatch: Mismatch) -> Self {
        self.in_call(FailedCall {
            mismatch: Box::new(mismatch),
            ..FailedCall::default()
        })
    }

    /// A name in which the log's quotation replaces something is no code. The status takes its
    /// place, where there is one.
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
