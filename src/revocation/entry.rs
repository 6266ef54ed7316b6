//! One revocation, and the sessions that it ends.

use std::time::Duration;

use super::target::{EventId, PersonKeyRef, Target};
use crate::{
    clock::UnixTime,
    session::{
        Binding,
        id::{ProviderSession, SessionId},
    },
};

/// How far the clocks of two replicas may differ. The module's documentation derives its multiples.
pub(crate) const SKEW: Duration = Duration::from_secs(60);

/// The longest delay of a provider's message. A later one ends only sessions from before its own
/// date.
pub(super) const TRANSIT: Duration = Duration::from_secs(10);

/// The longest subject of a session, in bytes (OpenID Connect Core section 2).
pub(crate) const LONGEST_SUBJECT: usize = 255;

/// The longest life of an entry. No session lives longer than 400 days (RFC 6265bis section 5.5).
const LONGEST: Duration = Duration::from_secs(401 * 24 * 60 * 60);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Revocation {
    pub(super) target: Target,
    /// Which of a user's sessions end. [`Cutoff::UNUSED`] for other targets.
    pub(super) cutoff: Cutoff,
    /// Every session that this could end has expired by then.
    pub(super) expires_at: UnixTime,
}

/// When a session began.
#[derive(Clone, Copy, Debug)]
pub(super) struct SessionStart {
    /// By the clock of the replica that signed the user in.
    pub(super) signed_in_at: UnixTime,
    /// The `iat` of the ID token, by the provider's clock.
    pub(super) issued_at: Option<UnixTime>,
}

/// Tells the sessions of a user that began before a revocation from those that began after it.
///
/// A session's date alone does not tell, because sessions are dated by the clocks of different
/// replicas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cutoff {
    /// The date of the revocation in milliseconds since 1970, later than that of every earlier one
    /// of the user. A session whose sign-in knew this date began after the revocation.
    pub(super) at: u64,
    /// A session with a later date, whose sign-in did not know the revocation, was dated by a clock
    /// that is ahead.
    pub(super) implausible_after: UnixTime,
    /// The provider's date of the revocation, by the provider's clock, if it gave one.
    pub(super) issued_until: Option<UnixTime>,
}

impl Cutoff {
    /// For targets that are not a user.
    pub(super) const UNUSED: Self = Self {
        at: 0,
        implausible_after: UnixTime::END,
        issued_until: None,
    };

    /// Whether a session that began at `start` ends. `known` is the `at` of the last revocation
    /// that its sign-in knew.
    ///
    /// If both sides have a date by the provider's clock, those are compared, and the replicas'
    /// clocks do not matter.
    pub(super) fn ends(self, start: SessionStart, known: u64) -> bool {
        let was_before = match (start.issued_at, self.issued_until) {
            (Some(issued_at), Some(issued_until)) => issued_at <= issued_until,
            _ => {
                start.signed_in_at <= self.signed_in_until()
                    || start.signed_in_at > self.implausible_after
            }
        };
        known < self.at && was_before
    }

    /// The latest date of a session that began before the revocation: SKEW later, for a clock that
    /// is ahead.
    fn signed_in_until(self) -> UnixTime {
        let at = UnixTime::from_secs(self.at / 1000);
        // A late message counts from the provider's date.
        let late = |issued_until: &UnixTime| at > issued_until.after(TRANSIT);
        self.issued_until.filter(late).unwrap_or(at).after(SKEW)
    }

    pub(super) fn max(self, other: Self) -> Self {
        let later = if other.at > self.at { other } else { self };
        Self {
            issued_until: self.issued_until.max(other.issued_until),
            ..later
        }
    }
}

impl Revocation {
    /// Ends one session, which expires at `expires_at` at the latest.
    pub(crate) fn of_session(id: SessionId, expires_at: UnixTime) -> Self {
        Self {
            target: Target::Session(id),
            cutoff: Cutoff::UNUSED,
            expires_at: expires_at.after(SKEW),
        }
    }

    /// Marks an event as handled. A copy of the event is refused as too old after `expires_at`.
    pub(crate) const fn of_event(id: EventId, expires_at: UnixTime) -> Self {
        Self {
            target: Target::Event(id),
            cutoff: Cutoff::UNUSED,
            expires_at,
        }
    }

    /// Ends all sessions of a user that began by `then`. `life` is the longest life of a session,
    /// and the subject has at most [`LONGEST_SUBJECT`] bytes.
    pub(crate) fn of_subject(
        binding: Binding,
        subject: &str,
        then: UnixTime,
        life: Duration,
    ) -> Self {
        Self::of_person(PersonKeyRef::subject(binding, subject), then, life)
    }

    /// Ends all sessions that belong to one session at the provider and began by `then`.
    pub(crate) fn of_provider_session(
        binding: Binding,
        session: &ProviderSession,
        then: UnixTime,
        life: Duration,
    ) -> Self {
        Self::of_person(PersonKeyRef::provider_session(binding, session), then, life)
    }

    /// Ends the sessions of a user without a `sid` that began by `then`.
    pub(crate) fn of_subject_without_session(
        binding: Binding,
        subject: &str,
        then: UnixTime,
        life: Duration,
    ) -> Self {
        Self::of_person(
            PersonKeyRef::subject_without_session(binding, subject),
            then,
            life,
        )
    }

    /// The expiry allows for two lifetimes: a session that a clock far ahead dated into the future
    /// expires later.
    fn of_person(key: PersonKeyRef<'_>, then: UnixTime, life: Duration) -> Self {
        let implausible_after = then.after(SKEW);
        Self {
            target: Target::Person(key.to_owned()),
            cutoff: Cutoff {
                at: then.as_millis(),
                implausible_after,
                issued_until: None,
            },
            expires_at: implausible_after.after(life.saturating_mul(2)).after(SKEW),
        }
    }

    /// Adds the provider's date. Such a revocation is kept beside those of the application for the
    /// same person, because its date is of another clock. The end of a session at the provider
    /// needs no date: that session never begins again.
    pub(crate) fn until_issued(self, issued_until: Option<UnixTime>) -> Self {
        match (self.target, issued_until) {
            (Target::Person(person), Some(_)) if !person.is_provider_session() => Self {
                target: Target::PersonByProviderTime(person),
                cutoff: Cutoff {
                    issued_until,
                    ..self.cutoff
                },
                expires_at: self.expires_at,
            },
            (target, _) => Self { target, ..self },
        }
    }

    /// Bounds the expiry, which a replica with a clock years ahead would set years ahead.
    pub(super) fn bounded(self, now: UnixTime) -> Self {
        let expires_at = self.expires_at.min(now.after(LONGEST));
        Self { expires_at, ..self }
    }
}
