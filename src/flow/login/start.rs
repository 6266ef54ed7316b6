//! A login begins: the pending cookie, and 303 to the provider.

use http::{HeaderMap, StatusCode, request::Parts};

use super::{
    choose,
    pending::{AttemptKind, Pending},
    pending_limit,
    state::Host,
    www,
};
use crate::{
    audit::Departure,
    calls::{Purpose, within},
    error::{LoginError, LoginErrorKind},
    flow::{Flow, Registered, refuse, request::target},
    provider::{AuthorizationRequest, recheck::RecheckedUser},
    seal::PENDING_LIFE,
    web::{
        reply::{MOST_HEADERS, Reply},
        return_to::ReturnTo,
    },
};

/// Bytes of a link in a header line. The other lines of such an answer are short.
const MOST_LINK: usize = 3400;
/// Bytes of a session cookie beside its value.
const AROUND_SESSION: usize = 200;

/// A page visit that needs a login: straight to the one provider, or to the choice of several.
pub(crate) async fn protected(flow: &Flow, head: &Parts) -> Reply {
    // A session that is over is of no use. A cookie that does not open is not ours.
    let (cookies, is_ours) = (&flow.config.cookies, flow.has_own_session(&head.headers));
    let stale = is_ours.then(|| cookies.delete(cookies.session()));
    go(flow, head).await.cookie_if_it_fits(stale.flatten())
}

async fn go(flow: &Flow, head: &Parts) -> Reply {
    let return_to = target::target(flow, head);
    if www::is_sibling(flow, head) {
        return www::to_public(flow, &flow.short_login_link(None, &return_to));
    }
    if flow.config.cookies.is_looping(&head.headers) {
        let error = LoginError::new(LoginErrorKind::Loop).by_browser();
        let page = refuse::login(flow, None, &error, &return_to, &head.headers);
        return page.cookie(flow.config.cookies.forget_sign_ins(&head.headers));
    }
    match flow.providers.as_slice() {
        [provider] if !choose::is_stuck_here(provider, &head.headers) => {
            begin(
                flow,
                provider,
                return_to,
                AttemptKind::default(),
                &head.headers,
            )
            .await
        }
        _ => Reply::see_other(&flow.short_login_link(None, &return_to)),
    }
}

impl Flow {
    /// The link that begins a login.
    pub(crate) fn login_link(&self, provider: Option<&str>, return_to: &ReturnTo) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(provider) = provider {
            query.append_pair("provider", provider);
        }
        // The script that adds fragments to links takes the root for the start page.
        let is_below = !self.config.prefix.base().as_str().is_empty();
        if is_below || return_to.as_str() != self.home().as_str() {
            query.append_pair("return_to", return_to.as_str());
        }
        if let Some(form) = return_to.form() {
            query.append_pair("form", &form.text());
        }
        let query = query.finish();
        let separator = if query.is_empty() { "" } else { "?" };
        format!("{}{separator}{query}", self.config.prefix.login())
    }

    /// The same for a header line: a place that makes it too long for a proxy is left out.
    pub(crate) fn short_login_link(&self, provider: Option<&str>, return_to: &ReturnTo) -> String {
        let link = self.login_link(provider, return_to);
        if link.len() <= MOST_LINK {
            return link;
        }
        let home = self.home().with_form(return_to.form());
        self.login_link(provider, &home)
    }
}

pub(crate) async fn begin(
    flow: &Flow,
    provider: &Registered,
    return_to: ReturnTo,
    attempt: AttemptKind,
    headers: &HeaderMap,
) -> Reply {
    begin_for(flow, provider, return_to, attempt, None, headers).await
}

/// The same, with the name of the account that is about to sign in, as a link gave it.
pub(crate) async fn begin_for(
    flow: &Flow,
    provider: &Registered,
    return_to: ReturnTo,
    attempt: AttemptKind,
    login_hint: Option<&str>,
    headers: &HeaderMap,
) -> Reply {
    let about = About::Hinted(login_hint);
    match away(flow, provider, &return_to, attempt, about, headers).await {
        Ok(reply) => reply,
        Err(error) => refuse::login(flow, Some(&provider.name), &error, &return_to, headers),
    }
}

