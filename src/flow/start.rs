//! A login begins: the pending cookie, and 303 to the provider.

use http::{HeaderMap, request::Parts};

use super::{Flow, Registered, choice, refuse};
use crate::{
    clock::UnixTime,
    pending::{self, Pending, Round},
    provider::Attempt,
    reply::Reply,
    return_to::ReturnTo,
};

/// So many logins that did not come back look like a misplaced layer.
const SUSPICIOUS: usize = 3;

/// A page visit that needs a login: straight to the one provider, or to the choice of several.
pub(super) async fn protected(flow: &Flow, head: &Parts) -> Reply {
    let target = head
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let return_to = flow.return_to(target);
    match flow.providers.as_slice() {
        [provider] if !choice::is_stuck_here(provider, &head.headers) => {
            begin(flow, provider, return_to, Round::default(), &head.headers).await
        }
        _ => Reply::see_other(&login_link(flow, None, &return_to)),
    }
}

/// The link that begins a login.
pub(super) fn login_link(flow: &Flow, provider: Option<&str>, return_to: &ReturnTo) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(provider) = provider {
        query.append_pair("provider", provider);
    }
    if *return_to != ReturnTo::home() {
        query.append_pair("return_to", return_to.as_str());
    }
    let query = query.finish();
    let separator = if query.is_empty() { "" } else { "?" };
    format!("{}{separator}{query}", flow.config.prefix.login())
}

pub(super) async fn begin(
    flow: &Flow,
    provider: &Registered,
    return_to: ReturnTo,
    round: Round,
    headers: &HeaderMap,
) -> Reply {
    let now = flow.config.clock.unix();
    let pending = Pending::new(provider.binding, return_to, round, now);
    let attempt = Attempt {
        state: &pending.state,
        nonce: &pending.nonce,
        code_verifier: &pending.code_verifier,
        asks_for_phone: round.asks_for_phone,
    };
    let url = match provider.dialect.authorization_url(attempt).await {
        Ok(url) => url,
        Err(error) => return refuse::login(flow, provider, &error, &pending.return_to, headers),
    };
    let cookies = &flow.config.cookies;
    let name = cookies.pending(&pending.state);
    let Some(value) = pending.seal(&flow.config.pending_sealer, &name) else {
        return Reply::empty(http::StatusCode::SERVICE_UNAVAILABLE);
    };
    let reply = Reply::see_other(&url).cookie(cookies.set(&name, &value, pending::LIFE));
    outdated(flow, headers)
        .into_iter()
        .fold(reply, |reply, name| reply.cookie(cookies.delete(&name)))
}

/// The pending logins that make room for one more: those that do not open, then the oldest.
fn outdated(flow: &Flow, headers: &HeaderMap) -> Vec<String> {
    let config = &flow.config;
    let now = config.clock.unix();
    let mut held: Vec<_> = config
        .cookies
        .all_pending(headers)
        .map(|(name, value)| {
            let opened = Pending::open(
                &config.pending_sealer,
                &name,
                value,
                now,
                config.prefix.as_str(),
            );
            (opened.map(|pending| pending.begun_at), name, value.len())
        })
        .collect();
    // The newest first, and at the end what did not open.
    held.sort_unstable_by(|a, b| b.cmp(a));
    let mut bytes = 0;
    let fits = |(begun_at, _, length): &(Option<UnixTime>, String, usize)| {
        bytes += length;
        begun_at.is_some() && bytes <= pending::MOST_BYTES
    };
    let kept = held
        .iter()
        .take(pending::MOST - 1)
        .map(fits)
        .take_while(|fits| *fits)
        .count();
    if kept >= SUSPICIOUS {
        tracing::warn!(
            pending = kept,
            "several sign-ins began in this browser and did not come back: if every sign-in ends \
             like this, the layer does not see its callback; put it last, on the outermost router"
        );
    }
    held.split_off(kept)
        .into_iter()
        .map(|(_, name, _)| name)
        .collect()
}
