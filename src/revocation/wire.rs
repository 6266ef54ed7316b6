//! How a revocation is written to a log.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{
    entry::{Cut, Revocation},
    target::{EventId, PersonKey, Target},
};
use crate::{clock::UnixTime, seal::Sealer, session::id::SessionId};

/// Version 1, after the byte that says so. A later build adds what it has to say behind this: a build before reads what it
/// knows, and passes over the rest. So far that is one number behind a person: when it happened by the provider's clock.
#[derive(Serialize, Deserialize)]
enum Wire<'a> {
    Session {
        id: [u8; 16],
        expires_at: UnixTime,
    },
    Person {
        person: &'a [u8],
        at: u64,
        ahead: UnixTime,
        expires_at: UnixTime,
    },
    Event {
        id: EventId,
        expires_at: UnixTime,
    },
    /// Of the log itself: see `restoring`.
    Mark(Mark),
}

/// How many kinds there are: later ones are of a newer version.
const KINDS: u8 = 4;

const VERSION: u8 = 1;
/// The associated data, as the name is for a cookie.
const NAME: &str = "revocation";
/// Longer than any that is written: a subject is bounded where it comes in.
const LONGEST_PAYLOAD: usize = 1024;

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Revocation(Revocation),
    Mark(Mark),
}

/// About a log that lost its entries: a replica puts back all that it knows, or is through with that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    /// The replica, by a number of its own.
    pub(super) by: u64,
    /// When it began to put back.
    pub(super) began: UnixTime,
    pub(super) is_whole: bool,
}

/// Why an entry of the log says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// Changed, forged, cut, or sealed with a key that is not among ours.
    Foreign,
    /// Written by a newer version of this crate.
    Newer,
}

impl Revocation {
    pub(super) fn seal(&self, sealer: &Sealer, now: UnixTime) -> Option<Bytes> {
        let (
            Cut {
                at,
                ahead,
                issued_until,
            },
            expires_at,
        ) = (self.cut, self.expires_at);
        let wire = match &self.target {
            Target::Session(id) => Wire::Session {
                id: *id.as_bytes(),
                expires_at,
            },
            Target::Person(PersonKey(person)) | Target::PersonByProviderTime(PersonKey(person)) => {
                Wire::Person {
                    person,
                    at,
                    ahead,
                    expires_at,
                }
            }
            Target::Event(id) => Wire::Event {
                id: *id,
                expires_at,
            },
        };
        seal(sealer, &wire, issued_until, now)
    }
}

impl Mark {
    pub(super) fn seal(self, sealer: &Sealer, now: UnixTime) -> Option<Bytes> {
        seal(sealer, &Wire::Mark(self), None, now)
    }
}

/// None if it would be longer than what is opened.
fn seal(
    sealer: &Sealer,
    wire: &Wire<'_>,
    issued_until: Option<UnixTime>,
    now: UnixTime,
) -> Option<Bytes> {
    let issued_until = issued_until
        .map(|issued_until| postcard::to_allocvec(&issued_until))
        .transpose();
    let (wire, issued_until) = (postcard::to_allocvec(wire).ok()?, issued_until.ok()?);
    let plain = [&[VERSION], &wire[..], &issued_until.unwrap_or_default()].concat();
    let payload = sealer.seal(NAME, &plain, now)?;
    (payload.len() <= LONGEST_PAYLOAD).then(|| payload.into())
}

impl Entry {
    /// What was sealed, unchanged: by that it is recognised. Anything may stand in a log.
    pub(super) fn open(sealer: &Sealer, payload: &[u8], now: UnixTime) -> Result<Self, Unreadable> {
        let mut buffer = [0; LONGEST_PAYLOAD];
        let opened = sealer.open(NAME, payload, now, &mut buffer);
        let (version, rest) = opened
            .and_then(|opened| opened.plain.split_first())
            .ok_or(Unreadable::Foreign)?;
        if *version != VERSION || rest.first().is_some_and(|kind| *kind >= KINDS) {
            return Err(Unreadable::Newer);
        }
        let (wire, more) = postcard::take_from_bytes(rest).map_err(|_| Unreadable::Foreign)?;
        let (target, cut, expires_at) = match wire {
            Wire::Session { id, expires_at } => (
                Target::Session(SessionId::from_bytes(id)),
                Cut::NONE,
                expires_at,
            ),
            Wire::Person {
                person,
                at,
                ahead,
                expires_at,
            } => {
                let (person, issued_until) = (PersonKey(person.into()), until_issued(more)?);
                let cut = Cut {
                    at,
                    ahead,
                    issued_until,
                };
                match issued_until {
                    Some(_) => (Target::PersonByProviderTime(person), cut, expires_at),
                    None => (Target::Person(person), cut, expires_at),
                }
            }
            Wire::Event { id, expires_at } => (Target::Event(id), Cut::NONE, expires_at),
            Wire::Mark(mark) => return Ok(Self::Mark(mark)),
        };
        Ok(Self::Revocation(Revocation {
            target,
            cut,
            expires_at,
        }))
    }
}

