//! Reports from the provider about its users: a sign-out there, the end of the link to this
//! application, a closed account.
//!
//! `flow/events` receives them at `/auth/events/{provider}`. The provider's
//! [`ProviderClient`](super::ProviderClient) verifies them and returns the effects. `flow` then
//! ends the sessions. The form depends on the provider: logout tokens (OpenID Connect Back-Channel
//! Logout), security event tokens (RFC 8935), or a webhook of its own.

use std::{borrow::Cow, time::Duration};

use crate::{clock::UnixTime, error::Mismatch};
use http::{HeaderMap, Method, StatusCode, header::CONTENT_TYPE};

/// A request to the events path. Any host on the Internet can send one, so nothing in it counts
/// before it is verified. The body is limited by `flow`.
#[derive(Clone, Copy)]
pub(crate) struct Event<'a> {
    pub(crate) method: &'a Method,
    pub(crate) headers: &'a HeaderMap,
    /// Kakao's webhook may be a GET, with its parameters in the query.
    pub(crate) query: Option<&'a str>,
    pub(crate) body: &'a [u8],
}

impl<'a> Event<'a> {
    /// Whether it is a POST with this media type; parameters of the media type are ignored.
    pub(super) fn is_posted_as(&self, media_type: &str) -> bool {
        let sent = self.headers.get(CONTENT_TYPE);
        let sent = sent.map_or(&b""[..], |sent| sent.as_bytes());
        let sent = sent.split(|byte| *byte == b';').next().unwrap_or(sent);
        self.method == Method::POST
            && sent
                .trim_ascii()
                .eq_ignore_ascii_case(media_type.as_bytes())
    }

    /// Whether it is a POST of an HTML form.
    pub(super) fn is_form(&self) -> bool {
        self.is_posted_as("application/x-www-form-urlencoded")
    }

    /// A parameter of the form, or of the query of a GET. `None` if the parameter is missing or
    /// repeated. A repeated one is refused, because two parsers could read two values.
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

/// The HTTP methods of a provider's events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventMethods {
    Post,
    /// Kakao's webhook may be a GET.
    GetAndPost,
}

impl EventMethods {
    /// Whether an event may have this method.
    pub(crate) fn contains(self, method: &Method) -> bool {
        match self {
            Self::Post => method == Method::POST,
            Self::GetAndPost => method == Method::GET || method == Method::POST,
        }
    }

    /// The value of the header `Allow` (RFC 9110 section 10.2.1).
    pub(crate) const fn allow(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::GetAndPost => "GET, POST",
        }
    }
}

/// The content of a verified event.
#[derive(Debug, Default)]
pub(crate) struct VerifiedEvent {
    /// The identifier of this event, if it has one. An event with a known id is a replay. Without
    /// an id, an event counts each time it arrives.
    pub(crate) id: Option<String>,
    /// The sessions that it ends here.
    pub(crate) effects: Vec<EventEffect>,
    /// The provider's time of the event, if the event has one.
    pub(crate) at: Option<UnixTime>,
    /// The time after `at` during which a copy would be accepted, including the allowed clock skew.
    /// The id is remembered for this time and no longer.
    pub(crate) window: Duration,
}

/// An effect of an event on the sessions here.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum EventEffect {
    /// All sessions of this user end.
    SubjectEnded(String),
    /// The session with this `sid` of the provider ends.
    SessionEnded(String),
    /// One session of this user at the provider ends. Sessions here without a `sid` may belong to
    /// it and end as well.
    SessionOfSubjectEnded {
        /// The `sid` of the session at the provider.
        session: String,
        /// The provider's identifier of the user.
        subject: String,
    },
    /// The user or the provider removed the user's link to this application.
    Unlinked(String),
}

impl EventEffect {
    /// The name of the cause in the audit log, which does not change.
    pub(crate) fn cause(&self) -> &'static str {
        match self {
            Self::SubjectEnded(_) => "signed_out",
            Self::SessionEnded(_) | Self::SessionOfSubjectEnded { .. } => "session_ended",
            Self::Unlinked(_) => "unlinked",
        }
    }

    /// The user whose sessions end, if the event names one.
    pub(crate) fn subject(&self) -> Option<&str> {
        match self {
            Self::SubjectEnded(subject)
            | Self::SessionOfSubjectEnded { subject, .. }
            | Self::Unlinked(subject) => Some(subject),
            Self::SessionEnded(_) => None,
        }
    }

    /// Whether the application's unlink hook is called for this effect.
    pub(crate) const fn is_unlinked(&self) -> bool {
        matches!(self, Self::Unlinked(_))
    }
}

/// The reason why an event was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum EventError {
    /// The sender did not authenticate as the provider.
    Unproved,
    /// The named part of the event is missing or wrong.
    Part(&'static str),
    /// The named part is wrong, with the expected and the found value for the log.
    Differs(&'static str, Box<Mismatch>),
    /// The signature cannot be verified now. The provider's keys could not be fetched, or no cached
    /// key made the signature and the keys may not be fetched again yet. The sender is asked to
    /// send the event again.
    NoKeys,
    /// As `NoKeys`, and the event is kept in memory until newer keys are there.
    Deferred {
        /// The caller must start a task that verifies the deferred events, because none runs.
        starts_task: bool,
    },
}

/// The results of one attempt to verify the deferred events.
#[derive(Debug, Default)]
pub(crate) struct VerifiedDeferred {
    /// The events whose signature was valid. Their effects are not applied yet.
    pub(crate) verified: Vec<VerifiedEvent>,
    /// The number of events that none of the provider's keys signed.
    pub(crate) refused: usize,
    /// The number of events that expired before the keys could be fetched.
    pub(crate) late: usize,
    /// The pause before the next attempt. `None` if no event waits any more.
    pub(crate) next: Option<Duration>,
}

/// The status codes that a provider expects for its events.
#[derive(Debug)]
pub(crate) struct EventResponses {
    /// The event was accepted, and its sessions have ended.
    pub(crate) done: StatusCode,
    /// The event was accepted, and its sessions could not be ended. A provider that repeats events
    /// does so after this status.
    pub(crate) failed: StatusCode,
    /// The event is a replay and has no effect.
    pub(crate) repeated: StatusCode,
    /// The members of the JSON body of a refusal: the error's name and its description. `None` if
    /// the provider defines no body.
    pub(crate) members: Option<[&'static str; 2]>,
}

/// Push delivery of security event tokens (RFC 8935 sections 2.2 and 2.3). A repeated token is
/// acknowledged, because the transmitter has only missed the first acknowledgement.
pub(super) const SECURITY_EVENT: EventResponses = EventResponses {
    done: StatusCode::ACCEPTED,
    failed: StatusCode::SERVICE_UNAVAILABLE,
    repeated: StatusCode::ACCEPTED,
    members: Some(["err", "description"]),
};

/// The media type of a security event token (RFC 8417 section 7.2).
pub(super) const SECURITY_EVENT_TYPE: &str = "application/secevent+jwt";
