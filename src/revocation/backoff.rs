//! Pauses that double.

use std::time::Duration;

/// Pauses between a first and a longest one. Each is twice as long as the one before.
pub(super) struct Backoff {
    next: Duration,
    bounds: [Duration; 2],
}

impl Backoff {
    pub(super) fn new(bounds: [Duration; 2]) -> Self {
        Self {
            next: bounds[0],
            bounds,
        }
    }

    pub(super) fn next(&mut self) -> Duration {
        let pause = self.next;
        self.next = (pause * 2).min(self.bounds[1]);
        pause
    }

    pub(super) fn reset(&mut self) {
        self.next = self.bounds[0];
    }
}