/// The user that the provider is asked about.
#[derive(Clone, Copy)]
pub(crate) enum About<'a> {
    /// Anyone, or the account that a link named.
    Hinted(Option<&'a str>),
    /// The user of a session, without a page. The answer renews the session's cookie.
    Recheck(RecheckedUser<'a>),
}

/// 303 to the provider, with the pending cookie; or why its address cannot be made. A place that makes the answer too long
/// for a proxy, or the next request for a server, is left out.
pub(crate) async fn away(
    flow: &Flow,
    provider: &Registered,
    return_to: &ReturnTo,
    attempt: AttemptKind,
    about: About<'_>,
    headers: &HeaderMap,
) -> Result<Reply, LoginError> {
    let spare = match about {
        About::Hinted(_) => 0,
        About::Recheck(_) => session_line(flow, headers),
    };
    let mut away = prepared(flow, provider, return_to, attempt, about, headers).await?;
    let has_room = || pending_limit::has_room(flow, headers, away.added);
    if away.reply.header_bytes() + spare > MOST_HEADERS || !has_room() {
        let home = flow.home().with_form(return_to.form());
        away = prepared(flow, provider, &home, attempt, about, headers).await?;
    }
    if let Some(url) = &away.url {
        let audit = &flow.config.audit;
        audit.departure(&provider.name, departure(attempt, about), url);
    }
    Ok(away.reply)
}

/// The answer that leads to a provider.
struct Away {
    reply: Reply,
    /// Bytes of its pending cookie.
    added: usize,
    url: Option<String>,
}

impl Away {
    fn unavailable() -> Self {
        Self {
            reply: Reply::empty(StatusCode::SERVICE_UNAVAILABLE),
            added: 0,
            url: None,
        }
    }
}

/// Bytes of the session's cookie, when it is sealed anew.
fn session_line(flow: &Flow, headers: &HeaderMap) -> usize {
    let values = flow.config.cookies.sessions(headers).map(<[u8]>::len);
    values.max().unwrap_or(0) + AROUND_SESSION
}

async fn prepared(
    flow: &Flow,
    provider: &Registered,
    return_to: &ReturnTo,
    attempt: AttemptKind,
    about: About<'_>,
    headers: &HeaderMap,
) -> Result<Away, LoginError> {
    let config = &flow.config;
    let (host, now) = (Host::of(headers), config.clock.unix());
    let (sealer, whose) = (&config.state_sealer, (provider.binding, host));
    let Some(pending) = Pending::new(sealer, whose, return_to.clone(), attempt, now) else {
        return Ok(Away::unavailable());
    };
    let url = provider.client.authorization_url(asked(&pending, about));
    let url = within(Purpose::SignIn, provider.time, url).await?;
    let name = config.cookies.pending(&pending.state);
    let Some(value) = pending.seal(&config.pending_sealer, &name) else {
        return Ok(Away::unavailable());
    };
    let cookie = config.cookies.set(&name, &value, PENDING_LIFE);
    let added = name.len() + value.len();
    let reply = Reply::see_other(&url).cookie(cookie);
    Ok(Away {
        reply: pending_limit::apply(flow, headers, added, reply),
        added,
        url: Some(url),
    })
}

/// Why the browser leaves, for the log.
fn departure(attempt: AttemptKind, about: About<'_>) -> Departure {
    match about {
        About::Recheck(_) => Departure::Recheck,
        About::Hinted(_) if attempt.asks_for_phone => Departure::Consent,
        About::Hinted(_) if attempt.another_account => Departure::AnotherAccount,
        About::Hinted(_) if attempt.fresh => Departure::Fresh,
        About::Hinted(_) if attempt.retried => Departure::Retry,
        About::Hinted(_) => Departure::SignIn,
    }
}

fn asked<'a>(pending: &'a Pending, about: About<'a>) -> AuthorizationRequest<'a> {
    let (recheck, login_hint) = match about {
        About::Hinted(hint) => (None, hint),
        About::Recheck(known) => (Some(known), None),
    };
    AuthorizationRequest {
        state: &pending.state,
        nonce: &pending.nonce,
        code_verifier: &pending.code_verifier,
        asks_for_phone: pending.attempt.asks_for_phone,
        fresh: pending.attempt.fresh,
        another_account: pending.attempt.another_account,
        recheck,
        retried: pending.attempt.retried,
        login_hint,
    }
}
