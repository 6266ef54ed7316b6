//! The messages of the last hour, by which the limits count.

use std::{collections::VecDeque, time::Duration};

use super::operation::{Take, Taken};
use crate::phone_step::{
    keys::{Charges, Tag},
    limits::{Limit, PhoneLimits},
};

/// The seconds for which a message counts. Dates are whole seconds, so one more second makes sure
/// that it counts for an hour.
pub(super) const WINDOW: u32 = 60 * 60 + 1;

/// The messages of the last hour, the oldest first. A search goes through all of them, which
/// takes a microsecond for the 500 of the default limit.
#[derive(Debug, Default)]
pub(super) struct Messages(VecDeque<Message>);

/// One message, in 20 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Message {
    /// By the store's clock.
    at: u32,
    charges: Charges,
}

/// A limit that is reached, and when it permits one more message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reached {
    pub(super) which: Limit,
    pub(super) wait: Duration,
}

impl Reached {
    /// A limit that was reached with a message of this date.
    fn new(which: Limit, at: Option<u32>, now: u32) -> Self {
        let end = at.unwrap_or(now).wrapping_add(WINDOW);
        let seconds = end.wrapping_sub(now);
        Self {
            which,
            wait: Duration::from_secs(seconds.into()),
        }
    }
}

impl From<Reached> for Taken {
    fn from(Reached { which, wait }: Reached) -> Self {
        match which {
            Limit::Total => Self::Total { wait },
            _ => Self::OverLimit { which, wait },
        }
    }
}

impl Messages {
    /// Checks all limits. The one with the longest wait is returned, and the limit on all messages
    /// only if no other is reached.
    pub(super) fn check(
        &self,
        take: &Take<'_>,
        limits: &PhoneLimits,
        now: u32,
    ) -> Result<(), Reached> {
        let is_same =
            |of: fn(&Charges) -> Tag, other: Tag| take.charges().any(|own| of(own) == other);
        let mut dates: [Vec<u32>; 4] = Default::default();
        let mut total = 0;
        for Message { at, charges: other } in self.0.iter().filter(|one| counts(one.at, now)) {
            total += 1;
            let [number, person, address, prefix] = &mut dates;
            for (dates, is_same) in [
                (number, is_same(|own| own.number, other.number)),
                (person, is_same(|own| own.person, other.person)),
                (address, is_same(|own| own.address, other.address)),
                (prefix, is_same(|own| own.prefix, other.prefix)),
            ] {
                if is_same {
                    dates.push(*at);
                }
            }
        }
        let most = [
            (Limit::Number, limits.number),
            (Limit::Person, limits.person),
            (Limit::Address, limits.address),
            (Limit::Prefix, limits.prefix),
        ];
        let of = |((which, most), dates): (_, &Vec<u32>)| {
            let over = over(dates.len(), most)?;
            Some(Reached::new(which, dates.get(over).copied(), now))
        };
        let reached = most.into_iter().zip(&dates).filter_map(of);
        let longest = reached.max_by_key(|reached| reached.wait);
        let in_all = || {
            let mut counted = self.0.iter().filter(|one| counts(one.at, now));
            let at = counted.nth(over(total, limits.total)?).map(|one| one.at);
            Some(Reached::new(Limit::Total, at, now))
        };
        longest.or_else(in_all).map_or(Ok(()), Err)
    }

    /// Adds a message, and drops those that no longer count.
    pub(super) fn add(&mut self, charges: Charges, now: u32) {
        while self
            .0
            .front()
            .is_some_and(|message| !counts(message.at, now))
        {
            self.0.pop_front();
        }
        // A queue that doubles would have twice the size of its content.
        if self.0.len() == self.0.capacity() {
            self.0.reserve_exact(self.0.len() / 8 + 8);
        }
        self.0.push_back(Message { at: now, charges });
    }

    /// Removes a message that the sender refused.
    pub(super) fn give_back(&mut self, charges: Charges, at: u32) {
        let message = Message { at, charges };
        if let Some(index) = self.0.iter().rposition(|other| *other == message) {
            self.0.remove(index);
        }
    }
}

/// Whether a message still counts. The clock of a server may be set back: a message that is dated
/// up to an hour ahead counts, too.
fn counts(at: u32, now: u32) -> bool {
    let age = now.wrapping_sub(at);
    !(WINDOW..=u32::MAX - WINDOW).contains(&age)
}

/// The index of the message with which the limit was reached. One more is permitted once that one
/// no longer counts. `None` if the limit is not reached.
fn over(count: usize, most: u32) -> Option<usize> {
    count.checked_sub(usize::try_from(most).unwrap_or(usize::MAX))
}
