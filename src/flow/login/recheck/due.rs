//! The requests that wait for a check of their session. The decision calls this module, so it uses
//! neither the network nor a lock.

use http::{HeaderMap, Method, Uri};

use crate::{
    clock::UnixTime,
    error::refusal::Reason,
    flow::{Action, Decision, Flow, Missing, request::navigation},
    session::{Check, Session},
    web::return_to::ReturnTo,
};

impl Flow {
    /// The decision for a session that is due for a check, or `None` if the session counts as it
    /// is. Only a page visit can go to the provider and come back, and only to an address that the
    /// way back can name. Other requests pass until the check is overdue, and are refused then.
    pub(crate) fn recheck(
        &self,
        session: &Session,
        now: UnixTime,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Option<Decision> {
        // Without the setting `recheck_after`, no session is ever due.
        let check = session.check(self.config.plain.recheck?, now);
        if check == Check::NotYet {
            return None;
        }
        let is_public = self.is_public(method, uri.path());
        let is_page = navigation::is_page_visit(method, headers);
        match check {
            Check::Late if is_public => Some(Decision::PassAnonymous(Missing::Overdue)),
            Check::Late if is_page => Some(Decision::Respond(Action::Recheck)),
            Check::Late => {
                // A script cannot go to the provider, so an overdue session counts as expired for
                // it.
                let refused = self.turn_away(method, headers, Reason::Expired);
                Some(Decision::Respond(refused))
            }
            // HEAD passes, because its client shows no page.
            Check::Due if is_page && !is_public && method == Method::GET && self.keeps(uri) => {
                Some(Decision::Respond(Action::Recheck))
            }
            Check::Due | Check::NotYet => None,
        }
    }

    /// Whether the way back leads to this very address. An address that `return_to` cannot hold
    /// would bring the user to the start page in the middle of a visit.
    fn keeps(&self, uri: &Uri) -> bool {
        ReturnTo::keeps(&self.seen(uri), &self.config.prefix)
    }

    /// Whether the check of a session is overdue.
    pub(crate) fn is_late(&self, session: &Session) -> bool {
        let now = self.config.clock.unix();
        let after = self.config.plain.recheck;
        after.is_some_and(|after| session.check(after, now) == Check::Late)
    }
}
