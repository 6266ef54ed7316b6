//! The start of a sign-in: the pending cookie, and 303 to the provider.
//!
//! The reply is limited twice. Proxies refuse a response with too many bytes of headers, and
//! servers a request with too many bytes of cookies. The return address is the only part that can
//! be left out, so a reply that is too long is made again without it.
//!
//! | limit | on | kept by |
//! |---|---|---|
//! | 3,700 bytes | header lines of the reply | a second redirect without the return address |
//! | 5,000 bytes | pending cookies of a browser | deletions of older ones (`pending_limit.rs`) |
//! | 7,000 bytes | these, with cookies that do not open | a second redirect, and deletions |
//!
//! The session cookie of a check is added after this module has measured the reply, so its bytes
//! are estimated from the cookie that the request carries.

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
        reply::{MAX_HEADER_BYTES, Reply},
        return_to::ReturnTo,
    },
};

/// The bytes of a session cookie's line beside its value: the name and the attributes.
const AROUND_SESSION: usize = 200;

/// The reply to a page visit without a session.
pub(crate) async fn protected(flow: &Flow, head: &Parts) -> Reply {
    // The cookie of a session that is over is deleted. A cookie that does not open belongs to
    // another application.
    let (cookies, is_ours) = (&flow.config.cookies, flow.has_own_session(&head.headers));
    let stale = is_ours.then(|| cookies.delete(cookies.session()));
    to_sign_in(flow, head)
        .await
        .cookie_if_it_fits(stale.flatten())
}

