//! The audit log: what happens to sign-ins and sessions, as `tracing` events with stable names and fields.

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

/// Writes one event; its name stands in the metadata and in a field.
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

/// A user as the log names one: no more than a hash.
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
    /// One session, by what the provider answered when it was asked again.
    Checked(&'a SessionId),
}

impl Audit {
    /// None only if the primitives themselves fail.
    pub(crate) fn new(key: &SessionKey, clock: Clock) -> Option<Self> {
        let salt = Salt::new(HKDF_SHA256, b"tower-phone-auth 2 audit");
        let prk = salt.extract(key.secrets().next()?);
        let subjects = prk.expand(&[b"subject"], HMAC_SHA256).ok()?.into();
        Some(Self {
            subjects,
            lines: Lines::new(clock),
        })
    }

    /// The same for the same user in every layer and replica that has this session key first.
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

    /// ERROR is for what an operator mends, WARN for what failed for the moment or what the browser brought, INFO for what users
    /// decide. What the browser brought is limited. A call that was not made costs no time, so that these lines are limited
    /// too.
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

    /// Anybody can send a notice: these are limited, whatever they are.
    pub(crate) fn event_refused(&self, provider: &str, cause: &'static str) {
        self.event_differs(provider, cause, &Mismatch::default());
    }

    /// The same, with what was expected and what came.
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

    /// A page of another origin sent a request with a user's session: it may be an attack, or a missing exception.
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

    /// The same old cookie may be sent again and again.
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

    /// Whether one more line of this kind may be written now. It is counted if not.
    pub(crate) fn allows(&self, line: Line) -> bool {
        self.write_counts();
        self.lines.allow(line)
    }

    /// How many lines were left out, where a minute has passed since the last such line.
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
