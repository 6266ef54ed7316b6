//! The reply to a callback whose outcome is known.
//!
//! Each reply also replaces the pending cookie by the smaller one of the finished sign-in.
//!
//! | outcome | first reply | repeated reply |
//! |---|---|---|
//! | signed in | the session's cookie and the return address | the same until the session is used |
//! | refused | the page, with the session cookie of a check | the page without that cookie |
//! | phone step | the redirect with the step's cookie | the same, or the return address |
//! | redirect | the redirect | the same, for a check only in the browser of the session |

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
        phone, refuse,
    },
    session::id::SessionId,
    web::reply::Reply,
};

/// The reply if the outcome is not kept any more, or its session was used. A user without that
/// session gets a page that offers a new sign-in.
pub(crate) fn used(
    flow: &Flow,
    provider: &Registered,
    session: Option<&SessionId>,
    pending: &Pending,
    headers: &HeaderMap,
) -> Reply {
    let reply = done(flow, provider, session, &pending.return_to, headers);
    let end = session.map_or(End::Redirected, |session| End::SignedIn(*session));
    attempt::finish(flow, pending, &end, headers, reply)
}

/// The reply to the first callback. A sign-in counts towards the limit on sign-ins in a row, which
/// detects a browser that does not keep the session's cookie.
pub(crate) fn first(
    flow: &Flow,
    provider: &Registered,
    outcome: &Outcome,
    pending: &Pending,
    headers: &HeaderMap,
) -> Reply {
    let reply = reply_for(flow, provider, outcome, pending, headers);
    match outcome {
        Outcome::SignedIn(_) => reply.cookie(flow.config.cookies.count_sign_in(headers)),
        Outcome::Refused(..) | Outcome::Redirect(_) | Outcome::PhoneStep(_) => reply,
    }
}

/// The reply to a repeated callback, because the first one may not have arrived. A sign-in is
/// given out again only if the browser has no live session and the session was not revoked since.
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
            let session = &signed_in.session.user.session_id();
            used(flow, provider, Some(session), pending, headers)
        }
        // The step has ended in this session.
        Outcome::PhoneStep(_) if flow.is_signed_in(headers) => {
            used(flow, provider, None, pending, headers)
        }
        // The cookies of a check are for the browser that has the session.
        Outcome::Redirect(_)
            if pending.attempt.rechecks.is_some()
                && recheck::checked(flow, provider, pending, headers).is_none() =>
        {
            Reply::see_other(pending.return_to.as_str())
        }
        // A refused check sets its cookie in the first answer only, because the user may have
        // signed in again since.
        Outcome::Refused(refusal) => refusal_page(flow, provider, refusal, None, pending, headers),
        _ => reply_for(flow, provider, outcome, pending, headers),
    }
}

/// The page of a refusal, with the cookies of the finished sign-in and of the refused account.
fn refusal_page(
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
    let page = refuse::login_page(flow, Some(&provider.name), error, place, headers).cookie(cookie);
    let end = End::Refused(error.clone());
    let page = attempt::finish(flow, pending, &end, headers, page);
    another_account::keep(flow, provider, error.kind(), id_token.as_ref(), page)
}

/// The reply for an outcome. The pending cookie is replaced before the ID token's cookie is added,
/// because that one can be left out.
fn reply_for(
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
            (reply, End::SignedIn(session.user.session_id()))
        }
        Outcome::Refused(refusal) => {
            let cookie = refusal.cookie.clone();
            return refusal_page(flow, provider, refusal, cookie, pending, headers);
        }
        // The end of a check names the checked session, so that a reload leads to the return
        // address.
        Outcome::Redirect(reply) => {
            let session = pending.attempt.rechecks.map(SessionId::from_bytes);
            let end = session.map_or(End::Redirected, End::SignedIn);
            (reply.clone(), end)
        }
        Outcome::PhoneStep(begun) => (phone::begin::reply(flow, begun, headers), End::Redirected),
    };
    let reply = attempt::finish(flow, pending, &end, headers, reply);
    match outcome {
        Outcome::SignedIn(signed_in) => reply.cookie_if_it_fits(signed_in.hint.clone()),
        Outcome::PhoneStep(begun) => phone::begin::with_hint(flow, begun, reply),
        Outcome::Refused(..) | Outcome::Redirect(_) => reply,
    }
}
