//! The requests for new claims of users.

use super::Table;
use crate::{
    clock::UnixTime,
    revocation::{
        entry::{Cutoff, Revocation},
        target::{PersonKey, PersonKeyRef},
    },
    session::Binding,
};

/// The requests that are remembered of a user. A user with more of them within a session lifetime
/// may get new claims once more than needed, when the log is read again.
const REMEMBERED: usize = 8;

/// The requests for new claims of one user.
///
/// The order in the log counts, not that of the dates, because the clocks of two replicas differ.
/// Each request in the log gets a number that is higher than all before it, from the entries of the
/// log alone, so that all replicas give it the same one. A session keeps the highest number that
/// was known before its claims were made.
///
/// A request counts on its own replica before it is in the log. Its date is its number there. It
/// keeps this number if it comes into the log next. If another request came between, the claims
/// that were made here meanwhile may be older than that one. The number is then higher than the
/// date, and those claims are made once more.
#[derive(Clone, Copy, Debug)]
pub(super) struct ClaimsRequests {
    /// The number of the latest request that was read from the log.
    in_log: u64,
    /// The date of the latest request of this replica.
    own: u64,
    /// The last requests that were read from the log. One that is read again is no further request.
    read: [Request; REMEMBERED],
    pub(super) expires_at: UnixTime,
}

/// The place where an entry comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::revocation) enum Source {
    /// This replica, which dates each request later than the known ones.
    Here,
    Log,
}

/// One request, as its entry states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Request {
    /// In milliseconds since 1970, and later than `known`.
    date: u64,
    /// The number of the latest request that its replica knew. The date itself in an entry that was
    /// published again after the log lost its entries.
    known: u64,
    /// A random number. Two replicas that are behind may date a request alike, after the same
    /// known one.
    salt: u16,
}

impl Request {
    const NONE: Self = Self {
        date: 0,
        known: 0,
        salt: 0,
    };

    /// An entry of this kind has no plausible dates. It has `known` and `salt` in their place.
    fn of(cutoff: Cutoff) -> Self {
        let facts = cutoff.implausible_after.as_secs();
        let [.., high, low] = facts.to_be_bytes();
        Self {
            date: cutoff.at,
            known: facts >> u16::BITS,
            salt: u16::from_be_bytes([high, low]),
        }
    }

    fn cutoff(self) -> Cutoff {
        let facts = self.known << u16::BITS | u64::from(self.salt);
        Cutoff {
            at: self.date,
            implausible_after: UnixTime::from_secs(facts),
            ..Cutoff::UNUSED
        }
    }
}

impl ClaimsRequests {
    const NONE: Self = Self {
        in_log: 0,
        own: 0,
        read: [Request::NONE; REMEMBERED],
        expires_at: UnixTime::from_secs(0),
    };

    /// The number of the latest request.
    fn latest(self) -> u64 {
        self.in_log.max(self.own)
    }

    /// These requests and one more.
    fn with(self, request: Request, expires_at: UnixTime, from: Source) -> Self {
        let mut requests = self;
        requests.expires_at = self.expires_at.max(expires_at);
        match from {
            Source::Here => requests.own = self.own.max(request.date),
            Source::Log if self.read.contains(&request) => {}
            Source::Log => {
                requests.in_log = self.number(request);
                requests.read.rotate_right(1);
                requests.read[0] = request;
            }
        }
        requests
    }

    /// The number of a request that comes next in the log.
    fn number(self, request: Request) -> u64 {
        let Request { date, known, .. } = request;
        let is_restored = known == date;
        if is_restored || self.in_log == 0 || self.in_log == known {
            return date.max(self.in_log);
        }
        date.max(self.in_log).saturating_add(1)
    }

    /// The cutoff of the entry that is published after the log lost its entries. It also stands for
    /// a request of this replica that was not in the log yet, which the others then learn.
    pub(super) fn restored(self) -> Cutoff {
        let is_waiting = self.own > 0 && self.read.iter().all(|read| read.date != self.own);
        let date = match is_waiting {
            true => self.own.max(self.in_log.saturating_add(1)),
            false => self.latest(),
        };
        let (known, salt) = (date, 0);
        Request { date, known, salt }.cutoff()
    }
}

impl Table {
    /// The number of the latest request for new claims of the user, which is about its date in
    /// milliseconds since 1970. 0 if there was none.
    pub(in crate::revocation) fn claims_date(&self, binding: Binding, subject: &str) -> u64 {
        if !self.had_claims.has_entry() {
            return 0;
        }
        let claims = self.claims.pin();
        let requests = claims.get(&PersonKeyRef::claims(binding, subject));
        requests.map_or(0, |requests| requests.latest())
    }

    /// Dates a request later than all that are known here.
    pub(super) fn date_claims(&self, user: &PersonKey, request: &mut Revocation, now_millis: u64) {
        let requests = self.claims.pin().get(user).copied();
        let requests = requests.unwrap_or(ClaimsRequests::NONE);
        let known = requests.latest();
        let date = now_millis.max(known.saturating_add(1));
        let mut salt = [0; 2];
        // Without randomness, two such requests may count as one.
        let _ = crate::random::fill(&mut salt);
        let salt = u16::from_be_bytes(salt);
        request.cutoff = Request { date, known, salt }.cutoff();
        request.expires_at = request.expires_at.max(requests.expires_at);
    }

    /// Applies one request.
    pub(super) fn add_claims(&self, user: &PersonKey, request: &Revocation, from: Source) {
        let (request, expires_at) = (Request::of(request.cutoff), request.expires_at);
        let later = |known: &ClaimsRequests| known.with(request, expires_at, from);
        let first = ClaimsRequests::NONE.with(request, expires_at, from);
        self.had_claims.note();
        let claims = self.claims.pin();
        claims.update_or_insert(user.clone(), later, first);
    }
}

#[cfg(test)]
mod tests;