fn until_issued(more: &[u8]) -> Result<Option<UnixTime>, Unreadable> {
    if more.is_empty() {
        return Ok(None);
    }
    let issued_until = postcard::take_from_bytes(more);
    issued_until
        .map(|(issued_until, _)| Some(issued_until))
        .map_err(|_| Unreadable::Foreign)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{
        revocation::entry::LONGEST_SUBJECT,
        seal::{Purpose, key::SessionKey},
        session::Binding,
    };

    const LONGEST: Duration = Duration::from_secs(401 * 24 * 60 * 60);

    fn sealer() -> Sealer {
        Sealer::for_tests(&SessionKey::random(), Purpose::Revocation)
    }

    #[test]
    fn an_entry_of_a_newer_version_is_told_from_a_damaged_one() {
        let (sealer, now) = (sealer(), UnixTime::from_secs(1_800_000_000));
        let id = SessionId::random().unwrap();
        let revocation = Revocation::of_session(id, now);
        let payload = revocation.seal(&sealer, now).unwrap();
        let opened = Entry::open(&sealer, &payload, now);
        assert_eq!(opened, Ok(Entry::Revocation(revocation)));
        // Of another version, and of a kind that came later.
        for newer in [
            &[VERSION + 1, 7, 7][..],
            &[VERSION, KINDS],
            &[VERSION, 200, 9],
        ] {
            let newer = sealer.seal(NAME, newer, now).unwrap();
            let opened = Entry::open(&sealer, newer.as_bytes(), now);
            assert_eq!(opened, Err(Unreadable::Newer));
        }
        for damaged in [&[VERSION][..], &[VERSION, 0], &[VERSION, 2, 9], &[]] {
            let damaged = sealer.seal(NAME, damaged, now).unwrap();
            let opened = Entry::open(&sealer, damaged.as_bytes(), now);
            assert_eq!(opened, Err(Unreadable::Foreign));
        }
    }

    #[test]
    fn a_person_is_read_as_before_and_with_the_time_of_the_provider() {
        let (sealer, now) = (sealer(), UnixTime::from_secs(1_800_000_000));
        let binding = Binding::new("oidc", "openid", "issuer", "client");
        let own = Revocation::of_subject(binding, "a", now, LONGEST);
        let issued_until = own
            .clone()
            .until_issued(Some(now.before(Duration::from_secs(90))));
        assert_ne!(own.target, issued_until.target);
        for revocation in [&own, &issued_until] {
            let payload = revocation.seal(&sealer, now).unwrap();
            let opened = Entry::open(&sealer, &payload, now);
            assert_eq!(opened, Ok(Entry::Revocation(revocation.clone())));
        }
        // What a build before reads of it, and what it wrote itself.
        let Target::PersonByProviderTime(PersonKey(person)) = &issued_until.target else {
            unreachable!("{issued_until:?}")
        };
        let (at, ahead, expires_at) = (
            issued_until.cut.at,
            issued_until.cut.ahead,
            issued_until.expires_at,
        );
        let wire = Wire::Person {
            person,
            at,
            ahead,
            expires_at,
        };
        let before = postcard::to_allocvec(&wire).unwrap();
        let payload = issued_until.seal(&sealer, now).unwrap();
        let mut buffer = [0; LONGEST_PAYLOAD];
        let plain = sealer.open(NAME, &payload, now, &mut buffer).unwrap().plain;
        assert!(plain[1..].starts_with(&before));
        assert!(postcard::from_bytes::<Wire<'_>>(&plain[1..]).is_ok());
        let payload = sealer.seal(NAME, &[&[VERSION], &before[..]].concat(), now);
        let opened = Entry::open(&sealer, payload.unwrap().as_bytes(), now);
        assert_eq!(opened, Ok(Entry::Revocation(own)));
    }

    #[test]
    fn the_longest_subject_fits_and_a_clock_that_is_ages_ahead_is_bounded() {
        let (sealer, now) = (sealer(), UnixTime::from_secs(1_800_000_000));
        let binding = Binding::new("kakao", "kakao", "issuer", "client");
        let far = UnixTime::from_secs(9_000_000_000);
        let revocation =
            Revocation::of_subject(binding, &"s".repeat(LONGEST_SUBJECT), far, LONGEST);
        let payload = revocation.seal(&sealer, now).unwrap();
        assert!(payload.len() < LONGEST_PAYLOAD);
        let opened = Entry::open(&sealer, &payload, now);
        assert_eq!(opened, Ok(Entry::Revocation(revocation.clone())));
        assert_eq!(revocation.bounded(now).expires_at, now.after(LONGEST));
    }
}
