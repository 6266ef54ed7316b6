//! The entries as they are written to a log.
//!
//! An entry is sealed with the session key, so read access to the log discloses nothing, and write
//! access forges nothing. The plain text is a version byte, the postcard encoding of a [`Wire`],
//! and for a user the provider's date, if there is one. A later version may append further fields:
//! an older replica reads those that it knows and ignores the rest.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{
    entry::{Cutoff, Revocation},
    target::{EventId, PersonKey, Target},
};
use crate::{clock::UnixTime, seal::Sealer, session::id::SessionId};

#[cfg(test)]
mod tests;

/// An entry of version 1. The order of variants and fields is the format, so a new variant goes to
/// the end.
///
/// The first three variants are revocations, by the kind of their target. `Person` stands for both
/// targets of a user, and a date of the provider that follows the entry tells them apart. `Mark` is
/// no revocation.
#[derive(Serialize, Deserialize)]
enum Wire<'a> {
    Session {
        id: [u8; 16],
        expires_at: UnixTime,
    },
    Person {
        person: &'a [u8],
        at: u64,
        implausible_after: UnixTime,
        expires_at: UnixTime,
    },
    Event {
        id: EventId,
        expires_at: UnixTime,
    },
    Mark(RestoreMark),
}

/// The number of variants. An entry with a higher index is of a newer version, and is counted apart
/// from damaged ones, so that the log line names the right cause during a deployment.
const KINDS: u8 = 4;

/// The first byte of the plain text. A change that older replicas must not read raises it.
const VERSION: u8 = 1;
/// The associated data of the seal, in the place of a cookie's name.
const NAME: &str = "revocation";
/// Upper bound of a sealed entry, which is opened on the stack. [`seal`] never writes a longer one,
/// because subjects are bounded.
const LONGEST_PAYLOAD: usize = 1024;

/// An entry of the log, opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Revocation(Revocation),
    Mark(RestoreMark),
}

/// The beginning or the end of what a replica publishes after the log lost its entries. See
/// `restoring`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RestoreMark {
    /// A random number that the replica has chosen.
    pub(super) replica: u64,
    /// The date of the first of the two marks.
    pub(super) began: UnixTime,
    /// `false` for the mark before the entries, `true` for the one behind them.
    pub(super) is_last: bool,
}

/// The entries of a batch, without those that cannot be read.
pub(super) struct OpenedBatch {
    pub(super) entries: Vec<Entry>,
    pub(super) skipped: Skipped,
}

/// How many entries of a batch cannot be read, by cause.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Skipped {
    /// See [`Unreadable::Foreign`].
    pub(super) foreign: usize,
    /// See [`Unreadable::Newer`].
    pub(super) newer: usize,
}

/// Why an entry cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// Damaged, forged, or sealed with a key that this replica does not have.
    Foreign,
    /// Written by a newer version of this crate.
    Newer,
}

impl Revocation {
    /// The payload of this entry. `None` as in [`seal`].
    pub(super) fn seal(&self, sealer: &Sealer, now: UnixTime) -> Option<Bytes> {
        let (cutoff, expires_at) = (self.cutoff, self.expires_at);
        let wire = match &self.target {
            Target::Session(id) => Wire::Session {
                id: *id.as_bytes(),
                expires_at,
            },
            Target::Person(PersonKey(person)) | Target::PersonByProviderTime(PersonKey(person)) => {
                Wire::Person {
                    person,
                    at: cutoff.at,
                    implausible_after: cutoff.implausible_after,
                    expires_at,
                }
            }
            Target::Event(id) => Wire::Event {
                id: *id,
                expires_at,
            },
        };
        seal(sealer, &wire, cutoff.issued_until, now)
    }
}

impl RestoreMark {
    /// The payload of this mark. `None` as in [`seal`].
    pub(super) fn seal(self, sealer: &Sealer, now: UnixTime) -> Option<Bytes> {
        seal(sealer, &Wire::Mark(self), None, now)
    }
}

/// `None` if the system gives no random bytes, or if the entry would be longer than [`Entry::open`]
/// accepts.
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
    /// Opens a batch. An entry that cannot be read is skipped, so that it blocks no other one.
    pub(super) fn open_all(sealer: &Sealer, payloads: &[Bytes], now: UnixTime) -> OpenedBatch {
        let (mut entries, mut skipped) = (Vec::new(), Skipped::default());
        for payload in payloads {
            match Self::open(sealer, payload, now) {
                Ok(entry) => entries.push(entry),
                Err(Unreadable::Foreign) => skipped.foreign += 1,
                Err(Unreadable::Newer) => skipped.newer += 1,
            }
        }
        OpenedBatch { entries, skipped }
    }

    /// Decrypts and parses any bytes. The entry is returned as it was sealed, also with an expiry
    /// far ahead. The outbox compares it with its own, and the table bounds the expiry later.
    fn open(sealer: &Sealer, payload: &[u8], now: UnixTime) -> Result<Self, Unreadable> {
        let mut buffer = [0; LONGEST_PAYLOAD];
        let opened = sealer.open(NAME, payload, now, &mut buffer);
        let (version, rest) = opened
            .and_then(|opened| opened.plain.split_first())
            .ok_or(Unreadable::Foreign)?;
        // Before the parser, which would take an unknown variant for damage.
        if *version != VERSION || rest.first().is_some_and(|kind| *kind >= KINDS) {
            return Err(Unreadable::Newer);
        }
        let (wire, more) = postcard::take_from_bytes(rest).map_err(|_| Unreadable::Foreign)?;
        let (target, cutoff, expires_at) = match wire {
            Wire::Session { id, expires_at } => (
                Target::Session(SessionId::from_bytes(id)),
                Cutoff::UNUSED,
                expires_at,
            ),
            Wire::Person {
                person,
                at,
                implausible_after,
                expires_at,
            } => {
                let cutoff = Cutoff {
                    at,
                    implausible_after,
                    issued_until: issued_until(more)?,
                };
                (person_target(person, cutoff), cutoff, expires_at)
            }
            Wire::Event { id, expires_at } => (Target::Event(id), Cutoff::UNUSED, expires_at),
            Wire::Mark(mark) => return Ok(Self::Mark(mark)),
        };
        Ok(Self::Revocation(Revocation {
            target,
            cutoff,
            expires_at,
        }))
    }
}

/// The date of the provider decides between the two targets of a user.
fn person_target(person: &[u8], cutoff: Cutoff) -> Target {
    let person = PersonKey(person.into());
    match cutoff.issued_until {
        Some(_) => Target::PersonByProviderTime(person),
        None => Target::Person(person),
    }
}

/// The provider's date, which follows the entry. `None` if there is none. Bytes after the date
/// belong to a later version, and are ignored.
fn issued_until(more: &[u8]) -> Result<Option<UnixTime>, Unreadable> {
    if more.is_empty() {
        return Ok(None);
    }
    let issued_until = postcard::take_from_bytes(more);
    issued_until
        .map(|(issued_until, _)| Some(issued_until))
        .map_err(|_| Unreadable::Foreign)
}
