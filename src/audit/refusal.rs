//! The line of a refused login.

use super::{AUDIT_TARGET, line};
use crate::error::{FailedCall, Fault, LoginError, LoginErrorKind, Mismatch, remedy};

/// At the level that its fault has.
pub(super) fn write(provider: Option<&str>, error: &LoginError) {
    let cause = tracing::field::debug(error.kind());
    let (reference, code, subject) = (error.reference(), error.code(), error.subject());
    let remedy = remedy(error);
    let failed = error.call().cloned().unwrap_or_default();
    let FailedCall {
        call,
        host,
        status,
        path,
        mismatch,
        error: name,
        description,
        scope,
        source,
    } = &failed;
    let (host, path) = (host.as_deref(), path.as_deref());
    let (expected, found) = (mismatch.expected.as_deref(), mismatch.found.as_deref());
    let difference_s = mismatch.difference_s;
    let words = words(error, mismatch);
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
                path,
                error = name.as_deref(),
                description = description.as_deref(),
                scope = scope.as_deref(),
                expected,
                found,
                difference_s,
                source = source.as_deref(),
                remedy,
                "sign-in refused: {words}"
            )
        };
    }
    match error.fault() {
        Fault::Application => refusal!(ERROR),
        Fault::Provider | Fault::Browser => refusal!(WARN),
        Fault::User => refusal!(INFO),
    }
}

/// Why, in words. A clock that is wrong has no kind of its own.
fn words(error: &LoginError, mismatch: &Mismatch) -> &'static str {
    if error.kind() == LoginErrorKind::IdTokenRejected && mismatch.is_of_clocks() {
        "the clocks of this server and the provider differ: set both by a time server"
    } else {
        error.words()
    }
}
