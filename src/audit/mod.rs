//! The audit log: events of [`tracing`] with stable names and fields. [`AUDIT_TARGET`] lists them.

// Two rules hold for all events:
//
// - No event holds a code, a token, a key, a phone number or a subject. A user appears as `Masked`,
//   a hash under the session key.
// - A stranger cannot fill the log. Events that a browser can cause without a sign-in pass through
//   `Lines`, which limits each kind and counts the lines that are left out.

use std::fmt;

use aws_lc_rs::{
    hkdf::{HKDF_SHA256, Salt},
    hmac::{self, HMAC_SHA256},
};

pub(crate) use self::lines::Line;
use self::lines::Lines;
use crate::{
    clock::Clock,
    error::LoginError,
    observe::{AuthEvent, EndedBy, Observer},
    seal::key::SessionKey,
    session::id::SessionId,
};

pub(crate) use departure::Departure;
pub(crate) use providers::{Ready, clock_difference, provider_keys, provider_setting};
pub(crate) use reports::ReportEffect;
pub use target::AUDIT_TARGET;

mod departure;
mod lines;
mod phone_step;
mod providers;
mod refusal;
mod reports;
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

/// The audit log of one layer. Most methods write one event, of their own name.
pub(crate) struct Audit {
    /// Masks subjects. Derived from the first session key.
    subjects: hmac::Key,
    /// The limits of lines.
    lines: Lines,
    /// Events of the application. They are not limited.
    observer: Observer,
}

/// A user in the audit log, as a hash of 16 hexadecimal digits. It joins the lines of one user
/// without naming the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Masked(String);

/// The object of a revocation, and the reason for it.
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

impl Revoked<'_> {
    /// The event of the revocation.
    fn event(self) -> AuthEvent<'static> {
        let by = match self {
            Self::User { .. } | Self::Session(_) => EndedBy::Application,
            Self::Replaced(_) => EndedBy::NewSignIn,
            Self::Checked(_) => EndedBy::Recheck,
        };
        let everywhere = matches!(self, Self::User { .. });
        AuthEvent::Ended { by, everywhere }
    }
}

impl Audit {
    /// The audit log of a layer. `None` only if HKDF (RFC 5869) fails.
    pub(crate) fn new(key: &SessionKey, clock: Clock) -> Option<Self> {
        let salt = Salt::new(HKDF_SHA256, b"tower-phone-auth 2 audit");
        let prk = salt.extract(key.secrets().next()?);
        let subjects = prk.expand(&[b"subject"], HMAC_SHA256).ok()?.into();
        Some(Self {
            subjects,
            lines: Lines::new(clock),
            observer: Observer::default(),
        })
    }

    /// The same, with the function of the application for events.
    pub(crate) fn observed(self, observer: Observer) -> Self {
        Self { observer, ..self }
    }

    /// A session was sealed anew. This is an event and no line, because it happens all day.
    pub(crate) fn renewal(&self, provider: &str) {
        self.observer.notify(AuthEvent::Renewed { provider });
    }

    /// The hash of a user. It is the same in every layer and replica with the same first session
    /// key. Provider and subject are separated by NUL, so no two users have the same text.
    pub(crate) fn mask(&self, provider: &str, subject: &str) -> Masked {
        let text = [provider.as_bytes(), subject.as_bytes()].join(&0);
        let tag = hmac::sign(&self.subjects, &text);
        let short = tag.as_ref().first_chunk().copied().unwrap_or_default();
        Masked(format!("{:016x}", u64::from_be_bytes(short)))
    }

    /// A session began.
    pub(crate) fn sign_in(&self, provider: &str, subject: &str, session: &SessionId) {
        self.write_counts();
        self.observer.notify(AuthEvent::SignedIn { provider });
        let (subject, session) = (self.mask(provider, subject), session.prefix());
        line!(INFO, "sign_in", provider, %subject, session, "signed in");
    }

    /// A sign-in was refused. The [`Fault`](crate::error::Fault) decides the level.
    ///
    /// Errors that only the browser reported are limited. Errors of calls that were not made are
    /// limited too, because causing them costs a client nothing.
    pub(crate) fn refusal(&self, provider: Option<&str>, error: &LoginError) {
        self.write_counts();
        let kind = error.kind();
        self.observer.notify(AuthEvent::Refused { provider, kind });
        let is_cheap = error.is_by_browser() || error.retry_after().is_some();
        if is_cheap && !self.lines.allow(Line::Refusal(error.kind())) {
            return;
        }
        refusal::write(provider, error);
    }

    /// A user signed out: `everywhere` from all sessions. `complete` is false if the log did not
    /// accept the revocation yet.
    pub(crate) fn sign_out(
        &self,
        provider: &str,
        subject: &str,
        session: &SessionId,
        (everywhere, complete): (bool, bool),
    ) {
        self.write_counts();
        let by = EndedBy::SignOut;
        self.observer.notify(AuthEvent::Ended { by, everywhere });
        let (subject, session) = (self.mask(provider, subject), session.prefix());
        line!(INFO, "sign_out", provider, %subject, session, everywhere, complete, "signed out");
    }

    /// Sessions were revoked, as `revoked` says.
    pub(crate) fn revocation(&self, revoked: Revoked<'_>, complete: bool) {
        self.observer.notify(revoked.event());
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

    /// A page of another origin sent a request with a user's session. That is an attack, or
    /// `cross_site_allowed` lacks the path.
    pub(crate) fn request_refused(&self, cause: &'static str) {
        self.write_counts();
        if self.lines.allow(Line::Request(cause)) {
            line!(WARN, "request_refused", cause, "request refused");
        }
    }

    /// A layer was built. `key_rotation` in the log, so that an operator sees that each replica
    /// seals with the new key.
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

    /// A session that an older key sealed was renewed. Limited, because a client can send the same
    /// old cookie again and again.
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

    /// Writes how many lines were left out, at most once a minute for each kind. Called before
    /// other lines, because the layer has no timer.
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
    /// The text, for an error that carries it to the log.
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
