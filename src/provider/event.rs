//! What a provider tells on its own account: that a person signed out there, or took the link
//! away.

use std::{borrow::Cow, time::Duration};

use crate::{clock::UnixTime, error::Mismatch};
use http::{HeaderMap, Method, StatusCode, header::CONTENT_TYPE};

/// A request that may be the provider's. Everything in it is hostile until verified.
#[derive(Clone, Copy)]
pub(crate) struct Event<'a> {
    pub(crate) method: &'a Method,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) query: Option<&'a str>,
    pub(crate) body: &'a [u8],
}

impl<'a> Event<'a> {
    /// Whether it is posted as this media type, whatever its parameters.
    pub(super) fn is_posted_as(&self, media_type: &str) -> bool {
        let sent = self.headers.get(CONTENT_TYPE);
        let sent = sent.map_or(&b""[..], |sent| sent.as_bytes());
        let sent = sent.split(|byte| *byte == b';').next().unwrap_or(sent);
        self.method == Method::POST
            && sent
                .trim_ascii()
                .eq_ignore_ascii_case(media_type.as_bytes())
    }

    pub(super) fn is_form(&self) -> bool {
        self.is_posted_as("application/x-www-form-urlencoded")
    }

    /// A parameter of the form, or of the query of a GET; none if it is repeated.
    pub(super) fn parameter(&self, name: &str) -> Option<Cow<'a, str>> {
        let encoded = match *self.method {
            Method::GET => self.query.unwrap_or_default().as_bytes(),
            _ => self.body,
        };
        let mut values = form_urlencoded::parse(encoded).filter(|(key, _)| key == name);
        let (_, value) = values.next()?;
        values.next().is_none().then_some(value)
    }
}

/// What was told, and is true.
#[derive(Debug, Default)]
pub(crate) struct VerifiedEvent {
    /// Names this event and no other, where it has a name.
    pub(crate) id: Option<String>,
    pub(crate) effects: Vec<EventEffect>,
    /// When it was said, where that is known.
    pub(crate) at: Option<UnixTime>,
    /// For how long after that a copy of it would be believed, with the skew of clocks.
    pub(crate) window: Duration,
}

/// What one event means here.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum EventEffect {
    /// All sessions of this person are over.
    SubjectEnded(String),
    /// One session at the provider is over, by its `sid`.
    SessionEnded(String),
    /// One session of this person at the provider is over. Sessions here that know no `sid` may belong to it.
    SessionOfSubjectEnded {
        /// Its `sid`.
        session: String,
        subject: String,
    },
    /// The person, or the provider, took the link to this application away.
    Unlinked(String),
}

impl EventEffect {
    /// As the audit log names it.
    pub(crate) fn cause(&self) -> &'static str {
        match self {
            Self::SubjectEnded(_) => "signed_out",
            Self::SessionEnded(_) | Self::SessionOfSubjectEnded { .. } => "session_ended",
            Self::Unlinked(_) => "unlinked",
        }
    }

    pub(crate) fn subject(&self) -> Option<&str> {
        match self {
            Self::SubjectEnded(subject)
            | Self::SessionOfSubjectEnded { subject, .. }
            | Self::Unlinked(subject) => Some(subject),
            Self::SessionEnded(_) => None,
        }
    }

    pub(crate) const fn is_unlinked(&self) -> bool {
        matches!(self, Self::Unlinked(_))
    }
}

/// Why nothing was believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum EventError {
    /// Whoever sent it did not prove to be the provider.
    Unproved,
    /// The named part is missing or wrong.
    Part(&'static str),
    /// The same, with what the log says about it.
    Differs(&'static str, Box<Mismatch>),
    /// The provider's keys cannot be had now, or none of those at hand made it, and newer ones may not be asked for yet.
    NoKeys,
    /// The same, and it is kept until they can.
    Deferred {
        /// A task has to begin that judges what is kept.
        starts_task: bool,
    },
}

/// The results of judging the kept events.
#[derive(Debug, Default)]
pub(crate) struct VerifiedDeferred {
    pub(crate) verified: Vec<VerifiedEvent>,
    /// The signatures were made by none of the provider's keys.
    pub(crate) refused: usize,
    /// No keys came in time.
    pub(crate) late: usize,
    /// When it is worth the next attempt; none if nothing is kept any more.
    pub(crate) next: Option<Duration>,
}

/// How a provider wants its events answered.
#[derive(Debug)]
pub(crate) struct EventResponses {
    /// Received, and done.
    pub(crate) done: StatusCode,
    /// Received, and not done: where the provider sends events again, this makes it do so.
    pub(crate) failed: StatusCode,
    /// Received before.
    pub(crate) repeated: StatusCode,
    /// The members of a refusal's document: what went wrong, and the same in words.
    pub(crate) members: Option<[&'static str; 2]>,
}

/// Push delivery of security event tokens (RFC 8935 sections 2.2 and 2.3): one that was received
/// twice was received.
pub(super) const SECURITY_EVENT: EventResponses = EventResponses {
    done: StatusCode::ACCEPTED,
    failed: StatusCode::SERVICE_UNAVAILABLE,
    repeated: StatusCode::ACCEPTED,
    members: Some(["err", "description"]),
};

/// The media type of a security event token (RFC 8417 section 7.2).
pub(super) const SECURITY_EVENT_TYPE: &str = "application/secevent+jwt";
