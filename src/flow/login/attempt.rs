//! The cookies of a sign-in at its callback: the pending one, and the finished one that replaces
//! it.
//!
//! Both are named after the state, so that several tabs can sign in at once.
//!
//! | step | pending cookie | finished cookie |
//! |---|---|---|
//! | the sign-in begins | set | |
//! | a callback before the exchange | read | read, if there is no pending one |
//! | the outcome is known | deleted | set, or left out if it is too long |
//! | the sign-in is over | deleted | |
//! | sign-out | its outcome is forgotten | deleted |

use http::{HeaderMap, HeaderValue, request::Parts};

use super::{
    callback_query::CallbackQuery,
    finished::{self, End, Finished},
    pending::{Held, Pending},
    state::{self, Begun},
};
use crate::{
    flow::{Flow, Registered},
    seal::SealedValue,
    web::reply::Reply,
};

/// Whether a callback carries a cookie of its sign-in, by the name alone. Without a `state`, a
/// cookie of any sign-in counts. Nothing is opened, because the answer decides only about the
/// redirect to the public host.
pub(crate) fn has_cookie(flow: &Flow, head: &Parts) -> bool {
    let (cookies, headers) = (&flow.cookies, &head.headers);
    let Some(query) = CallbackQuery::parse(head.uri.query()) else {
        return cookies.pending.is_any_brought(headers);
    };
    cookies.pending.is_brought(&query.state, headers)
        || cookies.finished.is_brought(&query.state, headers)
}

/// The pending sign-in of this state and provider, from the browser's cookie. `None` if the browser
/// has no such cookie, or if the cookie is of another provider.
pub(crate) fn pending(
    flow: &Flow,
    provider: &Registered,
    state: &str,
    headers: &HeaderMap,
) -> Option<Pending> {
    let config = &flow.config;
    let (now, prefix) = (config.clock.unix(), &config.prefix);
    let held = flow.cookies.pending.open(state, headers, now);
    // The name holds the first characters of the state alone, so the state itself is compared
    // afterwards.
    held.map(|sealed| Held::read(sealed, prefix))
        .next()
        .filter(|held| held.binding == provider.binding)?
        .claimed_by(state, &config.sealers.state, now, prefix)
}

/// The end of the sign-in, from the browser's cookie. The cookie may be from another replica, and
/// proves only how the sign-in ended.
pub(crate) fn finished(
    flow: &Flow,
    provider: &Registered,
    state: &str,
    headers: &HeaderMap,
) -> Option<Finished> {
    let (now, prefix) = (flow.config.clock.unix(), &flow.config.prefix);
    let attempt = (state, provider.binding);
    let mut held = flow.cookies.finished.open(state, headers, now);
    held.find_map(|sealed| finished::read(sealed, attempt, now, prefix))
}

/// The start of the sign-in, as sealed in its state. It is absent if the state is forged or
/// belongs to another provider.
pub(crate) fn begun(flow: &Flow, provider: &Registered, state: &str) -> Option<Begun> {
    let (config, now) = (&flow.config, flow.config.clock.unix());
    let (sealer, prefix) = (&config.sealers.state, &config.prefix);
    state::open(sealer, provider.binding, state, now, prefix)
}

/// Replaces the pending cookie by one with the end of the sign-in. If that takes too many bytes,
/// the pending cookie stays. This replica then knows the outcome by its state, and the return
/// address is in the pending cookie.
pub(crate) fn finish(
    flow: &Flow,
    pending: &Pending,
    end: &End,
    headers: &HeaderMap,
    reply: Reply,
) -> Reply {
    let (cookies, state) = (&flow.cookies, &pending.state);
    let sealed = finished::sealed(pending, end, headers)
        .and_then(|end| cookies.finished.seal(state, &end, pending.begun_at));
    let Some(sealed) = sealed.filter(|sealed| sealed.bytes() <= finished::MAX_BYTES) else {
        return reply;
    };
    // Both cookies end at the same time, so a callback that is loaded again and again does not
    // prolong the sign-in.
    let life = finished::life(pending, flow.config.clock.unix());
    let mut lines = surplus(flow, &sealed, headers);
    lines.extend(cookies.finished.set(&sealed, life));
    lines.extend(cookies.pending.delete(state));
    // All lines are sent or none. Without the pending cookie and without the finished one, the
    // return address would be lost.
    if !reply.fits(&lines) {
        return reply;
    }
    let lines = lines.into_iter();
    lines.fold(reply, |reply, line| reply.cookie(Some(line)))
}

/// The deletions of the oldest finished cookies that make way for one more. The browser sends the
/// oldest first.
fn surplus(flow: &Flow, added: &SealedValue, headers: &HeaderMap) -> Vec<HeaderValue> {
    let cookie = &flow.cookies.finished;
    let others: Vec<_> = cookie
        .sealed_here(headers, flow.config.clock.unix())
        .filter(|(other, _)| other != added.name())
        .map(|(other, length)| (other.len() + length, other))
        .collect();
    let all: usize = others.iter().map(|(bytes, _)| bytes).sum();
    let mut over = (all + added.bytes()).saturating_sub(finished::MAX_BYTES);
    // From the oldest on, until enough bytes are free.
    let gone = others.into_iter().take_while(|(bytes, _)| {
        let goes = over > 0;
        over = over.saturating_sub(*bytes);
        goes
    });
    gone.filter_map(|(_, other)| cookie.delete_named(&other))
        .collect()
}

/// Deletes the pending cookie of a sign-in that is over. Such a sign-in needs no finished cookie.
pub(crate) fn delete(flow: &Flow, pending: &Pending, reply: Reply) -> Reply {
    reply.cookie(flow.cookies.pending.delete(&pending.state))
}

/// Forgets the sign-ins of a browser at a sign-out. An outcome that did not arrive is not given out
/// later, and the return addresses of finished sign-ins are deleted.
pub(crate) fn forget(flow: &Flow, headers: &HeaderMap, reply: Reply) -> Reply {
    let (cookies, now) = (&flow.cookies, flow.config.clock.unix());
    for pending in cookies.pending.open_all(headers, now) {
        flow.outcomes.forget(pending.value.state().as_bytes());
    }
    let finished = cookies.finished.sealed_here(headers, now);
    finished.fold(reply, |reply, (name, _)| {
        reply.cookie(cookies.finished.delete_named(&name))
    })
}
