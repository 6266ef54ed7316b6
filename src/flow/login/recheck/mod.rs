//! A check of a session with the provider from time to time, without a page (`prompt=none`, OpenID
//! Connect Core section 3.1.2.1). It is for providers that send no report when a user signs out
//! there or is deleted.
//!
//! A forged callback must neither end nor prolong a session:
//!
//! - A check begins with a pending cookie of its own, which names the session, and with a `state`
//!   of 256 random bits that only this browser and the provider see. A link on another site with
//!   `error=login_required` has no such state. A state of another browser opens no cookie here.
//! - A check that comes back after its session ended, or was replaced by another sign-in, changes
//!   nothing, because the session's id is random and a revoked session is not among the live ones.
//! - Success needs a code for this state, verifier and nonce, and the subject of the session.
//! - A check changes neither the session's id nor the times by which it expires or is revoked.
//!
//! The steps of a check:
//!
//! 1. A page visit waits for a check if `due.rs` says so, and [`begin`] redirects to the provider.
//! 2. The callback passes through the checks of every callback, and `exchange.rs` calls
//!    [`conclude`].
//! 3. `finding.rs` asks the provider and sorts the answer.
//! 4. The session is renewed, or revoked, or stays as it is until the next try.

use http::{HeaderMap, HeaderValue, request::Parts};

use super::{
    callback_query::CallbackQuery,
    outcome::Outcome,
    pending::{AttemptKind, Pending},
    start,
};
use crate::{
    audit::{Line, Revoked},
    error::LoginError,
    flow::{Flow, Registered, end_session, refuse, request::target},
    provider::recheck::RecheckedUser,
    session::Session,
    web::{reply::Reply, return_to::ReturnTo},
};

use finding::{Finding, Renewed};

pub(crate) mod due;
mod finding;

/// Redirects a page visit to the provider. The renewed session cookie notes that a check began.
/// For the next minutes, a visit in another tab, or one after a provider that did not answer,
/// opens the page at once.
///
/// If the provider's address cannot be made, such as while its metadata cannot be read, the page
/// opens as well, unless the check is overdue. Without the session or its provider, the visit is
/// handled as one without a session.
pub(crate) async fn begin(flow: &Flow, head: &Parts) -> Reply {
    let session = flow.live_session(&head.headers);
    let provider = session
        .as_ref()
        .and_then(|session| flow.by_binding(session.binding));
    let (Some(session), Some(provider)) = (session, provider) else {
        return start::protected(flow, head).await;
    };
    let return_to = target::return_here(flow, head);
    let attempt = AttemptKind {
        rechecks: Some(*session.user.session_id().as_bytes()),
        ..AttemptKind::default()
    };
    let known = RecheckedUser {
        subject: &session.user.subject,
        email: session.user.email(),
    };
    let redirect = start::to_provider(
        flow,
        provider,
        &return_to,
        attempt,
        start::About::Recheck(known),
        &head.headers,
    );
    match redirect.await {
        // Set with the redirect and not at the callback, because a user may close the provider's
        // page and never come back.
        Ok(reply) => reply.cookie(cookie_of(flow, &tried(flow, session))),
        Err(error) => match failed(flow, provider, session, error, &return_to) {
            Outcome::Refused(refusal) => {
                let (name, error) = (Some(&*provider.name), &refusal.error);
                let page = refuse::login_page(flow, name, error, &return_to, &head.headers);
                page.cookie(refusal.cookie)
            }
            Outcome::Redirect(reply) => reply,
            Outcome::SignedIn(_) | Outcome::PhoneStep(_) => Reply::see_other(return_to.as_str()),
        },
    }
}

/// The session, with the note that a check began now.
fn tried(flow: &Flow, session: Session) -> Session {
    session.tried(flow.config.clock.unix())
}

/// The cookie of the session, sealed anew.
fn cookie_of(flow: &Flow, session: &Session) -> Option<HeaderValue> {
    flow.session_cookie(session, flow.config.clock.unix())
}

