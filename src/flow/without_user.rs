//! The answer to a request that needs a user and has none.
//!
//! On a protected path the layer gives it at once. On a public path the request passes, and the
//! answer is given only if the handler needs a user after all, by its extractor or by a
//! `require()`. The reason is kept in the extensions until then, so that both answers are the same.

use std::sync::Arc;

use http::{HeaderMap, Method};

use super::{Action, Flow, request::navigation};
use crate::{error::refusal::Reason, revocation::Readiness};

/// The reason why a request has no user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// There is no live session.
    Session(Reason),
    /// The application's rule does not accept the signed-in user.
    NotAllowed,
    /// A page of another origin sent an unsafe request with the user's session.
    CrossSite,
    /// The check of the session with its provider is overdue.
    Overdue,
    /// The claims of the session are old.
    OldClaims,
}

/// In the extensions of a request that passed the layer without a user, as on a public path. It
/// also shows which layer the request has passed.
#[derive(Clone)]
pub(crate) struct Anonymous {
    pub(crate) flow: Arc<Flow>,
    pub(crate) missing: Missing,
}

impl Flow {
    /// The answer to a request that needs a user.
    pub(crate) fn without_user(
        &self,
        missing: Missing,
        method: &Method,
        headers: &HeaderMap,
    ) -> Action {
        match missing {
            Missing::NotAllowed => Action::NotAllowed,
            Missing::CrossSite => Action::CrossSite,
            Missing::OldClaims => Action::NewClaims,
            Missing::Overdue if navigation::is_page_visit(method, headers) => Action::Recheck,
            Missing::Overdue => self.turn_away(method, headers, Reason::Expired),
            Missing::Session(Reason::NotCaughtUp) => Action::Unavailable,
            // This also holds for a request without a session, because this replica could not check
            // the session that a sign-in would begin.
            Missing::Session(_) if self.config.revocations.readiness() == Readiness::Stale => {
                Action::Unavailable
            }
            Missing::Session(_) if navigation::is_page_visit(method, headers) => Action::Start,
            Missing::Session(reason) => self.turn_away(method, headers, reason),
        }
    }
}
