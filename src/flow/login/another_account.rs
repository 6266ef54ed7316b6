//! Signing in with another account, after one was refused here.
//!
//! A provider with a live session of its own would sign the same account in again at once. If the
//! provider has a sign-out (OpenID Connect RP-Initiated Logout), the user is signed out there
//! first. Otherwise the provider is asked by a parameter to let the user choose.
//!
//! 1. A refusal that concerns the account sets a sealed cookie with the account's ID token
//!    ([`keep`]).
//! 2. The page of the refusal has the link "Use another account". It leads to `/auth/login` with
//!    `another_account=1`, and from there to [`begin`].
//! 3. If the browser has the cookie and the provider has a sign-out, the browser goes to the
//!    provider's sign-out. The return address travels in the cookie of the pending sign-out.
//! 4. The provider sends the user back to `/auth/logout/done`, and [`go_on`] begins the sign-in
//!    again.
//! 5. In all other cases [`begin`] begins a sign-in with the parameter that lets the user choose.

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

/// The time for reading the provider's sign-out address. Afterwards the parameter is used. The user
/// waits meanwhile.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Keeps the refused account's ID token in a sealed cookie, so that its session at the provider
/// can be ended. The token is left out if the headers grow too long. The cookie then only shows
/// that this browser was refused.
///
/// Only refusals that concern the account set the cookie, and only if the provider has a sign-out.
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
    // The page of the refusal is more important than the token, so the token gives way.
    let line = line.filter(|line| reply.fits(std::slice::from_ref(line)));
    // Without the token the provider asks its user before it signs them out.
    let line = line.or_else(|| cookie(flow, provider, None));
    reply.cookie(line)
}

/// The cookie of the refused account, for the layer's own paths. `None` if sealing fails or the
/// token is too long for a cookie.
fn cookie(
    flow: &Flow,
    provider: &Registered,
    id_token: Option<&SecretString>,
) -> Option<HeaderValue> {
    let (cookie, now) = (&flow.cookies.account, flow.config.clock.unix());
    let account = Account::new(provider.binding, id_token, now);
    cookie.set(&cookie.seal("", &account, now)?, PENDING_LIFE)
}

/// Deletes the cookie of a refused account, if there is one.
pub(crate) fn forget(flow: &Flow, headers: &HeaderMap) -> Option<HeaderValue> {
    let cookie = &flow.cookies.account;
    let is_held = cookie.is_brought("", headers);
    is_held.then(|| cookie.delete(""))?
}

/// Follows the page's link to sign in with another account. Only a browser that was refused here is
/// signed out at the provider, so that a link on another site cannot do it.
pub(crate) async fn begin(
    flow: &Flow,
    provider: &Registered,
    return_to: ReturnTo,
    headers: &HeaderMap,
) -> Reply {
    if let Some(redirect) = sign_out_first(flow, provider, &return_to, headers).await {
        return redirect;
    }
    let attempt = AttemptKind {
        another_account: true,
        ..AttemptKind::default()
    };
    start::begin(flow, provider, return_to, attempt, headers).await
}

/// 303 to the provider's sign-out, if this browser was refused and the provider has one. `None`
/// leads to the parameter instead.
async fn sign_out_first(
    flow: &Flow,
    provider: &Registered,
    return_to: &ReturnTo,
    headers: &HeaderMap,
) -> Option<Reply> {
    let config = &flow.config;
    let (binding, now) = (provider.binding, config.clock.unix());
    let mut held = flow.cookies.account.open("", headers, now);
    // The cookie proves that this browser was refused at this provider within the last half hour.
    let account = held.find(|account| account.is_of(binding, now))?;
    let asked = tokio::time::timeout(TIMEOUT, provider.client.end_session_for_another()).await;
    // A provider that is slow or does not answer is not waited for. The parameter needs no such
    // address.
    let end_session = asked.ok().flatten()?;
    let next = Next::new(binding, return_to);
    let pending_logout = PendingLogout::to_sign_in(next, now)?;
    let reply = end_session::to_provider(
        flow,
        &end_session,
        &pending_logout,
        account.id_token().as_ref(),
    )?;
    let (audit, cause) = (&config.audit, audit::Departure::SignOutForAnother);
    audit.departure(&provider.name, cause, end_session.endpoint.as_str());
    Some(reply)
}

/// Begins the sign-in again, after the provider sent the user back from its sign-out. The provider
/// may have been removed from the settings in the meantime. The cookie of the refused account is
/// deleted in either case, because it has served its purpose.
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
