//! When a session must be checked with its provider again. See
//! [`Builder::recheck_after`](crate::Builder::recheck_after).
//!
//! A check is a redirect with `prompt=none` (OpenID Connect Core section 3.1.2.1). The redirect
//! takes the browser away from a page for a moment, so only a page visit can begin a check. There
//! are therefore two limits. A session that is due is still served, and a session that is late is
//! not.

use std::time::Duration;

use super::{MOST_AHEAD, Session};
use crate::clock::UnixTime;

/// The pause after a check that failed or did not return. A provider that is down would otherwise
/// receive a redirect for each page visit.
pub(super) const RETRY: Duration = Duration::from_secs(5 * 60);

/// The last checks of a session. They are in the cookie, because a replica keeps no state of a
/// session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Checks {
    /// The last check that passed. `None` if there was none since the sign-in.
    pub(super) passed_at: Option<UnixTime>,
    /// The last check that began and has not passed. `None` after a check that passed.
    pub(super) tried_at: Option<UnixTime>,
}

/// Whether a session needs a check now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// No check is needed yet.
    NotYet,
    /// A page visit is redirected to the provider. Other requests are served.
    Due,
    /// The session is not accepted until a check passes.
    Late,
}

impl Session {
    /// Whether the session needs a check now. A check is due `after` the last one, and late after
    /// twice that time. A last check that is dated farther ahead than clocks may differ is not
    /// believed, and the session is late.
    pub(crate) fn check(&self, after: Duration, now: UnixTime) -> Check {
        let begun = self.user.facts().authenticated_at;
        let last = self.checks.passed_at.unwrap_or(begun);
        if now > last.after(2 * after) || last > now.after(MOST_AHEAD) {
            Check::Late
        } else if now > last.after(after) && !self.was_tried_recently(now) {
            Check::Due
        } else {
            Check::NotYet
        }
    }

    /// Whether a check began within [`RETRY`]. A date too far ahead does not count, because it
    /// would put off the check for long.
    fn was_tried_recently(&self, now: UnixTime) -> bool {
        let tried = self.checks.tried_at;
        tried.is_some_and(|tried| now < tried.after(RETRY) && tried <= now.after(MOST_AHEAD))
    }

    /// Notes that a check began or failed. The caller seals the session with it.
    pub(crate) fn tried(mut self, now: UnixTime) -> Self {
        self.checks.tried_at = Some(now);
        self
    }

    /// Notes that a check passed.
    ///
    /// The check may have begun on another replica, whose clock is ahead. The later of the two
    /// times counts, because that replica would otherwise find the session due again at once.
    /// `begun_at` comes from the browser, so it is bounded.
    pub(crate) fn passed(mut self, begun_at: UnixTime, now: UnixTime) -> Self {
        let latest = now.after(MOST_AHEAD);
        self.checks = Checks {
            passed_at: Some(now.max(begun_at.min(latest))),
            tried_at: None,
        };
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        phone::{PhoneAssurance, PhoneNumber},
        session::{
            Binding,
            details::UserTexts,
            id::SessionId,
            user::{Facts, VerifiedUser},
        },
    };

    const BEGUN: u64 = 1_800_000_000;
    const HOUR: Duration = Duration::from_secs(3600);

    fn at(seconds: u64) -> UnixTime {
        UnixTime::from_secs(BEGUN + seconds)
    }

    fn session() -> Session {
        let phone = PhoneNumber::from_digits(std::num::NonZeroU64::new(821_012_345_678).unwrap());
        let phone = (phone, PhoneAssurance::Verified);
        let facts = Facts::of(SessionId::from_bytes([1; 16]), at(0), at(86_400));
        let user = VerifiedUser::new(phone, "oidc".into(), UserTexts::default(), facts);
        Session::new(user, Binding([0; 8]), at(0))
    }

    #[test]
    fn a_session_is_due_after_the_time_and_late_after_twice_the_time() {
        for (now, expected) in [
            (0, Check::NotYet),
            (3600, Check::NotYet),
            (3601, Check::Due),
            (7200, Check::Due),
            (7201, Check::Late),
            (80_000, Check::Late),
        ] {
            assert_eq!(session().check(HOUR, at(now)), expected, "{now}");
        }
    }

    #[test]
    fn a_failed_check_is_repeated_after_five_minutes_and_does_not_delay_late() {
        for (now, expected) in [
            (4000, Check::NotYet),
            (4299, Check::NotYet),
            (4300, Check::Due),
            (7201, Check::Late),
        ] {
            let tried = session().tried(at(4000));
            assert_eq!(tried.check(HOUR, at(now)), expected, "{now}");
        }
        let late = session().tried(at(7200));
        assert_eq!(late.check(HOUR, at(7201)), Check::Late);
    }

    #[test]
    fn a_check_that_passed_counts_from_its_own_time() {
        let passed = || session().tried(at(4000)).passed(at(4000), at(4010));
        for (now, expected) in [
            (4010, Check::NotYet),
            (7610, Check::NotYet),
            (7611, Check::Due),
            (11_211, Check::Late),
        ] {
            assert_eq!(passed().check(HOUR, at(now)), expected, "{now}");
        }
    }

    #[test]
    fn replicas_whose_clocks_differ_do_not_check_a_session_in_turn() {
        let short = Duration::from_secs(60);
        // The check begins on a replica that is two minutes ahead, and ends on the other one.
        let passed = session().tried(at(220)).passed(at(220), at(100));
        assert_eq!(passed.check(short, at(221)), Check::NotYet);
        assert_eq!(passed.check(short, at(101)), Check::NotYet);
    }

    #[test]
    fn a_check_dated_far_ahead_does_not_count() {
        let passed = || session().passed(at(50_000), at(50_000));
        assert_eq!(passed().check(HOUR, at(100)), Check::Late);
        let tried = session().tried(at(50_000));
        assert_eq!(tried.check(HOUR, at(4000)), Check::Due);
        // The browser returns the time of the beginning, which is bounded by the allowance for
        // clocks.
        let passed = session().passed(at(50_000), at(100));
        assert_eq!(passed.check(HOUR, at(100 + 240 + 3601)), Check::Due);
    }

    #[test]
    fn a_check_by_a_clock_within_the_allowance_counts() {
        let ahead = MOST_AHEAD.as_secs();
        let passed = |seconds| session().passed(at(seconds), at(seconds));
        assert_eq!(passed(ahead).check(HOUR, at(0)), Check::NotYet);
        assert_eq!(passed(ahead + 1).check(HOUR, at(0)), Check::Late);
        let tried = |seconds| session().tried(at(4000 + seconds));
        assert_eq!(tried(ahead).check(HOUR, at(4000)), Check::NotYet);
        assert_eq!(tried(ahead + 1).check(HOUR, at(4000)), Check::Due);
    }
}
