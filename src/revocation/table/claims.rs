//! The requests for new claims of users.

use super::Table;
use crate::{
    clock::UnixTime,
    revocation::{
        entry::Revocation,
        target::{PersonKey, PersonKeyRef},
    },
    session::Binding,
};

/// The dates that are remembered of a user. A user with more requests within a session lifetime may
/// get new claims once more than needed, when the log is read again.
const DATES: usize = 4;

/// The requests for new claims of one user.
///
/// The order in the log counts, not that of the dates, because the clocks of two replicas differ. A
/// session whose claims were made after the first of two requests knows its date. The second one
/// must count as later also if its replica had a clock that is behind, and had not read the first.
#[derive(Clone, Copy, Debug)]
pub(super) struct ClaimsRequests {
    /// The date of the latest request, in milliseconds since 1970. It grows with each request.
    pub(super) latest: u64,
    /// The dates of the last requests that were read from the log. One that is read again is no
    /// further request.
    read: [u64; DATES],
    pub(super) expires_at: UnixTime,
}

/// The place where an entry comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::revocation) enum Source {
    /// This replica, which dates each request later than the known ones.
    Here,
    Log,
}

impl ClaimsRequests {
    pub(super) const NONE: Self = Self {
        latest: 0,
        read: [0; DATES],
        expires_at: UnixTime::from_secs(0),
    };

    /// These requests and one more.
    pub(super) fn with(self, date: u64, expires_at: UnixTime, from: Source) -> Self {
        let expires_at = self.expires_at.max(expires_at);
        let latest = match from {
            Source::Here => self.latest.max(date),
            Source::Log if date == self.latest || self.read.contains(&date) => self.latest,
            Source::Log => date.max(self.latest.saturating_add(1)),
        };
        let mut read = self.read;
        if from == Source::Log && !read.contains(&date) {
            read.rotate_right(1);
            read[0] = date;
        }
        Self {
            latest,
            read,
            expires_at,
        }
    }
}

impl Table {
    /// The date of the latest request for new claims of the user, in milliseconds since 1970. 0 if
    /// there was none.
    pub(in crate::revocation) fn claims_date(&self, binding: Binding, subject: &str) -> u64 {
        if !self.had_claims.has_entry() {
            return 0;
        }
        let claims = self.claims.pin();
        let requests = claims.get(&PersonKeyRef::claims(binding, subject));
        requests.map_or(0, |requests| requests.latest)
    }

    /// Dates a request later than all that are known here.
    pub(super) fn date_claims(&self, user: &PersonKey, request: &mut Revocation, now_millis: u64) {
        let known = self.claims.pin().get(user).copied();
        let known = known.unwrap_or(ClaimsRequests::NONE);
        let cutoff = &mut request.cutoff;
        cutoff.at = now_millis.max(known.latest.saturating_add(1));
        request.expires_at = request.expires_at.max(known.expires_at);
    }

    /// Applies one request.
    pub(super) fn add_claims(&self, user: &PersonKey, request: &Revocation, from: Source) {
        let (date, expires_at) = (request.cutoff.at, request.expires_at);
        let later = |known: &ClaimsRequests| known.with(date, expires_at, from);
        let first = ClaimsRequests::NONE.with(date, expires_at, from);
        self.had_claims.note();
        let claims = self.claims.pin();
        claims.update_or_insert(user.clone(), later, first);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: UnixTime = UnixTime::from_secs(1_800_000_000);

    fn read(requests: ClaimsRequests, date: u64) -> ClaimsRequests {
        requests.with(date, END, Source::Log)
    }

    #[test]
    fn a_request_that_comes_later_in_the_log_counts_as_later_whatever_its_date_is() {
        // The log has 1500 of a replica whose clock is ahead, and then 1200 of another one. The
        // first two replicas have applied their own before.
        for own in [Some(1500), Some(1200), None] {
            let mut requests = ClaimsRequests::NONE;
            if let Some(own) = own {
                requests = requests.with(own, END, Source::Here);
            }
            requests = read(requests, 1500);
            let known = requests.latest;
            requests = read(requests, 1200);
            assert!(requests.latest > known, "{own:?}");
            assert_eq!(requests.latest, 1501, "{own:?}: all replicas agree");
        }
    }

    #[test]
    fn an_entry_that_is_read_again_is_no_further_request() {
        let mut requests = ClaimsRequests::NONE;
        for date in [1500, 1200, 1700, 1600] {
            requests = read(requests, date);
        }
        let latest = requests.latest;
        for date in [1500, 1200, 1700, 1600, latest, 1200] {
            requests = read(requests, date);
            assert_eq!(requests.latest, latest, "{date}");
        }
        assert!(read(requests, 1300).latest > latest);
    }
}
