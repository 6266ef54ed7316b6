//! The outcomes of callbacks: one for each state, given out again for the same pending cookie.
//!
//! A code is good for one exchange, but a browser may send its callback twice: the user reloads,
//! the connection breaks before the reply arrives, or two tabs restore the same address. The first
//! callback exchanges the code. Every other waits for that outcome, or gets the kept one.
//!
//! - Only a callback whose pending cookie opens reaches this module, so a stranger can add no
//!   entry for another browser.
//! - A sign-in is given out again until its session is first used, which shows that the cookie has
//!   arrived. Afterwards, or after a revocation, a repetition leads to the return address only if
//!   the request carries that session.
//! - Sign-ins and refusals have tables of their own. A stranger can cause refusals at no cost, so
//!   refusals must not push out a sign-in.
//! - Codes, verifiers and tokens of a provider are never kept, except the ID token that the
//!   browser gets sealed as well.
//!
//! The number, the bytes and the time of entries have fixed limits, so that memory is bounded
//! whatever the load. The time ends with the pending cookie.
//!
//! A state passes through these steps in the tables. It is unknown at first. `begin` makes it
//! running, and `finish` moves the outcome to `sign_ins` or `others`. The first request with the
//! new session removes a sign-in from `unused`, and the entry in `sign_ins` stays to say which
//! session it was. In the end `tidy` removes the entry. A task that ends without `finish` makes the
//! state unknown again, but `used_states` still remembers that its code was sent.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::watch;

use super::{
    outcome::Outcome,
    outcome_table::{Id, Table},
    unused::Unused,
};
use crate::flow::{Flow, replay::short};
use crate::session::id::SessionId;

/// The most callbacks that are under way at once. Each ends by its deadline. Further callbacks are
/// refused with 503 and `Retry-After`, before their code is sent.
const MAX_RUNNING: usize = 1024;
/// The most bytes of all sign-ins that are kept. This is enough for a few thousand sign-ins.
const SIGN_IN_BYTES: usize = 3 << 20;
/// The most bytes of all other outcomes that are kept.
const OTHER_BYTES: usize = 1 << 20;
/// Receives the outcome of a callback that is under way. The value is `None` until the callback has
/// finished.
pub(crate) type OutcomeReceiver = watch::Receiver<Option<Arc<Outcome>>>;

/// The outcomes that this process knows.
#[derive(Default)]
pub(crate) struct Outcomes {
    /// Taken by callbacks alone, and never held while something waits.
    kept: Mutex<Kept>,
    /// Sign-ins whose session was not used yet. Requests of signed-in users remove them without a
    /// lock. The table in `kept` holds their ids, and removes an entry here when its time is over.
    unused: Unused,
}

/// The part behind the lock, which only callbacks take.
#[derive(Default)]
struct Kept {
    /// Callbacks whose code is being exchanged.
    running: HashMap<Id, OutcomeReceiver>,
    /// The session of each sign-in. The sign-in itself stands in `unused` until its session is
    /// used.
    sign_ins: Table<SessionId>,
    /// Refusals and redirects.
    others: Table<Arc<Outcome>>,
}

/// The result of looking up a state.
pub(crate) enum Lookup {
    /// Another callback of this state is under way.
    Running(OutcomeReceiver),
    /// The outcome is known and may be given out again.
    Finished(Arc<Outcome>),
    /// The outcome is not kept any more, or its session was used.
    Used(Option<SessionId>),
    /// This callback is the first.
    First(RunningCallback),
    /// The state is new, and too many callbacks are under way.
    Full,
}

impl Outcomes {
    /// A panic while the lock was held leaves the tables usable, so a poisoned lock is taken as it
    /// is. A refusal of all later callbacks would be worse.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a request carries this session, so its cookie has arrived. Takes no lock,
    /// because every request of a signed-in user calls it.
    pub(crate) fn used(&self, session: &SessionId) {
        self.unused.remove(session);
    }

    /// Forgets the sign-in of this state, because its browser signed out. The entry in the table
    /// stays, so that a repeated callback does not count as the first.
    pub(crate) fn forget(&self, state: &[u8; 16]) {
        let session = self.kept().sign_ins.item(state).copied();
        if let Some(session) = session {
            self.unused.remove(&session);
        }
    }

