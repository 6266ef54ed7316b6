//! The revocations of one user, or of one session at the provider.
//!
//! The table holds one such value for each. The value is small and `Copy`, so that a request reads
//! it without holding a reference into the map.

use super::entry::{Cutoff, SessionStart};
use crate::clock::UnixTime;

/// The latest revocation by this application, and the latest with the provider's date. They are
/// dated by different clocks, so one does not replace the other.
///
/// A further revocation of the same kind widens the cutoff that is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct PersonRevocations {
    by_application: Option<Applied>,
    by_provider_time: Option<Applied>,
    /// The later expiry of the two. No session dated later ends by them.
    pub(super) expires_at: UnixTime,
}

/// A cutoff, and when this replica learned of it.
#[derive(Clone, Copy, Debug)]
struct Applied {
    cutoff: Cutoff,
    /// The step of the table at which this replica applied the cutoff.
    step: u64,
}

impl PersonRevocations {
    /// No revocation at all, to which [`with`](Self::with) adds the first one.
    pub(super) const NONE: Self = Self {
        by_application: None,
        by_provider_time: None,
        expires_at: UnixTime::from_secs(0),
    };

    /// These revocations and one more. A cutoff that adds nothing keeps the earlier step, because a
    /// sign-in that knew the revocation must still know it when another replica publishes the same
    /// one again.
    pub(super) fn with(self, cutoff: Cutoff, expires_at: UnixTime, step: u64) -> Self {
        let later = |before: Option<Applied>| match before {
            Some(before) if before.cutoff.max(cutoff) == before.cutoff => before,
            Some(before) => Applied {
                cutoff: before.cutoff.max(cutoff),
                step,
            },
            None => Applied { cutoff, step },
        };
        let expires_at = self.expires_at.max(expires_at);
        match cutoff.issued_until {
            Some(_) => Self {
                by_provider_time: Some(later(self.by_provider_time)),
                expires_at,
                ..self
            },
            None => Self {
                by_application: Some(later(self.by_application)),
                expires_at,
                ..self
            },
        }
    }

    /// Both revocations, as far as there are any.
    fn all(&self) -> impl Iterator<Item = Applied> {
        [self.by_application, self.by_provider_time]
            .into_iter()
            .flatten()
    }

    /// The cutoffs of both, to be published again after the log lost them.
    pub(super) fn cutoffs(&self) -> impl Iterator<Item = Cutoff> {
        self.all().map(|applied| applied.cutoff)
    }

    /// Whether the session is dated early enough to be ended at all.
    ///
    /// Each replica drops an expired entry at a time of its own. A replica that has dropped it
    /// signs users in without knowing it. The sessions of these users are dated after the expiry,
    /// so they must not end on a replica that still has the entry.
    pub(super) fn reaches(&self, start: SessionStart) -> bool {
        start.signed_in_at <= self.expires_at
    }

    /// Whether the session that began at `start` ends. `known` is the date of the last revocation
    /// that its sign-in knew.
    pub(super) fn ends(&self, start: SessionStart, known: u64) -> bool {
        self.reaches(start) && self.cutoffs().any(|cutoff| cutoff.ends(start, known))
    }

    /// The date of the latest revocation, in milliseconds since 1970. The next one is dated later.
    pub(super) fn latest(&self) -> u64 {
        let dates = self.cutoffs().map(|cutoff| cutoff.at);
        dates.max().unwrap_or_default()
    }

    /// The latest date that the provider gave.
    pub(super) fn issued_until(&self) -> Option<UnixTime> {
        self.by_provider_time?.cutoff.issued_until
    }

    /// The date that a sign-in which started at `step` counts as knowing, in milliseconds since
    /// 1970, or 0 for none.
    ///
    /// That is the latest date of the revocations applied by `step`, but always earlier than each
    /// one applied afterwards. Dates and steps may differ in order, because a revocation of another
    /// replica arrives late and may have an earlier date. A sign-in must not count as knowing a
    /// revocation that came while it ran.
    pub(super) fn known(&self, step: u64) -> u64 {
        let dates = |was_known: bool| {
            let those = self
                .all()
                .filter(move |applied| (applied.step <= step) == was_known);
            those.map(|applied| applied.cutoff.at)
        };
        let (known, unknown) = (dates(true).max(), dates(false).min());
        let known = known.unwrap_or_default();
        unknown.map_or(known, |at| known.min(at.saturating_sub(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_date_of_the_provider_is_kept_beside_revocations_of_the_application() {
        let dated = |issued: Option<u64>| Cutoff {
            issued_until: issued.map(UnixTime::from_secs),
            ..Cutoff::UNUSED
        };
        let with = |all: PersonRevocations, issued: Option<u64>| {
            all.with(dated(issued), UnixTime::from_secs(60), 1)
        };
        let all = with(PersonRevocations::NONE, None);
        assert_eq!(all.issued_until(), None);
        let all = with(with(all, Some(5)), None);
        assert_eq!(all.issued_until(), Some(UnixTime::from_secs(5)));
        let all = with(with(all, Some(7)), Some(6));
        assert_eq!(all.issued_until(), Some(UnixTime::from_secs(7)));
    }
}
