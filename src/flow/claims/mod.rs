//! New claims for a session whose claims are old.
//!
//! Claims are old if the application asked for new ones since they were made, or if they are not of
//! the type that the application makes now. The session goes on with new claims in its cookie: it
//! keeps its id, its expiry and everything else. The request itself does not reach the application,
//! which would otherwise act on old claims.
//!
//! A session is compared with the date of the latest request for new claims by that date alone, not
//! by a clock: the session has the date that was known when its claims were made.
//!
//! | the request | the answer |
//! |---|---|
//! | a user's window or frame, by GET | 307 to the same address, with the new cookie |
//! | any other | 401 with the reason `claims`, and the new cookie |
//! | any, and the application refuses the user | 403, as for a user whom its rule does not accept |
//! | any, and the application cannot make the claims | 503 |

use http::{HeaderMap, Method, StatusCode, header::RETRY_AFTER, request::Parts};
use serde_json::json;

use super::{
    Action, Decision, Flow, Missing, login, refuse,
    request::{
        cross_origin, link,
        navigation::{self, Reader},
        target,
    },
};
use crate::{
    error::{
        LoginError, LoginErrorKind,
        refusal::{Cause, Failure, Reason},
    },
    revocation::{LONGEST_SUBJECT, Revocation},
    session::{Binding, Session, user::VerifiedUser},
    web::{reply::Reply, return_to::ReturnTo},
};

pub use error::RefreshClaimsError;

mod error;

impl Flow {
    /// Whether the session needs new claims. Without a hook that makes claims, no session does, and
    /// nothing is looked up.
    pub(super) fn has_old_claims(&self, session: &Session) -> bool {
        let hooks = &self.config.hooks;
        if !hooks.makes_claims() {
            return false;
        }
        let known = session.user.facts().claims_known.unwrap_or_default();
        known < self.claims_date(session.binding, &session.user)
            || !hooks.reads_claims(&session.user)
    }

    /// The date of the latest request for new claims of this user.
    pub(super) fn claims_date(&self, binding: Binding, user: &VerifiedUser) -> u64 {
        let revocations = &self.config.revocations;
        revocations.claims_date(binding, &user.subject)
    }

    /// The decision for a session with old claims. A request to a public path that is no page visit
    /// passes without its user, because a client without a session may send it too.
    pub(super) fn with_old_claims(
        &self,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
    ) -> Decision {
        if self.is_public(method, path) && !navigation::is_page_visit(method, headers) {
            return Decision::PassAnonymous(Missing::OldClaims);
        }
        Decision::Respond(Action::NewClaims)
    }

    /// Asks for new claims of a user's sessions, for the application.
    pub(crate) async fn refresh_claims(
        &self,
        provider: &str,
        subject: &str,
    ) -> Result<(), RefreshClaimsError> {
        let Some(provider) = self.by_name(provider) else {
            return Err(RefreshClaimsError::UnknownProvider(provider.to_owned()));
        };
        if subject.len() > LONGEST_SUBJECT {
            return Err(RefreshClaimsError::SubjectTooLong(subject.len()));
        }
        let (now, life) = (self.config.clock.unix(), self.config.rules.life);
        let request = Revocation::of_claims(provider.binding, subject, now, life);
        Ok(self.config.revocations.publish(vec![request]).await?)
    }
}

/// Makes the claims anew, and sends the client back with them.
pub(super) async fn renew(flow: &Flow, head: &Parts) -> Reply {
    let Some(mut session) = flow.live_session(&head.headers) else {
        return without_session(flow, head).await;
    };
    // Noted before the claims are made. A request for new ones that comes meanwhile counts as
    // later.
    let known = flow.claims_date(session.binding, &session.user);
    match flow.config.hooks.make_claims(&session.user).await {
        Ok(claims) => session.user.set_claims(&claims, known),
        Err(error) => return refused(flow, head, &session.user, error),
    }
    // The session may have been revoked while the application made the claims.
    if flow.was_revoked(&session) {
        return without_session(flow, head).await;
    }
    let cookie = flow.session_cookie(&session, flow.config.clock.unix());
    if cookie.is_none() {
        // Without the cookie, the same answer would come again and again.
        let error = LoginError::new(LoginErrorKind::ClaimsUnfit);
        return refused(flow, head, &session.user, error);
    }
    flow.config.audit.renewal(&session.user.provider);
    renewed(flow, head).cookie(cookie)
}

/// The answer to a request whose session ended meanwhile.
async fn without_session(flow: &Flow, head: &Parts) -> Reply {
    if navigation::is_page_visit(&head.method, &head.headers) {
        return login::start::protected(flow, head).await;
    }
    let link = link::login_link(flow, Reason::NoSession, head);
    refuse::unauthorized::reply(flow, Reason::NoSession, &link, head)
}

/// The answer with the new cookie. 307 keeps the method (RFC 9110 section 15.4.8).
fn renewed(flow: &Flow, head: &Parts) -> Reply {
    if !follows(head) {
        let link = link::login_link(flow, Reason::Claims, head);
        return refuse::unauthorized::reply(flow, Reason::Claims, &link, head);
    }
    let requested = target::requested(flow, head);
    // An address that begins with two slashes would name another host.
    let location = match ReturnTo::keeps(&requested, &flow.config.prefix) {
        true => requested,
        false => format!("{}{requested}", flow.config.origin.as_str()),
    };
    Reply::empty(StatusCode::TEMPORARY_REDIRECT).leading_to(&location)
}

/// Whether a user reads the answer, and the client follows a redirect to the same address.
fn follows(head: &Parts) -> bool {
    matches!(head.method, Method::GET | Method::HEAD) && navigation::reader(head) != Reader::Program
}

/// The answer if there are no new claims. The session stays as it is, so the next request asks for
/// them again.
fn refused(flow: &Flow, head: &Parts, user: &VerifiedUser, error: LoginError) -> Reply {
    if error.kind() == LoginErrorKind::Denied {
        return login::step_up::forbidden(flow, head, error, Reason::NotAllowed);
    }
    let masked = flow.config.audit.mask(&user.provider, &user.subject);
    let error = error.about(masked.into_string());
    let (provider, headers) = (Some(&*user.provider), &head.headers);
    let place = target::return_here(flow, head);
    if navigation::reader(head) != Reader::Program {
        return refuse::login(flow, provider, &error, &place, headers);
    }
    flow.config.audit.refusal(provider, &error);
    let status = error.kind().status();
    let failure = Failure {
        cause: Cause::Login(&error),
        status,
        headers,
        retry: place.as_str(),
    };
    let document = json!({
        "type": "about:blank",
        "title": "The session's data cannot be renewed",
        "status": status.as_u16(),
        "detail": "The application could not make them. Try again later.",
        "reason": Reason::Claims.as_str(),
    });
    let reply = flow.reply_to_failure(&failure, || Reply::problem(status, &document));
    let reply = cross_origin::readable(flow, reply, headers).extension(error.clone());
    match refuse::retry_after(&error) {
        Some(seconds) => reply.header(RETRY_AFTER, seconds),
        None => reply,
    }
}
