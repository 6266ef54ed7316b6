//! A session is checked with the provider from time to time, without a page (`prompt=none`, OpenID Connect Core section
//! 3.1.2.1): for providers that tell nothing when a user signs out there, or is no longer one.
//!
//! Which callbacks count: a check begins with a pending cookie of its own, which names the session, and with a `state` of 256
//! random bits that only this browser and the provider see. A forged callback, such as one with `error=login_required` in a
//! link on another site, has no such state, and ends nothing and prolongs nothing; a state of another browser opens no cookie
//! here. A check that comes back after its session ended, or was replaced by another sign-in, is left alone: the session's
//! name is random, and a session that was revoked is not among the live ones. Success needs a code for this state, verifier
//! and nonce, and the subject of the session. Neither the name of the session nor the times by which it is revoked or expires
//! change with a check, so that none revives or prolongs it.

use http::{HeaderMap, HeaderValue, request::Parts};
use secrecy::SecretString;

use super::{
    callback_query::CallbackQuery,
    error_name::needs_page,
    outcome::Outcome,
    pending::{AttemptKind, Pending},
    start, verified_user,
};
use crate::{
    audit::{Line, Revoked},
    error::{LoginError, LoginErrorKind},
    flow::{Flow, Registered, end_session, login::code::code, refuse, request::target},
    provider::{CodeExchange, recheck::RecheckedUser},
    session::{Session, id::ProviderSession},
    web::{reply::Reply, return_to::ReturnTo},
};

pub(crate) mod due;

/// Sends a page visit to the provider. The session's cookie says that a check began, so that a visit in another tab, or one
/// after a provider that did not answer the browser, opens the page for the next minutes.
pub(crate) async fn begin(flow: &Flow, head: &Parts) -> Reply {
    let session = flow.live_session(&head.headers);
    let provider = session
        .as_ref()
        .and_then(|session| flow.by_binding(session.binding));
    let (Some(session), Some(provider)) = (session, provider) else {
        return start::protected(flow, head).await;
    };
    let return_to = target::target(flow, head);
    let attempt = AttemptKind {
        rechecks: Some(*session.user.session_id.as_bytes()),
        ..AttemptKind::default()
    };
    let known = RecheckedUser {
        subject: &session.user.subject,
        email: session.user.email.as_deref(),
    };
    let away = start::away(
        flow,
        provider,
        &return_to,
        attempt,
        start::About::Recheck(known),
        &head.headers,
    );
    match away.await {
        Ok(reply) => reply.cookie(cookie_of(flow, &tried(flow, session))),
        Err(error) => match failed(flow, provider, session, error, &return_to) {
            Outcome::Refused(refusal) => {
                let (name, error) = (Some(&*provider.name), &refusal.error);
                let page = refuse::page(flow, name, error, &return_to, &head.headers);
                page.cookie(refusal.cookie)
            }
            Outcome::Leads(reply) => reply,
            Outcome::SignedIn(_) => Reply::see_other(return_to.as_str()),
        },
    }
}

fn tried(flow: &Flow, session: Session) -> Session {
    session.tried(flow.config.clock.unix())
}

fn cookie_of(flow: &Flow, session: &Session) -> Option<HeaderValue> {
    flow.session_cookie(session, flow.config.clock.unix())
}

/// Facts that the provider's answer has beside its result.
#[derive(Debug)]
struct Renewed {
    /// Its own session, by which a logout token may end this one. It may be another than at the sign-in.
    provider_session: Option<ProviderSession>,
    id_token: Option<SecretString>,
}

/// The result of a check of a session.
#[derive(Debug)]
enum Finding {
    /// The same user is signed in at the provider.
    Same(Box<Renewed>),
    /// The session is over, for this reason.
    Over(LoginError),
    /// The session is over, and the provider shows its page.
    NeedsPage,
    /// Nothing.
    Unknown(LoginError),
}

/// The provider sends a user back whose session is being checked.
pub(crate) async fn conclude(
    flow: &Flow,
    provider: &Registered,
    query: CallbackQuery,
    pending: &Pending,
    headers: &HeaderMap,
) -> Outcome {
    let place = &pending.return_to;
    let Some(session) = checked(flow, provider, pending, headers) else {
        return Outcome::Leads(Reply::see_other(place.as_str()));
    };
    match ask(flow, provider, &session, query, pending).await {
        Finding::Same(renewed) => Outcome::Leads(passed(flow, session, &renewed, pending)),
        Finding::Over(error) => {
            end(flow, &session).await;
            signed_out(flow, Outcome::refused(flow, provider, error))
        }
        Finding::NeedsPage => {
            end(flow, &session).await;
            let attempt = AttemptKind {
                retried: true,
                ..AttemptKind::default()
            };
            let away = Outcome::once_more(flow, provider, place, attempt, headers);
            signed_out(flow, away.await)
        }
        Finding::Unknown(error) => failed(flow, provider, session, error, place),
    }
}

