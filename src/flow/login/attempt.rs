//! The cookies of a login attempt at its callback: the pending one, and what stays in its place.

use http::{HeaderMap, HeaderValue, request::Parts};

use super::callback_query::CallbackQuery;
use super::{
    finished::{self, End, Finished},
    pending::{Held, Pending},
    state::{self, Begun},
};
use crate::flow::{Flow, Registered};
use crate::web::reply::Reply;

/// A request may bring any number of cookies; as many of a kind are looked at. Browsers keep some 180 of one host.
pub(crate) const LOOKED_AT: usize = 200;

/// Whether a callback brings a cookie of its attempt, by the name; one without a state, of any.
pub(crate) fn is_brought(flow: &Flow, head: &Parts) -> bool {
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

/// The pending login of this state that the browser brought, as one for this provider.
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

/// The end of the attempt, as the cookie of the browser holds it.
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

/// The start of the attempt, as its state says it; none if it is forged, or of another provider.
pub(crate) fn begun(flow: &Flow, provider: &Registered, state: &str) -> Option<Begun> {
    let (config, now) = (&flow.config, flow.config.clock.unix());
    let (sealer, prefix) = (&config.state_sealer, &config.prefix);
    state::open(sealer, provider.binding, state, now, prefix)
}

/// Puts what came of the attempt in the place of its pending cookie. If that takes too many bytes, the pending cookie stays:
/// this replica then knows the outcome by it, and the place is in it.
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
    let Some(value) = value.filter(|value| name.len() + value.len() <= finished::MOST_BYTES) else {
        return reply;
    };
    let life = finished::life(pending, flow.config.clock.unix());
    let mut lines = surplus(flow, &name, value.len(), headers);
    lines.extend(cookies.set(&name, &value, life));
    lines.extend(cookies.delete(&cookies.pending(state)));
    if !reply.fits(&lines) {
        return reply;
    }
    let lines = lines.into_iter();
    lines.fold(reply, |reply, line| reply.cookie(Some(line)))
}

/// The oldest of the others, which make way for one more.
fn surplus(flow: &Flow, name: &str, length: usize, headers: &HeaderMap) -> Vec<HeaderValue> {
    let cookies = &flow.config.cookies;
    let others: Vec<_> = finished_of_ours(flow, headers)
        .filter(|(other, _)| other != name)
        .map(|(other, value)| (other.len() + value.len(), other))
        .collect();
    let all: usize = others.iter().map(|(bytes, _)| bytes).sum();
    let mut over = (all + name.len() + length).saturating_sub(finished::MOST_BYTES);
    let gone = others.into_iter().take_while(|(bytes, _)| {
        let goes = over > 0;
        over = over.saturating_sub(*bytes);
        goes
    });
    gone.filter_map(|(_, other)| cookies.delete(&other))
        .collect()
}

/// The cookies of finished attempts, the oldest first. One that does not open is another application's.
pub(crate) fn finished_of_ours<'a>(
    flow: &'a Flow,
    headers: &'a HeaderMap,
) -> impl Iterator<Item = (String, &'a [u8])> {
    let (config, now) = (&flow.config, flow.config.clock.unix());
    let held = config.cookies.all_finished(headers).take(LOOKED_AT);
    held.filter(move |(name, value)| config.pending_sealer.opens(name, value, now))
}

/// A pending cookie that is of no use goes.
pub(crate) fn delete(flow: &Flow, pending: &Pending, reply: Reply) -> Reply {
    let cookies = &flow.config.cookies;
    reply.cookie(cookies.delete(&cookies.pending(&pending.state)))
}

/// At a sign-out. No sign-in of this browser whose answer did not arrive is given out again, and the places of finished
/// attempts are gone.
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
