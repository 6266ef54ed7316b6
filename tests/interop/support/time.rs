//! The application's clock, which differs from the provider's as a test sets it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use tower_phone_auth::Clock;

#[derive(Clone, Default)]
pub(crate) struct Ahead(Arc<AtomicI64>);

impl Ahead {
    pub(crate) fn of(seconds: i64) -> Self {
        Self(Arc::new(AtomicI64::new(seconds)))
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }

    pub(crate) fn clock(&self) -> Clock {
        let (wall, passed) = (Arc::clone(&self.0), Arc::clone(&self.0));
        let first = passed.load(Ordering::Relaxed);
        let start = Instant::now();
        let clock = Clock::new(move || {
            let seconds = wall.load(Ordering::Relaxed);
            let apart = Duration::from_secs(seconds.unsigned_abs());
            let now = SystemTime::now();
            if seconds < 0 {
                now - apart
            } else {
                now + apart
            }
        });
        clock.with_monotonic(move || {
            let passed = passed.load(Ordering::Relaxed) - first;
            start.elapsed() + Duration::from_secs(passed.unsigned_abs())
        })
    }
}
