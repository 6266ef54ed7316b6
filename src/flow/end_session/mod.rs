//! Signing out at the provider as well (OpenID Connect RP-Initiated Logout), if the application
//! asked for it.
//!
//! 1. At the sign-in, [`keep`] seals the ID token into a cookie below `/auth/logout`. The provider
//!    needs it as `id_token_hint` to know the session without asking its user. If a phone step
//!    follows, the token waits in a cookie below `/auth/phone` until the step ends.
//! 2. At the sign-out, [`begin`] reads the provider's end-session address and redirects there. A
//!    second cookie, the [`PendingLogout`], holds the `state`.
//! 3. The provider sends the user back to `/auth/logout/done` (`logout/mod.rs`), where the state
//!    selects the page.
//!
//! The user is signed out here before step 2, so a provider that is down or never sends the user
//! back keeps no session alive.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_SECURITY_POLICY};
use secrecy::SecretString;

use self::carried::{Hint, PendingLogout};
use super::{Flow, Registered};
use crate::{
    audit,
    page::with_forms_to,
    provider::end_session::EndSession,
    seal::{PHONE_STEP_LIFE, SealedCookie},
    session::Session,
    web::{
        reply::{MAX_HEADER_BYTES, Reply},
        return_to::ReturnTo,
    },
};

pub(crate) mod carried;

/// The bytes of the cookie deletions that the reply to a sign-out has beside the redirect. They are
/// added by `logout/mod.rs` after this module has measured the redirect.
const DELETIONS: usize = 550;

/// The time for reading the provider's end-session address. Afterwards the user is signed out here
/// alone.
const TIMEOUT: Duration = Duration::from_secs(2);

/// The cookie that keeps the ID token as long as its session can live. `None` if the provider has
/// no use for it, or the token is too long.
pub(crate) fn keep(
    flow: &Flow,
    session: &Session,
    id_token: Option<&SecretString>,
) -> Option<HeaderValue> {
    let (cookie, life) = (&flow.cookies.id_token_hint, flow.config.rules.life);
    kept(flow, session, id_token?, cookie, life)
}

/// The cookie that keeps the ID token until a phone step ends. A step that never ends leaves the
/// one of the browser's session alone. `None` as for [`keep`].
pub(crate) fn keep_for_step(
    flow: &Flow,
    session: &Session,
    id_token: Option<&SecretString>,
) -> Option<HeaderValue> {
    kept(
        flow,
        session,
        id_token?,
        &flow.cookies.step_hint,
        PHONE_STEP_LIFE,
    )
}

fn kept(
    flow: &Flow,
    session: &Session,
    id_token: &SecretString,
    cookie: &SealedCookie<Hint>,
    life: Duration,
) -> Option<HeaderValue> {
    if !flow.by_binding(session.binding)?.client.keeps_id_tokens() {
        return None;
    }
    let hint = Hint::new(session, id_token);
    let sealed = cookie.seal("", &hint, flow.config.clock.unix())?;
    cookie.set(&sealed, life)
}

/// Hands the ID token of a phone step over to the session that the step began, if the reply has
/// space for it.
pub(crate) fn hand_over(
    flow: &Flow,
    session: &Session,
    headers: &HeaderMap,
    reply: Reply,
) -> Reply {
    let (cookie, now) = (&flow.cookies.step_hint, flow.config.clock.unix());
    let mut hints = cookie.open("", headers, now);
    let id_token = hints.find_map(|hint| hint.of(session));
    let hint = keep(flow, session, id_token.as_ref());
    forget_step(flow, headers, reply).cookie_if_it_fits(hint)
}

/// Deletes the cookie of a phone step that ended.
pub(crate) fn forget_step(flow: &Flow, headers: &HeaderMap, reply: Reply) -> Reply {
    let cookie = &flow.cookies.step_hint;
    let is_brought = cookie.is_brought("", headers);
    reply.cookie(is_brought.then(|| cookie.delete("")).flatten())
}