/// Redirects to the only provider, or to the sign-in page. A sibling host is left first. A browser
/// that signs in again and again gets a page, because it does not keep the session's cookie. The
/// only provider needs no choice, so the sign-in page is left out.
async fn to_sign_in(flow: &Flow, head: &Parts) -> Reply {
    let return_to = target::return_here(flow, head);
    // A cookie that is set on a sibling host would not reach the callback.
    if www::is_sibling(flow, head) {
        return www::to_public(flow, &flow.short_login_link(None, &return_to));
    }
    // The counter is deleted with the page, so that the user can try again after allowing cookies.
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

/// Begins a sign-in at a provider. An error has a page. `attempt` says which detours were taken,
/// and is the default for an ordinary sign-in.
pub(crate) async fn begin(
    flow: &Flow,
    provider: &Registered,
    return_to: ReturnTo,
    attempt: AttemptKind,
    headers: &HeaderMap,
) -> Reply {
    begin_for(flow, provider, return_to, attempt, None, headers).await
}

/// [`begin`], with the `login_hint` of a link.
pub(crate) async fn begin_for(
    flow: &Flow,
    provider: &Registered,
    return_to: ReturnTo,
    attempt: AttemptKind,
    login_hint: Option<&str>,
    headers: &HeaderMap,
) -> Reply {
    let about = About::Hinted(login_hint);
    match to_provider(flow, provider, &return_to, attempt, about, headers).await {
        Ok(reply) => reply,
        Err(error) => refuse::login(flow, Some(&provider.name), &error, &return_to, headers),
    }
}

/// The user whom an authorization request is about.
#[derive(Clone, Copy)]
pub(crate) enum About<'a> {
    /// Any user, or the account that a link named.
    Hinted(Option<&'a str>),
    /// The user of a session, who is checked without a page. The reply also renews the session's
    /// cookie.
    Recheck(RecheckedUser<'a>),
}

/// 303 to the provider with the pending cookie, or the reason why the authorization address cannot
/// be made. If the reply is too long for a proxy, or the next request too long for a server, the
/// return address is left out.
pub(crate) async fn to_provider(
    flow: &Flow,
    provider: &Registered,
    return_to: &ReturnTo,
    attempt: AttemptKind,
    about: About<'_>,
    headers: &HeaderMap,
) -> Result<Reply, LoginError> {
    // A check also sets the session's cookie in this reply.
    let spare = match about {
        About::Hinted(_) => 0,
        About::Recheck(_) => session_line(flow, headers),
    };
    let mut redirected = redirect(flow, provider, return_to, attempt, about, headers).await?;
    let fits = || pending_limit::fits(flow, headers, redirected.added);
    if redirected.reply.header_bytes() + spare > MAX_HEADER_BYTES || !fits() {
        // The id of a saved form is short and stays, because the form would be lost without it.
        let home = flow.home().with_form(return_to.form());
        redirected = redirect(flow, provider, &home, attempt, about, headers).await?;
    }
    // After the second try, so that each redirect has one line in the log.
    if let Some(url) = &redirected.url {
        let audit = &flow.config.audit;
        audit.departure(&provider.name, audit_cause(attempt, about), url);
    }
    Ok(redirected.reply)
}

/// A redirect to a provider.
struct Redirect {
    reply: Reply,
    /// The bytes of its pending cookie.
    added: usize,
    /// The authorization address, for the log.
    url: Option<String>,
}

impl Redirect {
    /// 503, because the system gives no random bytes or sealing failed.
    fn unavailable() -> Self {
        Self {
            reply: Reply::empty(StatusCode::SERVICE_UNAVAILABLE),
            added: 0,
            url: None,
        }
    }
}

/// The bytes of the session's cookie when it is sealed anew, which a check adds to the reply.
fn session_line(flow: &Flow, headers: &HeaderMap) -> usize {
    let values = flow.config.cookies.sessions(headers).map(<[u8]>::len);
    values.max().unwrap_or(0) + AROUND_SESSION
}

/// Makes the pending sign-in, the authorization address and the cookie. The address may need the
/// provider's metadata, which is then fetched within the provider's time.
async fn redirect(
    flow: &Flow,
    provider: &Registered,
    return_to: &ReturnTo,
    attempt: AttemptKind,
    about: About<'_>,
    headers: &HeaderMap,
) -> Result<Redirect, LoginError> {
    let config = &flow.config;
    let (host, now) = (Host::of(headers), config.clock.unix());
    let (sealer, whose) = (&config.sealers.state, (provider.binding, host));
    let Some(pending) = Pending::new(sealer, whose, return_to.clone(), attempt, now) else {
        return Ok(Redirect::unavailable());
    };
    // The address comes before the cookie, so that a provider whose metadata cannot be read leaves
    // no pending sign-in behind.
    let url = provider
        .client
        .authorization_url(authorization_request(&pending, about));
    let url = within(Purpose::SignIn, provider.time, url).await?;
    let cookie = &flow.cookies.pending;
    let sealed = pending
        .sealed()
        .and_then(|sealed| cookie.seal(&pending.state, &sealed, now));
    let Some(sealed) = sealed else {
        return Ok(Redirect::unavailable());
    };
    let added = sealed.bytes();
    let cookie = cookie.set(&sealed, PENDING_LIFE);
    let reply = Reply::see_other(&url).cookie(cookie);
    Ok(Redirect {
        reply: pending_limit::apply(flow, headers, added, reply),
        added,
        url: Some(url),
    })
}

/// The reason for the redirect, for the log. The most specific one counts, because a detour keeps
/// the options of the sign-in before it.
fn audit_cause(attempt: AttemptKind, about: About<'_>) -> Departure {
    match about {
        About::Recheck(_) => Departure::Recheck,
        About::Hinted(_) if attempt.asks_for_phone => Departure::Consent,
        About::Hinted(_) if attempt.another_account => Departure::AnotherAccount,
        About::Hinted(_) if attempt.fresh => Departure::Fresh,
        About::Hinted(_) if attempt.retried => Departure::Retry,
        About::Hinted(_) => Departure::SignIn,
    }
}

/// The parameters of the authorization request that depend on this attempt.
fn authorization_request<'a>(pending: &'a Pending, about: About<'a>) -> AuthorizationRequest<'a> {
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
