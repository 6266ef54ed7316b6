use std::collections::{HashMap, VecDeque};

use crate::{endpoint::Endpoint, fault::Fault};

/// The faults to come: those queued for one request each go first.
#[derive(Default)]
pub(crate) struct Faults {
    next: HashMap<Endpoint, VecDeque<Fault>>,
    standing: HashMap<Endpoint, Fault>,
}

impl Faults {
    pub(crate) fn queue(&mut self, endpoint: Endpoint, fault: Fault) {
        self.next.entry(endpoint).or_default().push_back(fault);
    }

    pub(crate) fn stand(&mut self, endpoint: Endpoint, fault: Fault) {
        self.standing.insert(endpoint, fault);
    }

    pub(crate) fn heal(&mut self, endpoint: Endpoint) {
        self.next.remove(&endpoint);
        self.standing.remove(&endpoint);
    }

    pub(crate) fn take(&mut self, endpoint: Endpoint) -> Option<Fault> {
        let queued = self.next.get_mut(&endpoint).and_then(VecDeque::pop_front);
        queued.or_else(|| self.standing.get(&endpoint).cloned())
    }
}
