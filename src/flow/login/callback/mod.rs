//! `/auth/callback/{provider}`: the provider sends the user back.
//!
//! The checks before any network call are, in this order: the query is well formed, the browser has
//! the pending cookie of this `state` and provider, the sign-in is not over, and this replica knows
//! the revocations. Then the outcome of the state is looked up. The first callback exchanges the
//! code in a task of its own. A repeated callback gets the same outcome.
//!
//! `missing` and `stateless` are for callbacks without a pending cookie or a state. `exchange` has
//! the exchange, and `replies` the replies.
//!
//! | the browser has | the callback is | reply |
//! |---|---|---|
//! | the pending cookie | the first of its state | the session, or the error's page |
//! | the pending cookie | repeated during the exchange | waits for the same outcome |
//! | the pending cookie | repeated after it | the same outcome, or the return address |
//! | the finished cookie | repeated | the error's page again, or the return address |
//! | neither, and a session | any | the return address |
//! | neither, and no session | any | a page with the probable reason (`missing.rs`) |
//!
//! No row sends a code to the provider twice from this replica. No row creates a session for a
//! browser without the pending cookie, so a link to a callback cannot sign a user in as another
//! (login cross-site request forgery).

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, request::Parts};
use tokio::time::timeout;

use self::replies::{first, repeat, used};
use super::{
    attempt,
    callback_query::{CallbackQuery, Outcome as Sent},
    finished::{self, End},
    outcome::Outcome,
    outcomes::{Lookup, OutcomeReceiver, Outcomes},
    pending::Pending,
};
use crate::{
    error::{LoginError, LoginErrorKind},
    flow::{Flow, Registered, form, login::code::check_issuer, phone, refuse},
    revocation::Readiness,
    session::id::SessionId,
    web::{reply::Reply, return_to::ReturnTo},
};

mod admit;
mod exchange;
mod missing;
mod replies;
mod stateless;

/// The time that a callback waits for the first reading of the revocation log. A replica needs this
/// only just after its start.
const LOG_TIMEOUT: Duration = Duration::from_secs(3);
/// `Retry-After` of a callback that came while too many were under way.
const RETRY_WHEN_BUSY: Duration = Duration::from_secs(2);

/// The reply to a callback.
pub(crate) async fn respond(flow: &Arc<Flow>, provider: &Arc<Registered>, head: &Parts) -> Reply {
    let headers = &head.headers;
    let Some(query) = CallbackQuery::parse(head.uri.query()) else {
        return stateless::refuse(flow, provider, head);
    };
    let state = query.state.clone();
    // Without its pending cookie a callback is of another browser, or repeated after the end.
    let Some(pending) = attempt::pending(flow, provider, &state, headers) else {
        return without_pending(flow, provider, &state, headers);
    };
    if pending.is_over(flow.config.clock.unix()) {
        let reply = too_late(flow, provider, &pending.return_to, headers);
        return attempt::delete(flow, &pending, reply);
    }
    // Before the exchange, because the code could not be sent again afterwards.
    if !knows_revocations(flow).await {
        return refuse::not_caught_up_at_callback(flow, &pending.return_to, headers);
    }
    exchange_or_repeat(flow, provider, query, &pending, headers).await
}

/// Exchanges the code if this is the first callback of the state, and gives the known outcome out
/// again if it is not. The lookup and the mark are one step under one lock, so two callbacks at the
/// same moment cannot both be the first. The first one waits for the task of its exchange like any
/// repetition.
async fn exchange_or_repeat(
    flow: &Arc<Flow>,
    provider: &Arc<Registered>,
    query: CallbackQuery,
    pending: &Pending,
    headers: &HeaderMap,
) -> Reply {
    let left = finished::life(pending, flow.config.clock.unix());
    let lookup = Outcomes::begin(flow, &query.state, left, || {
        is_first(flow, provider, &query)
    });
    let refused = |error| {
        refuse::login(
            flow,
            Some(&*provider.name),
            &error,
            &pending.return_to,
            headers,
        )
    };
    let (receiver, is_first) = match lookup {
        Lookup::Running(receiver) => (receiver, false),
        Lookup::First(callback) => {
            let receiver = callback.receiver();
            let (provider, pending) = (Arc::clone(provider), pending.clone());
            exchange::run(callback, provider, query, pending, headers.clone());
            (receiver, true)
        }
        Lookup::Finished(outcome) => return repeat(flow, provider, &outcome, pending, headers),
        Lookup::Used(session) => {
            return used(flow, provider, session.as_ref(), pending, headers);
        }
        Lookup::Full => return refused(LoginError::busy(RETRY_WHEN_BUSY)),
    };
    match outcome_of(receiver).await {
        Some(outcome) if is_first => first(flow, provider, &outcome, pending, headers),
        Some(outcome) => repeat(flow, provider, &outcome, pending, headers),
        None => refused(LoginError::new(LoginErrorKind::ApplicationBusy)),
    }
}

