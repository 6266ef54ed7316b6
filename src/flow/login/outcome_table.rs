//! A table of the last outcomes, bounded by number, bytes and time.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

/// The most entries of a table. The layer has one for sign-ins and one for all other outcomes. Each
/// holds at most this many, whatever their size.
const MAX: usize = 4096;

/// The hash of a state.
pub(crate) type Id = [u8; 16];

/// The last outcomes by the hash of their state.
pub(crate) struct Table<T> {
    /// The entries, for the lookup.
    by_state: HashMap<Id, Item<T>>,
    /// The ids in the order in which they were added, the oldest first.
    order: VecDeque<Id>,
    /// The sum of the entries' bytes.
    bytes: usize,
}

/// An outcome with its limits.
struct Item<T> {
    outcome: T,
    /// The end of the entry, on the monotonic clock.
    until: Duration,
    bytes: usize,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            by_state: HashMap::new(),
            order: VecDeque::new(),
            bytes: 0,
        }
    }
}

impl<T> Table<T> {
    /// The outcome of a state.
    pub(crate) fn item(&self, id: &Id) -> Option<&T> {
        self.by_state.get(id).map(|item| &item.outcome)
    }

    /// Adds or replaces the outcome of a state. A replacement keeps the position of the old entry
    /// in the order. The caller removes the surplus afterwards.
    pub(crate) fn add(&mut self, id: Id, outcome: T, until: Duration, bytes: usize) {
        let item = Item {
            outcome,
            until,
            bytes,
        };
        self.bytes += bytes;
        match self.by_state.insert(id, item) {
            Some(before) => self.bytes -= before.bytes,
            None => self.order.push_back(id),
        }
    }

    /// Removes and returns entries from the oldest on, while one is over at `now` or the limits are
    /// exceeded. An entry that is over may stand behind one that is not. Both are gone within the
    /// life of a pending cookie, so a search through the whole table is not needed.
    pub(crate) fn surplus(&mut self, now: Duration, most_bytes: usize) -> Vec<T> {
        let mut gone = Vec::new();
        while let Some(id) = self.order.front() {
            // An id without an entry cannot occur, and would be dropped here.
            let is_over = self.by_state.get(id).is_none_or(|item| now >= item.until);
            if !is_over && self.order.len() <= MAX && self.bytes <= most_bytes {
                break;
            }
            if let Some(item) = self.by_state.remove(id) {
                self.bytes -= item.bytes;
                gone.push(item.outcome);
            }
            self.order.pop_front();
        }
        gone
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::replay::short;

    const HOUR: Duration = Duration::from_secs(3600);

    fn id(number: usize) -> Id {
        short(&number.to_string())
    }

    #[test]
    fn a_table_holds_the_newest_by_number_and_by_bytes() {
        let most = 1 << 23;
        for (bytes, left) in [(512, MAX), (4096, most / 4096), (most + 1, 0)] {
            let mut table = Table::default();
            for number in 0..2 * MAX {
                table.add(id(number), (), HOUR, bytes);
                table.surplus(Duration::ZERO, most);
            }
            assert_eq!((table.order.len(), table.by_state.len()), (left, left));
            assert_eq!(table.bytes, left * bytes);
            assert_eq!(table.item(&id(2 * MAX - 1)).is_some(), left > 0);
        }
    }

    #[test]
    fn a_table_is_empty_when_all_entries_are_over() {
        let mut table = Table::default();
        for number in 0..10 {
            table.add(id(number), number, Duration::from_secs(60), 512);
        }
        assert!(table.surplus(Duration::from_secs(59), 1 << 20).is_empty());
        assert_eq!(table.surplus(Duration::from_secs(60), 1 << 20).len(), 10);
        assert_eq!(table.bytes, 0);
    }
}
