//! The difference between a provider's clock and the clock of this replica, observed in ID tokens,
//! logout tokens and `Date` headers.
//!
//! A difference of more than 60 seconds is logged, because ID tokens can then be refused as expired
//! or as issued in the future.
//!
//! The difference is also learned from ID tokens. They are reliable, because they come straight
//! from the provider in the response to a request made a moment ago. Event tokens are then checked
//! by the provider's clock as well, so that a wrong clock here does not keep sessions alive. Logout
//! tokens and `Date` headers are only logged and never learned from, because a logout token can be
//! replayed and a cache can hold back a response.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::{
    audit,
    clock::{Clock, UnixTime},
};

/// The largest difference that is not logged. The checks of tokens allow as much.
const SKEW: Duration = Duration::from_secs(60);
/// The pause between two lines about the same difference. A difference that changes by more than
/// [`SKEW`] is logged at once.
const QUIET: Duration = Duration::from_secs(60 * 60);
/// The most lines within [`QUIET`]. Two replicas of the provider with different clocks would
/// otherwise cause a line for each token.
const MOST_LINES: u32 = 10;

/// The largest difference that is learned. A token with a larger one was issued long before it was
/// sent, and shows nothing about the clock.
const MOST: Duration = Duration::from_secs(60 * 60);

/// The observed difference of one provider's clock. It is shared by the provider's calls and its
/// client.
#[derive(Debug, Default)]
pub(crate) struct ClockDifference(Mutex<Seen>);

/// The state behind the lock. It is locked for a few instructions, never across an `await`.
#[derive(Debug, Default)]
struct Seen {
    /// The provider's clock minus the clock of this replica, in seconds, by the last ID token. Zero
    /// until a token was accepted.
    learned: i64,
    /// The last logged difference, and the monotonic time at which it was logged. `None` before the
    /// first line.
    logged: Option<(i64, Duration)>,
    /// The start of the current counting period by the monotonic clock, and the lines since then.
    counted: (Duration, u32),
}

impl ClockDifference {
    /// The present time by the provider's clock. Before the first ID token, this is `now`.
    pub(crate) fn at_provider(&self, now: UnixTime) -> UnixTime {
        let learned = self.seen().learned;
        let by = Duration::from_secs(learned.unsigned_abs());
        if learned < 0 {
            now.before(by)
        } else {
            now.after(by)
        }
    }

    /// Learns the difference from the `iat` of an accepted ID token. Without an `iat`, nothing is
    /// learned.
    pub(crate) fn learn_from_id_token(
        &self,
        issuer: &str,
        issued: Option<UnixTime>,
        clock: &Clock,
    ) {
        let Some(issued) = issued else { return };
        let difference = seconds(clock.unix(), issued);
        // A token with a larger difference was issued long before it was sent. The earlier
        // difference is discarded as well, because nothing confirms it any more.
        let is_plausible = difference.unsigned_abs() <= MOST.as_secs();
        self.seen().learned = if is_plausible { difference } else { 0 };
        self.report(&host(issuer), "ID token", difference, clock);
    }

    /// Logs the difference that an accepted logout token shows. Nothing is learned, because the
    /// token may have waited in the provider's queue.
    pub(crate) fn report_logout_token(
        &self,
        issuer: &str,
        issued: Option<UnixTime>,
        clock: &Clock,
    ) {
        if let Some(issued) = issued {
            let difference = seconds(clock.unix(), issued);
            self.report(&host(issuer), "logout token", difference, clock);
        }
    }

    /// Logs the difference that a response's `Date` shows. `None` is a response without a date.
    pub(super) fn report_date(&self, host: &str, date: Option<UnixTime>, clock: &Clock) {
        if let Some(date) = date {
            self.report(host, "Date", seconds(clock.unix(), date), clock);
        }
    }

    /// Logs `difference` if [`Seen::is_due`] says so. `shown_by` names its source in the log line.
    fn report(&self, host: &str, shown_by: &str, difference: i64, clock: &Clock) {
        if self.seen().is_due(difference, clock.monotonic()) {
            audit::clock_difference(host, shown_by, difference);
        }
    }

