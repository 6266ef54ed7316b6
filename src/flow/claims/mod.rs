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
//! | one whose answer a user reads: a page visit, a form | 307 to the same address, with the new cookie |
//! | any other | 401 with the reason `claims`, and the new cookie |
//! | any, and the application refuses the user | 403, as for a user whom its rule does not accept |
//! | any, and the application cannot make the claims | 503 |
//!
//! 307 keeps the method and the body (RFC 9110 section 15.4.8), so the browser sends a form once
//! more and nothing is lost. On a public path, a page visit whose claims cannot be made gets 307
//! too, with a mark by which it then passes without the user.

use std::sync::Arc;

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

pub(super) use attempts::Attempts;
use attempts::NotMade;
pub use error::RefreshClaimsError;
use mark::Mark;

mod attempts;
mod error;
mod mark;

impl Flow {
    /// Whether the session needs new claims. Without a hook that makes claims, no session does, and
    /// nothing is looked up.
    pub(super) fn has_old_claims(&self, session: &Session) -> bool {
        let hooks = &self.config.hooks;
        hooks.makes_claims() && (self.is_behind(session) || !hooks.reads_claims(&session.user))
    }

    /// Whether new claims were asked for since those of the session were made.
    fn is_behind(&self, session: &Session) -> bool {
        let known = session.user.facts().claims_known.unwrap_or_default();
        known < self.claims_date(session.binding, &session.user)
    }

    /// The date of the latest request for new claims of this user.
    pub(super) fn claims_date(&self, binding: Binding, user: &VerifiedUser) -> u64 {
        let revocations = &self.config.revocations;
        revocations.claims_date(binding, &user.subject)
    }

