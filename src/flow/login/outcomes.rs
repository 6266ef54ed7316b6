//! The outcomes of callbacks: one for each state, given out again for the same pending cookie.
//!
//! Only a callback whose pending cookie opened has one here. Sign-ins and the others have tables of their own, so that
//! refusals, which cost nothing, push out no sign-in. Codes, verifiers and tokens of a provider are never kept.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::watch;

use super::{
    outcome::Outcome,
    outcome_table::{Id, Table},
};
use crate::flow::{Flow, replay::short};
use crate::{session::id::SessionId, web::reply::Reply};

/// As many callbacks are under way at once; each ends with its deadline.
const MOST_RUNNING: usize = 1024;
/// Bytes of all sign-ins that are kept.
const SIGN_IN_BYTES: usize = 3 << 20;
/// Bytes of all other outcomes that are kept.
const OTHER_BYTES: usize = 1 << 20;
/// Receives an outcome that is not known yet.
pub(crate) type Coming = watch::Receiver<Option<Arc<Outcome>>>;

#[derive(Default)]
pub(crate) struct Outcomes {
    kept: Mutex<Kept>,
    /// Sign-ins whose session was not used yet. Requests take them out without a lock.
    unused: papaya::HashMap<SessionId, Arc<Outcome>>,
}

#[derive(Default)]
struct Kept {
    running: HashMap<Id, Coming>,
    sign_ins: Table<SessionId>,
    others: Table<Arc<Outcome>>,
}

/// The knowledge about one state.
pub(crate) enum Known {
    Coming(Coming),
    Ended(Arc<Outcome>),
    /// Its outcome is not kept any more, or its session was used.
    Used(Option<SessionId>),
    /// Nothing: this callback is the first.
    First(Turn),
    /// Nothing, and too many callbacks are under way.
    Full,
}

impl Outcomes {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request brought this session, so its cookie has arrived. Takes no lock.
    pub(crate) fn used(&self, session: &SessionId) {
        let unused = self.unused.pin();
        if unused.contains_key(session) {
            unused.remove(session);
        }
    }

    /// The browser was signed out, and its sign-in of this state is not given out again.
    pub(crate) fn forget(&self, state: &[u8; 16]) {
        let session = self.kept().sign_ins.item(state).copied();
        if let Some(session) = session {
            self.unused.pin().remove(&session);
        }
    }

    /// The answer that led on from the callback of this state.
    pub(crate) fn led(&self, state: &str) -> Option<Reply> {
        match &**self.kept().others.item(&short(state))? {
            Outcome::Leads(reply) => Some(reply.clone()),
            Outcome::SignedIn(_) | Outcome::Refused(..) => None,
        }
    }

    /// Looks a state up. `is_first` is asked only if nothing is known here, and remembers the state.
    pub(crate) fn begin(
        flow: &Arc<Flow>,
        state: &str,
        left: Duration,
        is_first: impl FnOnce() -> bool,
    ) -> Known {
        let (outcomes, id) = (&flow.outcomes, short(state));
        let now = flow.config.clock.monotonic();
        let mut kept = outcomes.kept();
        outcomes.tidy(&mut kept, now);
        if let Some(coming) = kept.running.get(&id) {
            return Known::Coming(coming.clone());
        }
        if let Some(session) = kept.sign_ins.item(&id) {
            let unused = outcomes.unused.pin();
            let outcome = unused.get(session).cloned();
            return outcome.map_or(Known::Used(Some(*session)), Known::Ended);
        }
        if let Some(outcome) = kept.others.item(&id) {
            return Known::Ended(Arc::clone(outcome));
        }
        if kept.running.len() >= MOST_RUNNING {
            return Known::Full;
        }
        if !is_first() {
            return Known::Used(None);
        }
        let (sender, coming) = watch::channel(None);
        kept.running.insert(id, coming);
        Known::First(Turn {
            flow: Arc::clone(flow),
            id,
            until: now.saturating_add(left),
            sender,
        })
    }

    /// Drops what is over and what is too much.
    fn tidy(&self, kept: &mut Kept, now: Duration) {
        let unused = self.unused.pin();
        for session in kept.sign_ins.surplus(now, SIGN_IN_BYTES) {
            unused.remove(&session);
        }
        kept.others.surplus(now, OTHER_BYTES);
    }
}

/// While it is held, the callback is under way. It ends with its task, also if a hook panics or the runtime shuts down.
pub(crate) struct Turn {
    flow: Arc<Flow>,
    id: Id,
    until: Duration,
    sender: watch::Sender<Option<Arc<Outcome>>>,
}

impl Turn {
    pub(crate) fn flow(&self) -> Arc<Flow> {
        Arc::clone(&self.flow)
    }

    pub(crate) fn coming(&self) -> Coming {
        self.sender.subscribe()
    }

    pub(crate) fn ends(self, outcome: Outcome) {
        let (outcomes, bytes) = (&self.flow.outcomes, outcome.bytes());
        let outcome = Arc::new(outcome);
        let mut kept = outcomes.kept();
        if let Outcome::SignedIn(signed_in) = &*outcome {
            let session = signed_in.session.user.session_id;
            outcomes.unused.pin().insert(session, Arc::clone(&outcome));
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

impl Drop for Turn {
    fn drop(&mut self) {
        self.flow.outcomes.kept().running.remove(&self.id);
    }
}
