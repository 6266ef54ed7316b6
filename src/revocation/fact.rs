//! One revocation, and how it is written to a log.

use std::{hash::Hash, time::Duration};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::{
    clock::UnixTime,
    seal::Sealer,
    session::Binding,
    session_id::{ProviderSession, SessionId},
};

/// How far the clocks of two replicas may differ: the same as for tokens.
pub(crate) const SKEW: Duration = Duration::from_secs(60);

/// No session lives longer (RFC 6265bis section 5.5), so no revocation need.
const LONGEST: Duration = Duration::from_secs(401 * 24 * 60 * 60);

/// What no longer counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Revocation {
    pub(super) whose: Whose,
    /// Sessions of sign-ins until then are over; later ones are not.
    pub(super) through: UnixTime,
    /// After that, no session that it could end is alive anyhow.
    pub(super) until: UnixTime,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Whose {
    Session(SessionId),
    Person(Whom),
    /// Nobody's: an event that was handled, and must not be handled again.
    Event(EventId),
}

/// A short hash of the name that a provider gave an event, and of the provider.
pub(crate) type EventId = [u8; 16];

/// A person at a provider, or what belongs to one session there: a letter, the binding, and the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Whom(Box<[u8]>);

/// The same, borrowed from a session that is looked up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name<'a> {
    kind: u8,
    binding: Binding,
    text: &'a [u8],
}

impl<'a> Name<'a> {
    pub(super) fn subject(binding: Binding, subject: &'a str) -> Self {
        Self {
            kind: b'u',
            binding,
            text: subject.as_bytes(),
        }
    }

    /// What a person has in sessions that know no session at the provider.
    pub(super) fn subject_without_session(binding: Binding, subject: &'a str) -> Self {
        Self {
            kind: b'n',
            binding,
            text: subject.as_bytes(),
        }
    }

    pub(super) fn provider_session(binding: Binding, session: &'a ProviderSession) -> Self {
        Self {
            kind: b's',
            binding,
            text: session.as_bytes(),
        }
    }

    fn whom(self) -> Whom {
        Whom(
            [&[self.kind], &self.binding.as_bytes()[..], self.text]
                .concat()
                .into(),
        )
    }
}

impl Hash for Name<'_> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write_u8(self.kind);
        state.write_u64(u64::from_le_bytes(*self.binding.as_bytes()));
        state.write(self.text);
    }
}

/// As its [`Name`], by which it is looked up.
impl Hash for Whom {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        if let Some((kind, rest)) = self.0.split_first()
            && let Some((binding, text)) = rest.split_first_chunk()
        {
            state.write_u8(*kind);
            state.write_u64(u64::from_le_bytes(*binding));
            state.write(text);
        }
    }
}

impl papaya::Equivalent<Whom> for Name<'_> {
    fn equivalent(&self, whom: &Whom) -> bool {
        let rest = whom.0.strip_prefix(&[self.kind]);
        let text = rest.and_then(|rest| rest.strip_prefix(self.binding.as_bytes()));
        text == Some(self.text)
    }
}

/// Version 1, after the byte that says so.
#[derive(Serialize, Deserialize)]
enum Wire<'a> {
    Session {
        id: [u8; 16],
        until: UnixTime,
    },
    Person {
        whom: &'a [u8],
        through: UnixTime,
        until: UnixTime,
    },
    Event {
        id: EventId,
        until: UnixTime,
    },
}

/// How many kinds there are: later ones are of a newer version.
const KINDS: u8 = 3;

const VERSION: u8 = 1;
/// The associated data, as the name is for a cookie.
const NAME: &str = "revocation";
/// Longer than any that is written.
const LONGEST_PAYLOAD: usize = 1024;

/// Why an entry of the log says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// Changed, forged, cut, or sealed with a key that is not among ours.
    Foreign,
    /// Written by a newer version of this crate.
    Newer,
}

impl Revocation {
    /// One session. `expires_at` is its end at the latest.
    pub(crate) fn of_session(id: SessionId, expires_at: UnixTime) -> Self {
        Self {
            whose: Whose::Session(id),
            through: UnixTime::END,
            until: expires_at.after(SKEW),
        }
    }

    /// An event that was handled. `until` is when no copy of it is believed any more.
    pub(crate) const fn of_event(id: EventId, until: UnixTime) -> Self {
        Self {
            whose: Whose::Event(id),
            through: UnixTime::END,
            until,
        }
    }

    /// All sessions of one person up to `now`, none of which lives longer than `life`.
    pub(crate) fn of_subject(
        binding: Binding,
        subject: &str,
        now: UnixTime,
        life: Duration,
    ) -> Self {
        Self::of_person(Name::subject(binding, subject), now, life)
    }

    /// All that belongs to one session at the provider, up to `now`.
    pub(crate) fn of_provider_session(
        binding: Binding,
        session: &ProviderSession,
        now: UnixTime,
        life: Duration,
    ) -> Self {
        Self::of_person(Name::provider_session(binding, session), now, life)
    }

