//! The callers that wait until their entries are on the disk. One write serves all that wait at its
//! start.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::oneshot;

use super::{Inner, LogError};

#[derive(Debug, Default)]
pub(super) struct Queue(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    waiting: Vec<Waiting>,
    is_served: bool,
}

#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) payloads: Vec<Bytes>,
    done: oneshot::Sender<Result<(), LogError>>,
}

/// The task that writes until the queue is empty. There is at most one.
pub(super) struct Turn {
    log: Arc<Inner>,
    is_over: bool,
}

/// The result to wait for, and the turn to run if none runs yet.
pub(super) type Entered = (oneshot::Receiver<Result<(), LogError>>, Option<Turn>);

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes all waiting callers. If there are none, the turn is over.
    fn take(&self) -> Vec<Waiting> {
        let mut state = self.state();
        state.is_served = !state.waiting.is_empty();
        std::mem::take(&mut state.waiting)
    }

    pub(super) fn enter(log: &Arc<Inner>, payloads: Vec<Bytes>) -> Entered {
        let (done, result) = oneshot::channel();
        let mut state = log.queue.state();
        state.waiting.push(Waiting { payloads, done });
        let is_served = std::mem::replace(&mut state.is_served, true);
        let turn = (!is_served).then(|| Turn {
            log: Arc::clone(log),
            is_over: false,
        });
        (result, turn)
    }
}

impl Turn {
    /// Blocks. It releases the file before it sends the last results, so that the callers may open
    /// the file again.
    pub(super) fn run(mut self) {
        let mut waiting = self.log.queue.take();
        loop {
            let written = self.log.write(&waiting);
            let served = std::mem::replace(&mut waiting, self.log.queue.take());
            if waiting.is_empty() {
                self.is_over = true;
                drop(self);
                answer(served, &written);
                return;
            }
            answer(served, &written);
        }
    }
}

fn answer(served: Vec<Waiting>, written: &Result<(), LogError>) {
    for one in served {
        // The future of the caller may have been dropped.
        let _ = one.done.send(written.clone());
    }
}

/// A runtime that shuts down drops a turn before it has run. The waiting callers then get an error,
/// and the next call starts another turn.
impl Drop for Turn {
    fn drop(&mut self) {
        if !self.is_over {
            let mut state = self.log.queue.state();
            state.is_served = false;
            state.waiting.clear();
        }
    }
}