/// The live session that the check began with.
pub(crate) fn checked(
    flow: &Flow,
    provider: &Registered,
    pending: &Pending,
    headers: &HeaderMap,
) -> Option<Session> {
    let id = pending.attempt.rechecks?;
    let mut sessions = flow.sessions(headers).into_iter();
    sessions.find(|session| {
        session.binding == provider.binding && *session.user.session_id.as_bytes() == id
    })
}

async fn ask(
    flow: &Flow,
    provider: &Registered,
    session: &Session,
    query: CallbackQuery,
    pending: &Pending,
) -> Finding {
    let code = match code(provider, &query, pending) {
        Ok(code) => code,
        // An answer of another issuer is no answer of this provider.
        Err(error) => return refused(error),
    };
    let exchange = CodeExchange {
        code: &code,
        code_verifier: &pending.code_verifier,
        state: &pending.state,
        nonce: &pending.nonce,
        issuer: query.issuer.as_deref(),
    };
    let profile = match provider.client.sign_in(exchange).await {
        Ok((profile, _)) => profile,
        Err(answer) => return refused(answer.error),
    };
    if profile.subject != *session.user.subject {
        return Finding::Over(LoginError::new(LoginErrorKind::OtherAccount));
    }
    match verified_user::user(&profile, &provider.name, &flow.config) {
        Ok(user) => Finding::Same(Box::new(Renewed {
            provider_session: user.provider_session,
            id_token: profile.id_token,
        })),
        Err(error) => refused(error),
    }
}

/// A refusal that is about the user or the account ends the session. What is about the provider or the settings says nothing
/// about the user.
fn refused(error: LoginError) -> Finding {
    use LoginErrorKind as K;

    match error.kind() {
        K::ProviderRefused if needs_page(error.code()) => Finding::NeedsPage,
        K::Cancelled
        | K::AccountRefused
        | K::PhoneNotShared
        | K::PhoneNotOnAccount
        | K::Preregistered
        | K::PhoneInvalid
        | K::PhoneNotVerified => Finding::Over(error),
        _ => Finding::Unknown(error),
    }
}

fn passed(flow: &Flow, mut session: Session, renewed: &Renewed, pending: &Pending) -> Reply {
    let reply = Reply::see_other(pending.return_to.as_str());
    // It may have been ended while the provider was asked.
    if flow.was_revoked(&session) {
        return reply;
    }
    // If the provider has ended that one, this one is over as well.
    if renewed.provider_session.is_some() {
        session.user.provider_session = renewed.provider_session;
    }
    let session = session.passed(pending.begun_at, flow.config.clock.unix());
    let hint = end_session::keep(flow, &session, renewed.id_token.as_ref());
    let reply = reply.cookie(cookie_of(flow, &session));
    reply.cookie_if_it_fits(hint)
}

/// The provider said nothing about the user: the page opens, and the check is tried again later. A session that is late needs
/// one, so that the failure is shown.
fn failed(
    flow: &Flow,
    provider: &Registered,
    session: Session,
    error: LoginError,
    place: &ReturnTo,
) -> Outcome {
    let is_late = flow.is_late(&session);
    let cookie = cookie_of(flow, &tried(flow, session));
    if is_late || cookie.is_none() {
        return with_cookie(Outcome::refused(flow, provider, error), cookie);
    }
    if flow.config.audit.allows(Line::Recheck) {
        let (provider, code) = (&*provider.name, error.code());
        let kind = error.kind();
        tracing::warn!(
            provider,
            code,
            "a session could not be checked with the provider, and goes on: {kind}; the next try is in five minutes"
        );
    }
    Outcome::Leads(Reply::see_other(place.as_str()).cookie(cookie))
}

async fn end(flow: &Flow, session: &Session) {
    let complete = flow.end_checked(session).await;
    let ended = Revoked::Checked(&session.user.session_id);
    flow.config.audit.revocation(ended, complete);
}

fn signed_out(flow: &Flow, outcome: Outcome) -> Outcome {
    let cookies = &flow.config.cookies;
    with_cookie(outcome, cookies.delete(cookies.session()))
}

fn with_cookie(outcome: Outcome, cookie: Option<HeaderValue>) -> Outcome {
    match outcome {
        Outcome::Refused(mut refusal) => {
            refusal.cookie = cookie;
            Outcome::Refused(refusal)
        }
        Outcome::Leads(reply) => Outcome::Leads(reply.cookie(cookie)),
        Outcome::SignedIn(_) => outcome,
    }
}
