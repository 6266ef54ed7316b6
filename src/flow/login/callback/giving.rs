//! The answer to a callback whose outcome is known.

use http::{HeaderMap, HeaderValue};

use super::done;
use crate::{
    flow::{
        Flow, Registered, form,
        login::{
            another_account, attempt,
            finished::End,
            outcome::{Outcome, Refusal},
            pending::Pending,
            recheck,
        },
        refuse,
    },
    session::id::SessionId,
    web::reply::Reply,
};

/// The outcome is not kept any more, or its session was used.
pub(crate) fn used(
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
pub(crate) fn first(
    flow: &Flow,
    provider: &Registered,
    outcome: &Outcome,
    pending: &Pending,
    headers: &HeaderMap,
) -> Reply {
    let reply = give(flow, provider, outcome, pending, headers);
    match outcome {
        Outcome::SignedIn(_) => reply.cookie(flow.config.cookies.count_sign_in(headers)),
        Outcome::Refused(..) | Outcome::Leads(_) => reply,
    }
}

/// The outcome once more, as the first answer may not have arrived. A user who was signed out since is not signed in.
pub(crate) fn repeat(
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
            if pending.attempt.rechecks.is_some()
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
            let reply = form::go_on(flow, &pending.return_to, headers);
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
            let session = pending.attempt.rechecks.map(SessionId::from_bytes);
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
