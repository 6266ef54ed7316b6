//! How often a provider is asked again because of what a token says: a stranger can invent tokens.

use std::time::Duration;

/// For whom the provider is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FetchFor {
    SignIn,
    Event,
}

/// This many calls at once, and one more after each span.
struct Rate {
    burst: u32,
    refill: Duration,
}

const SIGN_INS: Rate = Rate {
    burst: 4,
    refill: Duration::from_secs(15),
};
/// A logout is reported once, and its sessions live until the keys are read that signed it.
const EVENTS: Rate = Rate {
    burst: 6,
    refill: Duration::from_secs(5),
};

/// A stranger can post events; therefore sign-ins have calls of their own. Time is that of the monotonic clock.
pub(super) struct Budget {
    sign_ins: Bucket,
    events: Bucket,
}

struct Bucket {
    left: u32,
    refilled_at: Duration,
}

impl Budget {
    pub(super) fn new(now: Duration) -> Self {
        let full = |rate: &Rate| Bucket {
            left: rate.burst,
            refilled_at: now,
        };
        Self {
            sign_ins: full(&SIGN_INS),
            events: full(&EVENTS),
        }
    }

    pub(super) fn spend(&mut self, now: Duration, fetch_for: FetchFor) -> bool {
        match fetch_for {
            FetchFor::SignIn => self.sign_ins.spend(now, &SIGN_INS),
            FetchFor::Event => self.events.spend(now, &EVENTS),
        }
    }
}

impl Bucket {
    fn spend(&mut self, now: Duration, rate: &Rate) -> bool {
        while self.left < rate.burst && now >= self.refilled_at + rate.refill {
            self.left += 1;
            self.refilled_at += rate.refill;
        }
        if self.left == rate.burst {
            self.refilled_at = now;
        }
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
    fn a_rotation_each_ten_seconds_is_read_each_time() {
        let mut budget = Budget::new(Duration::ZERO);
        assert!((0..100).all(|number| granted(&mut budget, FetchFor::Event, number * 10)));
    }

    #[test]
    fn a_flood_of_events_costs_twelve_calls_a_minute_and_none_of_the_sign_ins() {
        let mut budget = Budget::new(Duration::ZERO);
        let calls = (0..60_000_u64).filter(|number| {
            let now = Duration::from_millis(*number);
            budget.spend(now, FetchFor::Event)
        });
        assert_eq!(calls.count(), 6 + 11);
        for _ in 0..4 {
            assert!(granted(&mut budget, FetchFor::SignIn, 60));
        }
        assert!(!granted(&mut budget, FetchFor::SignIn, 60));
        assert!(granted(&mut budget, FetchFor::SignIn, 75));
    }
}
