//! A login begins: the pending cookie, and 303 to the provider.

use http::{HeaderMap, request::Parts};

use super::{Flow, Registered, choice, demand, host, refuse};
use crate::{
    audit::Line,
    calls::{Purpose, within},
    clock::UnixTime,
    error::{LoginError, LoginErrorKind},
    pending::{self, Pending, Round},
    provider::{Attempt, recheck::Known},
    reply::Reply,
    return_to::ReturnTo,
};

/// A request may bring any number of cookies; what is beyond this waits for the next login.
const LOOKED_AT: usize = 24;
/// So many logins that did not come back look like a misplaced layer.
const SUSPICIOUS: usize = 3;

/// After so many logins in a row that left no session, the person decides.
pub(super) const ROUNDS: u8 = 3;

/// A page visit that needs a login: straight to the one provider, or to the choice of several.
pub(super) async fn protected(flow: &Flow, head: &Parts) -> Reply {
    let cookies = &flow.config.cookies;
    // Whatever session cookie came along did not open: it only takes up room.
    let stale = cookies
        .sessions(&head.headers)
        .next()
        .map(|_| cookies.delete(cookies.session()));
    go(flow, head).await.cookie(stale.flatten())
}

async fn go(flow: &Flow, head: &Parts) -> Reply {
    let return_to = demand::target(flow, head);
    if host::is_sibling(flow, head) {
        return host::to_public(flow, &flow.login_link(None, &return_to));
    }
    if flow.config.cookies.rounds(&head.headers) >= ROUNDS {
        let error = LoginError::new(LoginErrorKind::Loop).by_browser();
        let page = refuse::login(flow, None, &error, &return_to, &head.headers);
        return page.cookie(flow.config.cookies.forget_rounds(&head.headers));
    }
    match flow.providers.as_slice() {
        [provider] if !choice::is_stuck_here(provider, &head.headers) => {
            begin(flow, provider, return_to, Round::default(), &head.headers).await
        }
        _ => Reply::see_other(&flow.login_link(None, &return_to)),
    }
}

impl Flow {
    /// The link that begins a login.
    pub(super) fn login_link(&self, provider: Option<&str>, return_to: &ReturnTo) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(provider) = provider {
            query.append_pair("provider", provider);
        }
        if return_to.as_str() != ReturnTo::home().as_str() {
            query.append_pair("return_to", return_to.as_str());
        }
        if let Some(form) = return_to.form() {
            query.append_pair("form", &form.text());
        }
        let query = query.finish();
        let separator = if query.is_empty() { "" } else { "?" };
        format!("{}{separator}{query}", self.config.prefix.login())
    }
}

pub(super) async fn begin(
    flow: &Flow,
    provider: &Registered,
    return_to: ReturnTo,
    round: Round,
    headers: &HeaderMap,
) -> Reply {
    begin_for(flow, provider, return_to, round, None, headers).await
}

/// The same, with the name of the account that is about to sign in, as a link gave it.
pub(super) async fn begin_for(
    flow: &Flow,
    provider: &Registered,
    return_to: ReturnTo,
    round: Round,
    login_hint: Option<&str>,
    headers: &HeaderMap,
) -> Reply {
    let about = About::Hinted(login_hint);
    match away(flow, provider, &return_to, round, about, headers).await {
        Ok(reply) => reply,
        Err(error) => refuse::login(flow, Some(&provider.name), &error, &return_to, headers),
    }
}

/// The user that the provider is asked about.
pub(super) enum About<'a> {
    /// Anyone, or the account that a link named.
    Hinted(Option<&'a str>),
    /// The user of a session, without a page.
    Recheck(Known<'a>),
}

/// 303 to the provider, with the pending cookie; or why its address cannot be made.
pub(super) async fn away(
    flow: &Flow,
    provider: &Registered,
    return_to: &ReturnTo,
    round: Round,
    about: About<'_>,
    headers: &HeaderMap,
) -> Result<Reply, LoginError> {
    let (recheck, login_hint) = match about {
        About::Hinted(hint) => (None, hint),
        About::Recheck(known) => (Some(known), None),
    };
    let now = flow.config.clock.unix();
    let pending = Pending::new(provider.binding, return_to.clone(), round, now);
    let attempt = Attempt {
        state: &pending.state,
        nonce: &pending.nonce,
        code_verifier: &pending.code_verifier,
        asks_for_phone: round.asks_for_phone,
        fresh: round.fresh,
        recheck,
        retried: round.retried,
        login_hint,
    };
    let url = provider.dialect.authorization_url(attempt);
    let url = within(Purpose::SignIn, provider.time, url).await?;
    let cookies = &flow.config.cookies;
    let name = cookies.pending(&pending.state);
    let Some(value) = pending.seal(&flow.config.pending_sealer, &name) else {
        return Ok(Reply::empty(http::StatusCode::SERVICE_UNAVAILABLE));
    };
    let reply = Reply::see_other(&url).cookie(cookies.set(&name, &value, pending::LIFE));
    Ok(outdated(flow, headers)
        .into_iter()
        .fold(reply, |reply, name| reply.cookie(cookies.delete(&name))))
}

/// The pending logins that make room for one more: those that do not open, then the oldest.
fn outdated(flow: &Flow, headers: &HeaderMap) -> Vec<String> {
    let config = &flow.config;
    let now = config.clock.unix();
    let mut held: Vec<_> = config
        .cookies
        .all_pending(headers)
        .take(LOOKED_AT)
        .map(|(name, value)| {
            let opened = Pending::open(
                &config.pending_sealer,
                &name,
                value,
                now,
                config.prefix.as_str(),
            );
            let opened = opened.filter(|pending| !pending.is_over(now));
            (opened.map(|pending| pending.begun_at), name, value.len())
        })
        .collect();
    // The newest first, and at the end what did not open.
    held.sort_unstable_by(|a, b| b.cmp(a));
    let mut bytes = config.cookies.form(headers).map_or(0, <[u8]>::len);
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
    if kept >= SUSPICIOUS && config.audit.allows(Line::NoCallback) {
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
