//! The callers that wait until their entries are on the disk. One write serves all that wait at its
//! start.
//!
//! Writing to the disk takes milliseconds, and each caller waits for it. If callers wrote one after
//! another, a burst of sign-outs would wait for as many writes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::oneshot;

use super::{Inner, LogError};

/// The waiting callers, and whether a turn serves them.
#[derive(Debug, Default)]
pub(super) struct Queue(Mutex<State>);

/// The content of the queue.
#[derive(Debug, Default)]
struct State {
    waiting: Vec<Waiting>,
    /// A [`Turn`] exists that will take the waiting callers.
    is_served: bool,
}

/// A caller and its entries.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) payloads: Vec<Bytes>,
    /// Gets the result of the write that contained the entries.
    done: oneshot::Sender<Result<(), LogError>>,
}

/// The work of writing until the queue is empty, on a thread for blocking work. There is at most
/// one turn.
pub(super) struct Turn {
    log: Arc<Inner>,
    /// The turn has served every caller, so dropping it changes nothing.
    is_over: bool,
}

/// The result to wait for, and the turn to run if none runs yet.
pub(super) type Entered = (oneshot::Receiver<Result<(), LogError>>, Option<Turn>);

impl Queue {
    /// A panic of another holder leaves the state usable, so poisoning is ignored.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes all waiting callers. If there are none, the turn is over.
    fn take(&self) -> Vec<Waiting> {
        let mut state = self.state();
        state.is_served = !state.waiting.is_empty();
        std::mem::take(&mut state.waiting)
    }

    /// Adds a caller to the queue. The caller must run the returned turn, if there is one; without
    /// it, the running turn serves the entries too.
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
    /// Writes until no caller waits. Blocks.
    ///
    /// The file is released before the last results are sent, because a caller may drop the log and
    /// open the file again as soon as it has its result.
    pub(super) fn run(mut self) {
        let mut waiting = self.log.queue.take();
        loop {
            let written = self.log.write(&waiting);
            // The next callers are taken before the results are sent. If there are none, the next
            // caller to enter starts another turn.
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

/// Sends one result to each caller of a write.
fn answer(served: Vec<Waiting>, written: &Result<(), LogError>) {
    for one in served {
        // The future of the caller may have been dropped.
        let _ = one.done.send(written.clone());
    }
}

/// A runtime that shuts down drops a turn before it has run. The waiting callers then get an error,
/// because their senders are dropped, and the next call starts another turn.
impl Drop for Turn {
    fn drop(&mut self) {
        if !self.is_over {
            let mut state = self.log.queue.state();
            state.is_served = false;
            state.waiting.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{env, fs, process};

    use tokio::sync::oneshot::error::TryRecvError;

    use super::*;
    use crate::revocation::FileLog;

    #[test]
    fn a_turn_that_never_ran_fails_its_callers_and_the_next_caller_gets_another() {
        let name = format!("tower-phone-auth-queue-{}", process::id());
        let folder = env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        let log = FileLog::open(folder.join("log")).unwrap();
        let enter = || Queue::enter(&log.0, vec![Bytes::from_static(b"entry")]);
        let (mut first, turn) = enter();
        let (mut second, none) = enter();
        assert!(turn.is_some() && none.is_none());
        // A runtime that shuts down drops the turn.
        drop(turn);
        assert_eq!(first.try_recv().unwrap_err(), TryRecvError::Closed);
        assert_eq!(second.try_recv().unwrap_err(), TryRecvError::Closed);
        let (mut third, turn) = enter();
        turn.unwrap().run();
        assert!(third.try_recv().unwrap().is_ok());
        drop(log);
        fs::remove_dir_all(&folder).unwrap();
    }
}