    /// Locks the state. A panic while it was locked cannot have left it half changed, so a poisoned
    /// lock is used like any other.
    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The rule for log lines, without the lock.
impl Seen {
    /// Whether this difference is logged now. The line is counted even if the limit is exceeded, so
    /// that a flood does not become news again.
    fn is_due(&mut self, difference: i64, now: Duration) -> bool {
        let skew = SKEW.as_secs();
        // News is a first difference, a changed one, or an old one that was not logged for an hour.
        let is_news = self.logged.is_none_or(|(logged, at)| {
            difference.abs_diff(logged) > skew || now.saturating_sub(at) >= QUIET
        });
        if difference.unsigned_abs() <= skew || !is_news {
            return false;
        }
        // A new period begins, in which lines are permitted again.
        if now.saturating_sub(self.counted.0) >= QUIET {
            self.counted = (now, 0);
        }
        self.counted.1 += 1;
        self.logged = Some((difference, now));
        self.counted.1 <= MOST_LINES
    }
}

/// The host of an issuer, or the whole text if it has none. The log names hosts, not URLs.
fn host(issuer: &str) -> String {
    let uri = issuer.parse::<http::Uri>().ok();
    let host = uri.as_ref().and_then(http::Uri::host);
    host.unwrap_or(issuer).to_owned()
}

/// The provider's time minus the time of this replica, in seconds.
fn seconds(ours: UnixTime, provider: UnixTime) -> i64 {
    let signed = |time: UnixTime| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    signed(provider).saturating_sub(signed(ours))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A difference stays for days if the clock is not corrected, so one line an hour is enough. A
    /// difference that changes is news, because the clock was set or is running away.
    #[test]
    fn a_difference_is_logged_once_an_hour_and_when_it_changes() {
        let mut seen = Seen::default();
        let at = |seconds| Duration::from_secs(seconds);
        assert!(!seen.is_due(60, at(0)) && !seen.is_due(-60, at(0)));
        assert!(seen.is_due(61, at(0)));
        assert!(!seen.is_due(61, at(1)) && !seen.is_due(90, at(2)));
        assert!(seen.is_due(-61, at(3)));
        assert!(!seen.is_due(-61, at(3602)) && seen.is_due(-61, at(3603)));
    }

    /// Every jump is news, so only the number of lines protects the log.
    #[test]
    fn a_clock_that_jumps_all_the_time_does_not_fill_the_log() {
        let mut seen = Seen::default();
        let lines = (0..10_000_u64).filter(|number| {
            let difference = if number.is_multiple_of(2) { 600 } else { -600 };
            seen.is_due(difference, Duration::from_millis(*number))
        });
        assert_eq!(lines.count(), 10);
    }

    /// The provider may correct its clock, so the newest token counts.
    #[test]
    fn the_provider_s_time_follows_its_last_id_token() {
        let (difference, clock) = (ClockDifference::default(), Clock::system());
        let now = clock.unix();
        assert_eq!(difference.at_provider(now), now);
        for away in [-600, -90, 0, 59] {
            difference.seen().learned = away;
            let expected = i64::try_from(now.as_secs()).unwrap() + away;
            let at_provider = difference.at_provider(now).as_secs();
            assert_eq!(i64::try_from(at_provider).unwrap(), expected);
        }
    }

    #[test]
    fn a_token_that_was_issued_hours_ago_teaches_no_difference() {
        let (difference, clock) = (ClockDifference::default(), Clock::system());
        let now = clock.unix();
        let issued = |away: i64| {
            let by = Duration::from_secs(away.unsigned_abs());
            let issued = if away < 0 {
                now.before(by)
            } else {
                now.after(by)
            };
            difference.learn_from_id_token("issuer", Some(issued), &clock);
            let at_provider = difference.at_provider(now).as_secs();
            i64::try_from(at_provider).unwrap() - i64::try_from(now.as_secs()).unwrap()
        };
        for away in [-3540, -90, 50] {
            assert!(issued(away).abs_diff(away) <= 10, "{away}");
        }
        // Such a token also discards the difference that was learned from an earlier token.
        for away in [-2 * 3600, 24 * 3600, -3660, 3660] {
            issued(-90);
            assert_eq!(issued(away), 0, "{away}");
        }
    }
}
