//! The revocations of one user.

use super::entry::{Cutoff, SessionStart};
use crate::clock::UnixTime;

/// The latest revocation by this application, and the latest with the provider's date. They are
/// dated by different clocks, so one does not replace the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct PersonRevocations {
    by_application: Option<Applied>,
    by_provider_time: Option<Applied>,
    pub(super) expires_at: UnixTime,
}

#[derive(Clone, Copy, Debug)]
struct Applied {
    cutoff: Cutoff,
    /// The number of revocations that this replica had applied with this one.
    step: u64,
}

impl PersonRevocations {
    pub(super) const NONE: Self = Self {
        by_application: None,
        by_provider_time: None,
        expires_at: UnixTime::from_secs(0),
    };

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

    fn all(&self) -> impl Iterator<Item = Applied> {
        [self.by_application, self.by_provider_time]
            .into_iter()
            .flatten()
    }

    pub(super) fn cutoffs(&self) -> impl Iterator<Item = Cutoff> {
        self.all().map(|applied| applied.cutoff)
    }

    /// Each replica drops an expired entry at a time of its own. A replica that has dropped it
    /// signs users in without knowing it. Their sessions are dated after the expiry, so they must
    /// not end on a replica that still has the entry.
    pub(super) fn reaches(&self, start: SessionStart) -> bool {
        start.signed_in_at <= self.expires_at
    }

    pub(super) fn ends(&self, start: SessionStart, known: u64) -> bool {
        self.reaches(start) && self.cutoffs().any(|cutoff| cutoff.ends(start, known))
    }

    /// The date of the latest revocation, in milliseconds.
    pub(super) fn latest(&self) -> u64 {
        let dates = self.cutoffs().map(|cutoff| cutoff.at);
        dates.max().unwrap_or_default()
    }

    /// The latest date that the provider gave.
    pub(super) fn issued_until(&self) -> Option<UnixTime> {
        self.by_provider_time?.cutoff.issued_until
    }

    /// The date of the latest revocation applied by `step`, but earlier than every one applied
    /// after it. A sign-in that started at `step` must not count as knowing one that came during
    /// it.
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
