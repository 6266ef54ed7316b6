//! The sign-ins whose session was not used yet.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use super::outcome::Outcome;
use crate::session::id::SessionId;

/// Sign-ins by their session. Each request of a signed-in user asks for its session, and there is
/// rarely any sign-in here, so their number is read first.
#[derive(Default)]
pub(super) struct Unused {
    sign_ins: papaya::HashMap<SessionId, Arc<Outcome>>,
    /// At least the number of sign-ins.
    count: AtomicUsize,
}

impl Unused {
    /// Counted before it is inserted, so that no sign-in is here while the number is zero.
    pub(super) fn insert(&self, session: SessionId, outcome: Arc<Outcome>) {
        self.count.fetch_add(1, Ordering::AcqRel);
        let is_known = self.sign_ins.pin().insert(session, outcome).is_some();
        if is_known {
            self.count.fetch_sub(1, Ordering::AcqRel);
        }
    }

    pub(super) fn get(&self, session: &SessionId) -> Option<Arc<Outcome>> {
        self.sign_ins.pin().get(session).cloned()
    }

    /// Removes the sign-in of a session. Takes no lock.
    pub(super) fn remove(&self, session: &SessionId) {
        if self.count.load(Ordering::Acquire) == 0 {
            return;
        }
        let sign_ins = self.sign_ins.pin();
        // A look-up is much cheaper than a removal, and nearly every request finds nothing here.
        if sign_ins.contains_key(session) && sign_ins.remove(session).is_some() {
            self.count.fetch_sub(1, Ordering::AcqRel);
        }
    }
}
