//! Another account at the provider, after one that it signed in was refused here.

use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use secrecy::SecretString;

use super::{pending::AttemptKind, start};
use crate::{
    audit,
    error::{LoginError, LoginErrorKind},
    flow::{
        Flow, Registered,
        end_session::{
            self,
            carried::{Account, Next, PendingLogout},
        },
        refuse,
    },
    seal::PENDING_LIFE,
    web::{reply::Reply, return_to::ReturnTo},
};

/// A provider that does not answer is asked by a parameter instead.
const MOST: Duration = Duration::from_secs(2);

/// With the page of a refused account: its ID token, by which the session at the provider can be ended. Left out if the
/// headers grew too long; the cookie then only shows that this browser was refused.
pub(crate) fn keep(
    flow: &Flow,
    provider: &Registered,
    kind: LoginErrorKind,
    id_token: Option<&SecretString>,
    reply: Reply,
) -> Reply {
    if !kind.concerns_account() || !provider.client.may_end_session_for_another() {
        return reply;
    }
    let line = id_token.and_then(|token| cookie(flow, provider, Some(token)));
    let line = line.filter(|line| reply.fits(std::slice::from_ref(line)));
    let line = line.or_else(|| cookie(flow, provider, None));
    reply.cookie(line)
}

fn cookie(
    flow: &Flow,
    provider: &Registered,
    id_token: Option<&SecretString>,
) -> Option<HeaderValue> {
    let config = &flow.config;
    let (name, now) = (config.cookies.account(), config.clock.unix());
    let value = Account::seal(&config.logout_sealer, name, provider.binding, id_token, now)?;
    let path = config.prefix.as_str();
    config.cookies.set_at(path, name, &value, PENDING_LIFE)
}

/// Deletes that cookie, if there is one.
pub(crate) fn forget(flow: &Flow, headers: &HeaderMap) -> Option<HeaderValue> {
    let (cookies, path) = (&flow.config.cookies, flow.config.prefix.as_str());
    let is_held = cookies.named(headers, cookies.account()).next().is_some();
    is_held.then(|| cookies.delete_at(path, cookies.account()))?
}

/// The link of the page. Only a browser that was refused ends a session at the provider, so that no other site does.
pub(crate) async fn begin(
    flow: &Flow,
    provider: &Registered,
    return_to: ReturnTo,
    headers: &HeaderMap,
) -> Reply {
    if let Some(away) = leave(flow, provider, &return_to, headers).await {
        return away;
    }
    let attempt = AttemptKind {
        another_account: true,
        ..AttemptKind::default()
    };
    start::begin(flow, provider, return_to, attempt, headers).await
}

async fn leave(
    flow: &Flow,
    provider: &Registered,
    return_to: &ReturnTo,
    headers: &HeaderMap,
) -> Option<Reply> {
    let config = &flow.config;
    let (name, now) = (config.cookies.account(), config.clock.unix());
    let (sealer, binding) = (&config.logout_sealer, provider.binding);
    let mut held = config.cookies.named(headers, name);
    let account = held.find_map(|value| Account::open(sealer, name, value, binding, now))?;
    let asked = tokio::time::timeout(MOST, provider.client.end_session_for_another()).await;
    let end_session = asked.ok().flatten()?;
    let next = Next::new(binding, return_to);
    let departure = PendingLogout::to_sign_in(next, now);
    let reply = end_session::depart(flow, &end_session, &departure, account.id_token.as_ref())?;
    let (audit, cause) = (&config.audit, audit::Departure::SignOutForAnother);
    audit.departure(&provider.name, cause, end_session.endpoint.as_str());
    Some(reply)
}

/// Back from the provider, whose session has ended: the sign-in begins again.
pub(crate) async fn go_on(flow: &Flow, next: &Next, headers: &HeaderMap) -> Reply {
    let return_to = next.return_to(&flow.config.prefix);
    let reply = match flow.by_binding(next.binding) {
        Some(provider) => {
            start::begin(flow, provider, return_to, AttemptKind::default(), headers).await
        }
        None => {
            let error = LoginError::new(LoginErrorKind::UnknownState);
            refuse::login(flow, None, &error, &return_to, headers)
        }
    };
    reply.cookie(forget(flow, headers))
}