    /// The redirect with which the callback of this state ended, if it was one. A browser that has
    /// only the finished cookie thus gets the same redirect again.
    pub(crate) fn redirect_of(&self, state: &str) -> Option<Arc<Outcome>> {
        let outcome = Arc::clone(self.kept().others.item(&short(state))?);
        let is_redirect = matches!(*outcome, Outcome::Redirect(_) | Outcome::PhoneStep(_));
        is_redirect.then_some(outcome)
    }

    /// Looks a state up, and marks it as running if it is new. `is_first` is called only if this
    /// table knows nothing, because the call remembers the state as used.
    pub(crate) fn begin(
        flow: &Arc<Flow>,
        state: &str,
        left: Duration,
        is_first: impl FnOnce() -> bool,
    ) -> Lookup {
        let (outcomes, id) = (&flow.outcomes, short(state));
        let now = flow.config.clock.monotonic();
        let mut kept = outcomes.kept();
        outcomes.tidy(&mut kept, now);
        if let Some(receiver) = kept.running.get(&id) {
            return Lookup::Running(receiver.clone());
        }
        if let Some(session) = kept.sign_ins.item(&id) {
            let outcome = outcomes.unused.get(session);
            return outcome.map_or(Lookup::Used(Some(*session)), Lookup::Finished);
        }
        if let Some(outcome) = kept.others.item(&id) {
            return Lookup::Finished(Arc::clone(outcome));
        }
        // The limit is checked before `is_first`, because that call marks the state as used, and
        // the user could not try again.
        if kept.running.len() >= MAX_RUNNING {
            return Lookup::Full;
        }
        if !is_first() {
            return Lookup::Used(None);
        }
        // From here on, other callbacks of this state wait on the channel.
        let (sender, receiver) = watch::channel(None);
        kept.running.insert(id, receiver);
        Lookup::First(RunningCallback {
            flow: Arc::clone(flow),
            id,
            until: now.saturating_add(left),
            sender,
        })
    }

    /// Drops entries that are over, then the oldest that exceed the limits.
    fn tidy(&self, kept: &mut Kept, now: Duration) {
        for session in kept.sign_ins.surplus(now, SIGN_IN_BYTES) {
            self.unused.remove(&session);
        }
        kept.others.surplus(now, OTHER_BYTES);
    }
}

/// The right to exchange the code of one state. While it is held, other callbacks of the state
/// wait. It is dropped with its task, so that they do not wait for ever if a hook panics or the
/// runtime shuts down.
pub(crate) struct RunningCallback {
    /// The layer, whose tables the outcome goes to.
    flow: Arc<Flow>,
    /// The hash of the state.
    id: Id,
    /// The end of the pending cookie, on the monotonic clock. The outcome is kept as long.
    until: Duration,
    /// Wakes the callbacks that wait for the outcome.
    sender: watch::Sender<Option<Arc<Outcome>>>,
}

impl RunningCallback {
    /// The layer of this callback.
    pub(crate) fn flow(&self) -> Arc<Flow> {
        Arc::clone(&self.flow)
    }

    /// Receives the outcome of this callback.
    pub(crate) fn receiver(&self) -> OutcomeReceiver {
        self.sender.subscribe()
    }

    /// Keeps the outcome and wakes the callbacks that wait for it. The outcome is kept before the
    /// state stops running, so that no callback between the two takes itself for the first.
    pub(crate) fn finish(self, outcome: Outcome) {
        let (outcomes, bytes) = (&self.flow.outcomes, outcome.bytes());
        let outcome = Arc::new(outcome);
        let mut kept = outcomes.kept();
        if let Outcome::SignedIn(signed_in) = &*outcome {
            let session = signed_in.session.user.session_id();
            outcomes.unused.insert(session, Arc::clone(&outcome));
            kept.sign_ins.add(self.id, session, self.until, bytes);
        } else {
            let copy = Arc::clone(&outcome);
            kept.others.add(self.id, copy, self.until, bytes);
        }
        outcomes.tidy(&mut kept, self.flow.config.clock.monotonic());
        kept.running.remove(&self.id);
        drop(kept);
        self.sender.send_replace(Some(outcome));
    }
}

impl Drop for RunningCallback {
    fn drop(&mut self) {
        self.flow.outcomes.kept().running.remove(&self.id);
    }
}
