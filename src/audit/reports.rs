//! The lines about reports of providers: handled, and refused.

use super::{AUDIT_TARGET, Audit, line, lines::Line};
use crate::{
    error::Mismatch,
    observe::{AuthEvent, EndedBy},
};

/// The effect of a provider's report about a user.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReportEffect<'a> {
    pub(crate) provider: &'a str,
    /// The kind of report, such as `unlinked`.
    pub(crate) cause: &'static str,
    /// The user, before masking. `None` if the report names a session at the provider only.
    pub(crate) subject: Option<&'a str>,
    pub(crate) complete: bool,
}

impl Audit {
    /// A report of a provider was handled.
    pub(crate) fn event(&self, effect: ReportEffect<'_>) {
        let ReportEffect {
            provider,
            cause,
            complete,
            ..
        } = effect;
        let (by, everywhere) = (EndedBy::Provider, effect.subject.is_some());
        self.observer.notify(AuthEvent::Ended { by, everywhere });
        let subject = effect.subject.map(|subject| self.mask(provider, subject).0);
        line!(
            INFO,
            "event",
            provider,
            cause,
            complete,
            subject,
            "the provider ended sessions"
        );
    }

    /// A report was refused, or could not be handled. Any client can send a report, so these lines
    /// are limited.
    pub(crate) fn event_refused(&self, provider: &str, cause: &'static str) {
        self.event_differs(provider, cause, &Mismatch::default());
    }

    /// Like [`event_refused`](Self::event_refused), with the expected and the found value.
    pub(crate) fn event_differs(&self, provider: &str, cause: &'static str, mismatch: &Mismatch) {
        self.write_counts();
        if !self.lines.allow(Line::Event(cause)) {
            return;
        }
        let (expected, found) = (mismatch.expected.as_deref(), mismatch.found.as_deref());
        let difference_s = mismatch.difference_s;
        // The report may be genuine, and was not handled.
        if matches!(cause, "no_keys" | "late") {
            line!(ERROR, "event_refused", provider, cause, "event not handled");
        } else if cause == "kept" {
            line!(
                WARN,
                "event_refused",
                provider,
                cause,
                "event not handled yet"
            );
        } else {
            line!(
                WARN,
                "event_refused",
                provider,
                cause,
                expected,
                found,
                difference_s,
                "event refused"
            );
        }
    }
}
