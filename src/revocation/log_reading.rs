//! Reading the log, as the layer sees it: whether sessions may be accepted, the start of the task,
//! its first reading, and the age of its newest one.

use std::{sync::atomic::Ordering, time::Duration};

use tokio::runtime::Handle;

use super::{
    Revocations, follower,
    log_error::LogError,
    log_state::{FirstReading, LogState, Readiness},
};

impl Revocations {
    /// Whether this replica may accept a session now. Always [`Readiness::Ready`] without a log.
    pub(crate) fn readiness(&self) -> Readiness {
        let log_state = self.shared.log_state.as_ref();
        log_state.map_or(Readiness::Ready, |log_state| {
            log_state.readiness(&self.shared.clock)
        })
    }

    /// Starts the task that follows the log, if there is a log and no task runs yet. Without a
    /// tokio runtime nothing starts, and a later call tries again.
    pub(crate) fn start(&self) {
        if let Some(log_state) = &self.shared.log_state
            && !log_state.followed.load(Ordering::Acquire)
        {
            self.follow(log_state);
        }
    }

    /// Starts the task that follows the log. Out of line, because [`start`](Self::start) runs in
    /// requests and rarely comes here.
    #[cold]
    fn follow(&self, log_state: &LogState) {
        // The lag counts from the first attempt, also if no task can start yet.
        log_state.start(self.shared.clock.monotonic());
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        // Two requests may come here at once. The swap lets only one of them start a task.
        if !log_state.followed.swap(true, Ordering::AcqRel) {
            runtime.spawn(follower::run(&self.shared));
        }
    }

    /// Waits until the log was read completely once. Returns at once without a log, or if that has
    /// happened before.
    ///
    /// # Errors
    /// The first error that reading the log gives after this call. The follower continues to try.
    /// A caller may wait again.
    pub(crate) async fn caught_up(&self) -> Result<(), LogError> {
        let Some(log_state) = &self.shared.log_state else {
            return Ok(());
        };
        // Subscribed before the follower starts, so that its first result is not missed.
        let mut first_reading = log_state.first_reading.subscribe();
        self.start();
        if matches!(*first_reading.borrow_and_update(), FirstReading::Completed) {
            return Ok(());
        }
        // `log_state` owns the sender, so `changed` does not fail.
        while first_reading.changed().await.is_ok() {
            match &*first_reading.borrow_and_update() {
                FirstReading::Pending => {}
                FirstReading::Completed => break,
                FirstReading::Failed(error) => return Err(error.clone()),
            }
        }
        Ok(())
    }

    /// The age of the newest complete reading of the log, or the time since the follower started if
    /// there was none. `None` without a log.
    pub(crate) fn lag(&self) -> Option<Duration> {
        self.start();
        let now = self.shared.clock.monotonic();
        let log_state = self.shared.log_state.as_ref();
        log_state.map(|log_state| log_state.lag(now))
    }
}
