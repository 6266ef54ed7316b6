//! The provider sends the user back. A callback has one outcome, and the same callback gets the same answer again.

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, request::Parts};
use tokio::time::timeout;

use self::giving::{first, repeat, used};
use super::{
    attempt,
    callback_query::{CallbackQuery, Outcome as Sent},
    finished::{self, End},
    outcome::Outcome,
    outcomes::{Coming, Known, Outcomes},
};
use crate::{
    error::{LoginError, LoginErrorKind},
    flow::{Flow, Registered, form, login::code::check_issuer, refuse},
    revocation::Readiness,
    session::id::SessionId,
    web::{reply::Reply, return_to::ReturnTo},
};

mod exchange;
mod giving;
mod missing;
mod stateless;

/// How long a callback waits for the first reading of the revocation log.
const LOG_PATIENCE: Duration = Duration::from_secs(3);
/// `Retry-After` of a callback that was not looked at.
const BUSY: Duration = Duration::from_secs(2);

pub(crate) async fn answer(
    flow: &Arc<Flow>,
    index: usize,
    provider: &Registered,
    head: &Parts,
) -> Reply {
    let headers = &head.headers;
    let Some(query) = CallbackQuery::parse(head.uri.query()) else {
        return stateless::answer(flow, provider, head);
    };
    let state = query.state.clone();
    let Some(pending) = attempt::pending(flow, provider, &state, headers) else {
        return without_pending(flow, provider, &state, headers);
    };
    if pending.is_over(flow.config.clock.unix()) {
        let reply = too_late(flow, provider, &pending.return_to, headers);
        return attempt::delete(flow, &pending, reply);
    }
    if !knows_revocations(flow).await {
        return refuse::not_caught_up_at_callback(flow, &pending.return_to, headers);
    }
    let left = finished::life(&pending, flow.config.clock.unix());
    let known = Outcomes::begin(flow, &state, left, || is_first(flow, provider, &query));
    let (coming, is_first) = match known {
        Known::Coming(coming) => (coming, false),
        Known::First(turn) => {
            let coming = turn.coming();
            exchange::run(turn, index, query, pending.clone(), headers.clone()).await;
            (coming, true)
        }
        Known::Ended(outcome) => return repeat(flow, provider, &outcome, &pending, headers),
        Known::Used(session) => {
            return used(flow, provider, session.as_ref(), &pending, headers);
        }
        Known::Full => {
            let (name, error) = (Some(&*provider.name), LoginError::busy(BUSY));
            return refuse::login(flow, name, &error, &pending.return_to, headers);
        }
    };
    match ended(coming).await {
        Some(outcome) if is_first => first(flow, provider, &outcome, &pending, headers),
        Some(outcome) => repeat(flow, provider, &outcome, &pending, headers),
        None => {
            let error = LoginError::new(LoginErrorKind::ApplicationBusy);
            refuse::login(
                flow,
                Some(&provider.name),
                &error,
                &pending.return_to,
                headers,
            )
        }
    }
}

/// Waits for the outcome. There is none if the task ended early, by a panic in a hook or at shutdown.
async fn ended(mut coming: Coming) -> Option<Arc<Outcome>> {
    let known = coming.wait_for(Option::is_some).await;
    known.ok()?.clone()
}

/// Whether no callback of this state came before. Only one that sends its code to the provider is remembered: the
/// others cost nothing, and a stranger could push out with them what is remembered.
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

/// A session names the revocations of its user that the sign-in came after. A replica that has not read its log would
/// name none of them, and end the session as soon as it reads the log.
async fn knows_revocations(flow: &Flow) -> bool {
    if flow.config.revocations.readiness() != Readiness::CatchingUp {
        return true;
    }
    let reading = timeout(LOG_PATIENCE, flow.config.revocations.caught_up());
    matches!(reading.await, Ok(Ok(())))
}

/// The browser has no pending cookie of this state. Its cookie of the finished attempt, if any, says how that ended.
fn without_pending(flow: &Flow, provider: &Registered, state: &str, headers: &HeaderMap) -> Reply {
    let Some(finished) = attempt::finished(flow, provider, state, headers) else {
        return missing::answer(flow, provider, state, headers);
    };
    let in_state = || attempt::begun(flow, provider, state)?.place;
    let place = finished.place.or_else(in_state);
    let place = &place.unwrap_or_else(|| flow.home());
    match finished.end {
        End::Refused(error) => refuse::page(flow, Some(&provider.name), &error, place, headers),
        End::SignedIn(session) => done(flow, provider, Some(&session), place, headers),
        // A user who is signed in by now needs no further request.
        End::Led if flow.is_signed_in(headers) => form::go_on_again(flow, place, headers),
        End::Led => match flow.outcomes.led(state) {
            Some(reply) => reply,
            None => done(flow, provider, None, place, headers),
        },
    }
}

/// An attempt that never ended, and is over. A user who is signed in needs no other.
fn too_late(flow: &Flow, provider: &Registered, place: &ReturnTo, headers: &HeaderMap) -> Reply {
    if flow.is_signed_in(headers) {
        return form::go_on_again(flow, place, headers);
    }
    let kind = LoginErrorKind::LoginExpired;
    refused(flow, provider, kind, place, headers)
}

/// An attempt that ended with `session`, which may be over: only a request that brings it is led to the place.
fn done(
    flow: &Flow,
    provider: &Registered,
    session: Option<&SessionId>,
    place: &ReturnTo,
    headers: &HeaderMap,
) -> Reply {
    if session.is_some_and(|session| flow.brings(session, headers)) {
        return form::go_on_again(flow, place, headers);
    }
    let kind = LoginErrorKind::UnknownState;
    refused(flow, provider, kind, place, headers)
}

/// The request itself says so.
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
