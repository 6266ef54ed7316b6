//! When the provider is asked again whether the user is still signed in there. Pure: the time is a parameter.

use std::time::Duration;

use super::{MOST_AHEAD, Session};
use crate::clock::UnixTime;

/// A check that failed, or did not come back, is tried again after this.
pub(super) const RETRY: Duration = Duration::from_secs(5 * 60);

/// The checks since the sign-in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Checks {
    /// The last one that the provider passed; none if that is the sign-in itself.
    pub(super) passed_at: Option<UnixTime>,
    /// The last one that began, unless it was passed.
    pub(super) tried_at: Option<UnixTime>,
}

/// What is done about a session that is checked after some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// Nothing yet.
    NotYet,
    /// A page visit is sent to the provider; other requests go on.
    Due,
    /// The session counts for nothing until the provider passed it.
    Late,
}

impl Session {
    /// Checked `after` the last time, and late after twice that. A check dated farther ahead than clocks may differ is none.
    pub(crate) fn check(&self, after: Duration, now: UnixTime) -> Check {
        let begun = UnixTime::from(self.user.authenticated_at);
        let last = self.checks.passed_at.unwrap_or(begun);
        if now > last.after(2 * after) || last > now.after(MOST_AHEAD) {
            Check::Late
        } else if now > last.after(after) && !self.was_tried_just_now(now) {
            Check::Due
        } else {
            Check::NotYet
        }
    }

    fn was_tried_just_now(&self, now: UnixTime) -> bool {
        let tried = self.checks.tried_at;
        tried.is_some_and(|tried| now < tried.after(RETRY) && tried <= now.after(MOST_AHEAD))
    }

    /// A check began, or came to nothing.
    pub(crate) fn tried(mut self, now: UnixTime) -> Self {
        self.checks.tried_at = Some(now);
        self
    }

    /// The provider passed a check that began at this time, perhaps by another replica's clock: that one must not find the
    /// session due again at once.
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
            id::SessionId,
            user::{Known, VerifiedUser},
        },
    };

    const BEGUN: u64 = 1_800_000_000;
    const HOUR: Duration = Duration::from_secs(3600);

    fn at(seconds: u64) -> UnixTime {
        UnixTime::from_secs(BEGUN + seconds)
    }

    fn session() -> Session {
        let user = VerifiedUser {
            phone: PhoneNumber::from_digits(std::num::NonZeroU64::new(821_012_345_678).unwrap()),
            phone_assurance: PhoneAssurance::Verified,
            provider: "oidc".into(),
            subject: "1".into(),
            name: None,
            email: None,
            email_verified: false,
            authenticated_at: at(0).into(),
            expires_at: at(86_400).into(),
            session_id: SessionId::from_bytes([1; 16]),
            proved_at: None,
            issued_at: None,
            asked_afresh: false,
            provider_session: None,
            known: Known::default(),
        };
        Session::new(user, Binding([0; 8]), at(0))
    }

    #[test]
    fn it_is_due_after_the_time_and_late_after_twice_the_time() {
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
    fn a_check_that_came_to_nothing_is_tried_again_after_five_minutes_and_is_late_all_the_same() {
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
    fn two_replicas_whose_clocks_differ_do_not_send_a_user_to_and_fro() {
        let short = Duration::from_secs(60);
        // The replica that is two minutes ahead began it, the other one ends it.
        let passed = session().tried(at(220)).passed(at(220), at(100));
        assert_eq!(passed.check(short, at(221)), Check::NotYet);
        assert_eq!(passed.check(short, at(101)), Check::NotYet);
    }

    #[test]
    fn a_check_of_a_clock_that_ran_far_ahead_is_none() {
        let passed = || session().passed(at(50_000), at(50_000));
        assert_eq!(passed().check(HOUR, at(100)), Check::Late);
        let tried = session().tried(at(50_000));
        assert_eq!(tried.check(HOUR, at(4000)), Check::Due);
        // A browser cannot move the time of a check ahead either: it is at most what clocks may differ.
        let passed = session().passed(at(50_000), at(100));
        assert_eq!(passed.check(HOUR, at(100 + 240 + 3601)), Check::Due);
    }
}
