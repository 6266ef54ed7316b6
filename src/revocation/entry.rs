//! One revocation, and the sessions that it ends.
//!
//! A revocation is applied on every replica, in any order, possibly several times, and after any
//! delay. All decisions here therefore depend on the entry and the session alone, never on the time
//! of arrival.

use std::time::Duration;

use super::target::{EventId, PersonKeyRef, Target};
use crate::{
    clock::UnixTime,
    session::{
        Binding,
        id::{ProviderSession, SessionId},
    },
};

#[cfg(test)]
mod tests;

/// How far the clocks of two replicas may differ. The developers' page at the top of
/// `revocation/mod.rs` derives its multiples.
pub(crate) const SKEW: Duration = Duration::from_secs(60);

/// The longest delay of a provider's report that counts as "now". A later report ends only sessions
/// from before its own date, because the user may have signed in again since.
pub(super) const TRANSIT: Duration = Duration::from_secs(10);

/// The longest subject of a session, in bytes. OpenID Connect Core section 2 allows a `sub` of 255
/// ASCII characters. The bound keeps an entry below the longest payload.
pub(crate) const LONGEST_SUBJECT: usize = 255;

/// The longest life of an entry. No session lives longer than 400 days, the limit of browsers for
/// cookies (RFC 6265bis section 5.5).
const LONGEST: Duration = Duration::from_secs(401 * 24 * 60 * 60);

/// One entry: a target, and the sessions of that target that end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Revocation {
    pub(super) target: Target,
    /// Which of a user's sessions end. [`Cutoff::UNUSED`] for other targets.
    pub(super) cutoff: Cutoff,
    /// Every session that this could end has expired by then. The entry is dropped afterwards.
    pub(super) expires_at: UnixTime,
}

/// When a session began, by the two clocks that may have dated it.
#[derive(Clone, Copy, Debug)]
pub(super) struct SessionStart {
    /// By the clock of the replica that signed the user in.
    pub(super) signed_in_at: UnixTime,
    /// The `iat` of the ID token, by the provider's clock. `None` for a provider without ID tokens.
    pub(super) issued_at: Option<UnixTime>,
}

/// Separates the sessions of a user that began before a revocation from those that began after it.
///
/// The date of a session alone cannot separate them, because sessions are dated by the clocks of
/// different replicas. The cutoff therefore has three criteria. The session's `known` decides if it
/// can; otherwise the provider's dates decide if both sides have one; otherwise the replicas' dates
/// decide, with an allowance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cutoff {
    /// The date of the revocation in milliseconds since 1970, later than that of every earlier one
    /// of the user. A session whose sign-in knew this date began after the revocation.
    pub(super) at: u64,
    /// The latest plausible date of a session at the time of the revocation. A session with a later
    /// date whose sign-in did not know the revocation was dated by a clock that is ahead, and ends.
    pub(super) implausible_after: UnixTime,
    /// The provider's date of the revocation, by the provider's clock, if it gave one.
    pub(super) issued_until: Option<UnixTime>,
}

impl Cutoff {
    /// For a session or an event, which end whatever their dates.
    pub(super) const UNUSED: Self = Self {
        at: 0,
        implausible_after: UnixTime::END,
        issued_until: None,
    };

    /// Whether a session that began at `start` ends. `known` is the `at` of the last revocation
    /// that its sign-in knew. Dates do not matter if the sign-in knew this revocation or a later
    /// one.
    ///
    /// If both sides have a date by the provider's clock, those are compared, and the replicas'
    /// clocks do not matter.
    pub(super) fn ends(self, start: SessionStart, known: u64) -> bool {
        let was_before = match (start.issued_at, self.issued_until) {
            // Both times are of the provider's clock, so no skew is added. They have whole seconds,
            // and a session of the same second ends, because its user can sign in again.
            (Some(issued_at), Some(issued_until)) => issued_at <= issued_until,
            // The second condition ends a session that a clock far ahead has dated. Such a session
            // would otherwise count as begun after the revocation.
            _ => {
                start.signed_in_at <= self.signed_in_until()
                    || start.signed_in_at > self.implausible_after
            }
        };
        // A sign-in that knew this very revocation has an equal date, and must not end by it.
        known < self.at && was_before
    }

    /// The latest date of a session that counts as begun before the revocation. It is SKEW later
    /// than the revocation, for the clock of a replica that is ahead.
    fn signed_in_until(self) -> UnixTime {
        let at = UnixTime::from_secs(self.at / 1000);
        // A late report counts from the provider's date, because the user may have signed in again
        // since.
        let late = |issued_until: &UnixTime| at > issued_until.after(TRANSIT);
        self.issued_until.filter(late).unwrap_or(at).after(SKEW)
    }

    /// The wider one of two cutoffs of the same target: the later date, and the later date of the
    /// provider.
    pub(super) fn max(self, other: Self) -> Self {
        // The plausible dates belong to the later revocation. The provider's date is of another
        // clock than `at`, so it has a maximum of its own.
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
            // A replica whose clock is behind by SKEW accepts the session for so much longer.
            expires_at: expires_at.after(SKEW),
        }
    }

    /// Marks an event as handled. A copy of the event is refused as too old after `expires_at`, so
    /// the mark is not needed any longer.
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

    /// Asks for new claims of a user's sessions. No session ends. The entry is needed as long as a
    /// session with the present claims may live.
    pub(crate) fn of_claims(
        binding: Binding,
        subject: &str,
        then: UnixTime,
        life: Duration,
    ) -> Self {
        Self::of_person(PersonKeyRef::claims(binding, subject), then, life)
    }

    /// A revocation of all sessions of a key that began by `then`.
    ///
    /// The expiry allows for two lifetimes, because a session that a clock far ahead dated into the
    /// future expires later.
    fn of_person(key: PersonKeyRef<'_>, then: UnixTime, life: Duration) -> Self {
        let implausible_after = then.after(SKEW);
        Self {
            target: Target::Person(key.to_owned()),
            cutoff: Cutoff {
                at: then.as_millis(),
                implausible_after,
                issued_until: None,
            },
            // `implausible_after` has one SKEW already, for the clock that dates a session. The
            // other one is for the clock that verifies it.
            expires_at: implausible_after.after(life.saturating_mul(2)).after(SKEW),
        }
    }

    /// Adds the provider's date of the revocation. `None` leaves the revocation as it is.
    ///
    /// A revocation with such a date has a target of its own, beside those of the application for
    /// the same user, because its date is of another clock. The end of a session at the provider
    /// keeps its target, because a session at the provider that ended never begins again, so its
    /// date does not matter.
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

    /// Bounds the expiry by this replica's own date. A replica with a clock years ahead would
    /// otherwise fill the tables of all others with entries that never expire.
    pub(super) fn bounded(self, now: UnixTime) -> Self {
        let expires_at = self.expires_at.min(now.after(LONGEST));
        Self { expires_at, ..self }
    }
}
