//! One revocation, and which sessions it ends.

use std::time::Duration;

use super::target::{EventId, PersonKeyRef, Target};
use crate::{
    clock::UnixTime,
    session::{
        Binding,
        id::{ProviderSession, SessionId},
    },
};

/// How far the clocks of two replicas may differ: the same as for tokens.
pub(crate) const SKEW: Duration = Duration::from_secs(60);

/// No subject of a session is longer, in bytes.
pub(crate) const LONGEST_SUBJECT: usize = 255;

/// No session lives longer (RFC 6265bis section 5.5), so no revocation need.
const LONGEST: Duration = Duration::from_secs(401 * 24 * 60 * 60);

/// What no longer counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Revocation {
    pub(super) target: Target,
    /// Which of a person's sessions; a single session has one without meaning.
    pub(super) cut: Cut,
    /// After that, no session that it could end is alive.
    pub(super) expires_at: UnixTime,
}

/// When a session began.
#[derive(Clone, Copy, Debug)]
pub(super) struct Begun {
    /// By the clock of the replica that signed the user in.
    pub(super) dated: UnixTime,
    /// The `iat` of its ID token, by the provider's clock.
    pub(super) issued: Option<UnixTime>,
}

/// Which sessions of a person a revocation ends: all that began before it. Sessions are dated by the clocks of the
/// replicas that signed the person in, so the date alone does not tell that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// When it happened, in milliseconds since 1970, and later than any before of the same person: a session whose
    /// sign-in knew it began after it, whatever its date.
    pub(super) at: u64,
    /// A session with a later date, whose sign-in did not know it, was dated by a clock that was ahead.
    pub(super) ahead: UnixTime,
    /// When it happened by the provider's clock, where the provider said so.
    pub(super) issued_until: Option<UnixTime>,
}

/// How long the message of a provider is on its way.
pub(super) const TRANSIT: Duration = Duration::from_secs(10);

impl Cut {
    /// For single sessions.
    pub(super) const NONE: Self = Self {
        at: 0,
        ahead: UnixTime::END,
        issued_until: None,
    };

    /// `known` is the last of these that the sign-in knew. Two times of the provider are compared with each other, whatever
    /// the clocks here say; dates of replicas are compared where the session has no time of the provider.
    pub(super) fn ends(self, begun: Begun, known: u64) -> bool {
        let was_before = match (begun.issued, self.issued_until) {
            (Some(issued), Some(issued_until)) => issued <= issued_until,
            _ => begun.dated <= self.signed_in_until() || begun.dated > self.ahead,
        };
        known < self.at && was_before
    }

    /// A sign-in on a replica whose clock is ahead was before it all the same.
    fn signed_in_until(self) -> UnixTime {
        let at = UnixTime::from_secs(self.at / 1000);
        // A message that comes late ends nothing begun since.
        let at = self
            .issued_until
            .filter(|issued_until| at > issued_until.after(TRANSIT))
            .unwrap_or(at);
        at.after(SKEW)
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
    /// One session. `expires_at` is its end at the latest.
    pub(crate) fn of_session(id: SessionId, expires_at: UnixTime) -> Self {
        Self {
            target: Target::Session(id),
            cut: Cut::NONE,
            expires_at: expires_at.after(SKEW),
        }
    }

    /// An event that was handled. `until` is when no copy of it is believed any more.
    pub(crate) const fn of_event(id: EventId, expires_at: UnixTime) -> Self {
        Self {
            target: Target::Event(id),
            cut: Cut::NONE,
            expires_at,
        }
    }

    /// All sessions of one person up to `then`, none of which lives longer than `life`. The subject has at most
    /// [`LONGEST_SUBJECT`] bytes.
    pub(crate) fn of_subject(
        binding: Binding,
        subject: &str,
        then: UnixTime,
        life: Duration,
    ) -> Self {
        Self::of_person(PersonKeyRef::subject(binding, subject), then, life)
    }

    /// All that belongs to one session at the provider, up to `then`.
    pub(crate) fn of_provider_session(
        binding: Binding,
        session: &ProviderSession,
        then: UnixTime,
        life: Duration,
    ) -> Self {
        Self::of_person(PersonKeyRef::provider_session(binding, session), then, life)
    }

    /// The sessions of one person that know no session at the provider, up to `then`.
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

    /// A session that a clock dated ahead lives on by so much: one lifetime is allowed for.
    fn of_person(name: PersonKeyRef<'_>, then: UnixTime, life: Duration) -> Self {
        let ahead = then.after(SKEW);
        let at = then.as_millis();
        Self {
            target: Target::Person(name.person()),
            cut: Cut {
                at,
                ahead,
                issued_until: None,
            },
            expires_at: ahead.after(life.saturating_mul(2)).after(SKEW),
        }
    }

    /// The provider said it, and when it happened by its own clock. It then ends sessions of a user by that time, beside
    /// what this application ended of the same user. A session at the provider that was ended needs no time.
    pub(crate) fn until_issued(self, issued_until: Option<UnixTime>) -> Self {
        match (self.target, issued_until) {
            (Target::Person(person), Some(_)) if !person.is_provider_session() => Self {
                target: Target::PersonByProviderTime(person),
                cut: Cut {
                    issued_until,
                    ..self.cut
                },
                expires_at: self.expires_at,
            },
            (target, _) => Self { target, ..self },
        }
    }

    /// A clock that is years ahead would have it kept for years.
    pub(super) fn bounded(self, now: UnixTime) -> Self {
        let expires_at = self.expires_at.min(now.after(LONGEST));
        Self { expires_at, ..self }
    }
}
