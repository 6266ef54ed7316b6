//! How far a provider's clock is from ours, as its tokens and answers show.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::{
    audit,
    clock::{Clock, UnixTime},
};

/// A difference that is no news.
const SKEW: Duration = Duration::from_secs(60);
/// A difference that has its line in the log gets the next one after this, or once it has changed by [`SKEW`].
const QUIET: Duration = Duration::from_secs(60 * 60);
/// And no more lines than these in that time.
const MOST_LINES: u32 = 10;

/// Clocks that differ by more say nothing about each other.
const MOST: Duration = Duration::from_secs(60 * 60);

/// The observed difference of one provider's clock.
#[derive(Debug, Default)]
pub(crate) struct ClockDifference(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    /// Provider's clock less ours, in seconds, at the last ID token: those come straight from the provider.
    learned: i64,
    /// The last that was logged, and when, by the monotonic clock.
    logged: Option<(i64, Duration)>,
    /// Since when lines are counted, and how many there were.
    counted: (Duration, u32),
}

impl ClockDifference {
    /// The time of the provider's clock now, as far as that is known.
    pub(crate) fn at_provider(&self, now: UnixTime) -> UnixTime {
        let learned = self.seen().learned;
        let by = Duration::from_secs(learned.unsigned_abs());
        if learned < 0 {
            now.before(by)
        } else {
            now.after(by)
        }
    }

    /// An ID token was accepted.
    pub(crate) fn learn_from_id_token(
        &self,
        issuer: &str,
        issued: Option<UnixTime>,
        clock: &Clock,
    ) {
        let Some(issued) = issued else { return };
        let difference = seconds(clock.unix(), issued);
        // A token that is older was made long before it was sent.
        let is_plausible = difference.unsigned_abs() <= MOST.as_secs();
        self.seen().learned = if is_plausible { difference } else { 0 };
        self.report(&host(issuer), "ID token", difference, clock);
    }

    /// A logout token was accepted.
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

    /// An answer was dated so.
    pub(super) fn report_date(&self, host: &str, date: Option<UnixTime>, clock: &Clock) {
        if let Some(date) = date {
            self.report(host, "Date", seconds(clock.unix(), date), clock);
        }
    }

    fn report(&self, host: &str, shown_by: &str, difference: i64, clock: &Clock) {
        if self.seen().is_due(difference, clock.monotonic()) {
            audit::clock_difference(host, shown_by, difference);
        }
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    /// Whether it deserves a line.
    fn is_due(&mut self, difference: i64, now: Duration) -> bool {
        let skew = SKEW.as_secs();
        let is_news = self.logged.is_none_or(|(logged, at)| {
            difference.abs_diff(logged) > skew || now.saturating_sub(at) >= QUIET
        });
        if difference.unsigned_abs() <= skew || !is_news {
            return false;
        }
        if now.saturating_sub(self.counted.0) >= QUIET {
            self.counted = (now, 0);
        }
        self.counted.1 += 1;
        self.logged = Some((difference, now));
        self.counted.1 <= MOST_LINES
    }
}

/// The host of an issuer, or the issuer if it is no address.
fn host(issuer: &str) -> String {
    let uri = issuer.parse::<http::Uri>().ok();
    let host = uri.as_ref().and_then(http::Uri::host);
    host.unwrap_or(issuer).to_owned()
}

/// From our time to the provider's.
fn seconds(ours: UnixTime, provider: UnixTime) -> i64 {
    let signed = |time: UnixTime| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    signed(provider).saturating_sub(signed(ours))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_has_a_line_an_hour_and_another_when_it_changes() {
        let mut seen = Seen::default();
        let at = |seconds| Duration::from_secs(seconds);
        assert!(!seen.is_due(60, at(0)) && !seen.is_due(-60, at(0)));
        assert!(seen.is_due(61, at(0)));
        assert!(!seen.is_due(61, at(1)) && !seen.is_due(90, at(2)));
        assert!(seen.is_due(-61, at(3)));
        assert!(!seen.is_due(-61, at(3602)) && seen.is_due(-61, at(3603)));
    }

    #[test]
    fn a_clock_that_jumps_all_the_time_fills_no_log() {
        let mut seen = Seen::default();
        let lines = (0..10_000_u64).filter(|number| {
            let difference = if number.is_multiple_of(2) { 600 } else { -600 };
            seen.is_due(difference, Duration::from_millis(*number))
        });
        assert_eq!(lines.count(), 10);
    }

    #[test]
    fn the_provider_s_time_follows_what_its_last_id_token_showed() {
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
    fn a_token_that_was_made_hours_ago_shows_no_clock() {
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
        // And they do not stand for what an earlier one showed.
        for away in [-2 * 3600, 24 * 3600, -3660, 3660] {
            issued(-90);
            assert_eq!(issued(away), 0, "{away}");
        }
    }
}
