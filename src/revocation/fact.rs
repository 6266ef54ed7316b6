//! One revocation, and which sessions it ends.

use std::time::Duration;

use super::whose::{EventId, Name, Whose};
use crate::{
    clock::UnixTime,
    session::Binding,
    session_id::{ProviderSession, SessionId},
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

/// Which sessions of a person a revocation ends: all that began before it. Sessions are dated by the clocks of the
/// replicas that signed the person in, so the date alone does not tell that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// When it happened, in milliseconds since 1970, and later than any before of the same person: a session whose
    /// sign-in knew it began after it, whatever its date.
    pub(super) at: u64,
    /// A session with a later date, whose sign-in did not know it, was dated by a clock that was ahead.
    pub(super) ahead: UnixTime,
}

impl Cut {
    /// For single sessions.
    pub(super) const NONE: Self = Self {
        at: 0,
        ahead: UnixTime::END,
    };

    /// `dated` is the date of a sign-in, and `known` the last of these that it knew.
    pub(super) fn ends(self, dated: UnixTime, known: u64) -> bool {
        known < self.at && (dated <= self.through() || dated > self.ahead)
    }

    /// A sign-in on a replica whose clock is ahead was before it all the same.
    fn through(self) -> UnixTime {
        UnixTime::from_secs(self.at / 1000).after(SKEW)
    }

    pub(super) fn max(self, other: Self) -> Self {
        if other.at > self.at { other } else { self }
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
            cut: Cut { at, ahead },
            until: ahead.after(life.saturating_mul(2)).after(SKEW),
        }
    }

    /// A clock that is years ahead would have it kept for years.
    pub(super) fn bounded(self, now: UnixTime) -> Self {
        let until = self.until.min(now.after(LONGEST));
        Self { until, ..self }
    }
}
