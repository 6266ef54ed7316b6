//! Rate limits for refetching keys and metadata.
//!
//! A token with an unknown key makes this server fetch the provider's keys. Any host can send such
//! a token, so each fetch is paid from a token bucket. Without the limit, this server would pass an
//! attacker's load on to the provider. Events have a bucket of their own, because a flood of
//! invented events must not use up the fetches of sign-ins.

use std::time::Duration;

/// The kind of request for which keys or metadata are fetched. It decides which bucket pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FetchFor {
    /// A callback, for which a user waits.
    SignIn,
    /// An event from the provider, or a request that claims to be one.
    Event,
}

/// `burst` fetches at once, and one more after each `refill`, up to `burst`.
struct Rate {
    burst: u32,
    refill: Duration,
}

/// The rate of sign-ins. It is small, because one fetch after a rotation of keys serves all
/// sign-ins.
const SIGN_INS: Rate = Rate {
    // Four fetches at once, then four a minute.
    burst: 4,
    refill: Duration::from_secs(15),
};
/// The rate of events. It is more generous than [`SIGN_INS`], because a logout token is sent once,
/// and its sessions live on until its key is known.
const EVENTS: Rate = Rate {
    // Six fetches at once, then twelve a minute.
    burst: 6,
    refill: Duration::from_secs(5),
};

/// The rate of sign-ins as long as there is no document at all. It is generous, because no user can
/// sign in before one is fetched. It has a limit, because any host can begin sign-ins, and a
/// provider that answers without its document opens no circuit.
const FIRST: Rate = Rate {
    burst: 30,
    refill: Duration::from_secs(1),
};

/// The buckets of one document (the keys or the metadata). Times are those of the monotonic
/// clock, so that a corrected wall clock neither blocks nor frees fetches.
pub(super) struct Budget {
    sign_ins: Bucket,
    events: Bucket,
    first: Bucket,
}

/// A token bucket. It holds fetches; "token" here is the term of rate limiting.
struct Bucket {
    /// The fetches that may be made now.
    left: u32,
    /// The time at which the last fetch was added.
    refilled_at: Duration,
}

impl Budget {
    /// Full buckets.
    pub(super) fn new(now: Duration) -> Self {
        let full = |rate: &Rate| Bucket {
            left: rate.burst,
            refilled_at: now,
        };
        Self {
            sign_ins: full(&SIGN_INS),
            events: full(&EVENTS),
            first: full(&FIRST),
        }
    }

    /// Takes one fetch out of the bucket. `false` if the bucket is empty. The caller then goes on
    /// with the document it has.
    pub(super) fn spend(&mut self, now: Duration, fetch_for: FetchFor) -> bool {
        match fetch_for {
            FetchFor::SignIn => self.sign_ins.spend(now, &SIGN_INS),
            FetchFor::Event => self.events.spend(now, &EVENTS),
        }
    }

    /// Whether [`spend_first`](Self::spend_first) would take a fetch out of the bucket.
    pub(super) fn has_first(&mut self, now: Duration, fetch_for: FetchFor) -> bool {
        let (bucket, rate) = match fetch_for {
            FetchFor::SignIn => (&mut self.first, &FIRST),
            FetchFor::Event => (&mut self.events, &EVENTS),
        };
        bucket.refill(now, rate);
        bucket.left > 0
    }

    /// [`spend`](Self::spend) as long as there is no document. The caller goes on with the error of
    /// the last fetch if the bucket is empty. Events have no larger rate, because their senders
    /// send them again, or they are kept.
    pub(super) fn spend_first(&mut self, now: Duration, fetch_for: FetchFor) -> bool {
        match fetch_for {
            FetchFor::SignIn => self.first.spend(now, &FIRST),
            FetchFor::Event => self.events.spend(now, &EVENTS),
        }
    }
}

impl Bucket {
    /// Adds the fetches that are due at `now`.
    fn refill(&mut self, now: Duration, rate: &Rate) {
        // The refill times stay on a grid, so that unused fractions of a span are not lost. The
        // loop runs at most `burst` times.
        while self.left < rate.burst && now >= self.refilled_at + rate.refill {
            self.left += 1;
            self.refilled_at += rate.refill;
        }
        // A full bucket collects nothing, however long it stays full.
        if self.left == rate.burst {
            self.refilled_at = now;
        }
    }

    /// Takes one fetch out of the bucket.
    fn spend(&mut self, now: Duration, rate: &Rate) -> bool {
        self.refill(now, rate);
        let granted = self.left > 0;
        self.left -= u32::from(granted);
        granted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn granted(budget: &mut Budget, fetch_for: FetchFor, at: u64) -> bool {
        budget.spend(Duration::from_secs(at), fetch_for)
    }

    #[test]
    fn a_rotation_every_ten_seconds_is_fetched_every_time() {
        let mut budget = Budget::new(Duration::ZERO);
        assert!((0..100).all(|number| granted(&mut budget, FetchFor::Event, number * 10)));
    }

    #[test]
    fn a_flood_of_events_causes_twelve_calls_a_minute_and_takes_none_from_sign_ins() {
        let mut budget = Budget::new(Duration::ZERO);
        let calls = (0..60_000_u64).filter(|number| {
            let now = Duration::from_millis(*number);
            budget.spend(now, FetchFor::Event)
        });
        // Six at once, and one every five seconds from the 5th to the 55th.
        assert_eq!(calls.count(), 6 + 11);
        for _ in 0..4 {
            assert!(granted(&mut budget, FetchFor::SignIn, 60));
        }
        assert!(!granted(&mut budget, FetchFor::SignIn, 60));
        assert!(granted(&mut budget, FetchFor::SignIn, 75));
    }

    #[test]
    fn without_a_document_a_flood_of_sign_ins_causes_one_call_a_second() {
        let mut budget = Budget::new(Duration::ZERO);
        let calls = (0..60_000_u64).filter(|number| {
            let now = Duration::from_millis(*number);
            budget.spend_first(now, FetchFor::SignIn)
        });
        // Thirty at once, and one in each second from the 1st to the 59th.
        assert_eq!(calls.count(), 30 + 59);
        let now = Duration::from_secs(60);
        let events = (0..100).filter(|_| budget.spend_first(now, FetchFor::Event));
        assert_eq!(events.count(), 6);
    }
}
