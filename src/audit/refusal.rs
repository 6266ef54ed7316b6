//! The line of a refused login.

use super::{AUDIT_TARGET, line};
use crate::error::{FailedCall, Fault, LoginError};

/// At the level that its fault has.
pub(super) fn write(provider: Option<&str>, error: &LoginError) {
    let (kind, cause) = (error.kind(), tracing::field::debug(error.kind()));
    let (reference, code, subject) = (error.reference(), error.code(), error.subject());
    let failed = error.call().cloned().unwrap_or_default();
    let FailedCall {
        call,
        host,
        status,
        error: name,
        description,
        scope,
        source,
    } = &failed;
    let host = host.as_deref();
    macro_rules! refusal {
        ($level:ident) => {
            line!(
                $level,
                "refusal",
                reference,
                cause,
                provider,
                code,
                subject,
                call,
                host,
                status,
                error = name.as_deref(),
                description = description.as_deref(),
                scope = scope.as_deref(),
                source = source.as_deref(),
                "sign-in refused: {kind}"
            )
        };
    }
    match error.fault() {
        Fault::Application => refusal!(ERROR),
        Fault::Provider | Fault::Browser => refusal!(WARN),
        Fault::User => refusal!(INFO),
    }
}
