//! How often a provider is asked again because of what a token says: a stranger can invent tokens.

use std::time::Duration;

use crate::clock::UnixTime;

/// So many calls at once, and one more each this many seconds.
const BURST: u32 = 4;
const REFILL: Duration = Duration::from_secs(15);
/// Anybody can post an event: these are left to the sign-ins.
const SIGN_INS_OWN: u32 = 2;

/// For whom the provider is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asker {
    Login,
    Event,
}

pub(super) struct Budget {
    left: u32,
    refilled_at: UnixTime,
}

impl Budget {
    pub(super) fn new(now: UnixTime) -> Self {
        Self {
            left: BURST,
            refilled_at: now,
        }
    }

    pub(super) fn spend(&mut self, now: UnixTime, asker: Asker) -> bool {
        while self.left < BURST && now >= self.refilled_at.after(REFILL) {
            self.left += 1;
            self.refilled_at = self.refilled_at.after(REFILL);
        }
        if self.left == BURST {
            self.refilled_at = now;
        }
        let kept = match asker {
            Asker::Login => 0,
            Asker::Event => SIGN_INS_OWN,
        };
        let granted = self.left > kept;
        self.left -= u32::from(granted);
        granted
    }
}
