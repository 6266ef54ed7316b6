//! The provider sends the user back. A callback has one outcome, and the same callback gets the same answer again.

mod exchange;
mod missing;
mod stateless;

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, HeaderValue, request::Parts};
use tokio::time::timeout;

pub(super) use self::exchange::has_issuer;
use super::{
    Flow, Registered, another_account, attempt,
    callback_query::{CallbackQuery, Outcome as Sent},
    form,
    outcome::{Outcome, Refusal},
    outcomes::{Coming, Known, Outcomes},
    recheck, refuse,
};
use crate::{
    error::{LoginError, LoginErrorKind},
    finished::{self, End},
    pending::Pending,
    reply::Reply,
    return_to::ReturnTo,
    revocation::Trust,
    session_id::SessionId,
};

/// How long a callback waits for the first reading of the revocation log.
const LOG_PATIENCE: Duration = Duration::from_secs(3);
/// `Retry-After` of a callback that was not looked at.
const BUSY: Duration = Duration::from_secs(2);

pub(super) async fn answer(
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

/// None if its task went away: a hook panicked, or the runtime shuts down.
async fn ended(mut coming: Coming) -> Option<Arc<Outcome>> {
    let known = coming.wait_for(Option::is_some).await;
    known.ok()?.clone()
}

/// Whether no callback of this state came before. Only one that sends its code to the provider is remembered: the
/// others cost nothing, and a stranger could push out with them what is remembered.
fn is_first(flow: &Flow, provider: &Registered, query: &CallbackQuery) -> bool {
    match &query.outcome {
        Sent::Code(_) if has_issuer(provider, query) => flow.spent.add_text(&query.state),
        Sent::Code(_) | Sent::Error(_) => !flow.spent.contains_text(&query.state),
    }
}

/// A session names the revocations of its user that the sign-in came after. A replica that has not read its log would
/// name none of them, and end the session as soon as it reads the log.
async fn knows_revocations(flow: &Flow) -> bool {
    if flow.config.revocations.trust() != Trust::Starting {
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
    let place = &place.unwrap_or_else(ReturnTo::home);
    match finished.end {
        End::Refused(error) => refuse::page(flow, Some(&provider.name), &error, place, headers),
        End::SignedIn(session) => done(flow, provider, Some(&session), place, headers),
        End::Led => match flow.outcomes.led(state) {
            Some(reply) => reply,
            None => done(flow, provider, None, place, headers),
        },
    }
}

/// An attempt that never ended, and is over. A user who is signed in needs no other.
fn too_late(flow: &Flow, provider: &Registered, place: &ReturnTo, headers: &HeaderMap) -> Reply {
    if flow.is_signed_in(headers) {
        return Reply::see_other(place.as_str());
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
        return Reply::see_other(place.as_str());
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

fn used(
    flow: &Flow,
    provider: &Registered,
    session: Option<&SessionId>,
    pending: &Pending,
    headers: &HeaderMap,
) -> Reply {
    let reply = done(flow, provider, session, &pending.return_to, headers);
    let end = session.map_or(End::Led, |session| End::SignedIn(*session));
    attempt::finish(flow, pending, &end, headers, reply)
}

/// Signing in counts towards the limit that stops a loop of sign-ins.
fn first(
    flow: &Flow,
    provider: &Registered,
    outcome: &Outcome,
    pending: &Pending,
    headers: &HeaderMap,
) -> Reply {
    let reply = give(flow, provider, outcome, pending, headers);
    match outcome {
        Outcome::SignedIn(_) => reply.cookie(flow.config.cookies.count_round(headers)),
        Outcome::Refused(..) | Outcome::Leads(_) => reply,
    }
}

/// The outcome once more, as the first answer may not have arrived. A user who was signed out since is not signed in.
fn repeat(
    flow: &Flow,
    provider: &Registered,
    outcome: &Outcome,
    pending: &Pending,
    headers: &HeaderMap,
) -> Reply {
    match outcome {
        Outcome::SignedIn(signed_in)
            if flow.is_signed_in(headers) || flow.was_revoked(&signed_in.session) =>
        {
            let session = &signed_in.session.user.session_id;
            used(flow, provider, Some(session), pending, headers)
        }
        // Its cookies are for the browser that has the session.
        Outcome::Leads(_)
            if pending.round.rechecks.is_some()
                && recheck::checked(flow, provider, pending, headers).is_none() =>
        {
            Reply::see_other(pending.return_to.as_str())
        }
        // A cookie of a check is for the first answer: the user may have signed in again since.
        Outcome::Refused(refusal) => page(flow, provider, refusal, None, pending, headers),
        _ => give(flow, provider, outcome, pending, headers),
    }
}

/// The page of a refusal, with what the browser keeps.
fn page(
    flow: &Flow,
    provider: &Registered,
    refusal: &Refusal,
    cookie: Option<HeaderValue>,
    pending: &Pending,
    headers: &HeaderMap,
) -> Reply {
    let Refusal {
        error, id_token, ..
    } = refusal;
    let place = &pending.return_to;
    let page = refuse::page(flow, Some(&provider.name), error, place, headers).cookie(cookie);
    let end = End::Refused(error.clone());
    let page = attempt::finish(flow, pending, &end, headers, page);
    another_account::keep(flow, provider, error.kind(), id_token.as_ref(), page)
}

/// The answer. What the browser keeps of the attempt takes the place of the pending cookie.
fn give(
    flow: &Flow,
    provider: &Registered,
    outcome: &Outcome,
    pending: &Pending,
    headers: &HeaderMap,
) -> Reply {
    let (reply, end) = match outcome {
        Outcome::SignedIn(signed_in) => {
            let session = &signed_in.session;
            let reply = form::go_on(flow, &pending.return_to, session, headers);
            let cookies = signed_in.cookies.iter().cloned();
            let reply = cookies.fold(reply, |reply, cookie| reply.cookie(Some(cookie)));
            let reply = reply.cookie(another_account::forget(flow, headers));
            (reply, End::SignedIn(session.user.session_id))
        }
        Outcome::Refused(refusal) => {
            let cookie = refusal.cookie.clone();
            return page(flow, provider, refusal, cookie, pending, headers);
        }
        Outcome::Leads(reply) => {
            let session = pending.round.rechecks.map(SessionId::from_bytes);
            let end = session.map_or(End::Led, End::SignedIn);
            (reply.clone(), end)
        }
    };
    let reply = attempt::finish(flow, pending, &end, headers, reply);
    match outcome {
        Outcome::SignedIn(signed_in) => reply.cookie_if_it_fits(signed_in.hint.clone()),
        Outcome::Refused(..) | Outcome::Leads(_) => reply,
    }
}
