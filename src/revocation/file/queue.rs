//! Those who wait until their entries are on the disk. One write serves all of them.

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

/// Serves the queue until it is empty.
pub(super) struct Turn {
    log: Arc<Inner>,
    is_over: bool,
}

/// The result of a wait, and the turn to run if there is none yet.
pub(super) type Entered = (oneshot::Receiver<Result<(), LogError>>, Option<Turn>);

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All that wait. If none does, the turn is over.
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
    /// Blocks. With the last result it holds the file no longer: the caller may open it anew.
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
        // The caller may have gone away.
        let _ = one.done.send(written.clone());
    }
}

/// A runtime that shuts down drops it unrun: those who wait then get an error, and the next one to come begins again.
impl Drop for Turn {
    fn drop(&mut self) {
        if !self.is_over {
            let mut state = self.log.queue.state();
            state.is_served = false;
            state.waiting.clear();
        }
    }
}
