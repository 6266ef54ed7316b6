//! Pauses between attempts that double, up to a bound.

use std::time::Duration;

/// Pauses between a first and a longest one, each twice as long as the one before.
pub(super) struct Backoff {
    /// The pause that [`Backoff::next`] returns next.
    next: Duration,
    /// The first and the longest pause.
    bounds: [Duration; 2],
}

impl Backoff {
    /// Pauses from `bounds[0]` to `bounds[1]`.
    pub(super) fn new(bounds: [Duration; 2]) -> Self {
        Self {
            next: bounds[0],
            bounds,
        }
    }

    /// The next pause, after another failure.
    pub(super) fn next(&mut self) -> Duration {
        let pause = self.next;
        self.next = (pause * 2).min(self.bounds[1]);
        pause
    }

    /// Begins with the first pause again, after a success.
    pub(super) fn reset(&mut self) {
        self.next = self.bounds[0];
    }
}
