//! The line of a refused sign-in, and that of a provider that is not ready.

use super::{AUDIT_TARGET, line};
use crate::error::{FailedCall, Fault, LoginError, LoginErrorKind, Mismatch, remedy};

/// Writes that a provider cannot be used yet. An error if only the operator can solve the cause,
/// and otherwise a warning.
pub(super) fn write_not_ready(provider: &str, error: &LoginError) {
    let (kind, cause) = (error.kind(), tracing::field::debug(error.kind()));
    let (reference, code) = (error.reference(), error.code());
    let failed = error.call().cloned().unwrap_or_default();
    let (host, path) = (failed.host.as_deref(), failed.path.as_deref());
    let (call, status, source) = (
        failed.call,
        failed.status,
        failed.source.as_ref().map(|source| &*source.0),
    );
    let expected = failed.mismatch.expected.as_deref();
    let found = failed.mismatch.found.as_deref();
    // `tracing` needs the level as a constant, so each level has a call site of its own.
    macro_rules! not_ready {
        ($level:ident) => {
            line!(
                $level,
                "provider_not_ready",
                reference,
                cause,
                provider,
                code,
                call,
                host,
                status,
                path,
                expected,
                found,
                source,
                "no user can sign in at the provider yet: {kind}"
            )
        };
    }
    match error.fault() {
        Fault::Application => not_ready!(ERROR),
        Fault::Provider | Fault::Browser | Fault::User => not_ready!(WARN),
    }
}

/// Writes a refusal: as an error if only the operator can solve the cause, as information if the
/// user can, and otherwise as a warning.
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
                source = source.as_ref().map(|source| &*source.0),
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

/// The cause in words. A wrong clock has no kind of its own, because it shows in a claim of the
/// token.
fn words(error: &LoginError, mismatch: &Mismatch) -> &'static str {
    if error.kind() == LoginErrorKind::IdTokenRejected && mismatch.is_of_clocks() {
        "the clocks of this server and the provider differ: set both by a time server"
    } else {
        error.words()
    }
}