/// Handles the callback of a check. If the session is no longer live, nothing happens and the user
/// goes to the return address.
pub(crate) async fn conclude(
    flow: &Flow,
    provider: &Registered,
    query: CallbackQuery,
    pending: &Pending,
    headers: &HeaderMap,
) -> Outcome {
    let place = &pending.return_to;
    let Some(session) = checked(flow, provider, pending, headers) else {
        return Outcome::Redirect(Reply::see_other(place.as_str()));
    };
    match finding::ask(flow, provider, &session, query, pending).await {
        Finding::Same(renewed) => Outcome::Redirect(passed(flow, session, &renewed, pending)),
        Finding::Over(error) => {
            end(flow, &session).await;
            signed_out(flow, Outcome::refused(flow, provider, error))
        }
        // The attempt is marked as retried, so that the same answer does not cause a third
        // redirect.
        Finding::NeedsPage => {
            end(flow, &session).await;
            let attempt = AttemptKind {
                retried: true,
                ..AttemptKind::default()
            };
            let redirect = Outcome::once_more(flow, provider, place, attempt, headers);
            signed_out(flow, redirect.await)
        }
        Finding::Unknown(error) => failed(flow, provider, session, error, place),
    }
}

/// The live session that the check began with. `None` if the callback comes from a browser without
/// that session, or the session has ended.
pub(crate) fn checked(
    flow: &Flow,
    provider: &Registered,
    pending: &Pending,
    headers: &HeaderMap,
) -> Option<Session> {
    let id = pending.attempt.rechecks?;
    let mut sessions = flow.sessions(headers).into_iter();
    sessions.find(|session| {
        session.binding == provider.binding && *session.user.session_id().as_bytes() == id
    })
}

/// Renews a session that passed its check. The session keeps its id, its expiry and its proof of
/// freshness, because the check proves none of them anew.
fn passed(flow: &Flow, mut session: Session, renewed: &Renewed, pending: &Pending) -> Reply {
    let reply = Reply::see_other(pending.return_to.as_str());
    // The session may have been revoked while the provider was asked.
    if flow.was_revoked(&session) {
        return reply;
    }
    // The new `sid` counts, because a logout token will name it.
    if renewed.provider_session.is_some() {
        session.user.facts_mut().provider_session = renewed.provider_session;
    }
    // The beginning is given too, because the replica that began the check may have a clock ahead.
    let session = session.passed(pending.begun_at, flow.config.clock.unix());
    let hint = end_session::keep(flow, &session, renewed.id_token.as_ref());
    let reply = reply.cookie(cookie_of(flow, &session));
    reply.cookie_if_it_fits(hint)
}

/// Handles a check without a result. The page opens and the check is tried again later. A session
/// that is overdue needs a result, so the failure is shown.
fn failed(
    flow: &Flow,
    provider: &Registered,
    session: Session,
    error: LoginError,
    place: &ReturnTo,
) -> Outcome {
    let is_late = flow.is_late(&session);
    let cookie = cookie_of(flow, &tried(flow, session));
    if is_late || cookie.is_none() {
        return with_cookie(Outcome::refused(flow, provider, error), cookie);
    }
    if flow.config.audit.allows(Line::Recheck) {
        let (provider, code) = (&*provider.name, error.code());
        let kind = error.kind();
        tracing::warn!(
            provider,
            code,
            "a session could not be checked with the provider and stays valid: {kind}; the next try is in five minutes"
        );
    }
    Outcome::Redirect(Reply::see_other(place.as_str()).cookie(cookie))
}

/// Revokes the session. The line in the audit log says whether all replicas know it.
async fn end(flow: &Flow, session: &Session) {
    let complete = flow.end_checked(session).await;
    let id = session.user.session_id();
    let ended = Revoked::Checked(&id);
    flow.config.audit.revocation(ended, complete);
}

/// Deletes the session's cookie with the reply.
fn signed_out(flow: &Flow, outcome: Outcome) -> Outcome {
    let cookies = &flow.config.cookies;
    with_cookie(outcome, cookies.delete(cookies.session()))
}

/// Adds a cookie to the reply that the outcome will have. A sign-in has cookies of its own, and a
/// check never has this outcome.
fn with_cookie(outcome: Outcome, cookie: Option<HeaderValue>) -> Outcome {
    match outcome {
        Outcome::Refused(mut refusal) => {
            refusal.cookie = cookie;
            Outcome::Refused(refusal)
        }
        Outcome::Redirect(reply) => Outcome::Redirect(reply.cookie(cookie)),
        Outcome::SignedIn(_) | Outcome::PhoneStep(_) => outcome,
    }
}