/// 303 to the provider's sign-out. `None` if the session's provider has none, or cannot be read in
/// time. The user is signed out here in either case. `is_named` says that the application named the
/// page, so that the user goes on to it afterwards.
pub(crate) async fn begin(
    flow: &Flow,
    session: &Session,
    was_everywhere: bool,
    (place, is_named): (&ReturnTo, bool),
    headers: &HeaderMap,
) -> Option<Reply> {
    let config = &flow.config;
    let provider = flow.by_binding(session.binding)?;
    let end_session = end_session(provider).await?;
    let now = config.clock.unix();
    // The token of this very session. A provider that gets none asks its user whether to sign out.
    let mut hints = flow.cookies.id_token_hint.open("", headers, now);
    let hint = hints.find_map(|hint| hint.of(session));
    let pending_logout = PendingLogout::to_sign_out(was_everywhere, (place, is_named), now)?;
    let reply = to_provider(flow, &end_session, &pending_logout, hint.as_ref())?;
    let (audit, cause) = (&config.audit, audit::Departure::SignOut);
    audit.departure(&provider.name, cause, end_session.endpoint.as_str());
    Some(reply)
}

/// 303 to the provider's sign-out, with the cookie that recognises the way back.
pub(crate) fn to_provider(
    flow: &Flow,
    end_session: &EndSession,
    pending_logout: &PendingLogout,
    hint: Option<&SecretString>,
) -> Option<Reply> {
    let (config, cookie) = (&flow.config, &flow.cookies.pending_logout);
    let sealed = cookie.seal("", pending_logout, pending_logout.begun_at())?;
    let cookie = cookie.set(&sealed, carried::LIFE)?;
    let return_to = format!("{}{}", config.origin.as_str(), config.prefix.logged_out());
    let reply = Reply::empty(StatusCode::SEE_OTHER).cookie(Some(cookie));
    let url = end_session.url(&return_to, pending_logout.state(), hint);
    // The caller adds the deletions of cookies to this reply.
    if reply.header_bytes() + url.len() + DELETIONS <= MAX_HEADER_BYTES {
        return Some(reply.leading_to(&url));
    }
    // The ID token makes the address too long for a proxy. Without it the provider asks its user.
    Some(reply.leading_to(&end_session.url(&return_to, pending_logout.state(), None)))
}

/// The provider's end-session address, read in time. `None` if the provider has none, or does not
/// give it in time.
async fn end_session(provider: &Registered) -> Option<EndSession> {
    let asked = tokio::time::timeout(TIMEOUT, provider.client.end_session()).await;
    asked.ok().flatten()
}

/// Deletes the cookie of a pending sign-out, if there is one.
pub(crate) fn forget_pending_logout(flow: &Flow, headers: &HeaderMap) -> Option<HeaderValue> {
    let (cookie, now) = (&flow.cookies.pending_logout, flow.config.clock.unix());
    let is_held = cookie.is_sealed_here("", headers, now);
    is_held.then(|| cookie.delete(""))?
}

/// Deletes the cookie of the ID token, if there is one.
pub(crate) fn forget(flow: &Flow, headers: &HeaderMap) -> Option<HeaderValue> {
    let (cookie, now) = (&flow.cookies.id_token_hint, flow.config.clock.unix());
    let is_held = cookie.is_sealed_here("", headers, now);
    is_held.then(|| cookie.delete(""))?
}

/// Lets the form of the sign-out page lead to the provider and to the application's page. Browsers
/// apply `form-action` to the redirects of a form as well (CSP3 section 6.4.3). Without the
/// origins, the browser would stop at the redirect and stay on the page.
pub(crate) async fn let_through(flow: &Flow, headers: &HeaderMap, reply: Reply) -> Reply {
    let binding = flow.live_session(headers).map(|session| session.binding);
    let provider = binding.and_then(|binding| flow.by_binding(binding));
    // Without a session there is no provider to sign out at, and the policy stays strict.
    let end_session = match provider {
        Some(provider) => end_session(provider).await,
        None => None,
    };
    let provider =
        end_session.map(|end_session| end_session.endpoint.origin().ascii_serialization());
    let own = flow.config.after_sign_out.as_ref();
    let own = own.and_then(|page| page.origin.clone());
    let origins: Vec<String> = provider.into_iter().chain(own).collect();
    let policy = reply.get(CONTENT_SECURITY_POLICY);
    match policy.and_then(|policy| with_forms_to(policy, &origins)) {
        Some(policy) => reply.header(CONTENT_SECURITY_POLICY, policy),
        None => reply,
    }
}
