//! One revocation, and which sessions it ends.

use std::time::Duration;

use super::target::{EventId, Name, Whose};
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
    pub(super) whose: Whose,
    /// Which of a person's sessions; a single session has one without meaning.
    pub(super) cut: Cut,
    /// After that, no session that it could end is alive.
    pub(super) until: UnixTime,
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
    pub(super) told: Option<UnixTime>,
}

/// How long the message of a provider is on its way.
pub(super) const TRANSIT: Duration = Duration::from_secs(10);

impl Cut {
    /// For single sessions.
    pub(super) const NONE: Self = Self {
        at: 0,
        ahead: UnixTime::END,
        told: None,
    };

    /// `known` is the last of these that the sign-in knew. Two times of the provider are compared with each other, whatever
    /// the clocks here say; dates of replicas are compared where the session has no time of the provider.
    pub(super) fn ends(self, begun: Begun, known: u64) -> bool {
        let was_before = match (begun.issued, self.told) {
            (Some(issued), Some(told)) => issued <= told,
            _ => begun.dated <= self.through() || begun.dated > self.ahead,
        };
        known < self.at && was_before
    }

    /// A sign-in on a replica whose clock is ahead was before it all the same.
    fn through(self) -> UnixTime {
        let at = UnixTime::from_secs(self.at / 1000);
        // A message that comes late ends nothing begun since.
        let at = self
            .told
            .filter(|told| at > told.after(TRANSIT))
            .unwrap_or(at);
        at.after(SKEW)
    }

    pub(super) fn max(self, other: Self) -> Self {
        let later = if other.at > self.at { other } else { self };
        Self {
            told: self.told.max(other.told),
            ..later
        }
    }
}

impl Revocation {
    /// One session. `expires_at` is its end at the latest.
    pub(crate) fn of_session(id: SessionId, expires_at: UnixTime) -> Self {
        Self {
            whose: Whose::Session(id),
            cut: Cut::NONE,
            until: expires_at.after(SKEW),
        }
    }

    /// An event that was handled. `until` is when no copy of it is believed any more.
    pub(crate) const fn of_event(id: EventId, until: UnixTime) -> Self {
        Self {
            whose: Whose::Event(id),
            cut: Cut::NONE,
            until,
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
        Self::of_person(Name::subject(binding, subject), then, life)
    }

    /// All that belongs to one session at the provider, up to `then`.
    pub(crate) fn of_provider_session(
        binding: Binding,
        session: &ProviderSession,
        then: UnixTime,
        life: Duration,
    ) -> Self {
        Self::of_person(Name::provider_session(binding, session), then, life)
    }

    /// The sessions of one person that know no session at the provider, up to `then`.
    pub(crate) fn of_subject_without_session(
        binding: Binding,
        subject: &str,
        then: UnixTime,
        life: Duration,
    ) -> Self {
        Self::of_person(Name::subject_without_session(binding, subject), then, life)
    }

    /// A session that a clock dated ahead lives on by so much: one lifetime is allowed for.
    fn of_person(name: Name<'_>, then: UnixTime, life: Duration) -> Self {
        let ahead = then.after(SKEW);
        let at = then.as_millis();
        Self {
            whose: Whose::Person(name.whom()),
            cut: Cut {
                at,
                ahead,
                told: None,
            },
            until: ahead.after(life.saturating_mul(2)).after(SKEW),
        }
    }

    /// The provider said it, and when it happened by its own clock. It then ends sessions of a user by that time, beside
    /// what this application ended of the same user. A session at the provider that was ended needs no time.
    pub(crate) fn told(self, told: Option<UnixTime>) -> Self {
        match (self.whose, told) {
            (Whose::Person(whom), Some(_)) if !whom.is_provider_session() => Self {
                whose: Whose::Told(whom),
                cut: Cut { told, ..self.cut },
                until: self.until,
            },
            (whose, _) => Self { whose, ..self },
        }
    }

    /// A clock that is years ahead would have it kept for years.
    pub(super) fn bounded(self, now: UnixTime) -> Self {
        let until = self.until.min(now.after(LONGEST));
        Self { until, ..self }
    }
}