    /// The sessions of one person that know no session at the provider, up to `now`.
    pub(crate) fn of_subject_without_session(
        binding: Binding,
        subject: &str,
        now: UnixTime,
        life: Duration,
    ) -> Self {
        Self::of_person(Name::subject_without_session(binding, subject), now, life)
    }

    /// A sign-in on a machine whose clock is ahead was before it all the same.
    fn of_person(name: Name<'_>, now: UnixTime, life: Duration) -> Self {
        let through = now.after(SKEW);
        Self {
            whose: Whose::Person(name.whom()),
            through,
            until: through.after(life).after(SKEW),
        }
    }

    pub(super) fn seal(&self, sealer: &Sealer, now: UnixTime) -> Option<Bytes> {
        let (through, until) = (self.through, self.until);
        let wire = match &self.whose {
            Whose::Session(id) => Wire::Session {
                id: *id.as_bytes(),
                until,
            },
            Whose::Person(Whom(whom)) => Wire::Person {
                whom,
                through,
                until,
            },
            Whose::Event(id) => Wire::Event { id: *id, until },
        };
        let plain = [&[VERSION], &postcard::to_allocvec(&wire).ok()?[..]].concat();
        Some(sealer.seal(NAME, &plain, now)?.into())
    }

    /// Whatever stands in the log was written by somebody.
    pub(super) fn open(sealer: &Sealer, payload: &[u8], now: UnixTime) -> Result<Self, Unreadable> {
        let mut buffer = [0; LONGEST_PAYLOAD];
        let opened = sealer.open(NAME, payload, now, &mut buffer);
        let (version, rest) = opened
            .and_then(|opened| opened.plain.split_first())
            .ok_or(Unreadable::Foreign)?;
        if *version != VERSION || rest.first().is_some_and(|kind| *kind >= KINDS) {
            return Err(Unreadable::Newer);
        }
        let wire = postcard::from_bytes(rest).map_err(|_| Unreadable::Foreign)?;
        let (whose, through, until) = match wire {
            Wire::Session { id, until } => (
                Whose::Session(SessionId::from_bytes(id)),
                UnixTime::END,
                until,
            ),
            Wire::Person {
                whom,
                through,
                until,
            } => {
                // The next sign-in is dated after it, and must not be dated far ahead.
                let through = through.min(now.after(3 * SKEW));
                (Whose::Person(Whom(whom.into())), through, until)
            }
            Wire::Event { id, until } => (Whose::Event(id), UnixTime::END, until),
        };
        // A clock that is years ahead would have it kept for years.
        let until = until.min(now.after(LONGEST));
        Ok(Self {
            whose,
            through,
            until,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{key::SessionKey, seal::Purpose};

    fn sealer() -> Sealer {
        Sealer::for_tests(&SessionKey::random(), Purpose::Revocation)
    }

    #[test]
    fn an_entry_of_a_newer_version_is_told_from_a_damaged_one() {
        let (sealer, now) = (sealer(), UnixTime::from_secs(1_800_000_000));
        let id = SessionId::random().unwrap();
        let revocation = Revocation::of_session(id, now);
        let payload = revocation.seal(&sealer, now).unwrap();
        assert_eq!(Revocation::open(&sealer, &payload, now), Ok(revocation));
        // Of another version, and of a kind that came later.
        for newer in [
            &[VERSION + 1, 7, 7][..],
            &[VERSION, KINDS],
            &[VERSION, 200, 9],
        ] {
            let newer = sealer.seal(NAME, newer, now).unwrap();
            let opened = Revocation::open(&sealer, newer.as_bytes(), now);
            assert_eq!(opened, Err(Unreadable::Newer));
        }
        for damaged in [&[VERSION][..], &[VERSION, 0], &[VERSION, 2, 9], &[]] {
            let damaged = sealer.seal(NAME, damaged, now).unwrap();
            let opened = Revocation::open(&sealer, damaged.as_bytes(), now);
            assert_eq!(opened, Err(Unreadable::Foreign));
        }
    }

    #[test]
    fn the_longest_subject_fits_and_a_clock_that_is_ages_ahead_is_bounded() {
        let (sealer, now) = (sealer(), UnixTime::from_secs(1_800_000_000));
        let binding = Binding::new("kakao", "kakao", "issuer", "client");
        let far = UnixTime::from_secs(9_000_000_000);
        let revocation =
            Revocation::of_subject(binding, &"s".repeat(255), far, Duration::from_secs(60));
        let payload = revocation.seal(&sealer, now).unwrap();
        assert!(payload.len() < LONGEST_PAYLOAD);
        let opened = Revocation::open(&sealer, &payload, now).unwrap();
        assert_eq!(opened.whose, revocation.whose);
        assert_eq!(opened.until, now.after(LONGEST));
    }
}