    /// The decision for a session with old claims. A request to a public path passes without its
    /// user if a client without a session may send it too, or if there are no new claims.
    pub(super) fn with_old_claims(
        &self,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
    ) -> Decision {
        // An act of another origin is not sent once more.
        if let Some(decision) = self.foreign_act(method, path, headers) {
            return decision;
        }
        let passes =
            || !shows_page(method, headers) || Mark::of(&self.config.cookies, headers).gives_up();
        if self.is_public(method, path) && passes() {
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

/// Whether a window shows the answer: to a page visit, or to a form of a page.
fn shows_page(method: &Method, headers: &HeaderMap) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::POST) && navigation::wants_page(headers)
}

/// Makes the claims anew, and sends the client back with them.
pub(super) async fn renew(flow: &Arc<Flow>, head: &Parts) -> Reply {
    let Some(mut session) = flow.live_session(&head.headers) else {
        return without_session(flow, head).await;
    };
    let cookies = &flow.config.cookies;
    let (mark, is_behind) = (Mark::of(cookies, &head.headers), flow.is_behind(&session));
    if mark.is_loop() && !is_behind {
        let code = "claims_of_two_versions";
        // The browser can send the mark as often as it likes.
        let error = LoginError::with_code(LoginErrorKind::ClaimsUnfit, code).by_browser();
        log(flow, &session.user, &error);
        return refused(flow, head, &session.user, &error);
    }
    if let Err(error) = make(flow, &mut session).await {
        return not_made(flow, head, &session.user, &error, mark);
    }
    // The session may have been revoked while the application made the claims.
    if flow.was_revoked(&session) {
        return without_session(flow, head).await;
    }
    let cookie = flow.session_cookie(&session, flow.config.clock.unix());
    if cookie.is_none() {
        // Without the cookie, the same answer would come again and again.
        let error = LoginError::new(LoginErrorKind::ClaimsUnfit);
        log(flow, &session.user, &error);
        return refused(flow, head, &session.user, &error);
    }
    flow.config.audit.renewal(&session.user.provider);
    let count = (!is_behind).then(|| mark.replaced(cookies)).flatten();
    renewed(flow, head).cookie(cookie).cookie(count)
}

/// Gives the session new claims.
async fn make(flow: &Arc<Flow>, session: &mut Session) -> Result<(), NotMade> {
    let (id, clock) = (session.user.session_id(), &flow.config.clock);
    // Noted before the claims are made. A request for new ones that comes meanwhile counts as
    // later.
    let known = flow.claims_date(session.binding, &session.user);
    let hook = || {
        let (flow, user) = (Arc::clone(flow), session.user.clone());
        async move { flow.config.hooks.make_claims(&user).await }
    };
    let report = {
        let (flow, user) = (Arc::clone(flow), session.user.clone());
        move |error: &LoginError| log(&flow, &user, error)
    };
    let attempts = &flow.claims_attempts;
    let made = attempts.make(id, known, clock, hook, report).await?;
    session.user.set_claims(&made.claims, made.known);
    Ok(())
}

/// The answer to a request whose session ended meanwhile.
async fn without_session(flow: &Flow, head: &Parts) -> Reply {
    if navigation::is_page_visit(&head.method, &head.headers) {
        return login::start::protected(flow, head).await;
    }
    let link = link::login_link(flow, Reason::NoSession, head);
    refuse::unauthorized::reply(flow, Reason::NoSession, &link, head)
}

/// The answer with the new cookie.
fn renewed(flow: &Flow, head: &Parts) -> Reply {
    if navigation::reader(head) == Reader::Program {
        let link = link::login_link(flow, Reason::Claims, head);
        return refuse::unauthorized::reply(flow, Reason::Claims, &link, head);
    }
    to_same_address(flow, head)
}

/// 307 to the address of the request.
fn to_same_address(flow: &Flow, head: &Parts) -> Reply {
    let requested = target::requested(flow, head);
    // An address that begins with two slashes would name another host.
    let location = match ReturnTo::keeps(&requested, &flow.config.prefix) {
        true => requested,
        false => format!("{}{requested}", flow.config.origin.as_str()),
    };
    Reply::empty(StatusCode::TEMPORARY_REDIRECT).leading_to(&location)
}

/// The answer if the application made no claims. On a public path, the same request then passes
/// without the user.
fn not_made(
    flow: &Flow,
    head: &Parts,
    user: &VerifiedUser,
    not_made: &NotMade,
    mark: Mark,
) -> Reply {
    let path = target::original(head).path();
    let passes_then = !mark.gives_up()
        && flow.is_public(&head.method, path)
        && shows_page(&head.method, &head.headers);
    if !passes_then {
        return refused(flow, head, user, &not_made.error);
    }
    let mark = Mark::failed(&flow.config.cookies, not_made.rest);
    to_same_address(flow, head).cookie(mark)
}

/// Writes a failure to the log, whichever clients wait for its answer. A user whom the application
/// refuses can cause it again with every session, so those lines are limited.
fn log(flow: &Flow, user: &VerifiedUser, error: &LoginError) {
    let error = about(flow, user, error);
    let error = match error.kind() {
        LoginErrorKind::Denied => error.by_browser(),
        _ => error,
    };
    flow.config.audit.refusal(Some(&user.provider), &error);
}

/// The error with the masked user, for the log.
fn about(flow: &Flow, user: &VerifiedUser, error: &LoginError) -> LoginError {
    let masked = flow.config.audit.mask(&user.provider, &user.subject);
    error.clone().about(masked.into_string())
}

/// The answer if there are no new claims. The session stays as it is, so a later request asks for
/// them again.
fn refused(flow: &Flow, head: &Parts, user: &VerifiedUser, error: &LoginError) -> Reply {
    if error.kind() == LoginErrorKind::Denied {
        return login::step_up::forbidden_page(flow, head, error, Reason::NotAllowed);
    }
    let error = about(flow, user, error);
    let (provider, headers) = (Some(&*user.provider), &head.headers);
    let place = target::return_here(flow, head);
    if navigation::reader(head) != Reader::Program {
        return refuse::login_page(flow, provider, &error, &place, headers);
    }
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
