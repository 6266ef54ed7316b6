//! Signing out at the provider as well (OpenID Connect RP-Initiated Logout), where the
//! application asked for it.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_SECURITY_POLICY};
use secrecy::SecretString;

use self::carried::PendingLogout;
use super::{Flow, Registered};
use crate::{
    audit,
    provider::end_session::EndSession,
    session::Session,
    web::{
        reply::{MOST_HEADERS, Reply},
        return_to::ReturnTo,
    },
};

pub(crate) mod carried;

/// Bytes of the deletions of the session's cookies, which the answer to a sign-out has beside the way to the provider.
const DELETIONS: usize = 550;

/// A provider that is down keeps nobody signed in.
const MOST: Duration = Duration::from_secs(2);

/// Keeps the ID token until the session that it belongs to ends.
pub(crate) fn keep(
    flow: &Flow,
    session: &Session,
    id_token: Option<&SecretString>,
) -> Option<HeaderValue> {
    let config = &flow.config;
    if !flow.by_binding(session.binding)?.client.keeps_id_tokens() {
        return None;
    }
    let name = config.cookies.hint();
    let value = carried::seal_hint(
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
pub(crate) async fn begin(
    flow: &Flow,
    session: &Session,
    was_everywhere: bool,
    place: &ReturnTo,
    headers: &HeaderMap,
) -> Option<Reply> {
    let config = &flow.config;
    let provider = flow.by_binding(session.binding)?;
    let end_session = end_session(provider).await?;
    let (cookies, now) = (&config.cookies, config.clock.unix());
    let mut hints = cookies.named(headers, cookies.hint());
    let hint = hints.find_map(|value| {
        carried::open_hint(&config.logout_sealer, cookies.hint(), value, session, now)
    });
    let departure = PendingLogout::to_sign_out(was_everywhere, place, now);
    let reply = depart(flow, &end_session, &departure, hint.as_ref())?;
    let (audit, cause) = (&config.audit, audit::Departure::SignOut);
    audit.departure(&provider.name, cause, end_session.endpoint.as_str());
    Some(reply)
}

/// 303 to there, with the cookie by which the way back is known.
pub(crate) fn depart(
    flow: &Flow,
    end_session: &EndSession,
    departure: &PendingLogout,
    hint: Option<&SecretString>,
) -> Option<Reply> {
    let config = &flow.config;
    let (cookies, path) = (&config.cookies, config.prefix.logout());
    let sealed = departure.seal(&config.logout_sealer, cookies.departure())?;
    let cookie = cookies.set_at(&path, cookies.departure(), &sealed, carried::LIFE)?;
    let return_to = format!("{}{}", config.origin.as_str(), config.prefix.logged_out());
    let reply = Reply::empty(StatusCode::SEE_OTHER).cookie(Some(cookie));
    let url = end_session.url(&return_to, departure.state(), hint);
    if reply.header_bytes() + url.len() + DELETIONS <= MOST_HEADERS {
        return Some(reply.leading_to(&url));
    }
    // Without the ID token the provider asks its user.
    Some(reply.leading_to(&end_session.url(&return_to, departure.state(), None)))
}

async fn end_session(provider: &Registered) -> Option<EndSession> {
    let asked = tokio::time::timeout(MOST, provider.client.end_session()).await;
    asked.ok().flatten()
}

/// Forgets who came from there, if there is such a cookie.
pub(crate) fn forget_departure(flow: &Flow, headers: &HeaderMap) -> Option<HeaderValue> {
    let (cookies, path) = (&flow.config.cookies, flow.config.prefix.logout());
    let held = is_held(flow, headers, cookies.departure());
    held.then(|| cookies.delete_at(&path, cookies.departure()))?
}

/// Whether the request brings a cookie of this name that this layer sealed.
fn is_held(flow: &Flow, headers: &HeaderMap, name: &str) -> bool {
    let (config, now) = (&flow.config, flow.config.clock.unix());
    let mut values = config.cookies.named(headers, name);
    values.any(|value| config.logout_sealer.opens(name, value, now))
}

/// Forgets the ID token, if there is one.
pub(crate) fn forget(flow: &Flow, headers: &HeaderMap) -> Option<HeaderValue> {
    let cookies = &flow.config.cookies;
    let held = is_held(flow, headers, cookies.hint());
    let path = flow.config.prefix.logout();
    held.then(|| cookies.delete_at(&path, cookies.hint()))?
}

/// A browser judges a form's redirects by `form-action` as well (CSP3 section 6.4.3): the page
/// that asks lets this one through, and the one to the application's page after it.
pub(crate) async fn let_through(flow: &Flow, headers: &HeaderMap, reply: Reply) -> Reply {
    let binding = flow.live_session(headers).map(|session| session.binding);
    let provider = binding.and_then(|binding| flow.by_binding(binding));
    let end_session = match provider {
        Some(provider) => end_session(provider).await,
        None => None,
    };
    let provider =
        end_session.map(|end_session| end_session.endpoint.origin().ascii_serialization());
    let own = flow.config.after_sign_out.as_ref();
    let own = own.and_then(|page| page.origin.clone());
    let origins: Vec<String> = provider.into_iter().chain(own).collect();
    match flow.config.policies.with_forms_to(&origins) {
        Some(policy) => reply.header(CONTENT_SECURITY_POLICY, policy),
        None => reply,
    }
}
