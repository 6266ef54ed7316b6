//! The cookies of a login attempt at its callback: the pending one, and what stays in its place.

use http::{HeaderMap, HeaderValue};

use super::{Flow, Registered};
use crate::{
    finished::{self, End, Finished},
    pending::Pending,
    reply::Reply,
};

/// The header lines of one answer stay below 4,000 bytes: proxies take no more (nginx, `proxy_buffer_size`). The rest is for
/// the lines of the server.
const MOST_HEADERS: usize = 3700;

/// The pending login of this state that the browser brought, as one for this provider.
pub(super) fn pending(
    flow: &Flow,
    provider: &Registered,
    state: &str,
    headers: &HeaderMap,
) -> Option<Pending> {
    let config = &flow.config;
    let (cookie, now) = (config.cookies.pending(state), config.clock.unix());
    let sealer = &config.pending_sealer;
    let mut held = config.cookies.named(headers, &cookie);
    held.find_map(|value| Pending::open(sealer, &cookie, value, now, config.prefix.as_str()))
        .filter(|pending| pending.has_state(state) && pending.binding == provider.binding)
}

/// What came of it, as the browser knows.
pub(super) fn finished(
    flow: &Flow,
    provider: &Registered,
    state: &str,
    headers: &HeaderMap,
) -> Option<Finished> {
    let config = &flow.config;
    let (name, now) = (config.cookies.finished(state), config.clock.unix());
    let (attempt, reserved) = ((state, provider.binding), config.prefix.as_str());
    let sealer = &config.pending_sealer;
    let mut held = config.cookies.named(headers, &name);
    held.find_map(|value| finished::open(sealer, (&name, value), attempt, now, reserved))
}

/// Puts what came of the attempt in the place of its pending cookie. If that takes too many bytes, the pending cookie stays:
/// this replica then knows the outcome by it, and the place is in it.
pub(super) fn finish(
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
    let bytes: usize = lines
        .iter()
        .map(|line| "set-cookie: \r\n".len() + line.len())
        .sum();
    if reply.header_bytes() + bytes > MOST_HEADERS {
        return reply;
    }
    let lines = lines.into_iter();
    lines.fold(reply, |reply, line| reply.cookie(Some(line)))
}

/// The oldest of the others, which make way for one more.
fn surplus(flow: &Flow, name: &str, length: usize, headers: &HeaderMap) -> Vec<HeaderValue> {
    let cookies = &flow.config.cookies;
    let others: Vec<_> = cookies
        .all_finished(headers)
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

/// A pending cookie that is of no use goes.
pub(super) fn delete(flow: &Flow, state: &str, headers: &HeaderMap, reply: Reply) -> Reply {
    let cookies = &flow.config.cookies;
    let name = cookies.pending(state);
    let is_held = cookies.named(headers, &name).next().is_some();
    reply.cookie(is_held.then(|| cookies.delete(&name)).flatten())
}

/// At a sign-out. No sign-in of this browser whose answer did not arrive is given out again, and the places of finished
/// attempts are gone.
pub(super) fn forget(flow: &Flow, headers: &HeaderMap, reply: Reply) -> Reply {
    const LOOKED_AT: usize = 24;

    let config = &flow.config;
    let (sealer, now) = (&config.pending_sealer, config.clock.unix());
    for (name, value) in config.cookies.all_pending(headers).take(LOOKED_AT) {
        let pending = Pending::open(sealer, &name, value, now, config.prefix.as_str());
        if let Some(pending) = pending {
            flow.outcomes.forget(&pending.state);
        }
    }
    let finished = config.cookies.all_finished(headers).take(LOOKED_AT);
    finished.fold(reply, |reply, (name, _)| {
        reply.cookie(config.cookies.delete(&name))
    })
}
