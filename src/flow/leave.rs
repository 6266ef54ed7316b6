//! Signing out at the provider as well (OpenID Connect RP-Initiated Logout), where the
//! application asked for it.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_SECURITY_POLICY, request::Parts};
use secrecy::SecretString;

use super::{Flow, Registered, another_account, logout};
use crate::{
    language::Language,
    leaving::{self, Departure, Next},
    page::sign_out::{self, Ended},
    provider::leaving::Leaving,
    reply::{MOST_HEADERS, Reply},
    session::Session,
};

/// Bytes of the deletions of the session's cookies, which the answer to a sign-out has beside the way to the provider.
const DELETIONS: usize = 550;

/// A provider that is down keeps nobody signed in.
const MOST: Duration = Duration::from_secs(2);

/// Keeps the ID token until the session that it belongs to ends.
pub(super) fn keep(
    flow: &Flow,
    session: &Session,
    id_token: Option<&SecretString>,
) -> Option<HeaderValue> {
    let config = &flow.config;
    if !flow.by_binding(session.binding)?.dialect.keeps_hints() {
        return None;
    }
    let name = config.cookies.hint();
    let value = leaving::seal_hint(
        &config.logout_sealer,
        name,
        session,
        id_token?,
        config.clock.unix(),
    )?;
    let path = config.prefix.logout();
    config
        .cookies
        .set_at(&path, name, &value, config.rules.life)
}

/// 303 to the provider's sign-out; none if the session's provider has none, or cannot be asked.
pub(super) async fn begin(flow: &Flow, session: &Session, headers: &HeaderMap) -> Option<Reply> {
    let config = &flow.config;
    let provider = flow.by_binding(session.binding)?;
    let leaving = leaving(provider).await?;
    let (cookies, now) = (&config.cookies, config.clock.unix());
    let mut hints = cookies.named(headers, cookies.hint());
    let hint = hints.find_map(|value| {
        leaving::open_hint(&config.logout_sealer, cookies.hint(), value, session, now)
    });
    depart(flow, &leaving, None, hint.as_ref())
}

/// 303 to there, with the cookie by which the way back is known.
pub(super) fn depart(
    flow: &Flow,
    leaving: &Leaving,
    next: Option<Next>,
    hint: Option<&SecretString>,
) -> Option<Reply> {
    let config = &flow.config;
    let departure = Departure::new(next, config.clock.unix());
    let (cookies, path) = (&config.cookies, config.prefix.logout());
    let sealed = departure.seal(&config.logout_sealer, cookies.departure())?;
    let cookie = cookies.set_at(&path, cookies.departure(), &sealed, leaving::LIFE)?;
    let return_to = format!("{}{}", config.origin.as_str(), config.prefix.logged_out());
    let reply = Reply::empty(StatusCode::SEE_OTHER).cookie(Some(cookie));
    let url = leaving.url(&return_to, departure.state(), hint);
    if reply.header_bytes() + url.len() + DELETIONS <= MOST_HEADERS {
        return Some(reply.leading_to(&url));
    }
    // Without the ID token the provider asks its user.
    Some(reply.leading_to(&leaving.url(&return_to, departure.state(), None)))
}

async fn leaving(provider: &Registered) -> Option<Leaving> {
    let asked = tokio::time::timeout(MOST, provider.dialect.leaving()).await;
    asked.ok().flatten()
}

/// The user comes back from there. The state only decides what is shown, or which sign-in begins.
pub(super) async fn done(flow: &Flow, head: &Parts) -> Reply {
    let config = &flow.config;
    let (cookies, now) = (&config.cookies, config.clock.unix());
    let (headers, name) = (&head.headers, cookies.departure());
    let departure = state(head.uri.query()).and_then(|sent| {
        cookies
            .named(headers, name)
            .filter_map(|value| Departure::open(&config.logout_sealer, name, value, now))
            .find(|departure| departure.ends_with(&sent, now))
    });
    let held = is_held(flow, headers, name);
    let next = departure.as_ref().and_then(Departure::next);
    let reply = match (next, departure.is_some() && !flow.is_signed_in(headers)) {
        (Some(next), _) => another_account::go_on(flow, next, headers).await,
        (None, true) => {
            let language = Language::preferred(headers);
            let page = sign_out::done(language, &config.prefix.login(), Ended::AtProvider);
            flow.page(StatusCode::OK, page)
        }
        (None, false) => logout::ask(flow, head).await,
    };
    let path = config.prefix.logout();
    reply.cookie(held.then(|| cookies.delete_at(&path, name)).flatten())
}

/// Whether the request brings a cookie of this name that this layer sealed.
fn is_held(flow: &Flow, headers: &HeaderMap, name: &str) -> bool {
    let (config, now) = (&flow.config, flow.config.clock.unix());
    let mut values = config.cookies.named(headers, name);
    values.any(|value| config.logout_sealer.opens(name, value, now))
}

/// Forgets the ID token, if there is one.
pub(super) fn forget(flow: &Flow, headers: &HeaderMap) -> Option<HeaderValue> {
    let cookies = &flow.config.cookies;
    let held = is_held(flow, headers, cookies.hint());
    let path = flow.config.prefix.logout();
    held.then(|| cookies.delete_at(&path, cookies.hint()))?
}

/// A browser judges a form's redirects by `form-action` as well (CSP3 section 6.4.3): the page
/// that asks lets this one through.
pub(super) async fn let_through(flow: &Flow, headers: &HeaderMap, reply: Reply) -> Reply {
    let binding = flow.live_session(headers).map(|session| session.binding);
    let provider = binding.and_then(|binding| flow.by_binding(binding));
    let Some(provider) = provider else {
        return reply;
    };
    let Some(leaving) = leaving(provider).await else {
        return reply;
    };
    let origin = leaving.endpoint.origin().ascii_serialization();
    match flow.config.policies.with_forms_to(&origin) {
        Some(policy) => reply.header(CONTENT_SECURITY_POLICY, policy),
        None => reply,
    }
}

fn state(query: Option<&str>) -> Option<String> {
    let mut pairs = form_urlencoded::parse(query?.as_bytes());
    pairs.find_map(|(name, value)| (name == "state").then(|| value.into_owned()))
}
