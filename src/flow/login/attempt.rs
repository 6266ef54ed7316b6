//! The cookies of a sign-in at its callback: the pending one, and the finished one that replaces
//! it.
//!
//! Both are named after the state, so that several tabs can sign in at once.

use http::{HeaderMap, HeaderValue, request::Parts};

use super::callback_query::CallbackQuery;
use super::{
    finished::{self, End, Finished},
    pending::{Held, Pending},
    state::{self, Begun},
};
use crate::flow::{Flow, Registered};
use crate::web::reply::Reply;

/// The number of cookies of one kind that are read. A request can carry any number, and browsers
/// keep about 180 for a host.
pub(crate) const LOOKED_AT: usize = 200;

/// Whether a callback carries a cookie of its sign-in, by the name alone; without a state, one of
/// any sign-in.
pub(crate) fn has_cookie(flow: &Flow, head: &Parts) -> bool {
    let (cookies, headers) = (&flow.config.cookies, &head.headers);
    let Some(query) = CallbackQuery::parse(head.uri.query()) else {
        return cookies.all_pending(headers).next().is_some();
    };
    let names = [
        cookies.pending(&query.state),
        cookies.finished(&query.state),
    ];
    let mut held = names.iter().flat_map(|name| cookies.named(headers, name));
    held.next().is_some()
}

/// The pending sign-in of this state and provider, from the browser's cookie.
pub(crate) fn pending(
    flow: &Flow,
    provider: &Registered,
    state: &str,
    headers: &HeaderMap,
) -> Option<Pending> {
    let config = &flow.config;
    let (cookie, now) = (config.cookies.pending(state), config.clock.unix());
    let sealer = &config.pending_sealer;
    let mut held = config.cookies.named(headers, &cookie);
    let prefix = &config.prefix;
    held.find_map(|value| Held::open(sealer, &cookie, value, now, prefix))
        .filter(|held| held.binding == provider.binding)?
        .claimed_by(state, &config.state_sealer, now, prefix)
}

/// The end of the sign-in, from the browser's cookie.
pub(crate) fn finished(
    flow: &Flow,
    provider: &Registered,
    state: &str,
    headers: &HeaderMap,
) -> Option<Finished> {
    let config = &flow.config;
    let (name, now) = (config.cookies.finished(state), config.clock.unix());
    let (attempt, prefix) = ((state, provider.binding), &config.prefix);
    let sealer = &config.pending_sealer;
    let mut held = config.cookies.named(headers, &name);
    held.find_map(|value| finished::open(sealer, (&name, value), attempt, now, prefix))
}

/// The start of the sign-in, as sealed in its state. It is absent if the state is forged or
/// belongs to another provider.
pub(crate) fn begun(flow: &Flow, provider: &Registered, state: &str) -> Option<Begun> {
    let (config, now) = (&flow.config, flow.config.clock.unix());
    let (sealer, prefix) = (&config.state_sealer, &config.prefix);
    state::open(sealer, provider.binding, state, now, prefix)
}

/// Replaces the pending cookie by one with the end of the sign-in. If that takes too many bytes,
/// the pending cookie stays: this replica knows the outcome by its state, and the place is in it.
pub(crate) fn finish(
    flow: &Flow,
    pending: &Pending,
    end: &End,
    headers: &HeaderMap,
    reply: Reply,
) -> Reply {
    let (cookies, state) = (&flow.config.cookies, &pending.state);
    let name = cookies.finished(state);
    let value = finished::seal(pending, end, &flow.config.pending_sealer, &name);
    let Some(value) = value.filter(|value| name.len() + value.len() <= finished::MAX_BYTES) else {
        return reply;
    };
    let life = finished::life(pending, flow.config.clock.unix());
    let mut lines = surplus(flow, &name, value.len(), headers);
    lines.extend(cookies.set(&name, &value, life));
    lines.extend(cookies.delete(&cookies.pending(state)));
    // All lines are sent or none. Without the pending cookie and without the finished one, the
    // place would be lost.
    if !reply.fits(&lines) {
        return reply;
    }
    let lines = lines.into_iter();
    lines.fold(reply, |reply, line| reply.cookie(Some(line)))
}

/// The deletions of the oldest finished cookies that make way for one more. The browser sends the
/// oldest first.
fn surplus(flow: &Flow, name: &str, length: usize, headers: &HeaderMap) -> Vec<HeaderValue> {
    let cookies = &flow.config.cookies;
    let others: Vec<_> = finished_of_ours(flow, headers)
        .filter(|(other, _)| other != name)
        .map(|(other, value)| (other.len() + value.len(), other))
        .collect();
    let all: usize = others.iter().map(|(bytes, _)| bytes).sum();
    let mut over = (all + name.len() + length).saturating_sub(finished::MAX_BYTES);
    let gone = others.into_iter().take_while(|(bytes, _)| {
        let goes = over > 0;
        over = over.saturating_sub(*bytes);
        goes
    });
    gone.filter_map(|(_, other)| cookies.delete(&other))
        .collect()
}

/// The cookies of finished sign-ins, the oldest first. A cookie that does not open belongs to
/// another application.
pub(crate) fn finished_of_ours<'a>(
    flow: &'a Flow,
    headers: &'a HeaderMap,
) -> impl Iterator<Item = (String, &'a [u8])> {
    let (config, now) = (&flow.config, flow.config.clock.unix());
    let held = config.cookies.all_finished(headers).take(LOOKED_AT);
    held.filter(move |(name, value)| config.pending_sealer.opens(name, value, now))
}

/// Deletes the pending cookie.
pub(crate) fn delete(flow: &Flow, pending: &Pending, reply: Reply) -> Reply {
    let cookies = &flow.config.cookies;
    reply.cookie(cookies.delete(&cookies.pending(&pending.state)))
}

/// Forgets the sign-ins of a browser at a sign-out: an answer that did not arrive is not given out
/// later, and the places of finished sign-ins are deleted.
pub(crate) fn forget(flow: &Flow, headers: &HeaderMap, reply: Reply) -> Reply {
    let config = &flow.config;
    let (sealer, now) = (&config.pending_sealer, config.clock.unix());
    for (name, value) in config.cookies.all_pending(headers).take(LOOKED_AT) {
        let held = Held::open(sealer, &name, value, now, &config.prefix);
        if let Some(held) = held {
            flow.outcomes.forget(held.state.as_bytes());
        }
    }
    finished_of_ours(flow, headers).fold(reply, |reply, (name, _)| {
        reply.cookie(config.cookies.delete(&name))
    })
}
