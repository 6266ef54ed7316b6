//! The audit log: events of [`tracing`] with stable names and fields. [`AUDIT_TARGET`] lists them.

// The audit log: sign-ins, sessions and refusals as `tracing` events with stable names and fields.
//
// `AUDIT_TARGET` documents every event. Two rules hold for all of them. No event holds a code, a
// token, a key, a phone number or a subject: a user appears as `Masked`, a hash under the
// session key. A stranger cannot fill the log: events that a browser can cause without a sign-in
// pass through `Lines`, which limits each kind and counts what is left out.

use std::fmt;

use aws_lc_rs::{
    hkdf::{HKDF_SHA256, Salt},
    hmac::{self, HMAC_SHA256},
};

pub(crate) use self::lines::Line;
use self::lines::Lines;
use crate::{
    clock::Clock,
    error::{LoginError, Mismatch},
    seal::key::SessionKey,
    session::id::SessionId,
};

pub(crate) use departure::Departure;
pub(crate) use providers::{Ready, clock_difference, provider_keys, provider_setting};
pub use target::AUDIT_TARGET;

mod departure;
mod lines;
mod providers;
mod refusal;
mod target;

/// Writes one event. Its name is both in the metadata and in the field `event`.
macro_rules! line {
    ($level:ident, $event:literal, $($rest:tt)*) => {
        tracing::event!(
            name: $event,
            target: AUDIT_TARGET,
            tracing::Level::$level,
            event = $event,
            $($rest)*
        )
    };
}
use line;

/// The audit log of one layer.
pub(crate) struct Audit {
    subjects: hmac::Key,
    lines: Lines,
}

/// A user in the audit log, as a hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Masked(String);

/// The effect of a provider's notice.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Notice<'a> {
    pub(crate) provider: &'a str,
    pub(crate) cause: &'static str,
    pub(crate) subject: Option<&'a str>,
    pub(crate) complete: bool,
}

/// The object of a revocation.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Revoked<'a> {
    /// All sessions of a user, at the application's request.
    User { provider: &'a str, subject: &'a str },
    /// One session, at the application's request.
    Session(&'a SessionId),
    /// One session, by a new sign-in in the same browser.
    Replaced(&'a SessionId),
    /// One session, because a check with the provider did not pass.
    Checked(&'a SessionId),
}

impl Audit {
    /// `None` only if HKDF fails.
    pub(crate) fn new(key: &SessionKey, clock: Clock) -> Option<Self> {
        let salt = Salt::new(HKDF_SHA256, b"tower-phone-auth 2 audit");
        let prk = salt.extract(key.secrets().next()?);
        let subjects = prk.expand(&[b"subject"], HMAC_SHA256).ok()?.into();
        Some(Self {
            subjects,
            lines: Lines::new(clock),
        })
    }

    /// The same hash in every layer and replica with the same first session key.
    pub(crate) fn mask(&self, provider: &str, subject: &str) -> Masked {
        let text = [provider.as_bytes(), subject.as_bytes()].join(&0);
        let tag = hmac::sign(&self.subjects, &text);
        let short = tag.as_ref().first_chunk().copied().unwrap_or_default();
        Masked(format!("{:016x}", u64::from_be_bytes(short)))
    }

    pub(crate) fn sign_in(&self, provider: &str, subject: &str, session: &SessionId) {
        self.write_counts();
        let (subject, session) = (self.mask(provider, subject), session.prefix());
        line!(INFO, "sign_in", provider, %subject, session, "signed in");
    }

    /// The [`Fault`](crate::error::Fault) decides the level. Errors that only the browser reported
    /// are limited. So are errors of calls that were not made, because causing those costs a client
    /// nothing.
    pub(crate) fn refusal(&self, provider: Option<&str>, error: &LoginError) {
        self.write_counts();
        let is_cheap = error.is_by_browser() || error.retry_after().is_some();
        if is_cheap && !self.lines.allow(Line::Refusal(error.kind())) {
            return;
        }
        refusal::write(provider, error);
    }

    pub(crate) fn sign_out(
        &self,
        provider: &str,
        subject: &str,
        session: &SessionId,
        (everywhere, complete): (bool, bool),
    ) {
        self.write_counts();
        let (subject, session) = (self.mask(provider, subject), session.prefix());
        line!(INFO, "sign_out", provider, %subject, session, everywhere, complete, "signed out");
    }

    pub(crate) fn revocation(&self, revoked: Revoked<'_>, complete: bool) {
        let (cause, session) = match revoked {
            Revoked::User { provider, subject } => {
                let subject = self.mask(provider, subject);
                line!(INFO, "revocation", cause = "revoke", complete, provider, %subject, "sessions revoked");
                return;
            }
            Revoked::Session(session) => ("revoke_session", session.prefix()),
            Revoked::Replaced(session) => ("replaced", session.prefix()),
            Revoked::Checked(session) => ("recheck", session.prefix()),
        };
        line!(
            INFO,
            "revocation",
            cause,
            complete,
            session,
            "session revoked"
        );
    }

    pub(crate) fn event(&self, notice: Notice<'_>) {
        let Notice {
            provider,
            cause,
            complete,
            ..
        } = notice;
        let subject = notice.subject.map(|subject| self.mask(provider, subject).0);
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

    /// Any client can send a notice, so these lines are limited.
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

    /// A page of another origin sent a request with a user's session. It is an attack, or
    /// `cross_site_allowed` lacks the path.
    pub(crate) fn request_refused(&self, cause: &'static str) {
        self.write_counts();
        if self.lines.allow(Line::Request(cause)) {
            line!(WARN, "request_refused", cause, "request refused");
        }
    }

    pub(crate) fn session_key(&self, key: &str, keys: usize) {
        line!(
            INFO,
            "key_rotation",
            cause = "session_key",
            key,
            keys,
            "the session key in use"
        );
    }

    /// Limited, because a client can send the same old cookie again and again.
    pub(crate) fn old_session_key(&self, session: &SessionId) {
        if self.lines.allow(Line::OldSessionKey) {
            let (cause, session) = ("old_session_key", session.prefix());
            line!(
                INFO,
                "key_rotation",
                cause,
                session,
                "a session of an older key was renewed"
            );
        }
    }

    /// Whether one more line of this kind may be written now. If not, it is counted.
    pub(crate) fn allows(&self, line: Line) -> bool {
        self.write_counts();
        self.lines.allow(line)
    }

    /// Writes how many lines were left out, at most once a minute for each kind.
    fn write_counts(&self) {
        for (left_out, count) in self.lines.due() {
            let left_out = tracing::field::debug(left_out);
            line!(
                WARN,
                "suppressed",
                line = left_out,
                count,
                "lines of one kind were left out"
            );
        }
    }
}

impl Masked {
    pub(crate) fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Audit")
    }
}