/// Waits for the outcome. `None` if the task ended early, by a panic in a hook or at shutdown.
async fn outcome_of(mut receiver: OutcomeReceiver) -> Option<Arc<Outcome>> {
    let known = receiver.wait_for(Option::is_some).await;
    known.ok()?.clone()
}

/// Whether this is the first callback of its state. Only a callback that sends its code to the
/// provider is remembered. The others need no protection against a second exchange, and a stranger
/// could fill the memory with them.
fn is_first(flow: &Flow, provider: &Registered, query: &CallbackQuery) -> bool {
    match &query.outcome {
        Sent::Code(_) if check_issuer(provider, query).is_ok() => {
            flow.used_states.add_text(&query.state)
        }
        Sent::Code(_) | Sent::Error(_) | Sent::Expired => {
            !flow.used_states.contains_text(&query.state)
        }
    }
}

/// Whether this replica knows the revocations. A new session names the revocations that it came
/// after. A replica that has not read the log would name none, and would end the session as soon
/// as it reads the log.
async fn knows_revocations(flow: &Flow) -> bool {
    if flow.config.revocations.readiness() != Readiness::CatchingUp {
        return true;
    }
    let reading = timeout(LOG_TIMEOUT, flow.config.revocations.caught_up());
    matches!(reading.await, Ok(Ok(())))
}

/// The reply to a callback whose browser has no pending cookie of this state. The browser's cookie
/// of the finished sign-in, if any, says how that sign-in ended.
fn without_pending(flow: &Flow, provider: &Registered, state: &str, headers: &HeaderMap) -> Reply {
    let Some(finished) = attempt::finished(flow, provider, state, headers) else {
        return missing::reply(flow, provider, state, headers);
    };
    let in_state = || attempt::begun(flow, provider, state)?.place;
    let place = finished.place.or_else(in_state);
    let place = &place.unwrap_or_else(|| flow.home());
    match finished.end {
        End::Refused(error) => {
            refuse::login_page(flow, Some(&provider.name), &error, place, headers)
        }
        End::SignedIn(session) => done(flow, provider, Some(&session), place, headers),
        // A user who is signed in by now needs no further redirect.
        End::Redirected if flow.is_signed_in(headers) => form::go_on_again(flow, place, headers),
        End::Redirected => match flow.outcomes.redirect_of(state).as_deref() {
            Some(Outcome::Redirect(reply)) => reply.clone(),
            Some(Outcome::PhoneStep(begun)) => phone::begin::reply(flow, begun, headers),
            // On another replica, or after a restart, the cookie of the step has it all.
            None if phone::begin::is_live(flow, headers) => {
                Reply::see_other(&flow.config.prefix.phone())
            }
            _ => done(flow, provider, None, place, headers),
        },
    }
}

/// The reply to a sign-in that was never finished and is over. A user who is signed in goes to the
/// return address.
fn too_late(flow: &Flow, provider: &Registered, place: &ReturnTo, headers: &HeaderMap) -> Reply {
    if flow.is_signed_in(headers) {
        return form::go_on_again(flow, place, headers);
    }
    let kind = LoginErrorKind::LoginExpired;
    refused(flow, provider, kind, place, headers)
}

/// The reply to a sign-in that ended with `session`, which may be over. Only a request that carries
/// the live session goes to the return address.
fn done(
    flow: &Flow,
    provider: &Registered,
    session: Option<&SessionId>,
    place: &ReturnTo,
    headers: &HeaderMap,
) -> Reply {
    if session.is_some_and(|session| flow.has_session(session, headers)) {
        return form::go_on_again(flow, place, headers);
    }
    let kind = LoginErrorKind::UnknownState;
    refused(flow, provider, kind, place, headers)
}

/// A refusal whose reason is in the request alone. Any client can cause it at will, so its lines in
/// the log are limited.
fn refused(
    flow: &Flow,
    provider: &Registered,
    kind: LoginErrorKind,
    place: &ReturnTo,
    headers: &HeaderMap,
) -> Reply {
    let error = LoginError::new(kind).by_browser();
    refuse::login(flow, Some(&provider.name), &error, place, headers)
}
